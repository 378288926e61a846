/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of an error, made plain for whoever looks for something in them.
 */
#ifndef WEIR_WIRE_WORDS_H
#define WEIR_WIRE_WORDS_H

#include "core/base/buf.h"

enum { WORDS_READ_MAX = 4096 }; /* bytes that are looked at */

/* Small letters (of A to Z), one blank between words, none around them. */
void words_flatten(struct buf *out, struct str text);

#endif
