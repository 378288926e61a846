/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two copies of one model, on our kernel and on OpenBLAS, take turns. */
#include "core/eval/bench_embed.h"

#include "core/embed/bert.h"
#include "core/embed/embedder.h"
#include "core/embed/flush.h"
#include "core/embed/wordpiece.h"

#include <math.h>
#include <time.h>

enum { LONGEST = 128, SPIN_ROUNDS = 200000, SPINS = 15, RUNS_MAX = 100000, PIECES = 1000 };

const int bench_embed_tokens[BENCH_EMBED_LENGTHS] = { 8, 16, 32, 64, LONGEST };

#define QUESTION STR("how do i change the address on my car insurance policy online")

struct bench {
	const struct bench_embed_options *options;
	struct bert *berts[2]; /* ours, OpenBLAS's */
	struct bert_work *works[2];
	int32_t ids[BENCH_EMBED_BATCH * LONGEST];
	double sum; /* of results, so that nobody leaves their making out */
};

/* The processor's time of this thread: what others do with the machine stays out of it. */
static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static void run_texts(struct bench *b, size_t who, size_t length, size_t texts)
{
	size_t lengths[BENCH_EMBED_BATCH], most = b->works[who]->rows / length, step;

	for (size_t i = 0; i < BENCH_EMBED_BATCH; i++)
		lengths[i] = length;
	for (size_t at = 0; at < texts; at += step) {
		step = texts - at < most ? texts - at : most;
		bert_run(b->berts[who], b->works[who], b->ids + at * length, lengths, step);
	}
	b->sum += (double)b->works[who]->states[0];
}

/* ms of each, in turns until the time is up; each runs `again` times in a row to be measurable. */
static void race(struct bench *b, size_t length, size_t texts, double ms[2])
{
	double end = now_ms() + 2 * (double)b->options->ms;
	int again = length * texts < 64 ? 4 : 1;

	ms[0] = ms[1] = INFINITY;
	for (int run = 0; run < 2 || (run < RUNS_MAX && now_ms() < end); run++) {
		size_t who = (size_t)run % 2;
		double begin = now_ms();

		for (int i = 0; i < again; i++)
			run_texts(b, who, length, texts);
		ms[who] = fmin(ms[who], (now_ms() - begin) / again);
	}
}

static double find_peak(struct bench *b)
{
	const struct kernel *k = b->berts[0]->kernel;
	double best = 0;

	for (int i = 0; i < SPINS; i++) {
		double begin = now_ms(), count = 2.0 * SPIN_ROUNDS * (double)k->spin_count;

		b->sum += (double)k->spin(SPIN_ROUNDS);
		best = fmax(best, count / 1e6 / fmax(now_ms() - begin, 1e-6));
	}
	return best;
}

/* Multiplications and additions of products and attention. */
static double count_flops(const struct bert *b, double rows)
{
	double hidden = (double)b->hidden, inner = (double)b->inner;

	return 2 * rows * (double)b->layers_count *
	       (4 * hidden * hidden + 2 * hidden * inner + 2 * rows * hidden);
}

static void measure(struct bench *b, struct bench_embed_result *r)
{
	r->peak_gflops = find_peak(b);
	for (size_t i = 0; i < BENCH_EMBED_LENGTHS; i++) {
		size_t length = (size_t)bench_embed_tokens[i];
		struct bench_embed_length *l = &r->lengths[i];
		double ms[2] = { NAN, NAN }, batch[2] = { NAN, NAN };

		if (length <= b->berts[0]->positions) {
			race(b, length, 1, ms);
			race(b, length, BENCH_EMBED_BATCH, batch);
		}
		*l = (struct bench_embed_length){ .ms = ms[0], .blas_ms = ms[1],
			.batch_ms = batch[0], .batch_blas_ms = batch[1] };
		l->gflops = count_flops(b->berts[0], (double)length) / 1e6 / ms[0];
		l->share = l->gflops / r->peak_gflops;
	}
}

static struct model_config minilm(void)
{
	return (struct model_config){ .hidden = 384, .layers = 6, .heads = 12, .inner = 1536,
		.positions = 512, .types = 2, .vocabulary = PIECES, .epsilon = 1e-12,
		.activation = ACT_GELU };
}

static enum err open_berts(struct bench *b, const struct kernel *kernel, struct buf *why)
{
	const struct kernel *kernels[] = { kernel, kernel_choose("openblas") };
	const char *path = b->options->folder;
	struct model_config config = minilm();
	struct model_folder f;
	enum err err;

