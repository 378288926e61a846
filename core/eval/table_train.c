/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is drawn for each step, and the two schedules. */
#include "core/eval/table_train.h"

#include "core/embed/matrix.h"
#include "core/embed/word_table.h"
#include "core/eval/augment.h"
#include "core/eval/known_words.h"
#include "core/eval/lessons.h"
#include "core/eval/losses.h"
#include "core/eval/table_model.h"
#include "core/eval/teaching.h"

#include <math.h>

enum { CHANGED_BYTES_MAX = 1 << 20 };

struct table_train {
	const struct recipe *recipe;
	struct arena arena;
	struct rng rng;
	struct lessons lessons;
	struct table_model *model;
	struct teaching *teaching; /* NULL: there is no teacher */
	float *taught_rows;	   /* as the teacher left them; NULL: there was none */
	struct table_batch *batch;
	struct losses losses;
	struct buf scratch;
	size_t step, distil_steps, all;
};

/* ---- the model and what it needs --------------------------------------------------------- */

static size_t count_of(double number)
{
	return (size_t)number;
}

static void make_model(struct table_train *t, const struct embedder *teacher)
{
	const struct recipe *r = t->recipe;
	struct lessons *l = &t->lessons;
	/* A pair of words is worth a row where it tells intents apart. */
	struct known_words v = known_words_choose(&t->arena, &l->pool, count_of(r->words),
		count_of(r->word_times), l->members.len ? &l->members : &l->pool,
		count_of(r->bigrams), count_of(r->bigram_times));
	size_t texts = 2 * count_of(r->pairs) + 3 * count_of(r->changed) + 2 * count_of(r->scored) +
		       count_of(r->distil_texts);

	t->model = table_model_new(
		count_of(r->dims), v.keys, v.count, v.is_bigram, count_of(r->grams), &t->rng);
	t->model->bigram_weight = (float)r->bigram_weight;
	t->model->bigram_drop = (float)r->bigram_drop;
	t->batch = table_batch_new(t->model, texts);
	t->batch->rng = &t->rng;
	if (teacher && v.count)
		t->teaching = teaching_new(
			teacher, &t->lessons, t->model, count_of(r->distil_texts), &t->rng);
}

enum err table_train_new(struct table_train **out, const struct recipe *recipe,
	const struct corpus *corpus, const struct embedder *teacher, enum hold hold,
	struct buf *why)
{
	struct table_train *t = memory_new(sizeof(*t));

	matrix_begin();
	*out = t;
	t->recipe = recipe;
	t->arena = ARENA;
	t->scratch = BUF(CHANGED_BYTES_MAX);
	rng_seed(&t->rng, (uint64_t)recipe->seed);
	lessons_gather(&t->lessons, corpus, hold);
	make_model(t, teacher);
	if (!t->model->known || (!t->lessons.list.len && !t->lessons.pairs.len && !teacher)) {
		why_set(why,
			"nothing to learn from: texts with intents (two of one intent at least), "
			"or pairs with scores, or a teacher are needed");
		table_train_free(out);
		return ERR_CONFIG;
	}
	t->distil_steps = t->teaching ? count_of(recipe->distil_steps) : 0;
	t->all = t->distil_steps + count_of(recipe->steps);
	return ERR_OK;
}

void table_train_free(struct table_train **train)
{
	struct table_train *t = *train;

	if (!t)
		return;
	table_batch_free(&t->batch);
	table_model_free(&t->model);
	losses_release(&t->losses);
	memory_free(t->taught_rows);
	teaching_free(&t->teaching);
	buf_release(&t->scratch);
	lessons_release(&t->lessons);
	arena_release(&t->arena);
	memory_free(t);
	*train = NULL;
}

/* ---- a batch ---------------------------------------------------------------------------- */

static size_t below(struct table_train *t, size_t limit)
{
	return (size_t)rng_below(&t->rng, limit);
}

static struct str any_text(struct table_train *t)
{
	return t->lessons.pool.ptr[below(t, t->lessons.pool.len)];
}

/* Two different members of each drawn lesson: all first ones, then all second ones. */
static void add_lessons(struct table_train *t, size_t count, int *groups)
{
	size_t *second = memory_new((count + 1) * sizeof(*second));

	for (size_t i = 0; i < count; i++) {
		const struct lesson *l = &t->lessons.list.ptr[i];
		size_t first = below(t, l->count);

		second[i] = l->from + (first + 1 + below(t, l->count - 1)) % l->count;
		groups[i] = l->file;
		table_batch_add(t->batch, t->lessons.members.ptr[l->from + first]);
	}
	for (size_t i = 0; i < count; i++)
		table_batch_add(t->batch, t->lessons.members.ptr[second[i]]);
	memory_free(second);
}

