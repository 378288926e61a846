/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is held back is sorted out by the hash of its words, so that copies of it go too. */
#include "core/eval/lessons.h"

#include "core/embed/words.h"

enum { PIECE_BYTES = 160 }; /* a long text is read in sentences of at least so much */

static bool is_held(const struct lessons *l, const struct corpus_text *text)
{
	const struct corpus *c = l->corpus;
	bool named = text->intent != NO_INTENT && c->has_test.ptr[text->file];
	struct str intent = named ? c->intents.ptr[text->intent].name : STR_NONE;

	if (text->test)
		return true;
	if (l->hold == HOLD_INTENTS)
		return named && split_is_unseen(intent);
	if (l->hold == HOLD_FOLD)
		return (text->intent != NO_INTENT && text->fold) ||
		       (named && split_is_fold_unseen(intent));
	return false;
}

/* Stands for a text's words in order, so that copies with other punctuation are found. */
static uint64_t hash_of(struct str text)
{
	uint64_t hash = 0;
	struct text_words words;
	struct word word;

	text_words_begin(&words, text);
	while (text_words_next(&words, &word))
		hash = (hash ^ word.hash) * UINT64_C(0x9E3779B97F4A7C15) + 1;
	return hash;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

struct hashes {
	uint64_t *ptr;
	size_t len, cap;
};

static struct hashes hashes_of_held(struct lessons *l)
{
	struct hashes held = { 0 };

	for (size_t i = 0; i < l->corpus->texts.len; i++)
		if (is_held(l, &l->corpus->texts.ptr[i]))
			*vec_add(&l->arena, &held) = hash_of(l->corpus->texts.ptr[i].text);
	if (held.len)
		qsort(held.ptr, held.len, sizeof(*held.ptr), by_size);
	return held;
}

static bool is_copy(const struct hashes *held, struct str text)
{
	uint64_t hash = hash_of(text);

	return held->len && bsearch(&hash, held->ptr, held->len, sizeof(hash), by_size);
}

static void add_pool(struct lessons *l, const struct hashes *held, struct str text)
{
	if (text.len && !is_copy(held, text))
		*vec_add(&l->arena, &l->pool) = text;
}

/* Sentences, a few short ones together. */
static void add_pieces(struct lessons *l, const struct hashes *held, struct str text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		bool end = text.ptr[i] == '\n' ||
			   (text.ptr[i] == ' ' && i && strchr(".?!", text.ptr[i - 1]));

		if (end && i - from >= PIECE_BYTES) {
			add_pool(l, held, str_part(text, from, i - from));
			from = i;
		}
	}
	add_pool(l, held, str_part(text, from, text.len));
}

static void gather_texts(struct lessons *l, const struct hashes *held)
{
	const struct corpus *c = l->corpus;

	for (size_t i = 0; i < c->texts.len; i++)
		if (!is_held(l, &c->texts.ptr[i]))
			add_pieces(l, held, c->texts.ptr[i].text);
	for (size_t i = 0; i < c->pairs.len; i++) {
		const struct corpus_pair *p = &c->pairs.ptr[i];

		if (l->hold == HOLD_FOLD && p->fold)
			continue;
		*vec_add(&l->arena, &l->pairs) = *p;
		add_pool(l, held, p->a);
		add_pool(l, held, p->b);
	}
}

static int by_intent(const void *a, const void *b)
{
	const struct corpus_text *x = *(const struct corpus_text *const *)a;
	const struct corpus_text *y = *(const struct corpus_text *const *)b;

	if (x->intent != y->intent)
		return x->intent > y->intent ? 1 : -1;
	return (x > y) - (x < y);
}

/* Intents with two texts or more that are not held back. */
static void gather_lessons(struct lessons *l, const struct hashes *held)
{
	const struct corpus *c = l->corpus;
	VEC(const struct corpus_text *) all = { 0 };

	for (size_t i = 0; i < c->texts.len; i++) {
		const struct corpus_text *text = &c->texts.ptr[i];

		if (text->intent != NO_INTENT && !c->intents.ptr[text->intent].none &&
			!is_held(l, text) && !is_copy(held, text->text))
			*vec_add(&l->arena, &all) = text;
	}
	if (all.len)
		qsort(all.ptr, all.len, sizeof(*all.ptr), by_intent);
	for (size_t from = 0, to; from < all.len; from = to) {
		struct lesson lesson = { l->members.len, 0, all.ptr[from]->file };

		for (to = from; to < all.len && all.ptr[to]->intent == all.ptr[from]->intent; to++)
			*vec_add(&l->arena, &l->members) = all.ptr[to]->text;
		lesson.count = to - from;
		if (lesson.count > 1)
			*vec_add(&l->arena, &l->list) = lesson;
	}
}

void lessons_gather(struct lessons *l, const struct corpus *corpus, enum hold hold)
{
	struct hashes held;

	*l = (struct lessons){ .arena = ARENA, .corpus = corpus, .hold = hold };
	held = hashes_of_held(l);
	gather_texts(l, &held);
	gather_lessons(l, &held);
}

void lessons_release(struct lessons *l)
{
	arena_release(&l->arena);
}

size_t lessons_draw(struct lessons *l, struct rng *rng, size_t most)
{
	size_t count = most < l->list.len ? most : l->list.len;

	for (size_t i = 0; i < count; i++) {
		size_t other = i + (size_t)rng_below(rng, l->list.len - i);
		struct lesson swap = l->list.ptr[i];

		l->list.ptr[i] = l->list.ptr[other];
		l->list.ptr[other] = swap;
	}
	return count;
}