	if (!path) {
		for (size_t i = 0; i < 2; i++)
			b->berts[i] = bert_random(&config, kernels[i]);
		return ERR_OK;
	}
	err = folder_open(&f, path, why);
	if (err)
		return err;
	if (!bert_knows(f.config.architecture)) {
		why_set(why, "%s: no model of the BERT family: there is nothing to measure", path);
		err = ERR_CORRUPT;
	}
	if (!err)
		err = folder_check_config(&f, why);
	for (size_t i = 0; i < 2 && !err; i++)
		err = bert_load(&b->berts[i], &f, kernels[i], why);
	folder_close(&f);
	return err;
}

/* The model's own tokenizer, or one whose vocabulary is letters and the question's words. */
static enum err open_tokenizer(
	const struct bench_embed_options *o, struct wordpiece **w, struct buf *why)
{
	struct buf pieces = BUF(BUF_LINE_MAX);
	struct str rest = QUESTION, word;
	enum err err;

	if (o->folder)
		return wordpiece_open(w, o->folder, why);
	buf_add_text(&pieces, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
	for (char c = 'a'; c <= 'z'; c++)
		buf_addf(&pieces, "%c\n##%c\n", c, c);
	while (str_cut(&rest, ' ', &word))
		if (word.len > 1)
			buf_addf(&pieces, "%.*s\n", STR_ARG(word));
	err = wordpiece_read(w, &(struct wordpiece_files){ .vocabulary = buf_str(&pieces) }, why);
	buf_release(&pieces);
	return err;
}

static double best_us(double best, double begin_ms, int times)
{
	return fmin(best, 1e3 * (now_ms() - begin_ms) / times);
}

static enum err measure_tokenizer(struct bench *b, double *us, struct buf *why)
{
	enum { TIMES = 1000, ROUNDS = 15 };
	struct wordpiece *w = NULL;
	int32_t ids[LONGEST];
	enum err err = open_tokenizer(b->options, &w, why);

	*us = INFINITY;
	for (int round = 0; round < ROUNDS && !err; round++) {
		double begin = now_ms();

		for (int i = 0; i < TIMES; i++)
			b->sum += (double)wordpiece_encode(w, QUESTION, true, ids, LONGEST);
		*us = best_us(*us, begin, TIMES);
	}
	wordpiece_close(&w);
	return err;
}

static enum err measure_builtin(struct bench *b, double *us, struct buf *why)
{
	enum { TIMES = 200, ROUNDS = 15 };
	struct embedder *e = NULL;
	struct embed_work *w;
	float *vector;
	enum err err;

	*us = NAN;
	if (!b->options->builtin)
		return ERR_OK;
	err = embedder_open(&e, b->options->builtin, NULL, why);
	if (err)
		return err;
	*us = INFINITY;
	w = embed_work_new(e);
	vector = memory_new((size_t)embedder_info(e)->dims * sizeof(*vector));
	for (int round = 0; round < ROUNDS; round++) {
		double begin = now_ms();

		for (int i = 0; i < TIMES; i++)
			embed_text(e, w, EMBED_QUERY, QUESTION, vector);
		*us = best_us(*us, begin, TIMES);
	}
	memory_free(vector);
	embed_work_free(&w);
	embedder_close(&e);
	return ERR_OK;
}

static void fill_ids(struct bench *b)
{
	for (size_t i = 0; i < ARRAY_LEN(b->ids); i++)
		b->ids[i] = (int32_t)(i * 7919 % b->berts[0]->vocabulary);
	for (size_t i = 0; i < 2; i++)
		b->works[i] = bert_work_new(b->berts[i], BERT_CHUNK);
}

enum err bench_embed(struct bench_embed_result *r, const struct bench_embed_options *options,
	struct buf *why)
{
	const struct kernel *kernel = kernel_choose(options->kernel);
	struct bench *b = memory_new(sizeof(*b));
	struct flush flush = flush_begin();
	enum err err = ERR_USAGE;

	b->options = options;
	*r = (struct bench_embed_result){ .kernel = kernel ? kernel->name : NULL };
	if (!kernel)
		why_set(why, "this processor has no arithmetic named %s", options->kernel);
	else
		err = open_berts(b, kernel, why);
	if (!err) {
		fill_ids(b);
		measure(b, r);
		err = measure_tokenizer(b, &r->tokenizer_us, why);
	}
	if (!err)
		err = measure_builtin(b, &r->builtin_us, why);
	for (size_t i = 0; i < 2; i++) {
		bert_work_free(&b->works[i]);
		bert_free(&b->berts[i]);
	}
	flush_end(flush);
	memory_free(b);
	return err;
}
