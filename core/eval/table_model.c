/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words that a batch has several times are summed up, and their gradients handed out, once. */
#include "core/eval/table_model.h"

#include "core/base/arena.h"

#include <math.h>

static const float beta_first = 0.9f, beta_second = 0.999f, tiny = 1e-8f;

struct batch_word {
	uint64_t hash;
	uint32_t key;
	int32_t known; /* its own row, or KEY_NONE */
	uint32_t grams_from, gram_count;
	float weight, share; /* of its own row and of each piece */
};

/* ---- the model -------------------------------------------------------------------------- */

/* Normal, by Box and Muller. */
static float draw_normal(struct rng *rng)
{
	double radius = sqrt(-2 * log(1 - rng_unit(rng)));

	return (float)(radius * cos(2 * 3.14159265358979323846 * rng_unit(rng)));
}

struct table_model *table_model_new(size_t dims, const uint32_t *keys, size_t known,
	const bool *is_bigram, size_t grams, struct rng *rng)
{
	struct table_model *m = memory_new(sizeof(*m));
	size_t rows = known + grams, floats = rows * dims;
	float scale = 1 / sqrtf((float)dims);

	m->dims = dims;
	m->known = known;
	m->grams = grams;
	if (!keys_init(&m->keys, keys, (uint32_t)known))
		abort();
	m->rows = memory_new(floats * sizeof(float));
	m->first = memory_new(floats * sizeof(float));
	m->second = memory_new(floats * sizeof(float));
	m->grads = memory_new(floats * sizeof(float));
	m->steps = memory_new(rows * sizeof(*m->steps));
	m->is_touched = memory_new(rows * sizeof(*m->is_touched));
	m->touched = memory_new(rows * sizeof(*m->touched));
	for (size_t i = 0; i < floats; i++)
		if (i / dims >= known || !is_bigram[i / dims])
			m->rows[i] = scale * draw_normal(rng);
	return m;
}

void table_model_free(struct table_model **model)
{
	struct table_model *m = *model;

	if (!m)
		return;
	memory_free(m->rows);
	memory_free(m->first);
	memory_free(m->second);
	memory_free(m->grads);
	memory_free(m->steps);
	memory_free(m->is_touched);
	memory_free(m->touched);
	memory_free(m);
	*model = NULL;
}

static void touch(struct table_model *m, size_t row)
{
	if (m->is_touched[row])
		return;
	m->is_touched[row] = true;
	m->touched[m->touched_count++] = (uint32_t)row;
}

static void update_row(struct table_model *m, size_t row, float rate)
{
	size_t at = row * m->dims;
	float *x = m->rows + at, *first = m->first + at, *second = m->second + at;
	float *g = m->grads + at;
	float step = (float)++m->steps[row];
	float root = sqrtf(1 - powf(beta_second, step));
	float by = rate * root / (1 - powf(beta_first, step));

	for (size_t i = 0; i < m->dims; i++) {
		first[i] = beta_first * first[i] + (1 - beta_first) * g[i];
		second[i] = beta_second * second[i] + (1 - beta_second) * g[i] * g[i];
		x[i] -= by * first[i] / (sqrtf(second[i]) + tiny * root);
		g[i] = 0;
	}
}

void table_model_update(struct table_model *m, float rate)
{
	for (size_t i = 0; i < m->touched_count; i++) {
		update_row(m, m->touched[i], rate);
		m->is_touched[m->touched[i]] = false;
	}
	m->touched_count = 0;
}

/* ---- a batch ---------------------------------------------------------------------------- */

struct table_batch *table_batch_new(struct table_model *model, size_t texts_max)
{
	struct table_batch *b = memory_new(sizeof(*b));

	b->model = model;
	b->texts_max = texts_max;
	b->vectors = memory_new(texts_max * model->dims * sizeof(float));
	b->grads = memory_new(texts_max * model->dims * sizeof(float));
	b->lengths = memory_new(texts_max * sizeof(float));
	b->from = memory_new((texts_max + 1) * sizeof(*b->from));
	b->slot_count = 1 << 10;
	b->slots = memory_new(b->slot_count * sizeof(*b->slots));
	return b;
}

