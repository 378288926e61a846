/* SPDX-License-Identifier: GPL-3.0-or-later
 * cblas_sgemm, three times. */
#include "core/embed/matrix.h"

#include <cblas.h>

void matrix_begin(void)
{
	openblas_set_num_threads(1);
}

void matrix_dots(
	float *out, const float *a, size_t n, const float *b, size_t m, size_t d, float scale)
{
	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, (int)m, (int)d, scale, a,
		(int)d, b, (int)d, 0, out, (int)m);
}

void matrix_mix(
	float *out, const float *s, size_t n, const float *b, size_t m, size_t d, float scale)
{
	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)d, (int)m, scale, s,
		(int)m, b, (int)d, 1, out, (int)d);
}

void matrix_mix_back(
	float *out, const float *s, size_t m, const float *a, size_t n, size_t d, float scale)
{
	cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)m, (int)d, (int)n, scale, s,
		(int)m, a, (int)d, 1, out, (int)d);
}
