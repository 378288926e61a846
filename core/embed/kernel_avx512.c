/* SPDX-License-Identifier: GPL-3.0-or-later
 * Vectors of sixteen, for x86 processors with AVX-512 (F, BW, VL). */
#include "core/embed/kernel.h"

#include <math.h>

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx2,fma,f16c")))
#define LANES 16
#define TILE_ROWS 8
#define HALF 1
#define INT8 1
#define VEC_FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define VEC_MAX(a, b) _mm512_max_ps(a, b)
#define VEC_MIN(a, b) _mm512_min_ps(a, b)
#define VEC_HALF(p) _mm512_cvtph_ps(_mm256_loadu_si256((const void *)(p)))

/* Pairs in 16 bits (two of 127 x 127 fit), pairs of pairs in 32. */
#define VEC_DOT(s, a, b)                                                                          \
	((s) + (ivec)_mm512_madd_epi16(                                                           \
		       _mm512_maddubs_epi16((__m512i)(a), (__m512i)(b)), _mm512_set1_epi16(1)))

#include "core/embed/kernel.inc"

static bool can(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl");
}

#else

#define KERNEL_PARTS .columns = 1 /* never runs */

static bool can(void)
{
	return false;
}

#endif

const struct kernel kernel_avx512 = {
	.name = "avx512",
	.needs = "AVX-512 F, BW and VL",
	.can = can,
	KERNEL_PARTS,
};
