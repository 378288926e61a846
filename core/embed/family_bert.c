/* SPDX-License-Identifier: GPL-3.0-or-later
 * BERT and DistilBERT as embedders: tokens around a prompt and a text, the forward pass, and the
 * states pooled to one vector; or a head's numbers for classes. */
#include "core/embed/bert.h"
#include "core/embed/family.h"
#include "core/embed/unit.h"
#include "core/embed/wordpiece.h"

enum { PROMPT_TOKENS_MAX = 64 };

struct prompt {
	int32_t ids[PROMPT_TOKENS_MAX];
	size_t count;
};

struct model {
	struct bert *bert;
	struct wordpiece *tokens;
	struct prompt prompts[2]; /* by role */
	enum pooling pooling;
	size_t tokens_max;
	struct arena arena;       /* names of classes */
};

struct work {
	struct bert_work *states;
	int32_t *ids;
	size_t *lengths;
	bool *known; /* whether the text has a piece that the vocabulary has */
};

static bool knows(const struct model_folder *folder)
{
	return bert_knows(folder->config.architecture);
}

static void close_model(void *model)
{
	struct model *m = model;

	bert_free(&m->bert);
	wordpiece_close(&m->tokens);
	arena_release(&m->arena);
	memory_free(m);
}

static enum err refuse(const struct model_folder *f, struct buf *why, const char *say)
{
	why_set(why, "%s: %s", f->path, say);
	return ERR_CORRUPT;
}

/* The tokenizer's ids must be rows of the weights, and a text stands between two marks. */
static enum err open_tokens(struct model *m, struct model_folder *f, struct buf *why)
{
	const struct wordpiece_info *info;
	enum err err = wordpiece_open(&m->tokens, f->path, why);
	size_t limit;

	if (err)
		return err;
	info = wordpiece_info(m->tokens);
	if (info->rows > f->config.vocabulary) {
		why_set(why,
			"%s: the vocabulary has %zu pieces, the weights only %zu rows: they do not "
			"belong together",
			f->path, info->rows, f->config.vocabulary);
		return ERR_CORRUPT;
	}
	if (info->first < 0 || info->last < 0)
		return refuse(f, why, "the vocabulary lacks [CLS] or [SEP]");
	limit = f->tokens_max ? f->tokens_max : info->limit;
	m->tokens_max = limit && limit < f->config.positions ? limit : f->config.positions;
	m->prompts[EMBED_QUERY].count = wordpiece_encode(m->tokens, f->query, false,
		m->prompts[EMBED_QUERY].ids, PROMPT_TOKENS_MAX);
	m->prompts[EMBED_PASSAGE].count = wordpiece_encode(m->tokens, f->passage, false,
		m->prompts[EMBED_PASSAGE].ids, PROMPT_TOKENS_MAX);
	if (m->tokens_max < 3 + m->prompts[EMBED_QUERY].count ||
		m->tokens_max < 3 + m->prompts[EMBED_PASSAGE].count)
		return refuse(f, why, "its limit of tokens leaves no room for a text");
	return ERR_OK;
}

static void keep_classes(struct model *m, const struct model_folder *f, struct embedder_info *info)
{
	struct str *classes = arena_alloc(&m->arena, f->config.labels.len * sizeof(*classes));

	for (size_t i = 0; i < f->config.labels.len; i++)
		classes[i] = arena_str(&m->arena, f->config.labels.ptr[i]);
	if (!m->bert->classes.outer)
		return;
	info->classes = classes;
	info->class_count = (int)f->config.labels.len;
}

static enum err open_model(void **model, struct model_folder *f,
	const struct embedder_options *options, struct embedder_info *info, struct buf *why)
{
	const struct kernel *kernel = kernel_choose(options->kernel);
	struct model *m = memory_new(sizeof(*m));
	enum err err = folder_check_config(f, why);

	*m = (struct model){ .arena = ARENA, .pooling = f->pooling };
	if (!err && !kernel)
		err = refuse(f, why, "this processor lacks the arithmetic that was asked for");
	if (!err)
		err = open_tokens(m, f, why);
	if (!err)
		err = bert_load(&m->bert, f, kernel, why);
	if (err) {
		close_model(m);
		return err;
	}
	info->dims = (int)f->config.hidden;
	info->tokens_max = (int)m->tokens_max;
	info->kernel = str_of(kernel->name);
	keep_classes(m, f, info);
	*model = m;
	return ERR_OK;
}

