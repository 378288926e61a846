/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "Did you mean ...?": which of several known words a mistyped one stands for.
 *
 *	struct near n = { .typed = name };
 *	for (...) near_offer(&n, known[i]);
 *	if (n.word.ptr) ... n.word
 */
#ifndef WEIR_BASE_NEAR_H
#define WEIR_BASE_NEAR_H

#include "core/base/str.h"

struct near {
	struct str typed;
	struct str word;  /* the nearest so far; no text while none is near enough to be meant */
	size_t distance;  /* its distance (str_distance) */
};

/* True when `word` is the nearest so far; the first of equals stays. Near is: at most a third of
 * the longer word, rounded up, is wrong. */
bool near_offer(struct near *n, struct str word);

#endif
