/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two lists of texts, then all cosines between them. */
#include "core/eval/quality.h"

#include "core/embed/matrix.h"
#include "core/embed/unit.h"

#include <math.h>

enum { BLOCK = 64 }; /* of the stream at a time */

/* 2 in 11 of a stream: 2 for 9 that have an intent. */
#define MIXED_WITHOUT (2.0 / 9)

struct shelf {
	struct arena arena;
	VEC(const struct corpus_text *) cache;
	VEC(const struct corpus_text *) stream;
};

/* ---- which texts ------------------------------------------------------------------------ */

static const struct corpus_intent *intent_of(const struct corpus *c, const struct corpus_text *t)
{
	return &c->intents.ptr[t->intent];
}

static void put_cache(struct shelf *s, const struct corpus_text *t)
{
	*vec_add(&s->arena, &s->cache) = t;
}

static void put_stream(struct shelf *s, const struct corpus_text *t)
{
	*vec_add(&s->arena, &s->stream) = t;
}

/* Texts of intents that the embedder may know. */
static void fill_seen(struct shelf *s, const struct corpus *c, int32_t file, enum quality_part part)
{
	for (size_t i = 0; i < c->texts.len; i++) {
		const struct corpus_text *t = &c->texts.ptr[i];
		bool passing = part == PART_TEST ? t->test : t->fold;

		if (t->file != file || t->intent == NO_INTENT || (part == PART_FOLD && t->test))
			continue;
		if (part == PART_FOLD && c->has_test.ptr[file] &&
			split_is_fold_unseen(intent_of(c, t)->name))
			continue;
		if (passing)
			put_stream(s, t);
		else if (!intent_of(c, t)->none)
			put_cache(s, t);
	}
}

static int by_intent_then_crc(const void *a, const void *b)
{
	const struct corpus_text *x = *(const struct corpus_text *const *)a;
	const struct corpus_text *y = *(const struct corpus_text *const *)b;
	uint32_t p = crc32_of(x->text), q = crc32_of(y->text);

	if (x->intent != y->intent)
		return x->intent > y->intent ? 1 : -1;
	if (p != q)
		return p > q ? 1 : -1;
	return (x > y) - (x < y);
}

static void fill_unseen(struct shelf *s, const struct corpus *c, int32_t file, bool fold)
{
	VEC(const struct corpus_text *) all = { 0 };

	for (size_t i = 0; i < c->texts.len; i++) {
		const struct corpus_text *t = &c->texts.ptr[i];

		if (t->file != file || t->intent == NO_INTENT || intent_of(c, t)->none)
			continue;
		if (fold ? t->test || !split_is_fold_unseen(intent_of(c, t)->name)
			 : !split_is_unseen(intent_of(c, t)->name))
			continue;
		*vec_add(&s->arena, &all) = t;
	}
	if (all.len)
		qsort(all.ptr, all.len, sizeof(*all.ptr), by_intent_then_crc);
	for (size_t i = 0, of_intent = 0; i < all.len; i++) {
		of_intent = i && all.ptr[i]->intent == all.ptr[i - 1]->intent ? of_intent + 1 : 0;
		if (of_intent < QUALITY_CACHED)
			put_cache(s, all.ptr[i]);
		else
			put_stream(s, all.ptr[i]);
	}
}

/* ---- all cosines ------------------------------------------------------------------------ */

static float *embed_all(
	const struct quality_subject *subject, const struct corpus_text *const *texts, size_t count)
{
	float *vectors = memory_new((count + 1) * subject->dims * sizeof(float));

	for (size_t i = 0; i < count; i++)
		subject->embed(subject->ctx, texts[i]->text, vectors + i * subject->dims);
	return vectors;
}

static size_t nearest_of(const float *cosines, size_t count)
{
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (cosines[i] > cosines[best])
			best = i;
	return best;
}

static void find_nearest(
	const struct quality_subject *subject, const struct shelf *s, double *cosines, bool *right)
{
	float *cache = embed_all(subject, s->cache.ptr, s->cache.len);
	float *stream = embed_all(subject, s->stream.ptr, s->stream.len);
	float *block = memory_new(BLOCK * s->cache.len * sizeof(float));

	matrix_begin();
	for (size_t from = 0; from < s->stream.len; from += BLOCK) {
		size_t count = s->stream.len - from < BLOCK ? s->stream.len - from : BLOCK;

		matrix_dots(block, stream + from * subject->dims, count, cache, s->cache.len,
			subject->dims, 1);
		for (size_t i = 0; i < count; i++) {
			const float *row = block + i * s->cache.len;
			size_t best = nearest_of(row, s->cache.len);

			cosines[from + i] = (double)row[best];
			right[from + i] =
				s->cache.ptr[best]->intent == s->stream.ptr[from + i]->intent;
		}
	}
	memory_free(cache);
	memory_free(stream);
	memory_free(block);
}

