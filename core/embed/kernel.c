/* SPDX-License-Identifier: GPL-3.0-or-later
 * The choice of a kernel, its proof, and packing. */
#include "core/embed/kernel.h"

#include "core/base/arena.h"
#include "core/base/rng.h"
#include "core/embed/tensor.h"

#include <math.h>

enum { LINE = 64, TILE_MAX = 8 };

static const struct kernel *const kernels[] = {
	&kernel_avx512, &kernel_avx2, &kernel_portable, &kernel_blas,
};

const struct kernel *kernel_at(size_t i)
{
	return i < ARRAY_LEN(kernels) ? kernels[i] : NULL;
}

const struct kernel *kernel_choose(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(kernels); i++) {
		const struct kernel *k = kernels[i];

		if ((!name || !strcmp(k->name, name)) && k->can() && (name || kernel_agrees(k)))
			return k;
	}
	return NULL;
}

float *kernel_floats(size_t count)
{
	/* what calloc gave stands before the line */
	char *memory = memory_new(count * sizeof(float) + LINE + sizeof(void *)), *at;

	at = memory + sizeof(void *);
	at += (LINE - (uintptr_t)at % LINE) % LINE;
	memcpy(at - sizeof(void *), &memory, sizeof(void *));
	return (float *)(void *)at;
}

void kernel_floats_free(float *floats)
{
	void *memory;

	if (!floats)
		return;
	memcpy(&memory, (char *)floats - sizeof(void *), sizeof(void *));
	memory_free(memory);
}

size_t kernel_stride(size_t width)
{
	return (width + KERNEL_LANES_MAX - 1) / KERNEL_LANES_MAX * KERNEL_LANES_MAX;
}

size_t kernel_scratch(size_t rows, size_t width)
{
	size_t padded = kernel_stride(rows);

	return (width + TILE_MAX) * padded + TILE_MAX * kernel_stride(width) + KERNEL_SLACK;
}

static bool narrow(float wide, uint16_t *half)
{
	*half = float_to_half(wide);
	return !isinf(half_to_float(*half));
}

static size_t number_bytes(const struct kernel *k)
{
	return k->packing == PACK_F16 ? sizeof(uint16_t) : sizeof(float);
}

size_t kernel_table_bytes(const struct kernel *k, size_t rows, size_t width)
{
	return rows * kernel_stride(width) * number_bytes(k);
}

const void *kernel_row(const struct kernel *k, const void *table, size_t row, size_t width)
{
	return (const char *)table + kernel_table_bytes(k, row, width);
}

bool kernel_keep_row(
	const struct kernel *k, void *table, size_t row, const float *numbers, size_t width)
{
	char *at = (char *)table + kernel_table_bytes(k, row, width);

	if (k->packing != PACK_F16) {
		memcpy(at, numbers, width * sizeof(*numbers));
		return true;
	}
	for (size_t i = 0; i < width; i++)
		if (!narrow(numbers[i], (uint16_t *)(void *)at + i))
			return false;
	return true;
}

/* Output `column` of every input, into its place in the panels. */
static bool pack_one(struct packed *p, size_t columns, const float *weights, size_t column)
{
	size_t panel = column / columns, at = panel * columns * p->inner + column % columns;

	for (size_t i = 0; i < p->inner; i++, at += columns) {
		if (p->packing != PACK_F16) {
			((float *)p->panels)[at] = weights[i];
			continue;
		}
		if (!narrow(weights[i], (uint16_t *)p->panels + at))
			return false;
	}
	return true;
}

bool kernel_pack(const struct kernel *k, struct packed *p, const float *weights, const float *bias,
	size_t outer, size_t inner)
{
	size_t columns = k->columns ? k->columns : outer;
	size_t padded = (outer + columns - 1) / columns * columns, numbers = padded * inner;

	*p = (struct packed){ .packing = k->packing, .inner = inner, .outer = outer };
	p->panels = kernel_floats(k->packing == PACK_F16 ? (numbers + 1) / 2 : numbers);
	p->bias = kernel_floats(padded);
	if (bias)
		memcpy(p->bias, bias, outer * sizeof(*bias));
	for (size_t i = 0; i < outer; i++)
		if (!pack_one(p, columns, weights + i * inner, i)) {
			packed_release(p);
			return false;
		}
	return true;
}