static void add_changed(struct table_train *t, size_t count)
{
	struct str *texts = memory_new((count + 1) * sizeof(*texts));

	for (size_t i = 0; i < count; i++) {
		texts[i] = any_text(t);
		table_batch_add(t->batch, texts[i]);
	}
	for (size_t i = 0; i < count; i++) {
		buf_clear(&t->scratch);
		augment_same(&t->rng, texts[i], &t->scratch);
		table_batch_add(t->batch, buf_str(&t->scratch));
	}
	for (size_t i = 0; i < count; i++) {
		buf_clear(&t->scratch);
		if (augment_other(&t->rng, texts[i], &t->scratch))
			table_batch_add(t->batch, buf_str(&t->scratch));
		else
			table_batch_add(t->batch, any_text(t));
	}
	memory_free(texts);
}

static void add_scored(struct table_train *t, size_t count, float *scores)
{
	size_t *drawn = memory_new((count + 1) * sizeof(*drawn));

	for (size_t i = 0; i < count; i++) {
		drawn[i] = below(t, t->lessons.pairs.len);
		scores[i] = (float)t->lessons.pairs.ptr[drawn[i]].score;
		table_batch_add(t->batch, t->lessons.pairs.ptr[drawn[i]].a);
	}
	for (size_t i = 0; i < count; i++)
		table_batch_add(t->batch, t->lessons.pairs.ptr[drawn[i]].b);
	memory_free(drawn);
}

/* ---- the steps -------------------------------------------------------------------------- */

static void distil(struct table_train *t)
{
	const struct recipe *r = t->recipe;
	size_t texts = count_of(r->distil_texts);
	double left = 1 - (double)t->step / (double)t->distil_steps;

	t->model->word_drop = (float)r->word_drop;
	table_batch_clear(t->batch);
	teaching_add(t->teaching, t->batch, texts);
	table_batch_forward(t->batch);
	loss_aim(
		t->batch->vectors, t->batch->grads, texts, t->model->dims, t->teaching->targets, 1);
	table_batch_backward(t->batch);
	table_model_update(t->model, (float)(r->distil_rate * (0.02 + 0.98 * left)));
}

/* The slices of a batch, in order. */
struct plan {
	size_t pairs, changed, scored, taught;
	int *groups;
	float *scores;
};

static struct plan draw_batch(struct table_train *t)
{
	const struct recipe *r = t->recipe;
	struct plan p = {
		.pairs = r->pairs_weight > 0
				 ? lessons_draw(&t->lessons, &t->rng, count_of(r->pairs))
				 : 0,
		.changed = r->changed_weight > 0 ? count_of(r->changed) : 0,
		.scored = r->scored_weight > 0 && t->lessons.pairs.len ? count_of(r->scored) : 0,
		.taught = r->teacher_weight > 0 && t->teaching ? count_of(r->distil_texts) / 2 : 0,
	};

	p.groups = memory_new((p.pairs + 1) * sizeof(*p.groups));
	p.scores = memory_new((p.scored + 1) * sizeof(*p.scores));
	table_batch_clear(t->batch);
	add_lessons(t, p.pairs, p.groups);
	if (p.changed)
		add_changed(t, p.changed);
	if (p.scored)
		add_scored(t, p.scored, p.scores);
	if (p.taught)
		teaching_add(t->teaching, t->batch, p.taught);
	return p;
}

static void add_losses(struct table_train *t, const struct plan *p)
{
	const struct recipe *r = t->recipe;
	size_t dims = t->model->dims;
	float *vectors = t->batch->vectors, *grads = t->batch->grads;
	size_t at = 0;

	if (p->pairs > 1)
		loss_pairs(&t->losses, vectors, grads, p->pairs, dims, p->groups,
			(float)r->temperature, (float)r->mask, (float)r->pairs_weight);
	at += 2 * p->pairs * dims;
	if (p->changed) {
		loss_pairs(&t->losses, vectors + at, grads + at, p->changed, dims, NULL,
			(float)r->temperature, 2, (float)r->changed_weight);
		loss_margin(vectors + at, grads + at, p->changed, dims, (float)r->margin,
			(float)r->changed_weight);
	}
	at += 3 * p->changed * dims;
	if (p->scored)
		loss_order(vectors + at, grads + at, p->scored, dims, p->scores,
			(float)r->scored_scale, (float)r->scored_weight);
	at += 2 * p->scored * dims;
	if (p->taught)
		loss_distil(&t->losses, vectors + at, grads + at, p->taught, dims,
			t->teaching->vectors, t->teaching->teacher_dims, (float)r->teacher_weight);
}

