/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The three products that training needs, on BLAS, row by row matrices of floats. The same
 * machine gives the same bits; another processor may round otherwise.
 */
#ifndef WEIR_EMBED_MATRIX_H
#define WEIR_EMBED_MATRIX_H

#include "core/base/base.h"

/* Keeps BLAS to one thread; before the first product. */
void matrix_begin(void);

/* out (n x m) = scale * a (n x d) * b (m x d) transposed: all dot products. */
void matrix_dots(
	float *out, const float *a, size_t n, const float *b, size_t m, size_t d, float scale);

/* out (n x d) += scale * s (n x m) * b (m x d) */
void matrix_mix(
	float *out, const float *s, size_t n, const float *b, size_t m, size_t d, float scale);

/* out (m x d) += scale * s (n x m) transposed * a (n x d) */
void matrix_mix_back(
	float *out, const float *s, size_t m, const float *a, size_t n, size_t d, float scale);

#endif
