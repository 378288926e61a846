/* SPDX-License-Identifier: GPL-3.0-or-later
 * ASCII by one table, the rest by Unicode's. */
#include "core/embed/words.h"

enum { MARK_BEGIN = 1, MARK_END = 2, GRAM_MIN = 3, GRAM_MAX = 5 };

#define HASH_SEED UINT64_C(0x243F6A8885A308D3)
#define HASH_FACTOR UINT64_C(0x9E3779B97F4A7C15)

static enum utf8_class ascii_class(uint32_t code)
{
	if ((code | 0x20) >= 'a' && (code | 0x20) <= 'z')
		return UTF8_LETTER;
	if (code >= '0' && code <= '9')
		return UTF8_NUMBER;
	switch (code) {
	case '$':
	case '%':
	case '#':
	case '+':
	case '&':
		return UTF8_SYMBOL;
	case '\'':
		return UTF8_JOINER;
	default:
		return UTF8_APART;
	}
}

static enum utf8_class class_of(uint32_t code)
{
	if (code < 0x80)
		return ascii_class(code);
	return code == 0x2019 || code == 0x02BC ? UTF8_JOINER : utf8_class(code);
}

void text_words_begin(struct text_words *w, struct str text)
{
	w->rest = text;
	w->at = w->count = w->given = 0;
}

/* The next code point, folded, without taking it; false at the end. */
static bool peek(struct text_words *w, uint32_t *code)
{
	while (w->at == w->count) {
		unsigned char first;

		if (!w->rest.len)
			return false;
		first = (unsigned char)*w->rest.ptr;
		w->at = 0;
		w->count = 1;
		if (first < 0x80) {
			w->folded[0] = first >= 'A' && first <= 'Z' ? first | 0x20u : first;
			w->rest.ptr++;
			w->rest.len--;
		} else {
			size_t took = utf8_read(w->rest, code);

			w->rest = str_part(w->rest, took, w->rest.len);
			w->count = utf8_fold(*code, w->folded);
		}
	}
	*code = w->folded[w->at];
	return true;
}

static uint64_t hash_step(uint64_t hash, uint32_t code)
{
	hash = (hash ^ code) * HASH_FACTOR;
	return hash ^ hash >> 29;
}

static uint32_t hash_end(uint64_t hash)
{
	hash *= HASH_FACTOR;
	return (uint32_t)(hash >> 32);
}

static void word_add(struct word *word, uint32_t code)
{
	word->codes[word->len++] = code;
	word->hash = hash_step(word->hash, code);
}

bool text_words_next(struct text_words *w, struct word *word)
{
	enum utf8_class kind = UTF8_APART;
	uint32_t code;

	if (w->given == WORDS_MAX)
		return false;
	word->codes[0] = MARK_BEGIN;
	word->len = 1;
	word->hash = HASH_SEED;
	for (; peek(w, &code); w->at++) {
		enum utf8_class is = class_of(code);

		if (is == UTF8_JOINER)
			continue;
		if (kind == UTF8_APART)
			kind = is;
		else if (is != kind || kind > UTF8_NUMBER || word->len > WORD_CODES_MAX)
			break;
		if (is != UTF8_APART)
			word_add(word, code);
	}
	if (kind == UTF8_APART)
		return false;
	word->codes[word->len++] = MARK_END;
	w->given++;
	return true;
}

uint32_t word_key(const struct word *word)
{
	return hash_end(word->hash);
}

uint32_t bigram_key(uint64_t first_hash, uint64_t second_hash)
{
	uint64_t hash = (first_hash ^ first_hash >> 32) * HASH_FACTOR + second_hash;

	return hash_end(hash ^ hash >> 29);
}

size_t word_grams(const struct word *word, uint32_t count, uint32_t out[WORD_GRAMS_MAX])
{
	size_t grams = 0;

	for (size_t from = 0; from + GRAM_MIN <= word->len; from++) {
		uint64_t hash = HASH_SEED;

		for (size_t n = 1; n <= GRAM_MAX && from + n <= word->len; n++) {
			hash = hash_step(hash, word->codes[from + n - 1]);
			if (n >= GRAM_MIN)
				out[grams++] = (uint32_t)((uint64_t)hash_end(hash) * count >> 32);
		}
	}
	return grams;
}
