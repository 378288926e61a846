/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening, and the sum of rows. */
#include "core/embed/word_table.h"

#include "core/embed/keys.h"

#include <math.h>

struct word_table {
	struct safetensors file;
	struct word_table_info info;
	struct keys keys;
	const float *known_scale, *gram_scale;
	const int8_t *known_rows, *gram_rows;
};

/* ---- opening ---------------------------------------------------------------------------- */

static enum err refuse(const struct word_table *t, struct buf *why, const char *say)
{
	why_set(why, "%s: %s", t->file.path, say);
	return ERR_CORRUPT;
}

/* A tensor by name, type and shape (`rows` 0: any number, `columns` 0: rank 1), in place for its
 * numbers to be read as they are. */
static enum err find(const struct word_table *t, const char *name, enum tensor_type type,
	size_t rows, size_t columns, const struct tensor **out, struct buf *why)
{
	const struct tensor *f = safetensors_find(&t->file, str_of(name));

	if (!f) {
		why_set(why, "%s: it has no tensor \"%s\": it is no table of Weir's", t->file.path,
			name);
		return ERR_CORRUPT;
	}
	if (!tensor_is(f, type, rows ? rows : f->shape[0], columns))
		return tensor_refuse(f, why, "it has another type or shape than a table's");
	if ((uintptr_t)f->bytes.ptr % tensor_type_bytes(type))
		return tensor_refuse(f, why, "its numbers are not aligned");
	*out = f;
	return ERR_OK;
}

static enum err check_scales(const struct tensor *f, struct buf *why)
{
	const float *scales = (const void *)f->bytes.ptr;

	for (size_t i = 0; i < f->count; i++)
		if (!(scales[i] >= 0 && scales[i] <= 1e6f))
			return tensor_refuse(f, why, "a scale is no number from 0 to 1000000");
	return ERR_OK;
}

static enum err find_rows(struct word_table *t, struct buf *why)
{
	const struct tensor *keys, *known, *grams, *known_rows, *gram_rows;
	enum err err = find(t, "keys", TENSOR_U32, 0, 0, &keys, why);

	if (!err)
		err = find(t, "known.scale", TENSOR_F32, keys->count, 0, &known, why);
	if (!err)
		err = find(t, "gram.scale", TENSOR_F32, 0, 0, &grams, why);
	if (!err)
		err = find(t, "known.rows", TENSOR_I8, known->count, (size_t)t->info.dims,
			&known_rows, why);
	if (!err)
		err = find(t, "gram.rows", TENSOR_I8, grams->count, (size_t)t->info.dims,
			&gram_rows, why);
	if (!err)
		err = check_scales(known, why);
	if (!err)
		err = check_scales(grams, why);
	if (err)
		return err;
	if (!keys_init(&t->keys, (const void *)keys->bytes.ptr, (uint32_t)keys->count))
		return tensor_refuse(keys, why, "the keys do not rise");
	t->info.known = known->count;
	t->info.grams = grams->count;
	t->known_scale = (const void *)known->bytes.ptr;
	t->gram_scale = (const void *)grams->bytes.ptr;
	t->known_rows = (const void *)known_rows->bytes.ptr;
	t->gram_rows = (const void *)gram_rows->bytes.ptr;
	return ERR_OK;
}

static enum err read_meta(struct word_table *t, struct buf *why)
{
	struct str threshold = safetensors_meta(&t->file, "threshold");
	struct str format = safetensors_meta(&t->file, "format");
	int64_t hash = 0;

	if (!format.ptr || !str_is(format, "weir-table"))
		return refuse(t, why, "it is no table of Weir's: its metadata do not say so");
	if (!str_to_int(safetensors_meta(&t->file, "hash"), &hash) || hash < 1)
		return refuse(t, why, "its metadata do not say how its words were hashed");
	if (hash > HASH_VERSION) {
		why_set(why, "%s: it was made by a newer version of Weir: update, or train anew",
			t->file.path);
		return ERR_NEWER;
	}
	t->info.id = safetensors_meta(&t->file, "id");
	if (!t->info.id.len || t->info.id.len > WORD_TABLE_NAME_MAX + 16 ||
		!utf8_is_valid(t->info.id))
		return refuse(t, why, "its metadata have no id, or one too long");
	t->info.threshold = (double)NAN;
	if (threshold.ptr && (!str_to_real(threshold, &t->info.threshold) ||
				     t->info.threshold < -1 || t->info.threshold > 1))
		return refuse(t, why, "its threshold is no cosine");
	return ERR_OK;
}

