/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a table is trained towards. Each takes unit vectors (count x dims), adds its gradient,
 * times `weight`, to `grads` of the same shape, and returns its value without the weight.
 */
#ifndef WEIR_EVAL_LOSSES_H
#define WEIR_EVAL_LOSSES_H

#include "core/base/base.h"

struct losses { /* scratch, kept between calls */
	float *matrix, *other;
	size_t cap, other_cap;
};

void losses_release(struct losses *l);

/* Mean square distance of all cosines from a teacher's (its unit vectors: count x teacher_dims;
 * only the cosines are looked at, so the spaces need not be alike). */
double loss_distil(struct losses *l, const float *vectors, float *grads, size_t count, size_t dims,
	const float *teacher, size_t teacher_dims, float weight);

/* Mean of 1 - cosine to the targets, unit vectors of the same space. */
double loss_aim(const float *vectors, float *grads, size_t count, size_t dims, const float *targets,
	float weight);

/* InfoNCE both ways (van den Oord et al., 2018): vectors[i] and vectors[pairs + i] belong
 * together, all others of the batch do not. Where groups[i] != groups[j] and the cosine exceeds
 * `mask` nobody knows, and the pair is left out. */
double loss_pairs(struct losses *l, const float *vectors, float *grads, size_t pairs, size_t dims,
	const int *groups, float temperature, float mask, float weight);

/* CoSENT (Su, 2022): of two pairs, the one with the higher score should have the higher cosine.
 * Pair i is vectors[i] and vectors[pairs + i]. */
double loss_order(const float *vectors, float *grads, size_t pairs, size_t dims,
	const float *scores, float scale, float weight);

/* A text i, what means the same (pairs + i) and what does not though it looks alike
 * (2 * pairs + i): the latter should stay below the former by `margin`. */
double loss_margin(
	const float *vectors, float *grads, size_t pairs, size_t dims, float margin, float weight);

#endif
