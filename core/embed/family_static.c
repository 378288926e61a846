/* SPDX-License-Identifier: GPL-3.0-or-later
 * Model2Vec's static tables (Tulkens and van Dongen, 2024): a vector for each piece of the
 * vocabulary; a text is the mean of its pieces, unknown ones left out. */
#include "core/embed/family.h"
#include "core/embed/unit.h"
#include "core/embed/wordpiece.h"

enum { TOKENS_MAX = 512, PIECE = 4096 };

struct model {
	struct mapped file;  /* rows lie in it ... */
	float *copy;         /* ... or here, where they are no aligned floats there */
	const float *rows;
	size_t count, dims;
	struct wordpiece *tokens;
};

static const struct tensor *find_table(const struct model_folder *f)
{
	const struct tensor *t = safetensors_find(&f->weights, STR("embeddings"));

	return t ? t : safetensors_find(&f->weights, STR("embedding.weight"));
}

static bool knows(const struct model_folder *f)
{
	struct str architecture = f->config.architecture;

	return f->is_folder && find_table(f) &&
	       (!architecture.ptr || str_is(architecture, "StaticModel"));
}

static void close_model(void *model)
{
	struct model *m = model;

	mapped_close(&m->file);
	memory_free(m->copy);
	wordpiece_close(&m->tokens);
	memory_free(m);
}

/* Every number is looked at, in place where it can stay there. */
static enum err take_rows(struct model *m, struct model_folder *f, const struct tensor *t,
	struct buf *why)
{
	bool stays = t->type == TENSOR_F32 && (uintptr_t)t->bytes.ptr % sizeof(float) == 0;
	float piece[PIECE];
	enum err err = ERR_OK;

	if (!stays)
		m->copy = memory_new(t->count * sizeof(*m->copy));
	for (size_t i = 0; i < t->count && !err; i += PIECE)
		err = tensor_floats(t, i, t->count - i < PIECE ? t->count - i : PIECE,
			stays ? piece : m->copy + i, why);
	m->rows = stays ? (const void *)t->bytes.ptr : m->copy;
	if (stays && !err) {
		m->file = f->weights.file;
		f->weights.file.bytes = STR_NONE;
	}
	return err;
}

static enum err open_model(void **model, struct model_folder *f,
	const struct embedder_options *options, struct embedder_info *info, struct buf *why)
{
	const struct tensor *t = find_table(f);
	struct model *m = memory_new(sizeof(*m));
	enum err err = ERR_OK;

	(void)options;
	if (t->rank != 2 || t->shape[1] > MODEL_WIDTH_MAX)
		err = tensor_refuse(t, why, "expected rows of numbers");
	else if (safetensors_find(&f->weights, STR("mapping")) ||
		 safetensors_find(&f->weights, STR("weights")))
		err = tensor_refuse(t, why,
			"its rows are shared or weighted by other tensors, which cannot be run "
			"here; choose a table without a quantized vocabulary");
	if (!err)
		err = wordpiece_open(&m->tokens, f->path, why);
	if (!err && wordpiece_info(m->tokens)->rows > t->shape[0]) {
		why_set(why,
			"%s: the vocabulary has %zu pieces, the table only %zu rows: they do not "
			"belong together",
			f->path, wordpiece_info(m->tokens)->rows, t->shape[0]);
		err = ERR_CORRUPT;
	}
	if (!err)
		err = take_rows(m, f, t, why);
	if (err) {
		close_model(m);
		return err;
	}
	m->count = t->shape[0];
	m->dims = t->shape[1];
	info->dims = (int)m->dims;
	info->tokens_max = TOKENS_MAX;
	*model = m;
	return ERR_OK;
}

static void embed_one(const struct model *m, struct str text, float *vector)
{
	int32_t unknown = wordpiece_info(m->tokens)->unknown, ids[TOKENS_MAX];
	size_t count = wordpiece_encode(m->tokens, text, false, ids, TOKENS_MAX);

	memset(vector, 0, m->dims * sizeof(*vector));
	for (size_t i = 0; i < count; i++) {
		const float *row = m->rows + (size_t)ids[i] * m->dims;

		for (size_t j = 0; j < m->dims && ids[i] != unknown; j++)
			vector[j] += row[j];
	}
	unit_length(vector, m->dims);
}

static void embed(const void *model, void *work, enum embed_role role, const struct str *texts,
	size_t count, float *vectors)
{
	const struct model *m = model;

	(void)work;
	(void)role;
	for (size_t i = 0; i < count; i++)
		embed_one(m, texts[i], vectors + i * m->dims);
}

const struct embed_family family_static = {
	.name = "static",
	.knows = knows,
	.open = open_model,
	.close = close_model,
	.embed = embed,
};
