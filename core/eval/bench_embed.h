/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How fast texts become vectors: BERT's forward pass at several lengths, one text and 32 at once,
 * on one thread; the same weights and shapes through OpenBLAS in turns with it; and what this
 * processor could do at most, measured by a loop that never leaves its registers. Other work shares
 * the machine, so processor time is measured, the best of many runs counts, and ratios count more
 * than figures.
 */
#ifndef WEIR_EVAL_BENCH_EMBED_H
#define WEIR_EVAL_BENCH_EMBED_H

#include "core/base/buf.h"
#include "core/base/err.h"

enum { BENCH_EMBED_LENGTHS = 5, BENCH_EMBED_BATCH = 32 };

extern const int bench_embed_tokens[BENCH_EMBED_LENGTHS]; /* 8 16 32 64 128 */

struct bench_embed_options {
	const char *folder;   /* of a model; NULL: MiniLM's shape with random weights */
	const char *builtin;  /* an embedder that is timed whole; NULL: none */
	const char *kernel;   /* NULL: the best */
	int64_t ms;           /* for each figure */
};

struct bench_embed_length {
	double ms, blas_ms;             /* one text */
	double batch_ms, batch_blas_ms; /* BENCH_EMBED_BATCH texts */
	double gflops, share;           /* of one text; of the peak, in [0,1] */
};

struct bench_embed_result {
	const char *kernel;
	double peak_gflops;
	struct bench_embed_length lengths[BENCH_EMBED_LENGTHS]; /* NaN past the model's limit */
	double tokenizer_us; /* twelve words into pieces */
	double builtin_us;   /* twelve words into a vector; NaN without one */
};

/* Words for errors as embedder_open has them. */
MUST_CHECK enum err bench_embed(struct bench_embed_result *result,
	const struct bench_embed_options *options, struct buf *why);

#endif