void table_batch_free(struct table_batch **batch)
{
	struct table_batch *b = *batch;

	if (!b)
		return;
	memory_free(b->vectors);
	memory_free(b->grads);
	memory_free(b->lengths);
	memory_free(b->from);
	memory_free(b->items);
	memory_free(b->words);
	memory_free(b->word_vectors);
	memory_free(b->word_grads);
	memory_free(b->grams);
	memory_free(b->slots);
	memory_free(b);
	*batch = NULL;
}

void table_batch_clear(struct table_batch *b)
{
	b->texts = b->word_count = b->gram_count = 0;
	memset(b->slots, 0, b->slot_count * sizeof(*b->slots));
}

static size_t slot_of(const struct table_batch *b, uint32_t key)
{
	size_t at = key & (b->slot_count - 1);

	while (b->slots[at] && b->words[b->slots[at] - 1].key != key)
		at = (at + 1) & (b->slot_count - 1);
	return at;
}

static void more_slots(struct table_batch *b)
{
	b->slot_count *= 2;
	b->slots = memory_resize(b->slots, b->slot_count * sizeof(*b->slots));
	memset(b->slots, 0, b->slot_count * sizeof(*b->slots));
	for (size_t i = 0; i < b->word_count; i++)
		b->slots[slot_of(b, b->words[i].key)] = (uint32_t)i + 1;
}

static void more_words(struct table_batch *b)
{
	size_t floats;

	b->word_cap = b->word_cap ? 2 * b->word_cap : 1024;
	floats = b->word_cap * b->model->dims;
	b->words = memory_resize(b->words, b->word_cap * sizeof(*b->words));
	b->word_vectors = memory_resize(b->word_vectors, floats * sizeof(float));
	b->word_grads = memory_resize(b->word_grads, floats * sizeof(float));
}

static void add_grams(struct table_batch *b, struct batch_word *w, const struct word *word)
{
	if (b->gram_count + WORD_GRAMS_MAX > b->gram_cap) {
		b->gram_cap = 2 * b->gram_cap + WORD_GRAMS_MAX;
		b->grams = memory_resize(b->grams, b->gram_cap * sizeof(*b->grams));
	}
	w->grams_from = (uint32_t)b->gram_count;
	w->gram_count =
		(uint32_t)word_grams(word, (uint32_t)b->model->grams, b->grams + b->gram_count);
	w->share = 1 / sqrtf((float)w->gram_count);
	b->gram_count += w->gram_count;
}

static bool draw(const struct table_batch *b, float share)
{
	return b->rng && rng_unit(b->rng) < (double)share;
}

/* The place of a key among the batch's words; `word` is NULL for a bigram. */
static uint32_t add_word(
	struct table_batch *b, uint32_t key, int32_t known, const struct word *word)
{
	size_t slot = slot_of(b, key);
	struct batch_word *w;

	if (b->slots[slot])
		return b->slots[slot] - 1;
	if (b->word_count == b->word_cap)
		more_words(b);
	w = &b->words[b->word_count++];
	*w = (struct batch_word){ .key = key, .known = known, .weight = b->model->bigram_weight };
	b->slots[slot] = (uint32_t)b->word_count;
	if (word) {
		add_grams(b, w, word);
		w->weight = 1;
		if (known != KEY_NONE && draw(b, b->model->word_drop))
			w->known = KEY_NONE;
	}
	if (2 * b->word_count > b->slot_count)
		more_slots(b);
	return (uint32_t)b->word_count - 1;
}

static void add_item(struct table_batch *b, size_t *at, uint32_t word)
{
	if (*at == b->items_cap) {
		b->items_cap = b->items_cap ? 2 * b->items_cap : 4096;
		b->items = memory_resize(b->items, b->items_cap * sizeof(*b->items));
	}
	b->items[(*at)++] = word;
}

