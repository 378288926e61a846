/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figures by which embedders are compared.
 */
#ifndef WEIR_EVAL_METRIC_H
#define WEIR_EVAL_METRIC_H

#include "core/base/base.h"

/* Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank.
 * NaN where one side is constant. */
double metric_spearman(const double *x, const double *y, size_t count);

/* The probability that a positive has a higher score than a negative, ties counting half
 * (Mann-Whitney). NaN without both kinds. */
double metric_auc(const double *scores, const bool *positive, size_t count);

/* A stream of questions, each with the cosine of its nearest cached text and whether that one has
 * the same intent. Served are all at or above a threshold; `rate` is the largest share of the
 * stream that one threshold serves while at most `wrong_max` of the served are wrong, and
 * `threshold` that threshold (2 and rate 0 when there is none). Questions of one cosine are
 * served together or not at all. `weights`: how many questions each stands for; NULL: one. */
struct hit_rate {
	double rate, threshold;
};
struct hit_rate metric_hits(const double *cosines, const bool *right, const double *weights,
	size_t count, double wrong_max);

#endif
