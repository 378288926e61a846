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
#define VEC_FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#define VEC_MAX(a, b) _mm256_max_ps(a, b)
#define VEC_MIN(a, b) _mm256_min_ps(a, b)
#define VEC_HALF(p) _mm256_cvtph_ps(_mm_loadu_si128((const void *)(p)))

#include "core/embed/kernel.inc"

static bool can(void)
{
	unsigned a, b, c, d;

	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
	       __get_cpuid(1, &a, &b, &c, &d) && c & bit_F16C;
}

#else

#define PANEL 1
#define multiply NULL
#define attend NULL
#define normalise NULL
#define activate NULL
#define look_up NULL
#define spin NULL
#define SPIN_COUNT 0

static bool can(void)
{
	return false;
}

#endif

const struct kernel kernel_avx2 = {
	.name = "avx2",
	.needs = "AVX2, FMA and F16C",
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
