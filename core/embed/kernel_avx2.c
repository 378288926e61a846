/* SPDX-License-Identifier: GPL-3.0-or-later
 * Vectors of eight, for x86 processors from 2013 on (AVX2, FMA, F16C). */
#include "core/embed/kernel.h"

#include <math.h>

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma,f16c")))
#define LANES 8
#define TILE_ROWS 4
#define HALF 1
#define INT8 1
#define VEC_FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#define VEC_MAX(a, b) _mm256_max_ps(a, b)
#define VEC_MIN(a, b) _mm256_min_ps(a, b)
#define VEC_HALF(p) _mm256_cvtph_ps(_mm_loadu_si128((const void *)(p)))

/* Pairs in 16 bits (two of 127 x 127 fit), pairs of pairs in 32. */
#define VEC_DOT(s, a, b)                                                                          \
	((s) + (ivec)_mm256_madd_epi16(                                                           \
		       _mm256_maddubs_epi16((__m256i)(a), (__m256i)(b)), _mm256_set1_epi16(1)))

#include "core/embed/kernel.inc"

static bool can(void)
{
	unsigned a, b, c, d;

	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
	       __get_cpuid(1, &a, &b, &c, &d) && c & bit_F16C;
}

#else

#define KERNEL_PARTS .columns = 1 /* never runs */

static bool can(void)
{
	return false;
}

#endif

const struct kernel kernel_avx2 = {
	.name = "avx2",
	.needs = "AVX2, FMA and F16C",
	.can = can,
	KERNEL_PARTS,
};
