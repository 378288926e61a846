/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * UTF-8, one code point at a time, and how wide text is on a terminal (utf8proc's tables, never
 * libc's: they depend on the locale and on its age).
 */
#ifndef WEIR_BASE_UTF8_H
#define WEIR_BASE_UTF8_H

#include "core/base/str.h"

enum { UTF8_MAX = 4, UTF8_REPLACEMENT = 0xFFFD };

/* Reads the code point at the front of `s` (s.len > 0) and returns how many bytes it took.
 * Ill-formed input gives UTF8_REPLACEMENT for each maximal ill-formed part (Unicode 3.9, U+FFFD
 * substitution of maximal subparts), and at least one byte is taken. */
size_t utf8_read(struct str s, uint32_t *code);

/* Whether what utf8_read just gave for `s` stands for an ill-formed part; a U+FFFD that was
 * written out in the text does not. */
bool utf8_is_ill_formed(struct str s, uint32_t code, size_t len);

/* How many bytes at the end of `s` (0 to 3) are the well-formed beginning of a code point that
 * the next piece of a stream may complete. */
size_t utf8_unfinished(struct str s);

/* Writes `code` (a scalar value) and returns the number of bytes. */
size_t utf8_write(char out[UTF8_MAX], uint32_t code);

bool utf8_is_valid(struct str s);

/* Code points, ill-formed parts counting as one each. */
size_t utf8_count(struct str s);

/* What a display may do with a code point. */
enum utf8_kind {
	UTF8_SHOWN,   /* takes a place of its own; unassigned ones too, when their width is known */
	UTF8_MARK,    /* joins what stands before it: combining marks, jamo vowels and finals */
	UTF8_CONTROL, /* C0, DEL, C1 */
	UTF8_HIDDEN,  /* invisible or reordering: format characters, default-ignorable code points,
	               * line and paragraph separators, noncharacters, surrogates */
	UTF8_PRIVATE  /* private use: nobody knows what it looks like */
};

enum utf8_kind utf8_kind(uint32_t code);

/* What a reader of words does with a code point. */
enum utf8_class {
	UTF8_APART,     /* stands between words: blanks, punctuation, controls, ill-formed parts */
	UTF8_LETTER,    /* with the marks that belong to letters */
	UTF8_NUMBER,
	UTF8_SYMBOL,    /* currency, mathematics, pictures */
	UTF8_IDEOGRAPH, /* a word by itself: Chinese, and the kanji and hanja */
	UTF8_JOINER     /* invisible inside a word: soft hyphen, zero-width characters */
};

enum utf8_class utf8_class(uint32_t code);

/* A code point for comparing words: lower case, compatibility forms taken apart, accents of Latin,
 * Greek and Cyrillic letters and the vowel points of Hebrew and Arabic dropped. Returns how many,
 * 0 for an accent alone. */
enum { UTF8_FOLD_MAX = 18 };
size_t utf8_fold(uint32_t code, uint32_t out[UTF8_FOLD_MAX]);

/* Its general category in Unicode's two letters ("Lu", "Mn"); "Cn" where nothing is assigned. */
const char *utf8_category(uint32_t code);

/* The full canonical decomposition (Hangul into jamo), itself where it has none; how many. */
enum { UTF8_PARTS_MAX = 4 };
size_t utf8_decompose(uint32_t code, uint32_t out[UTF8_PARTS_MAX]);

/* The simple lower case: one code point for one. */
uint32_t utf8_lower(uint32_t code);

/* Columns of a terminal: 0 for combining marks and controls, 2 for wide ones, else 1. */
int utf8_width(uint32_t code);
size_t utf8_columns(struct str s);

/* The longest front part that fits into `columns`, never cutting off a mark from its base: a base
 * whose marks do not fit stays out with them. */
struct str utf8_fit(struct str s, size_t columns);

#endif