static enum err read_dims(struct word_table *t, struct buf *why)
{
	const struct tensor *rows = safetensors_find(&t->file, STR("known.rows"));

	if (!rows || rows->rank != 2 || rows->shape[1] < 8 ||
		rows->shape[1] > WORD_TABLE_DIMS_MAX || rows->shape[1] % 8)
		return refuse(
			t, why, "its vectors do not have 8 to 256 dimensions, a multiple of 8");
	t->info.dims = (int)rows->shape[1];
	return ERR_OK;
}

enum err word_table_take(struct word_table **out, struct safetensors *file, struct buf *why)
{
	struct word_table *t = memory_new(sizeof(*t));
	enum err err;

	t->file = *file;
	*file = (struct safetensors){ .arena = ARENA };
	err = read_meta(t, why);
	if (!err)
		err = read_dims(t, why);
	if (!err)
		err = find_rows(t, why);
	*out = t;
	if (err)
		word_table_close(out);
	return err;
}

enum err word_table_open(struct word_table **out, const char *path, struct buf *why)
{
	struct safetensors file;
	enum err err = safetensors_open(&file, path, WORD_TABLE_BYTES_MAX, why);

	*out = NULL;
	return err ? err : word_table_take(out, &file, why);
}

enum err word_table_read(
	struct word_table **out, struct str bytes, const char *name, struct buf *why)
{
	struct safetensors file;
	enum err err = safetensors_read(&file, bytes, name, why);

	*out = NULL;
	return err ? err : word_table_take(out, &file, why);
}

void word_table_close(struct word_table **table)
{
	if (!*table)
		return;
	safetensors_close(&(*table)->file);
	memory_free(*table);
	*table = NULL;
}

const struct word_table_info *word_table_info(const struct word_table *t)
{
	return &t->info;
}

/* ---- embedding -------------------------------------------------------------------------- */

/* In steps of 8, which every compiler turns into vector instructions at -O2. */
static void add_row(float *restrict sum, const int8_t *restrict row, float scale, size_t dims)
{
	for (size_t i = 0; i < dims; i += 8)
		for (size_t k = 0; k < 8; k++)
			sum[i + k] += scale * (float)row[i + k];
}

static void add_known(const struct word_table *t, float *sum, int32_t place)
{
	size_t dims = (size_t)t->info.dims, i = (size_t)place;

	add_row(sum, t->known_rows + i * dims, t->known_scale[i], dims);
}

static void add_pieces(const struct word_table *t, float *sum, const struct word *word)
{
	size_t dims = (size_t)t->info.dims;
	uint32_t grams[WORD_GRAMS_MAX];
	size_t count = word_grams(word, (uint32_t)t->info.grams, grams);
	float share = 1 / sqrtf((float)count);

	for (size_t i = 0; i < count; i++)
		add_row(sum, t->gram_rows + grams[i] * dims, share * t->gram_scale[grams[i]], dims);
}

static void normalize(const float *sum, float *vector, size_t dims)
{
	float square = 0, by;

	for (size_t i = 0; i < dims; i++)
		square += sum[i] * sum[i];
	by = square > 0 ? 1 / sqrtf(square) : 0;
	for (size_t i = 0; i < dims; i++)
		vector[i] = sum[i] * by;
}

void word_table_embed(const struct word_table *t, struct str text, float *vector)
{
	float sum[WORD_TABLE_DIMS_MAX] = { 0 };
	uint64_t before = 0;
	struct text_words words;
	struct word word;

	text_words_begin(&words, text);
	while (text_words_next(&words, &word)) {
		int32_t known = keys_find(&t->keys, word_key(&word));
		int32_t pair = words.given == 1
				       ? KEY_NONE
				       : keys_find(&t->keys, bigram_key(before, word.hash));

		if (known != KEY_NONE)
			add_known(t, sum, known);
		else
			add_pieces(t, sum, &word);
		if (pair != KEY_NONE)
			add_known(t, sum, pair);
		before = word.hash;
	}
	normalize(sum, vector, (size_t)t->info.dims);
}