size_t table_batch_add(struct table_batch *b, struct str text)
{
	const struct keys *keys = &b->model->keys;
	size_t at = b->from[b->texts];
	uint64_t before = 0;
	struct text_words words;
	struct word word;

	text_words_begin(&words, text);
	for (bool first = true; text_words_next(&words, &word); first = false) {
		uint32_t key = word_key(&word), pair = bigram_key(before, word.hash);
		int32_t known = first ? KEY_NONE : keys_find(keys, pair);

		if (known != KEY_NONE && !draw(b, b->model->bigram_drop))
			add_item(b, &at, add_word(b, pair, known, NULL));
		add_item(b, &at, add_word(b, key, keys_find(keys, key), &word));
		before = word.hash;
	}
	b->from[++b->texts] = at;
	return b->texts - 1;
}

static void add_scaled(float *restrict to, const float *restrict from, size_t dims, float by)
{
	for (size_t i = 0; i < dims; i++)
		to[i] += by * from[i];
}

static void sum_word(struct table_batch *b, size_t i)
{
	const struct table_model *m = b->model;
	const struct batch_word *w = &b->words[i];
	float *to = b->word_vectors + i * m->dims;

	memset(to, 0, m->dims * sizeof(float));
	if (w->known != KEY_NONE)
		add_scaled(to, m->rows + (size_t)w->known * m->dims, m->dims, w->weight);
	for (uint32_t g = 0; g < w->gram_count; g++)
		add_scaled(to, m->rows + (m->known + b->grams[w->grams_from + g]) * m->dims,
			m->dims, w->share);
}

static float length_of(const float *v, size_t dims)
{
	float sum = 0;

	for (size_t i = 0; i < dims; i++)
		sum += v[i] * v[i];
	return sqrtf(sum);
}

void table_batch_forward(struct table_batch *b)
{
	size_t dims = b->model->dims;

	for (size_t i = 0; i < b->word_count; i++)
		sum_word(b, i);
	memset(b->vectors, 0, b->texts * dims * sizeof(float));
	memset(b->grads, 0, b->texts * dims * sizeof(float));
	for (size_t t = 0; t < b->texts; t++) {
		float *v = b->vectors + t * dims;

		for (size_t i = b->from[t]; i < b->from[t + 1]; i++)
			add_scaled(v, b->word_vectors + b->items[i] * dims, dims, 1);
		b->lengths[t] = length_of(v, dims) + 1e-6f;
		for (size_t i = 0; i < dims; i++)
			v[i] /= b->lengths[t];
	}
}

/* Through v = s / |s|: what points along v falls away. */
static void back_to_sum(float *grad, const float *v, float length, size_t dims)
{
	float along = 0;

	for (size_t i = 0; i < dims; i++)
		along += grad[i] * v[i];
	for (size_t i = 0; i < dims; i++)
		grad[i] = (grad[i] - along * v[i]) / length;
}

static void back_to_rows(struct table_batch *b, size_t i)
{
	struct table_model *m = b->model;
	const struct batch_word *w = &b->words[i];
	const float *from = b->word_grads + i * m->dims;

	if (w->known != KEY_NONE) {
		touch(m, (size_t)w->known);
		add_scaled(m->grads + (size_t)w->known * m->dims, from, m->dims, w->weight);
	}
	for (uint32_t g = 0; g < w->gram_count && !m->pieces_rest; g++) {
		size_t row = m->known + b->grams[w->grams_from + g];

		touch(m, row);
		add_scaled(m->grads + row * m->dims, from, m->dims, w->share);
	}
}

void table_batch_backward(struct table_batch *b)
{
	size_t dims = b->model->dims;

	memset(b->word_grads, 0, b->word_count * dims * sizeof(float));
	for (size_t t = 0; t < b->texts; t++) {
		float *grad = b->grads + t * dims;

		back_to_sum(grad, b->vectors + t * dims, b->lengths[t], dims);
		for (size_t i = b->from[t]; i < b->from[t + 1]; i++)
			add_scaled(b->word_grads + b->items[i] * dims, grad, dims, 1);
	}
	for (size_t i = 0; i < b->word_count; i++)
		back_to_rows(b, i);
}
