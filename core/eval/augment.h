/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A question said otherwise, and a question that only looks like it: English, by small rules.
 */
#ifndef WEIR_EVAL_AUGMENT_H
#define WEIR_EVAL_AUGMENT_H

#include "core/base/buf.h"
#include "core/base/rng.h"

/* Without a few small words, with a filler in front, a slip of the finger, or its halves
 * swapped. */
void augment_same(struct rng *rng, struct str text, struct buf *out);

/* With another number, another word of a pair of opposites, or a "not" more or less. False, and
 * nothing written, where none of these can be done. */
bool augment_other(struct rng *rng, struct str text, struct buf *out);

#endif
