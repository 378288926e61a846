/* SPDX-License-Identifier: GPL-3.0-or-later
 * One training or two, the figures between them, and the file. */
#include "core/eval/embedder_run.h"

#include "core/base/clock.h"
#include "core/base/rng.h"
#include "core/embed/word_table.h"
#include "core/eval/meter.h"
#include "core/eval/table_train.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

struct embedder_run {
	struct embedder_run_options options;
	struct arena arena;
	struct recipe recipe;
	struct corpus corpus;
	struct embedder *teacher;
	struct table_train *train;
	bool last;     /* of its trainings */
	bool has_fold; /* figures and threshold are there */
	struct embedder_run_result result;
	int64_t cpu_begin;
};

/* ---- figures ---------------------------------------------------------------------------- */

static void embed_by_table(void *ctx, struct str text, float *vector)
{
	word_table_embed(ctx, text, vector);
}

static struct fold_figures measure(
	const struct embedder_run *run, struct word_table *table, double *threshold)
{
	const struct quality_subject subject = { embed_by_table, table,
		(size_t)word_table_info(table)->dims };
	double stream = 0, nearest = 0, in_scope = 0, hits = 0;
	bool any_test = false;

	for (size_t i = 0; i < run->corpus.has_test.len; i++)
		any_test = any_test || run->corpus.has_test.ptr[i];
	*threshold = (double)NAN;
	for (int32_t i = 0; i < (int32_t)run->corpus.files.len; i++) {
		struct quality_intents q;

		if (any_test != run->corpus.has_test.ptr[i])
			continue;
		q = quality_intents(&subject, &run->corpus, i, PART_FOLD);
		stream += (double)q.stream;
		in_scope += (double)(q.stream - q.without);
		nearest += q.nearest * (double)(q.stream - q.without);
		hits += q.hits.rate * (double)q.stream;
		if (q.hits.rate > 0 && !(q.hits.threshold <= *threshold))
			*threshold = q.hits.threshold;
	}
	return (struct fold_figures){ in_scope > 0 ? nearest / in_scope : (double)NAN,
		stream > 0 ? hits / stream : (double)NAN,
		quality_spearman(&subject, &run->corpus, ALL_FILES, true) };
}

static void measure_made(struct embedder_run *run)
{
	struct buf bytes = BUF(WORD_TABLE_BYTES_MAX);
	struct word_table *table = NULL;

	table_train_write(run->train, (double)NAN, &bytes);
	if (!word_table_read(&table, buf_str(&bytes), "the table that was trained", NULL))
		run->result.made = measure(run, table, &run->result.threshold);
	run->has_fold = true;
	word_table_close(&table);
	buf_release(&bytes);
}

/* A file that cannot be read is no better. */
static void measure_there(struct embedder_run *run)
{
	struct embedder_run_result *r = &run->result;
	struct word_table *table = NULL;
	double threshold;

	r->there = (struct fold_figures){ (double)NAN, (double)NAN, (double)NAN };
	r->was_there = access(run->options.out, F_OK) == 0;
	if (!run->has_fold || word_table_open(&table, run->options.out, NULL))
		return;
	r->there = measure(run, table, &threshold);
	r->is_better = isnan(r->made.nearest) ? r->there.spearman > r->made.spearman
					      : r->there.nearest > r->made.nearest;
	word_table_close(&table);
}

/* ---- the run ---------------------------------------------------------------------------- */

static enum err begin_training(struct embedder_run *run, enum hold hold, struct buf *why)
{
	table_train_free(&run->train);
	return table_train_new(&run->train, &run->recipe, &run->corpus, run->teacher, hold, why);
}

static enum err open_all(struct embedder_run *run, struct buf *why)
{
	const struct embedder_run_options *o = &run->options;
	enum err err = o->recipe ? recipe_read(&run->recipe, &run->arena, o->recipe, why)
				 : recipe_parse(&run->recipe, &run->arena, STR("{}"), "", why);

