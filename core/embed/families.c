/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of families, and what they have in common: embedder.h. */
#include "core/embed/families.h"

#include "core/embed/flush.h"

#include <math.h>

static const struct embed_family *const families[] = {
#define X(family) &family_##family,
	FAMILY_LIST(X)
#undef X
};

struct embedder {
	const struct embed_family *family;
	void *model;
	struct embedder_info info;
	struct arena arena;
};

struct embed_work {
	const struct embed_family *family;
	void *own;
};

/* Eight bytes a step (weights are large); a multiplication and a fold, as in wyhash. Stable: ids
 * are stored. */
static uint64_t mix(uint64_t hash, struct str bytes)
{
	uint64_t word;

	for (size_t i = 0; i < bytes.len; i += sizeof(word)) {
		size_t left = bytes.len - i;

		word = 0;
		memcpy(&word, bytes.ptr + i, left < sizeof(word) ? left : sizeof(word));
		hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	return hash ^ bytes.len;
}

/* With the file's bytes, where there is one. */
static uint64_t mix_file(uint64_t hash, struct model_folder *f, const char *name)
{
	struct mapped file;

	if (mapped_open(&file, folder_file(f, name), BUF_TEXT_MAX, NULL))
		return hash;
	hash = mix(hash, file.bytes);
	mapped_close(&file);
	return hash;
}

/* "all-minilm-l6-v2:5f3a09c2", of all that makes its vectors what they are. */
static struct str make_id(
	struct arena *arena, struct model_folder *f, const struct embedder_options *options)
{
	static const char *const words[] = { "tokenizer.json", "vocab.txt",
		"tokenizer_config.json" };
	uint64_t hash = mix(f->pooling + 1u, f->weights.file.bytes);

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		hash = mix_file(hash, f, words[i]);
	hash = mix(mix(hash, f->query), f->passage);
	return arena_format(arena, "%.*s%s:%08x", STR_ARG(f->name),
		options->precision == EMBED_INT8 ? "-int8" : "", (unsigned)(hash >> 32));
}

static enum err find_family(
	const struct embed_family **family, const struct model_folder *f, struct buf *why)
{
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		if (families[i]->knows(f)) {
			*family = families[i];
			return ERR_OK;
		}
	if (f->config.architecture.ptr)
		why_set(why,
			"%s: the architecture %.*s cannot be run here; choose a BERT or "
			"DistilBERT model, or a Model2Vec table",
			f->path, STR_ARG(f->config.architecture));
	else
		why_set(why,
			"%s: no config.json names an architecture, and the tensors are no table",
			f->path);
	return ERR_CORRUPT;
}

enum err embedder_open(struct embedder **embedder, const char *path,
	const struct embedder_options *options, struct buf *why)
{
	static const struct embedder_options defaults;
	struct embedder *e = memory_new(sizeof(*e));
	struct model_folder f;
	enum err err;

	*embedder = NULL;
	e->arena = ARENA;
	options = options ? options : &defaults;
	err = folder_open(&f, path, why);
	if (err) {
		memory_free(e);
		return err;
	}
	err = find_family(&e->family, &f, why);
	if (!err) {
		e->info.family = str_of(e->family->name);
		e->info.threshold = NAN;
		if (!e->family->names_itself)
			e->info.id = make_id(&e->arena, &f, options);
		err = e->family->open(&e->model, &f, options, &e->info, why);
	}
	folder_close(&f);
	if (!err) {
		*embedder = e;
		return ERR_OK;
	}
	arena_release(&e->arena);
	memory_free(e);
	return err;
}

void embedder_close(struct embedder **embedder)
{
	struct embedder *e = *embedder;

	if (!e)
		return;
	e->family->close(e->model);
	arena_release(&e->arena);
	memory_free(e);
	*embedder = NULL;
}

const struct embedder_info *embedder_info(const struct embedder *embedder)
{
	return &embedder->info;
}

struct embed_work *embed_work_new(const struct embedder *embedder)
{
	struct embed_work *work = memory_new(sizeof(*work));

	work->family = embedder->family;
	if (work->family->work_new)
		work->own = work->family->work_new(embedder->model);
	return work;
}

void embed_work_free(struct embed_work **work)
{
	if (!*work)
		return;
	if ((*work)->family->work_free)
		(*work)->family->work_free((*work)->own);
	memory_free(*work);
	*work = NULL;
}

void embed_text(const struct embedder *embedder, struct embed_work *work, enum embed_role role,
	struct str text, float *vector)
{
	embed_texts(embedder, work, role, &text, 1, vector);
}

void embed_texts(const struct embedder *embedder, struct embed_work *work, enum embed_role role,
	const struct str *texts, size_t count, float *vectors)
{
	struct flush flush = flush_begin();

	embedder->family->embed(embedder->model, work->own, role, texts, count, vectors);
	flush_end(flush);
}

void embed_classify(const struct embedder *embedder, struct embed_work *work, struct str text,
	float *logits)
{
	struct flush flush = flush_begin();

	embedder->family->classify(embedder->model, work->own, text, logits);
	flush_end(flush);
}
