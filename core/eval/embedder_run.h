/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Training a table from a recipe to a file: a step at a time, with a threshold that was found on
 * texts the table was not trained on.
 *
 * HOLD_FOLD, for logs of one's own: a fifth of the texts, by CRC-32, is never trained on, in this
 * run or a later one; it gives the threshold and the figures, and compares fairly with the
 * file that is there.
 * HOLD_TEST, for the table that ships: first such a run, for the threshold only; then one that
 * learns from the fold too.
 * HOLD_INTENTS: without the unseen intents, to measure how others would fare; no threshold.
 *
 * The threshold is the largest of the files': for each, the lowest cosine at which at most 5 % of
 * what would be served from the rest of the file has the wrong intent (quality.h, PART_FOLD). The
 * files are those with a test third, or all where there is none.
 */
#ifndef WEIR_EVAL_EMBEDDER_RUN_H
#define WEIR_EVAL_EMBEDDER_RUN_H

#include "core/embed/embedder.h"
#include "core/eval/quality.h"

struct embedder_run;

struct embedder_run_options {
	const char *recipe; /* a file; NULL: the defaults, and all *.jsonl of `dir` */
	const char *dir;
	const char *out;
	const char *teacher; /* an embedder; NULL: none */
	enum hold hold;
	int64_t seed; /* -1: the recipe's */
	bool replace; /* also a better file */
};

/* On the fold, over all files with intents, and over all scored pairs; NaN: there are none. */
struct fold_figures {
	double nearest, hits, spearman;
};

struct embedder_run_result {
	struct fold_figures made;  /* of the run without the fold */
	struct fold_figures there; /* of the file that was there; NaN where there was none */
	bool was_there, is_better; /* the file that was there is better than what was made */
	double threshold;	   /* NaN: none was found */
	size_t bytes;
	double cpu_s;
};

MUST_CHECK enum err embedder_run_new(
	struct embedder_run **run, const struct embedder_run_options *options, struct buf *why);

/* False when nothing is left to do but embedder_run_finish. */
bool embedder_run_step(struct embedder_run *run);
double embedder_run_share(const struct embedder_run *run); /* done, of 1 */

/* Writes the file, whole or not at all. ERR_REFUSED, with nothing written, when the file that is
 * there is better on the fold and `replace` was not asked for. */
MUST_CHECK enum err embedder_run_finish(
	struct embedder_run *run, struct embedder_run_result *result, struct buf *why);

/* Leaves nothing behind when it was not finished. */
void embedder_run_free(struct embedder_run **run);

#endif
