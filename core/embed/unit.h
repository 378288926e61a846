/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Vectors of length 1.
 */
#ifndef WEIR_EMBED_UNIT_H
#define WEIR_EMBED_UNIT_H

#include "core/base/base.h"

/* Divides by the length; what has none (or a NaN in it) becomes zeros. */
void unit_length(float *vector, size_t dims);

#endif