static void *work_new(const void *model)
{
	const struct model *m = model;
	size_t rows = m->tokens_max > BERT_CHUNK ? m->tokens_max : BERT_CHUNK;
	struct work *w = memory_new(sizeof(*w));

	w->states = bert_work_new(m->bert, rows);
	w->ids = memory_new(rows * sizeof(*w->ids));
	w->lengths = memory_new(rows * sizeof(*w->lengths));
	w->known = memory_new(rows * sizeof(*w->known));
	return w;
}

static void work_free(void *work)
{
	struct work *w = work;

	bert_work_free(&w->states);
	memory_free(w->ids);
	memory_free(w->lengths);
	memory_free(w->known);
	memory_free(w);
}

/* [CLS] prompt text [SEP] at `ids`; how many. */
static size_t encode(const struct model *m, const struct prompt *prompt, struct str text,
	int32_t *ids, bool *known)
{
	const struct wordpiece_info *info = wordpiece_info(m->tokens);
	size_t before = 1 + prompt->count, count;

	ids[0] = info->first;
	memcpy(ids + 1, prompt->ids, prompt->count * sizeof(*ids));
	count = wordpiece_encode(m->tokens, text, false, ids + before, m->tokens_max - before - 1);
	*known = false;
	for (size_t i = 0; i < count; i++)
		*known = *known || ids[before + i] != info->unknown;
	ids[before + count] = info->last;
	return before + count + 1;
}

static void pool(const struct model *m, const float *states, size_t length, float *vector)
{
	size_t stride = kernel_stride(m->bert->hidden), rows = m->pooling == POOL_CLS ? 1 : length;

	memset(vector, 0, m->bert->hidden * sizeof(*vector));
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < m->bert->hidden; j++)
			vector[j] += states[i * stride + j];
	unit_length(vector, m->bert->hidden);
}

/* What the texts of one chunk have become. */
static void pool_all(const struct model *m, const struct work *w, size_t texts, float *vectors)
{
	size_t hidden = m->bert->hidden, row = 0;

	for (size_t i = 0; i < texts; row += w->lengths[i++]) {
		if (w->known[i])
			pool(m, w->states->states + row * kernel_stride(hidden), w->lengths[i],
				vectors + i * hidden);
		else
			memset(vectors + i * hidden, 0, hidden * sizeof(*vectors));
	}
}

static void embed(const void *model, void *work, enum embed_role role, const struct str *texts,
	size_t count, float *vectors)
{
	const struct model *m = model;
	struct work *w = work;
	size_t done = 0;

	while (done < count) {
		size_t rows = 0, here = 0;

		while (done + here < count && rows + m->tokens_max <= w->states->rows) {
			w->lengths[here] = encode(m, &m->prompts[role], texts[done + here],
				w->ids + rows, &w->known[here]);
			rows += w->lengths[here++];
		}
		bert_run(m->bert, w->states, w->ids, w->lengths, here);
		pool_all(m, w, here, vectors + done * m->bert->hidden);
		done += here;
	}
}

static void classify(const void *model, void *work, struct str text, float *logits)
{
	static const struct prompt none;
	const struct model *m = model;
	struct work *w = work;

	w->lengths[0] = encode(m, &none, text, w->ids, &w->known[0]);
	bert_run(m->bert, w->states, w->ids, w->lengths, 1);
	bert_classify(m->bert, w->states, logits);
}

const struct embed_family family_bert = {
	.name = "bert",
	.knows = knows,
	.open = open_model,
	.close = close_model,
	.work_new = work_new,
	.work_free = work_free,
	.embed = embed,
	.classify = classify,
};
