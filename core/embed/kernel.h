/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The arithmetic of BERT: products with packed weights, attention, layer norm, activations. The
 * same source (kernel.inc) is compiled once for each width of vectors; OpenBLAS is one more row.
 * All agree with the portable one to KERNEL_TOLERANCE, which kernel_choose() proves on this
 * machine before it trusts a wider one.
 *
 * Numbers are F32 throughout. Matrices are rows of `stride` floats, stride a multiple of
 * KERNEL_LANES_MAX; what is between a row's end and its stride may be written and is never read
 * as a number. Buffers that hold such rows end in KERNEL_SLACK spare floats.
 *
 * Formulas: GELU x/2 (1 + erf(x/sqrt 2)), erf by the rational approximation of Eigen and XLA (to
 * 2e-7); exp by Cephes' polynomial (to 2 ulp).
 */
#ifndef WEIR_EMBED_KERNEL_H
#define WEIR_EMBED_KERNEL_H

#include "core/base/base.h"

enum activation { ACT_NONE, ACT_GELU, ACT_GELU_TANH, ACT_RELU, ACT_TANH };

enum { KERNEL_LANES_MAX = 16, KERNEL_SLACK = 64 };

#define KERNEL_TOLERANCE 1e-4 /* of the largest number of a result */

/* How a packed matrix holds its numbers. */
enum packing { PACK_F32, PACK_F16, PACK_I8 };

/* Weights [outer][inner] as models store them (out = in x weights' + bias), made ready for one
 * kernel: panels of its `columns` outputs, each with `inner` rows. */
struct packed {
	enum packing packing;
	size_t inner, outer;
	void *panels;
	float *bias;    /* padded to whole panels */
	float *scales;  /* PACK_I8: of each output */
	int32_t *sums;  /* PACK_I8: of each output's weights */
};

/* out = activation(in x weights' + bias + add) */
struct product {
	const struct packed *weights;
	const float *in;
	size_t in_stride, rows;
	float *out;
	size_t out_stride;
	const float *add; /* NULL: nothing; may be `out` */
	size_t add_stride;
	enum activation activation;
};

/* Softmax(Q K') V of each head; the rows of `qkv` are all Q, all K, all V, heads side by side. The
 * scale is in the weights of Q already. */
struct attention {
	const float *qkv;
	size_t stride, rows, heads, width; /* of a head */
	float *out;
	size_t out_stride;
	float *scratch; /* kernel_scratch() floats */
};

struct kernel {
	const char *name;
	const char *needs;   /* of the processor, in words */
	bool (*can)(void);   /* whether this machine has it */
	size_t columns;      /* of a panel; 0: one panel has them all */
	enum packing packing;
	void (*multiply)(const struct product *p);
	void (*attend)(const struct attention *a);

	/* Each row to mean 0 and deviation 1, times gamma plus beta. */
	void (*normalise)(float *rows, size_t stride, size_t count, size_t width,
		const float *gamma, const float *beta, float epsilon);
	void (*activate)(float *numbers, size_t count, enum activation activation);

	/* out = row + add; `row` as kernel_keep_row() keeps it, all padded. */
	void (*look_up)(float *out, const void *row, const float *add, size_t width);

	/* Nothing but multiplications and additions in registers, `spin_count` of them a round:
	 * how fast this processor can be. Returns a number that depends on all of them. */
	float (*spin)(size_t rounds);
	size_t spin_count;
};

extern const struct kernel kernel_portable, kernel_avx2, kernel_avx512, kernel_blas;

/* The fastest that this machine has and that agrees with the portable one; `name` names one
 * instead (NULL where this machine has none of that name). */
const struct kernel *kernel_choose(const char *name);

/* All, fastest first, whether this machine has them or not; NULL past the end. */
const struct kernel *kernel_at(size_t i);

/* Whether it gives what the portable one gives. */
bool kernel_agrees(const struct kernel *k);

/* How it stands on this machine. */
enum kernel_state { KERNEL_READY, KERNEL_ABSENT, KERNEL_WRONG };
enum kernel_state kernel_state(const struct kernel *k);
const char *kernel_state_say(enum kernel_state state); /* "ready", "this processor lacks it" */

/* Packs `weights`, row by row as they are stored; `bias` may be NULL. False when a weight does not
 * fit F16 (then `p` is empty). */
bool kernel_pack(const struct kernel *k, struct packed *p, const float *weights, const float *bias,
	size_t outer, size_t inner);
void packed_release(struct packed *p);

/* A table of rows, kept as F16 where the kernel keeps its weights so (false where one does not
 * fit), else as F32; each row is padded to kernel_stride(width). kernel_row() gives one. */
size_t kernel_table_bytes(const struct kernel *k, size_t rows, size_t width);
bool kernel_keep_row(
	const struct kernel *k, void *table, size_t row, const float *numbers, size_t width);
const void *kernel_row(const struct kernel *k, const void *table, size_t row, size_t width);

/* A row of `width` floats padded to whole vectors. */
size_t kernel_stride(size_t width);

/* Floats of scratch that attention over up to `rows` rows with heads of `width` needs. */
size_t kernel_scratch(size_t rows, size_t width);

/* Floats, zeroed, at a cache line. */
float *kernel_floats(size_t count);
void kernel_floats_free(float *floats);

#endif
