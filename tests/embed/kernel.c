/* SPDX-License-Identifier: GPL-3.0-or-later
 * The kernels: their functions against libm, their products against sums in double at awkward
 * sizes, and the widest one's source run here even where its instructions are not: the compiler
 * makes two halves of each of its vectors. */
#include "core/embed/kernel.h"

#include "core/base/rng.h"
#include "core/embed/flush.h"
#include "core/embed/tensor.h"
#include "tests/check.h"
#include "tests/embed/wide.h"

#include <float.h>
#include <math.h>

static const struct kernel *at(size_t i)
{
	const struct kernel *k = kernel_at(i);

	return k ? k : i && kernel_at(i - 1) && kernel_wide.can() ? &kernel_wide : NULL;
}

static double true_value(double x, enum activation kind)
{
	switch (kind) {
	case ACT_GELU:
		return x / 2 * (1 + erf(x / sqrt(2)));
	case ACT_GELU_TANH:
		return x / 2 * (1 + tanh(sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x)));
	case ACT_RELU:
		return x > 0 ? x : 0;
	case ACT_TANH:
		return tanh(x);
	default:
		return x;
	}
}

static void activations_are_those_of_libm(void **state)
{
	enum { COUNT = 4096 };
	float *x = kernel_floats(COUNT + KERNEL_SLACK);

	(void)state;
	for (size_t i = 0; at(i); i++)
		for (enum activation kind = ACT_NONE; kind <= ACT_TANH && at(i)->can(); kind++) {
			double most = 0;

			for (int j = 0; j < COUNT; j++)
				x[j] = (float)(j - COUNT / 2) / 128;
			at(i)->activate(x, COUNT, kind);
			for (int j = 0; j < COUNT; j++) {
				double want = true_value((double)(j - COUNT / 2) / 128, kind);

				most = fmax(most, fabs((double)x[j] - want) / (1 + fabs(want)));
			}
			if (!(most < 1e-6))
				fail_msg("%s, activation %d: %g", at(i)->name, (int)kind, most);
		}
	kernel_floats_free(x);
}

static void activations_of_the_extremes_are_defined(void **state)
{
	static const float extremes[] = { 0, -0.0f, FLT_MIN, -FLT_MIN, FLT_MAX, -FLT_MAX,
		1e10f, -1e10f, 88, -88, 100, -100 };
	float x[16] = { 0 };

	(void)state;
	for (size_t i = 0; at(i); i++)
		for (enum activation kind = ACT_GELU; kind <= ACT_TANH && at(i)->can(); kind++) {
			if (kind == ACT_GELU_TANH)
				continue; /* its cube passes what a float holds */
			memcpy(x, extremes, sizeof(extremes));
			at(i)->activate(x, 16, kind);
			for (size_t j = 0; j < ARRAY_LEN(extremes); j++) {
				double want = true_value((double)extremes[j], kind);

				assert_true(fabs((double)x[j] - want) <= 1e-6 * (1 + fabs(want)));
			}
		}
}

static void fill(float *x, size_t count, struct rng *rng)
{
	/* halves, so that kernels that keep halves lose nothing */
	for (size_t i = 0; i < count; i++)
		x[i] = half_to_float(float_to_half((float)(rng_unit(rng) * 2 - 1)));
}

struct sizes {
	size_t rows, inner, outer;
};

static void compare_product(const struct kernel *k, struct sizes s, bool add, struct rng *rng)
{
	size_t in_stride = kernel_stride(s.inner), stride = kernel_stride(s.outer);
	float *weights = kernel_floats(s.outer * s.inner), *bias = kernel_floats(s.outer);
	float *in = kernel_floats(s.rows * in_stride + KERNEL_SLACK);
	float *out = kernel_floats(s.rows * stride + KERNEL_SLACK);
	float *before = kernel_floats(s.rows * stride + KERNEL_SLACK);
	struct packed p;

	fill(weights, s.outer * s.inner, rng);
	fill(bias, s.outer, rng);
	fill(in, s.rows * in_stride, rng);
	fill(out, s.rows * stride, rng);
	memcpy(before, out, s.rows * stride * sizeof(*out));
	assert_true(kernel_pack(k, &p, weights, bias, s.outer, s.inner));
	k->multiply(&(struct product){ .weights = &p, .in = in, .in_stride = in_stride,
		.rows = s.rows, .out = out, .out_stride = stride, .add = add ? out : NULL,
		.add_stride = stride, .activation = add ? ACT_NONE : ACT_RELU });
	for (size_t i = 0; i < s.rows; i++)
		for (size_t j = 0; j < s.outer; j++) {
			double sum = (double)bias[j] + (add ? (double)before[i * stride + j] : 0);

			for (size_t n = 0; n < s.inner; n++)
				sum += (double)in[i * in_stride + n] *
				       (double)weights[j * s.inner + n];
			sum = add ? sum : fmax(sum, 0);
			if (!(fabs((double)out[i * stride + j] - sum) < 2e-4))
				fail_msg("%s %zu x %zu x %zu: [%zu, %zu] is %g, not %g", k->name,
					s.rows, s.inner, s.outer, i, j,
					(double)out[i * stride + j], sum);
		}
	packed_release(&p);
	kernel_floats_free(weights);
	kernel_floats_free(bias);
	kernel_floats_free(in);
	kernel_floats_free(out);
	kernel_floats_free(before);
}

