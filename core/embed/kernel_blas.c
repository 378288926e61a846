/* SPDX-License-Identifier: GPL-3.0-or-later
 * Products by OpenBLAS, the rest portable: a peer to measure by, an oracle, and the better choice
 * for batches where there is no kernel of ours for the processor's vectors. */
#include "core/embed/kernel.h"

#include <cblas.h>

static void begin_row(const struct product *p, size_t row)
{
	const float *bias = p->weights->bias, *add = p->add ? p->add + row * p->add_stride : NULL;
	float *out = p->out + row * p->out_stride;

	for (size_t i = 0; i < p->weights->outer; i++)
		out[i] = bias[i] + (add ? add[i] : 0);
}

static void multiply(const struct product *p)
{
	const struct packed *w = p->weights;

	for (size_t i = 0; i < p->rows; i++)
		begin_row(p, i);
	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)p->rows, (blasint)w->outer,
		(blasint)w->inner, 1, p->in, (blasint)p->in_stride, w->panels, (blasint)w->outer, 1,
		p->out, (blasint)p->out_stride);
	for (size_t i = 0; i < p->rows && p->activation; i++)
		kernel_portable.activate(p->out + i * p->out_stride, w->outer, p->activation);
}

static void attend(const struct attention *a)
{
	kernel_portable.attend(a);
}

static void normalise(float *rows, size_t stride, size_t count, size_t width, const float *gamma,
	const float *beta, float epsilon)
{
	kernel_portable.normalise(rows, stride, count, width, gamma, beta, epsilon);
}

static void activate(float *numbers, size_t count, enum activation activation)
{
	kernel_portable.activate(numbers, count, activation);
}

static void look_up(float *out, const void *row, const float *add, size_t width)
{
	kernel_portable.look_up(out, row, add, width);
}

static float spin(size_t rounds)
{
	return kernel_portable.spin(rounds);
}

static bool can(void)
{
	openblas_set_num_threads(1); /* a thread for each text, never one pool inside another */
	return true;
}

const struct kernel kernel_blas = {
	.name = "openblas",
	.needs = "any processor",
	.can = can,
	.packing = PACK_F32,
	.multiply = multiply,
	.attend = attend,
	.normalise = normalise,
	.activate = activate,
	.look_up = look_up,
	.spin = spin,
};
