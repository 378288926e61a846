/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which words and pairs of words get a row of their own: the commonest of the texts.
 */
#ifndef WEIR_EVAL_KNOWN_WORDS_H
#define WEIR_EVAL_KNOWN_WORDS_H

#include "core/base/vec.h"

struct known_words {
	uint32_t *keys;	 /* rising */
	bool *is_bigram; /* by place */
	size_t count;
};

/* At most `words` words that occur `word_times` times in `texts`, and `bigrams` pairs of words that
 * occur `bigram_times` times in `pair_texts`. Lives in `arena`. */
struct known_words known_words_choose(struct arena *arena, const struct texts *texts, size_t words,
	size_t word_times, const struct texts *pair_texts, size_t bigrams, size_t bigram_times);

#endif
