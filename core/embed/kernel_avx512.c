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
#define VEC_FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define VEC_MAX(a, b) _mm512_max_ps(a, b)
#define VEC_MIN(a, b) _mm512_min_ps(a, b)
#define VEC_HALF(p) _mm512_cvtph_ps(_mm256_loadu_si256((const void *)(p)))

#include "core/embed/kernel.inc"

static bool can(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl");
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

const struct kernel kernel_avx512 = {
	.name = "avx512",
	.needs = "AVX-512 F, BW and VL",
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
