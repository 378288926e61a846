/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How many tokens a text is likely to be, before anybody has counted them. A tokenizer is a row of
 * weights over things that are counted in one pass over the text: words and their long letters,
 * digits, punctuation, blanks that indent, letters by script.
 *
 * The weights were fitted to the real tokenizers (the published vocabularies: OpenAI's cl100k_base
 * and o200k_base, Claude 2's, DeepSeek V3's, Qwen 3's, Mistral 7B's, Llama 3's) by non-negative
 * least squares on the relative error, weighted towards the least absolute one, over two thirds of
 * 5,068 texts: questions and tasks in English, code, documents of data/kb, and messages and manual
 * pages in 34 other languages. The errors below are over the third that was held out: in half of
 * the texts, and in nine of ten, |estimate / count - 1| is no more. Of code nine texts in ten are
 * within 5 to 10 %, of English within 11 to 14 %, of questions of a few words within 17 to 23 %, of
 * the other languages within 23 to 28 %.
 *
 * Where no vocabulary is public (Claude 3 and later, Mistral's newer ones, everything else) the
 * nearest one's weights are used, and the error is not known.
 */
#ifndef WEIR_CONF_TOKENIZER_H
#define WEIR_CONF_TOKENIZER_H

#include "core/base/str.h"

/* name, whose weights, error in half of the texts and in nine of ten (per mille; 0: not known),
 * what it is */
#define TOKENIZER_LIST(X)                                                                         \
	X(o200k, o200k, 48, 167, "GPT-4o and later, the o-series, gpt-oss")                       \
	X(cl100k, cl100k, 45, 167, "GPT-4, GPT-3.5")                                              \
	X(claude2, claude2, 34, 157, "Claude 2 and Instant")                                      \
	X(claude, claude2, 0, 0, "Claude 3 and later; estimated by Claude 2's")                   \
	X(deepseek, deepseek, 45, 176, "DeepSeek V3 and later")                                   \
	X(qwen, qwen, 45, 190, "Qwen 2.5 and later")                                              \
	X(mistral, mistral, 42, 155, "Mistral 7B and Mixtral")                                    \
	X(llama3, llama3, 48, 188, "Llama 3 and later")                                           \
	X(other, o200k, 0, 0, "any other; estimated by o200k's")
#define TOKENIZER_CHOICES "o200k|cl100k|claude2|claude|deepseek|qwen|mistral|llama3|other"

enum { TOKENIZER_FEATURES = 28 };

struct tokenizer {
	const char *name;
	const int16_t *weights; /* thousandths of a token, one for each feature */
	int half, nine_of_ten;  /* per mille; 0: not known */
	const char *say;
};

extern const struct tokenizer tokenizer_table[];
extern const size_t tokenizer_count;

/* By its name; NULL when there is none of that name. */
const struct tokenizer *tokenizer_find(struct str name);

/* By what a provider calls a model ("openai/gpt-4o-mini", "Qwen/Qwen3-8B"); "other" when nothing
 * in it is known. */
const struct tokenizer *tokenizer_of_model(struct str id);

/* At least 1 for a text that is not empty. */
int64_t tokenizer_estimate(const struct tokenizer *t, struct str text);

/* What an estimate may come to: with the error that nine of ten texts keep; with half of it again
 * where the error is not known. */
int64_t tokenizer_at_most(const struct tokenizer *t, int64_t estimate);

#endif
