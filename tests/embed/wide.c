/* SPDX-License-Identifier: GPL-3.0-or-later
 * kernel_avx512.c with each instruction done twice at half its width. */
#include "tests/embed/wide.h"

#include <math.h>

#if defined(__x86_64__)

#include <immintrin.h>

#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi" /* nothing of this width crosses a call that stays */
#endif

#define TARGET __attribute__((target("avx2,fma,f16c")))
#define LANES 16
#define TILE_ROWS 8
#define HALF 1

typedef float sixteen __attribute__((vector_size(64)));

struct halves {
	__m256 low, high;
};

union both {
	sixteen whole;
	struct halves half;
};

#define TWICE(name)                                                                               \
	static inline __attribute__((always_inline)) TARGET sixteen name

TWICE(wide_fma)(sixteen a, sixteen b, sixteen c)
{
	union both x = { a }, y = { b }, z = { c };

	z.half.low = _mm256_fmadd_ps(x.half.low, y.half.low, z.half.low);
	z.half.high = _mm256_fmadd_ps(x.half.high, y.half.high, z.half.high);
	return z.whole;
}

TWICE(wide_max)(sixteen a, sixteen b)
{
	union both x = { a }, y = { b };

	x.half.low = _mm256_max_ps(x.half.low, y.half.low);
	x.half.high = _mm256_max_ps(x.half.high, y.half.high);
	return x.whole;
}

TWICE(wide_min)(sixteen a, sixteen b)
{
	union both x = { a }, y = { b };

	x.half.low = _mm256_min_ps(x.half.low, y.half.low);
	x.half.high = _mm256_min_ps(x.half.high, y.half.high);
	return x.whole;
}

TWICE(wide_half)(const uint16_t *p)
{
	union both x;

	x.half.low = _mm256_cvtph_ps(_mm_loadu_si128((const void *)p));
	x.half.high = _mm256_cvtph_ps(_mm_loadu_si128((const void *)(p + 8)));
	return x.whole;
}

#define VEC_FMA(a, b, c) wide_fma(a, b, c)
#define VEC_MAX(a, b) wide_max(a, b)
#define VEC_MIN(a, b) wide_min(a, b)
#define VEC_HALF(p) wide_half(p)

#include "core/embed/kernel.inc"

static bool can(void)
{
	return kernel_avx2.can();
}

const struct kernel kernel_wide = {
	.name = "wide",
	.needs = "what avx2 needs",
	.can = can,
	.columns = PANEL,
	.packing = PACK_F16,
	.multiply = multiply,
	.attend = attend,
	.normalise = normalise,
	.activate = activate,
	.look_up = look_up,
	.spin = spin,
	.spin_count = SPIN_COUNT,
};

#else

static bool can(void)
{
	return false;
}

const struct kernel kernel_wide = { .name = "wide", .can = can };

#endif
