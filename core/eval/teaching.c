/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which texts, and the turn. */
#include "core/eval/teaching.h"

#include "core/embed/unit.h"
#include "core/eval/augment.h"

#include <math.h>

enum {
	POSTINGS = 8, /* texts remembered for each known word */
	TEXT_MAX = 1 << 20
};

/* Some texts of each known word, so that rare words are met as often as common ones. */
static void post_texts(struct teaching *t)
{
	size_t known = t->keys->count;

	t->postings = arena_alloc(&t->arena, (known + 1) * POSTINGS * sizeof(*t->postings));
	t->posted = arena_alloc(&t->arena, (known + 1) * sizeof(*t->posted));
	t->words = arena_alloc(&t->arena, (known + 1) * sizeof(*t->words));
	for (size_t i = 0; i < t->lessons->pool.len; i++) {
		struct text_words words;
		struct word word;

		text_words_begin(&words, t->lessons->pool.ptr[i]);
		while (text_words_next(&words, &word)) {
			int32_t at = keys_find(t->keys, word_key(&word));
			uint64_t place;

			if (at == KEY_NONE)
				continue;
			if (!t->posted[at])
				t->words[t->word_count++] = (uint32_t)at;
			place = rng_below(t->rng, ++t->posted[at]);
			if (t->posted[at] <= POSTINGS)
				place = t->posted[at] - 1;
			if (place < POSTINGS)
				t->postings[(size_t)at * POSTINGS + place] = (uint32_t)i;
		}
	}
}

/* `row` without what lies along the `count` rows before it, of length 1. */
static void straighten(float *rows, size_t count, size_t width)
{
	float *row = rows + count * width, length;

	for (size_t before = 0; before < count; before++) {
		float along = unit_dot(row, rows + before * width, width);

		for (size_t k = 0; k < width; k++)
			row[k] -= along * rows[before * width + k];
	}
	length = sqrtf(unit_dot(row, row, width));
	for (size_t k = 0; k < width; k++)
		row[k] /= length;
}

/* Orthonormal, made as rows of the wider side. */
static void draw_turn(struct teaching *t)
{
	size_t dims = t->dims, wide = t->teacher_dims > dims ? t->teacher_dims : dims;
	size_t narrow = t->teacher_dims > dims ? dims : t->teacher_dims;
	float *rows = memory_new(narrow * wide * sizeof(float));

	t->turn = memory_new(dims * t->teacher_dims * sizeof(float));
	for (size_t i = 0; i < narrow; i++) {
		for (size_t k = 0; k < wide; k++)
			rows[i * wide + k] = (float)(rng_unit(t->rng) + rng_unit(t->rng) +
						     rng_unit(t->rng) - 1.5);
		straighten(rows, i, wide);
	}
	for (size_t i = 0; i < dims; i++)
		for (size_t k = 0; k < t->teacher_dims; k++)
			t->turn[i * t->teacher_dims + k] =
				wide == dims ? rows[k * wide + i] : rows[i * wide + k];
	memory_free(rows);
}

struct teaching *teaching_new(const struct embedder *teacher, const struct lessons *lessons,
	const struct table_model *model, size_t most, struct rng *rng)
{
	struct teaching *t = memory_new(sizeof(*t));

	t->teacher = teacher;
	t->teacher_dims = (size_t)embedder_info(teacher)->dims;
	t->work = embed_work_new(teacher);
	t->lessons = lessons;
	t->keys = &model->keys;
	t->dims = model->dims;
	t->rng = rng;
	t->arena = ARENA;
	t->scratch = BUF(TEXT_MAX);
	t->vectors = memory_new(most * t->teacher_dims * sizeof(float));
	t->targets = memory_new(most * t->dims * sizeof(float));
	draw_turn(t);
	post_texts(t);
	return t;
}

void teaching_free(struct teaching **teaching)
{
	struct teaching *t = *teaching;

	if (!t)
		return;
	embed_work_free(&t->work);
	memory_free(t->vectors);
	memory_free(t->targets);
	memory_free(t->turn);
	buf_release(&t->scratch);
	arena_release(&t->arena);
	memory_free(t);
	*teaching = NULL;
}

/* ---- a batch ---------------------------------------------------------------------------- */

static size_t below(struct teaching *t, size_t limit)
{
	return (size_t)rng_below(t->rng, limit);
}

/* One of the known words, rare or common alike. */
static size_t any_word(struct teaching *t)
{
	return t->words[below(t, t->word_count)];
}

/* One of the texts that have it. */
static struct str text_with_word(struct teaching *t, size_t known)
{
	uint32_t count = t->posted[known] < POSTINGS ? t->posted[known] : POSTINGS;

	return t->lessons->pool.ptr[t->postings[known * POSTINGS + below(t, count)]];
}

static void teach(struct teaching *t, struct table_batch *batch, struct str text, size_t place)
{
	float *taught = t->vectors + place * t->teacher_dims;
	float *target = t->targets + place * t->dims;
	float length;

	embed_text(t->teacher, t->work, EMBED_QUERY, text, taught);
	for (size_t i = 0; i < t->dims; i++)
		target[i] = unit_dot(t->turn + i * t->teacher_dims, taught, t->teacher_dims);
	length = sqrtf(unit_dot(target, target, t->dims));
	for (size_t i = 0; i < t->dims && length > 0; i++)
		target[i] /= length;
	table_batch_add(batch, text);
}

/* As it is written in a text that has it. */
static struct str spelled(struct teaching *t, size_t known)
{
	struct str text = text_with_word(t, known), before = text;
	struct text_words words;
	struct word word;

	text_words_begin(&words, text);
	while (text_words_next(&words, &word)) {
		if (keys_find(t->keys, word_key(&word)) == (int32_t)known)
			return str_trim(str_part(before, 0, before.len - words.rest.len));
		before = words.rest;
	}
	return text;
}

static struct str any_words(struct teaching *t)
{
	size_t count = 1 + below(t, 3);

	buf_clear(&t->scratch);
	for (size_t i = 0; i < count; i++) {
		buf_add_str(&t->scratch, spelled(t, any_word(t)));
		buf_add_char(&t->scratch, ' ');
	}
	return buf_str(&t->scratch);
}

void teaching_add(struct teaching *t, struct table_batch *batch, size_t count)
{
	struct str text = STR_NONE;

	for (size_t i = 0; i < count; i++) {
		if (i % 2 == 0) {
			teach(t, batch, any_words(t), i);
		} else if (i % 4 == 1) {
			text = text_with_word(t, any_word(t));
			teach(t, batch, text, i);
		} else {
			buf_clear(&t->scratch);
			augment_same(t->rng, text, &t->scratch);
			teach(t, batch, buf_str(&t->scratch), i);
		}
	}
}
