/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Vectors of length 1, and the product that is the cosine of two of them.
 */
#ifndef WEIR_EMBED_UNIT_H
#define WEIR_EMBED_UNIT_H

#include "core/base/base.h"

/* Divides by the length; what has none (or a NaN in it) becomes zeros. */
void unit_length(float *vector, size_t dims);

/* The sum of products, of any vectors; inline, as training lives on it. */
static inline float unit_dot(const float *a, const float *b, size_t dims)
{
	float sum = 0;

	for (size_t i = 0; i < dims; i++)
		sum += a[i] * b[i];
	return sum;
}

#endif