static struct quality_intents measure(
	const struct quality_subject *subject, const struct corpus *c, const struct shelf *s)
{
	struct quality_intents q = { .cached = s->cache.len, .stream = s->stream.len };
	double *cosines = memory_new(s->stream.len * sizeof(*cosines));
	double *weights = memory_new(s->stream.len * sizeof(*weights)), in_scope;
	bool *right = memory_new(s->stream.len * sizeof(*right));

	find_nearest(subject, s, cosines, right);
	for (size_t i = 0; i < q.stream; i++) {
		q.without += intent_of(c, s->stream.ptr[i])->none;
		q.nearest += right[i];
	}
	in_scope = (double)(q.stream - q.without);
	for (size_t i = 0; i < q.stream; i++)
		weights[i] = intent_of(c, s->stream.ptr[i])->none
				     ? MIXED_WITHOUT * in_scope / (double)q.without
				     : 1;
	q.nearest /= in_scope > 0 ? in_scope : 1;
	q.hits = metric_hits(cosines, right, NULL, q.stream, QUALITY_WRONG_MAX);
	q.mixed = metric_hits(cosines, right, weights, q.stream, QUALITY_WRONG_MAX);
	memory_free(weights);
	memory_free(cosines);
	memory_free(right);
	return q;
}

struct quality_intents quality_intents(const struct quality_subject *subject,
	const struct corpus *corpus, int32_t file, enum quality_part part)
{
	struct shelf shelf = { .arena = ARENA };
	struct quality_intents q = { 0 };

	if (part == PART_TEST || part == PART_FOLD)
		fill_seen(&shelf, corpus, file, part);
	else
		fill_unseen(&shelf, corpus, file, part == PART_FOLD_UNSEEN);
	if (shelf.cache.len && shelf.stream.len)
		q = measure(subject, corpus, &shelf);
	arena_release(&shelf.arena);
	return q;
}

/* ---- pairs ------------------------------------------------------------------------------ */

static double cosine_of(
	const struct quality_subject *subject, const struct corpus_pair *p, float *a, float *b)
{
	subject->embed(subject->ctx, p->a, a);
	subject->embed(subject->ctx, p->b, b);
	return (double)unit_dot(a, b, subject->dims);
}

/* Fills both lists; returns how many. */
static size_t compare(const struct quality_subject *subject, const struct corpus *c, int32_t file,
	bool only_fold, double *cosines, double *scores)
{
	float *a = memory_new(2 * subject->dims * sizeof(float));
	size_t count = 0;

	for (size_t i = 0; i < c->pairs.len; i++) {
		const struct corpus_pair *p = &c->pairs.ptr[i];

		if ((only_fold && !p->fold) || (file != ALL_FILES && p->file != file))
			continue;
		cosines[count] = cosine_of(subject, p, a, a + subject->dims);
		scores[count++] = p->score;
	}
	memory_free(a);
	return count;
}

double quality_spearman(const struct quality_subject *subject, const struct corpus *corpus,
	int32_t file, bool only_fold)
{
	double *cosines = memory_new(2 * (corpus->pairs.len + 1) * sizeof(double));
	double *scores = cosines + corpus->pairs.len;
	size_t count = compare(subject, corpus, file, only_fold, cosines, scores);
	double result = metric_spearman(cosines, scores, count);

	memory_free(cosines);
	return result;
}

double quality_auc(const struct quality_subject *subject, const struct corpus *corpus, int32_t file)
{
	double *cosines = memory_new(2 * (corpus->pairs.len + 1) * sizeof(double));
	double *scores = cosines + corpus->pairs.len, result;
	bool *same = memory_new(corpus->pairs.len + 1);
	size_t count = compare(subject, corpus, file, false, cosines, scores);

	for (size_t i = 0; i < count; i++)
		same[i] = scores[i] > 0.5;
	result = metric_auc(cosines, same, count);
	memory_free(cosines);
	memory_free(same);
	return result;
}
