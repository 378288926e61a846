/* SPDX-License-Identifier: GPL-3.0-or-later
 * Plain C over vectors of four: what every processor has, and what the others are held against. */
#include "core/embed/kernel.h"

#include <math.h>

#define TARGET
#define LANES 4
#define TILE_ROWS 4
#define HALF 0
#define INT8 0
#define VEC_FMA(a, b, c) ((a) * (b) + (c))
#define VEC_MAX(a, b) choose((a) > (b), a, b)
#define VEC_MIN(a, b) choose((a) < (b), a, b)

typedef float four __attribute__((vector_size(16)));
typedef int32_t four_masks __attribute__((vector_size(16)));

static inline four choose(four_masks first, four a, four b)
{
	return (four)((first & (four_masks)a) | (~first & (four_masks)b));
}

#include "core/embed/kernel.inc"

static bool always(void)
{
	return true;
}

const struct kernel kernel_portable = {
	.name = "portable",
	.needs = "any processor",
	.can = always,
	KERNEL_PARTS,
};