static void products_of_all_sizes_are_sums(void **state)
{
	static const struct sizes odd[] = {
		{ 1, 1, 1 }, { 2, 3, 5 }, { 3, 384, 47 }, { 4, 385, 48 }, { 5, 767, 49 },
		{ 17, 769, 96 }, { 33, 20, 145 }, { 70, 31, 25 },
	};
	struct rng rng;

	(void)state;
	rng_seed(&rng, 1);
	for (size_t i = 0; at(i); i++)
		for (size_t rows = 1; rows <= 20 && at(i)->can(); rows++) {
			compare_product(
				at(i), (struct sizes){ rows, 50, 10 + 3 * rows }, true, &rng);
			if (rows <= ARRAY_LEN(odd)) {
				compare_product(at(i), odd[rows - 1], false, &rng);
				compare_product(at(i), odd[rows - 1], true, &rng);
			}
		}
}

static void weights_past_half_precision_are_refused_not_rounded(void **state)
{
	const float weights[4] = { 1, 2, 65536, 4 };

	(void)state;
	for (size_t i = 0; at(i); i++) {
		struct packed p;
		bool wide = at(i)->packing != PACK_F16;

		assert_int_equal(kernel_pack(at(i), &p, weights, NULL, 2, 2), wide);
		if (wide)
			packed_release(&p);
	}
}

static void every_kernel_of_this_machine_agrees(void **state)
{
	(void)state;
	for (size_t i = 0; at(i); i++)
		if (at(i)->can())
			assert_true(kernel_agrees(at(i)));
	assert_non_null(kernel_choose(NULL));
	assert_null(kernel_choose("abacus"));
	assert_string_equal(kernel_choose("portable")->name, "portable");
}

static void wrong_multiply(const struct product *p)
{
	kernel_portable.multiply(p);
	p->out[p->out_stride] *= 1.01f;
}

static void not_a_number(float *rows, size_t stride, size_t count, size_t width,
	const float *gamma, const float *beta, float epsilon)
{
	kernel_portable.normalise(rows, stride, count, width, gamma, beta, epsilon);
	rows[3] = NAN;
}

/* A path whose results are wrong is found out, whatever part of it is wrong. */
static void a_kernel_that_is_wrong_does_not_agree(void **state)
{
	struct kernel wrong = kernel_portable;

	(void)state;
	assert_true(kernel_agrees(&wrong));
	wrong.multiply = wrong_multiply;
	assert_false(kernel_agrees(&wrong));
	wrong = kernel_portable;
	wrong.normalise = not_a_number;
	assert_false(kernel_agrees(&wrong));
}

static void tiny_numbers_are_flushed_and_the_mode_is_put_back(void **state)
{
	volatile float tiny = FLT_MIN, half = 0.5f;
	struct flush flush;

	(void)state;
	assert_true(tiny * half != 0);
	flush = flush_begin();
#if defined(__SSE2__) || defined(__aarch64__)
	assert_true(tiny * half == 0);
#endif
	flush_end(flush);
	assert_true(tiny * half != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(activations_are_those_of_libm),
		cmocka_unit_test(activations_of_the_extremes_are_defined),
		cmocka_unit_test(products_of_all_sizes_are_sums),
		cmocka_unit_test(weights_past_half_precision_are_refused_not_rounded),
		cmocka_unit_test(every_kernel_of_this_machine_agrees),
		cmocka_unit_test(a_kernel_that_is_wrong_does_not_agree),
		cmocka_unit_test(tiny_numbers_are_flushed_and_the_mode_is_put_back),
	};

	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
