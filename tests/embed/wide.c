/* SPDX-License-Identifier: GPL-3.0-or-later
 * kernel_avx512.c with each instruction done twice at half its width. */
#include "tests/embed/wide.h"

#include <math.h>

#if defined(__x86_64__)

#include <immintrin.h>

#pragma GCC diagnostic ignored "-Wpsabi" /* nothing of this width crosses a call that stays */

#define TARGET __attribute__((target("avx2,fma,f16c")))
#define LANES 16
#define TILE_ROWS 8
#define HALF 1
#define INT8 1

typedef float sixteen __attribute__((vector_size(64)));

struct halves {
	__m256 low, high;
};

struct byte_halves {
	__m256i low, high;
};

typedef int32_t sixteen_counts __attribute__((vector_size(64)));

union both {
	sixteen whole;
	struct halves half;
	sixteen_counts counts;
	struct byte_halves bytes;
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

static inline __attribute__((always_inline)) TARGET __m256i half_dot(
	__m256i sum, __m256i a, __m256i b)
{
	return _mm256_add_epi32(
		sum, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)));
}

static inline __attribute__((always_inline)) TARGET sixteen_counts wide_dot(
	sixteen_counts sum, sixteen_counts a, sixteen_counts b)
{
	union both s = { .counts = sum }, x = { .counts = a }, y = { .counts = b };

	s.bytes.low = half_dot(s.bytes.low, x.bytes.low, y.bytes.low);
	s.bytes.high = half_dot(s.bytes.high, x.bytes.high, y.bytes.high);
	return s.counts;
}

#define VEC_DOT(s, a, b) wide_dot(s, a, b)
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
	KERNEL_PARTS,
};

#else

static bool can(void)
{
	return false;
}

const struct kernel kernel_wide = { .name = "wide", .can = can };

#endif
