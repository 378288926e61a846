/* SPDX-License-Identifier: GPL-3.0-or-later
 * File by file. */
#include "core/eval/quality_report.h"

struct reader {
	struct arena *arena;
	const struct embedder *embedder;
	struct embed_work *work;
	VEC(struct quality_figure) figures;
};

static void embed(void *ctx, struct str text, float *vector)
{
	const struct reader *r = ctx;

	embed_text(r->embedder, r->work, EMBED_QUERY, text, vector);
}

/* Without ".jsonl". */
static struct str stem(struct str file)
{
	return str_ends(file, ".jsonl") ? str_part(file, 0, file.len - strlen(".jsonl")) : file;
}

static void add(struct reader *r, struct str file, const char *what, double value,
	const struct quality_intents *q)
{
	*vec_add(r->arena, &r->figures) = (struct quality_figure){
		.name = arena_format(r->arena, "%.*s, %s", STR_ARG(stem(file)), what),
		.value = value,
		.stream = q->stream,
		.cached = q->cached,
	};
}

static void add_intents(struct reader *r, const struct quality_subject *subject,
	const struct corpus *c, int32_t file)
{
	struct str name = c->files.ptr[file];
	struct quality_intents q = quality_intents(subject, c, file, PART_TEST);

	add(r, name, "test third: nearest", q.nearest, &q);
	add(r, name, "test third: hits at 5 % wrong", q.hits.rate, &q);
	if (q.without)
		add(r, name, "test third, 2 in 11 without intent: hits at 5 % wrong", q.mixed.rate,
			&q);
	q = quality_intents(subject, c, file, PART_UNSEEN);
	add(r, name, "unseen intents, five cached: nearest", q.nearest, &q);
}

static bool is_yes_or_no(const struct corpus *c, int32_t file)
{
	for (size_t i = 0; i < c->pairs.len; i++) {
		double score = c->pairs.ptr[i].score;

		if (c->pairs.ptr[i].file == file && score > 0 && (score < 1 || score > 1))
			return false;
	}
	return true;
}

static void add_pairs(struct reader *r, const struct quality_subject *subject,
	const struct corpus *c, int32_t file)
{
	struct quality_intents q = { 0 };

	for (size_t i = 0; i < c->pairs.len; i++)
		q.stream += c->pairs.ptr[i].file == file;
	if (!q.stream)
		return;
	if (is_yes_or_no(c, file))
		add(r, c->files.ptr[file], "AUC", quality_auc(subject, c, file), &q);
	else
		add(r, c->files.ptr[file], "Spearman", quality_spearman(subject, c, file, false),
			&q);
}

struct quality_report quality_report(struct arena *arena, const struct embedder *embedder,
	const struct corpus *trained, const struct corpus *measured)
{
	struct reader r = { .arena = arena, .embedder = embedder };
	const struct quality_subject subject = { embed, &r, (size_t)embedder_info(embedder)->dims };

	r.work = embed_work_new(embedder);
	for (int32_t i = 0; i < (int32_t)trained->files.len; i++)
		if (trained->has_test.ptr[i])
			add_intents(&r, &subject, trained, i);
	for (int32_t i = 0; i < (int32_t)measured->files.len; i++)
		add_pairs(&r, &subject, measured, i);
	embed_work_free(&r.work);
	return (struct quality_report){ r.figures.ptr, r.figures.len };
}
