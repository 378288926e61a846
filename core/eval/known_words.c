/* SPDX-License-Identifier: GPL-3.0-or-later
 * Keys sorted, runs counted, the longest runs taken. */
#include "core/eval/known_words.h"

#include "core/embed/words.h"

struct keys_seen {
	uint32_t *keys;
	size_t len, cap;
};

struct entry {
	uint32_t key;
	uint32_t times;
	bool is_bigram;
};

static void see(struct keys_seen *s, uint32_t key)
{
	if (s->len == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 4096;
		s->keys = memory_resize(s->keys, s->cap * sizeof(*s->keys));
	}
	s->keys[s->len++] = key;
}

static void see_words(struct keys_seen *seen, struct str text)
{
	struct text_words words;
	struct word word;

	text_words_begin(&words, text);
	while (text_words_next(&words, &word))
		see(seen, word_key(&word));
}

static void see_pairs(struct keys_seen *seen, struct str text)
{
	uint64_t before = 0;
	struct text_words words;
	struct word word;

	text_words_begin(&words, text);
	for (; text_words_next(&words, &word); before = word.hash)
		if (words.given > 1)
			see(seen, bigram_key(before, word.hash));
}

static int by_key(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int by_times(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->times != y->times)
		return x->times > y->times ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

/* Words before pairs, where both have one key. */
static int by_entry_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key > y->key ? 1 : -1;
	return x->is_bigram - y->is_bigram;
}

static size_t take_common(
	struct keys_seen *s, size_t most, size_t times, bool is_bigram, struct entry **out)
{
	struct entry *entries = memory_new((s->len + 1) * sizeof(*entries));
	size_t count = 0;

	if (s->len)
		qsort(s->keys, s->len, sizeof(*s->keys), by_key);
	for (size_t from = 0, to; from < s->len; from = to) {
		for (to = from; to < s->len && s->keys[to] == s->keys[from];)
			to++;
		if (to - from >= times)
			entries[count++] =
				(struct entry){ s->keys[from], (uint32_t)(to - from), is_bigram };
	}
	qsort(entries, count, sizeof(*entries), by_times);
	*out = entries;
	memory_free(s->keys);
	return count < most ? count : most;
}

struct known_words known_words_choose(struct arena *arena, const struct texts *texts, size_t words,
	size_t word_times, const struct texts *pair_texts, size_t bigrams, size_t bigram_times)
{
	struct keys_seen seen_words = { 0 }, seen_pairs = { 0 };
	struct entry *all, *pairs;
	size_t word_count, pair_count;
	struct known_words v = { 0 };

	for (size_t i = 0; i < texts->len; i++)
		see_words(&seen_words, texts->ptr[i]);
	for (size_t i = 0; i < pair_texts->len; i++)
		see_pairs(&seen_pairs, pair_texts->ptr[i]);
	word_count = take_common(&seen_words, words, word_times, false, &all);
	pair_count = take_common(&seen_pairs, bigrams, bigram_times, true, &pairs);
	all = memory_resize(all, (word_count + pair_count + 1) * sizeof(*all));
	memcpy(all + word_count, pairs, pair_count * sizeof(*pairs));
	qsort(all, word_count + pair_count, sizeof(*all), by_entry_key);
	v.keys = arena_alloc(arena, (word_count + pair_count + 1) * sizeof(*v.keys));
	v.is_bigram = arena_alloc(arena, word_count + pair_count + 1);
	for (size_t i = 0; i < word_count + pair_count; i++) {
		if (v.count && v.keys[v.count - 1] == all[i].key)
			continue;
		v.keys[v.count] = all[i].key;
		v.is_bigram[v.count++] = all[i].is_bigram;
	}
	memory_free(all);
	memory_free(pairs);
	return v;
}
