/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How well an embedder tells questions apart, measured on what it was not trained on: the same
 * for any embedder, and deterministic.
 *
 * Intents. A cache holds texts with their intents; a stream of other texts runs past it, and each
 * is compared to its nearest cached text by cosine.
 *
 *	nearest  of the stream's texts that have an intent, the share whose nearest cached text has
 *	         the same one
 *	hits     metric_hits() at 5 % wrong, over the whole stream. A text without an intent
 *	         (CLINC150's "oos") is in the stream, never in the cache, and any hit on it is
 *	         wrong. The threshold is chosen on the same stream, so the rate is an upper bound
 *	mixed    hits, with texts without an intent weighted to 2 in 11 of the stream, their share
 *	         in CLINC150's own test set (1,000 of 5,500); the same as hits where there are none
 *
 * Which texts, by split.h, of files that set a test third aside:
 *
 *	PART_TEST         cache: what is no test; stream: the test third, and the texts without an
 *	                  intent that are not in the fold (they are few, and never trained on)
 *	PART_UNSEEN       only unseen intents; cache: of each the five texts of lowest CRC-32;
 *	                  stream: all their other texts
 *	PART_FOLD         cache: neither test nor fold; stream: the fold. Fold-unseen intents of
 *test files are left out PART_FOLD_UNSEEN  as PART_UNSEEN, with the fold-unseen intents and without
 *the test third
 *
 * Pairs. Spearman's correlation of cosines and scores; where scores are only 0 and 1, the
 * AUC of the cosines.
 */
#ifndef WEIR_EVAL_QUALITY_H
#define WEIR_EVAL_QUALITY_H

#include "core/eval/corpus.h"
#include "core/eval/metric.h"

/* What is measured: text to a vector of `dims` floats, of length 1 or zero. */
struct quality_subject {
	void (*embed)(void *ctx, struct str text, float *vector);
	void *ctx;
	size_t dims;
};

enum quality_part { PART_TEST, PART_UNSEEN, PART_FOLD, PART_FOLD_UNSEEN };

struct quality_intents {
	size_t cached, stream, without; /* of the stream, texts without an intent */
	double nearest;
	struct hit_rate hits, mixed;
};

enum { QUALITY_CACHED = 5 };
#define QUALITY_WRONG_MAX 0.05

/* Of file `file` of the corpus. All zero where the part is empty. */
struct quality_intents quality_intents(const struct quality_subject *subject,
	const struct corpus *corpus, int32_t file, enum quality_part part);

/* Of the pairs of a file (or of ALL_FILES), all or (`only_fold`) those in the fold. */
double quality_spearman(const struct quality_subject *subject, const struct corpus *corpus,
	int32_t file, bool only_fold);
double quality_auc(
	const struct quality_subject *subject, const struct corpus *corpus, int32_t file);

#endif