void packed_release(struct packed *p)
{
	kernel_floats_free(p->panels);
	kernel_floats_free(p->bias);
	kernel_floats_free(p->scales);
	kernel_floats_free((float *)p->sums);
	*p = (struct packed){ .panels = NULL };
}

/* The proof: a small product with every part of a layer behind it. Sizes leave remainders. */
enum { ROWS = 11, HEADS = 2, WIDTH = 26, HIDDEN = HEADS * WIDTH, TRIAL = 3 * HIDDEN };

struct trial {
	float *weights, *in, *qkv, *out, *scratch;
};

static void fill(float *p, size_t count, struct rng *rng)
{
	/* halves: every kernel starts from the same weights */
	for (size_t i = 0; i < count; i++)
		p[i] = half_to_float(float_to_half((float)(rng_unit(rng) - 0.5)));
}

static void run_trial(const struct kernel *k, struct trial *t)
{
	size_t in = kernel_stride(HIDDEN), wide = kernel_stride(TRIAL);
	struct packed p;

	if (!kernel_pack(k, &p, t->weights, t->weights, TRIAL, HIDDEN) ||
		!kernel_keep_row(k, t->out, 0, t->weights, HIDDEN))
		return;
	k->look_up(t->in + in, t->out, t->weights, HIDDEN);
	k->multiply(&(struct product){ .weights = &p, .in = t->in, .in_stride = in, .rows = ROWS,
		.out = t->qkv, .out_stride = wide, .activation = ACT_GELU });
	k->attend(&(struct attention){ t->qkv, wide, ROWS, HEADS, WIDTH, t->out, in, t->scratch });
	k->normalise(t->out, in, ROWS, HIDDEN, t->weights, t->in, 1e-12f);
	packed_release(&p);
}

static struct trial trial_new(void)
{
	size_t in = kernel_stride(HIDDEN), wide = kernel_stride(TRIAL);
	struct trial t;
	struct rng rng;

	rng_seed(&rng, 1);
	t.weights = kernel_floats(TRIAL * HIDDEN);
	t.in = kernel_floats(ROWS * in + KERNEL_SLACK);
	t.qkv = kernel_floats(ROWS * wide + KERNEL_SLACK);
	t.out = kernel_floats(ROWS * in + KERNEL_SLACK);
	t.scratch = kernel_floats(kernel_scratch(ROWS, WIDTH));
	fill(t.weights, TRIAL * HIDDEN, &rng);
	fill(t.in, ROWS * in, &rng);
	return t;
}

static void trial_free(struct trial *t)
{
	kernel_floats_free(t->weights);
	kernel_floats_free(t->in);
	kernel_floats_free(t->qkv);
	kernel_floats_free(t->out);
	kernel_floats_free(t->scratch);
}

bool kernel_agrees(const struct kernel *k)
{
	struct trial ours = trial_new(), theirs = trial_new();
	float most = 0;
	bool agrees = true;

	run_trial(&kernel_portable, &ours);
	run_trial(k, &theirs);
	for (size_t i = 0; i < ROWS * kernel_stride(HIDDEN); i++)
		if (i % kernel_stride(HIDDEN) < HIDDEN)
			most = fmaxf(most, fabsf(ours.out[i]));
	for (size_t i = 0; i < ROWS * kernel_stride(HIDDEN); i++)
		if (i % kernel_stride(HIDDEN) < HIDDEN) /* NaN is no agreement */
			agrees = agrees && fabsf(ours.out[i] - theirs.out[i]) <=
						   KERNEL_TOLERANCE * (double)most;
	trial_free(&ours);
	trial_free(&theirs);
	return agrees;
}

enum kernel_state kernel_state(const struct kernel *k)
{
	if (!k->can())
		return KERNEL_ABSENT;
	return kernel_agrees(k) ? KERNEL_READY : KERNEL_WRONG;
}

const char *kernel_state_say(enum kernel_state state)
{
	static const char *const say[] = {
		[KERNEL_READY] = "ready",
		[KERNEL_ABSENT] = "this processor lacks it",
		[KERNEL_WRONG] = "its results are wrong here, so it is not used",
	};

	return say[state];
}