static double rate_at(const struct recipe *r, size_t step)
{
	double warm = r->warm_up < r->steps ? r->warm_up : r->steps / 2;

	if ((double)step < warm)
		return r->rate * (double)(step + 1) / warm;
	return r->rate * (r->steps - (double)step) / (r->steps - warm);
}

static void tune(struct table_train *t)
{
	struct plan p;

	/* Pieces belong to many words: what is learned about known ones stays in their own rows,
	 * and unknown ones stay as the teacher left them. */
	t->model->pieces_rest = t->teaching != NULL;
	t->model->word_drop = 0;
	p = draw_batch(t);
	table_batch_forward(t->batch);
	add_losses(t, &p);
	table_batch_backward(t->batch);
	table_model_update(t->model, (float)rate_at(t->recipe, t->step - t->distil_steps));
	memory_free(p.groups);
	memory_free(p.scores);
}

static size_t floats_of(const struct table_model *m)
{
	return (m->known + m->grams) * m->dims;
}

static void keep_taught(struct table_train *t)
{
	size_t size = floats_of(t->model) * sizeof(float);

	t->taught_rows = memory_new(size);
	memcpy(t->taught_rows, t->model->rows, size);
}

bool table_train_step(struct table_train *t)
{
	if (t->step == t->all)
		return false;
	if (t->step < t->distil_steps)
		distil(t);
	else
		tune(t);
	if (++t->step == t->distil_steps)
		keep_taught(t);
	return true;
}

size_t table_train_done(const struct table_train *t)
{
	return t->step;
}

size_t table_train_all(const struct table_train *t)
{
	return t->all;
}

/* ---- the table -------------------------------------------------------------------------- */

/* Between what the teacher taught and what the rest did: near the latter on what was trained on,
 * and better than both elsewhere (Wortsman et al., "Robust fine-tuning", 2022). */
static float *blended_rows(const struct table_train *t)
{
	size_t floats = floats_of(t->model);
	float *rows = memory_new(floats * sizeof(*rows)), by = (float)t->recipe->blend;

	for (size_t i = 0; i < floats; i++)
		rows[i] = t->taught_rows
				  ? t->taught_rows[i] + by * (t->model->rows[i] - t->taught_rows[i])
				  : t->model->rows[i];
	return rows;
}

static void fold_bigrams(const struct table_train *t, float *rows, const bool *has_word)
{
	const struct table_model *m = t->model;

	for (size_t i = 0; i < m->known; i++)
		for (size_t k = 0; k < m->dims && !has_word[i]; k++)
			rows[i * m->dims + k] *= m->bigram_weight;
}

/* A known word is met at least once in the pool, and there its letters are. The rows of pieces
 * stand behind the known ones. */
static void fold_word(const struct table_model *m, const struct word *word, size_t at, float *rows)
{
	uint32_t grams[WORD_GRAMS_MAX];
	size_t count = word_grams(word, (uint32_t)m->grams, grams);
	float share = 1 / sqrtf((float)count);

	for (size_t g = 0; g < count; g++)
		for (size_t k = 0; k < m->dims; k++)
			rows[at * m->dims + k] += share * rows[(m->known + grams[g]) * m->dims + k];
}

static void fold_words(const struct table_train *t, float *rows, bool *has_word)
{
	for (size_t i = 0; i < t->lessons.pool.len; i++) {
		struct text_words words;
		struct word word;

		text_words_begin(&words, t->lessons.pool.ptr[i]);
		while (text_words_next(&words, &word)) {
			int32_t at = keys_find(&t->model->keys, word_key(&word));

			if (at == KEY_NONE || has_word[at])
				continue;
			has_word[at] = true;
			fold_word(t->model, &word, (size_t)at, rows);
		}
	}
}

/* What the rows of all pieces have in common says nothing but "unknown", and would make all texts
 * of unknown words alike. Known words have their pieces in them already. */
static void center_pieces(const struct table_model *m, float *rows)
{
	float *pieces = rows + m->known * m->dims;

	for (size_t k = 0; k < m->dims; k++) {
		double sum = 0;

		for (size_t i = 0; i < m->grams; i++)
			sum += (double)pieces[i * m->dims + k];
		for (size_t i = 0; i < m->grams; i++)
			pieces[i * m->dims + k] -= (float)(sum / (double)m->grams);
	}
}

void table_train_write(const struct table_train *t, double threshold, struct buf *out)
{
	const struct table_model *m = t->model;
	float *rows = blended_rows(t);
	bool *has_word = memory_new(m->known + 1);
	struct word_table_parts parts = { t->recipe->name, m->dims, m->known, m->grams,
		m->keys.keys, rows, threshold };

	fold_words(t, rows, has_word);
	fold_bigrams(t, rows, has_word);
	center_pieces(m, rows);
	word_table_write(&parts, out);
	memory_free(rows);
	memory_free(has_word);
}