	if (!err && o->seed >= 0)
		run->recipe.seed = (double)o->seed;
	if (!err)
		err = corpus_read(&run->corpus, &run->recipe, o->dir, false, why);
	if (!err && o->teacher)
		err = embedder_open(&run->teacher, o->teacher, NULL, why);
	if (!err)
		err = begin_training(run, run->last ? o->hold : HOLD_FOLD, why);
	return err;
}

enum err embedder_run_new(
	struct embedder_run **out, const struct embedder_run_options *options, struct buf *why)
{
	struct embedder_run *run = memory_new(sizeof(*run));
	enum err err;

	run->options = *options;
	run->arena = run->corpus.arena = ARENA;
	run->last = options->hold != HOLD_TEST;
	run->result.threshold = (double)NAN;
	run->result.made = (struct fold_figures){ (double)NAN, (double)NAN, (double)NAN };
	run->cpu_begin = meter_cpu();
	err = open_all(run, why);
	*out = run;
	if (err)
		embedder_run_free(out);
	return err;
}

bool embedder_run_step(struct embedder_run *run)
{
	if (table_train_step(run->train))
		return true;
	if (run->options.hold != HOLD_INTENTS && !run->has_fold)
		measure_made(run);
	if (run->last)
		return false;
	run->last = true;
	return !begin_training(run, run->options.hold, NULL); /* it has more texts than before */
}

double embedder_run_share(const struct embedder_run *run)
{
	double all = (double)table_train_all(run->train);
	double share = all > 0 ? (double)table_train_done(run->train) / all : 1;

	if (run->options.hold == HOLD_TEST)
		share = (run->last + share) / 2;
	return share;
}

static enum err write_file(const char *path, struct str bytes, struct buf *why)
{
	struct arena arena = ARENA;
	const char *part = arena_format(&arena, "%s.part", path).ptr;
	FILE *file = fopen(part, "wb");
	enum err err = ERR_OK;
	bool written = file && fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len &&
		       !fflush(file) && !fsync(fileno(file));

	if (file && fclose(file))
		written = false;
	if (!written || rename(part, path)) {
		why_set(why, "%s: it cannot be written: %s", path, strerror(errno));
		err = errno == ENOSPC ? ERR_FULL : ERR_IO;
		if (file)
			unlink(part);
	}
	arena_release(&arena);
	return err;
}

static enum err refuse(const struct embedder_run *run, struct buf *why)
{
	const struct embedder_run_result *r = &run->result;

	why_set(why,
		"%s: not replaced: on texts held back it is better than what was trained "
		"(nearest %.3f against %.3f, Spearman %.3f against %.3f): give another --out, or "
		"--replace",
		run->options.out, r->there.nearest, r->made.nearest, r->there.spearman,
		r->made.spearman);
	return ERR_REFUSED;
}

enum err embedder_run_finish(
	struct embedder_run *run, struct embedder_run_result *result, struct buf *why)
{
	struct buf bytes = BUF(WORD_TABLE_BYTES_MAX);
	enum err err = ERR_OK;

	measure_there(run);
	table_train_write(run->train, run->result.threshold, &bytes);
	run->result.bytes = bytes.len;
	run->result.cpu_s = (double)(meter_cpu() - run->cpu_begin) / US_PER_S;
	if (buf_is_full(&bytes)) {
		why_set(why, "the table would pass %d MB: fewer words, bigrams, grams or dims",
			WORD_TABLE_BYTES_MAX >> 20);
		err = ERR_TOO_BIG;
	} else if (run->result.is_better && !run->options.replace) {
		err = refuse(run, why);
	} else {
		err = write_file(run->options.out, buf_str(&bytes), why);
	}
	*result = run->result;
	buf_release(&bytes);
	return err;
}

void embedder_run_free(struct embedder_run **out)
{
	struct embedder_run *run = *out;

	if (!run)
		return;
	table_train_free(&run->train);
	embedder_close(&run->teacher);
	corpus_release(&run->corpus);
	arena_release(&run->arena);
	memory_free(run);
	*out = NULL;
}
