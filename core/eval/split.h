/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which texts are for training and which for measuring: by the CRC-32 of what they say, so that
 * anyone can make the same parts again, in any language, whatever the order of a file.
 *
 *	test         crc32(text) % 3 == 0: a third, of the files that set it aside
 *	unseen       crc32(intent) is odd: intents that a training run may never have met
 *	fold         crc32(text) / 3 % 5 == 0, of what is no test: for settings and thresholds
 *	fold unseen  crc32(intent) % 8 == 2, of what is no test: for settings
 */
#ifndef WEIR_EVAL_SPLIT_H
#define WEIR_EVAL_SPLIT_H

#include "core/base/crc.h"

/* What a run leaves out: the test third; that and the unseen intents; that and both folds. */
enum hold { HOLD_TEST, HOLD_INTENTS, HOLD_FOLD, HOLD_COUNT };

static inline bool split_is_test(struct str text)
{
	return crc32_of(text) % 3 == 0;
}

static inline bool split_is_fold(struct str text)
{
	return crc32_of(text) / 3 % 5 == 0;
}

static inline bool split_is_unseen(struct str intent)
{
	return crc32_of(intent) & 1;
}

static inline bool split_is_fold_unseen(struct str intent)
{
	return crc32_of(intent) % 8 == 2;
}

#endif
