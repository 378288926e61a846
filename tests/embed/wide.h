/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The source of the kernels with sixteen lanes and tiles of eight rows, as AVX-512 has them, on
 * processors that have eight lanes only.
 */
#ifndef WEIR_TESTS_EMBED_WIDE_H
#define WEIR_TESTS_EMBED_WIDE_H

#include "core/embed/kernel.h"

extern const struct kernel kernel_wide;

#endif
