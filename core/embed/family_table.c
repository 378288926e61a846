/* SPDX-License-Identifier: GPL-3.0-or-later
 * Our own tables of words among the families. */
#include "core/embed/family.h"
#include "core/embed/word_table.h"

static bool knows(const struct model_folder *f)
{
	struct str format = safetensors_meta(&f->weights, "format");

	return !f->is_folder && format.ptr && str_is(format, "weir-table");
}

static enum err open_model(void **model, struct model_folder *f,
	const struct embedder_options *options, struct embedder_info *info, struct buf *why)
{
	struct word_table *t = NULL;
	enum err err = word_table_take(&t, &f->weights, why);

	(void)options;
	if (err)
		return err;
	info->id = word_table_info(t)->id;
	info->dims = word_table_info(t)->dims;
	info->threshold = word_table_info(t)->threshold;
	info->tokens_max = WORDS_MAX;
	*model = t;
	return ERR_OK;
}

static void close_model(void *model)
{
	struct word_table *t = model;

	word_table_close(&t);
}

static void embed(const void *model, void *work, enum embed_role role, const struct str *texts,
	size_t count, float *vectors)
{
	const struct word_table *t = model;

	(void)work;
	(void)role;
	for (size_t i = 0; i < count; i++)
		word_table_embed(t, texts[i], vectors + i * (size_t)word_table_info(t)->dims);
}

const struct embed_family family_table = {
	.name = "table",
	.names_itself = true,
	.knows = knows,
	.open = open_model,
	.close = close_model,
	.embed = embed,
};
