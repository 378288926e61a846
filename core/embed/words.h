/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of a text as our own table of words sees them (BERT has its own ideas: wordpiece.h).
 *
 * Lower case, accents dropped, compatibility forms taken apart (utf8_fold). A word is a run of
 * letters or a run of digits ("10am" is "10" "am"); an ideograph or a symbol ($ % # + &, and
 * currency, mathematics, pictures) is a word alone; blanks and punctuation stand between words. An
 * apostrophe inside a word is dropped ("don't" is "dont"), because people who type fast drop it.
 * Runs longer than WORD_CODES_MAX are cut into pieces. Ill-formed bytes stand between words.
 *
 * Hashes are part of the file format of word_table.h: HASH_VERSION changes with them.
 */
#ifndef WEIR_EMBED_WORDS_H
#define WEIR_EMBED_WORDS_H

#include "core/base/utf8.h"

enum {
	WORD_CODES_MAX = 32,
	WORD_GRAMS_MAX = 3 * (WORD_CODES_MAX + 2),
	WORDS_MAX = 512, /* of a text; what is beyond is not read */
	HASH_VERSION = 1
};

struct word {
	uint32_t codes[WORD_CODES_MAX + 2]; /* between a mark for its begin and one for its end */
	size_t len;			    /* with both marks */
	uint64_t hash;
};

struct text_words {
	struct str rest;
	uint32_t folded[UTF8_FOLD_MAX]; /* what is left of the last code point */
	size_t at, count;
	size_t given;
};

void text_words_begin(struct text_words *w, struct str text);

/* False at the end, or after WORDS_MAX words. */
bool text_words_next(struct text_words *w, struct word *word);

/* 32 bits that stand for a word, and for one word after another. */
uint32_t word_key(const struct word *word);
uint32_t bigram_key(uint64_t first_hash, uint64_t second_hash);

/* The buckets, of `count`, of the word's pieces of 3 to 5 letters, marks included. */
size_t word_grams(const struct word *word, uint32_t count, uint32_t out[WORD_GRAMS_MAX]);

#endif
