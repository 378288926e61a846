/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A text's code points as BERT's tokenizer wants them before it looks for words: cleaned, Chinese
 * characters apart, accents off, lower case. The same code points as Hugging Face's tokenizers
 * give, on every machine: what a younger Unicode says of marks and punctuation is not listened to
 * where the models' tokenizers do not know it, since ids, and so vectors, must not depend on the
 * age of a library.
 *
 * Ill-formed UTF-8 is U+FFFD for each maximal part, which cleaning drops: "a\xFFb" reads as "ab".
 *
 * Left out of the canonical decomposition is the ordering of marks: those that stripping leaves
 * have no order among themselves but for four signs of musical notation and Hangul's tone marks.
 */
#ifndef WEIR_EMBED_LETTERS_H
#define WEIR_EMBED_LETTERS_H

#include "core/base/utf8.h"

struct letters_rules {
	bool clean;   /* controls, format and private-use characters, U+FFFD go; blanks are ' ' */
	bool chinese; /* blanks around each ideograph */
	bool strip;   /* decompose, then drop nonspacing marks */
	bool lower;
};

enum { LETTERS_AHEAD = UTF8_PARTS_MAX + 3 };

struct letters {
	const struct letters_rules *rules;
	struct str rest;	       /* not yet looked at */
	uint32_t ahead[LETTERS_AHEAD]; /* what the last code point became; [at, count) is to come */
	unsigned char at, count;
};

void letters_begin(struct letters *l, const struct letters_rules *rules, struct str text);

/* False at the end. A copy of `l` looks ahead without taking anything. */
bool letters_next(struct letters *l, uint32_t *code);

/* Of what letters_next gave. Punctuation stands alone: Unicode's, and all signs of ASCII. */
bool letters_is_blank(uint32_t code);
bool letters_is_punctuation(uint32_t code);

#endif
