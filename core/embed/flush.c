/* SPDX-License-Identifier: GPL-3.0-or-later
 * One register, by processor; elsewhere nothing happens, and results are the same. */
#include "core/embed/flush.h"

#if defined(__SSE2__)

#include <xmmintrin.h>

enum { FLUSH_TO_ZERO = 0x8000, DENORMALS_ARE_ZERO = 0x0040 };

struct flush flush_begin(void)
{
	struct flush flush = { _mm_getcsr() };

	_mm_setcsr((unsigned)flush.before | FLUSH_TO_ZERO | DENORMALS_ARE_ZERO);
	return flush;
}

void flush_end(struct flush flush)
{
	_mm_setcsr((unsigned)flush.before);
}

#elif defined(__aarch64__)

struct flush flush_begin(void)
{
	struct flush flush;

	__asm__ volatile("mrs %0, fpcr" : "=r"(flush.before));
	__asm__ volatile("msr fpcr, %0" : : "r"(flush.before | UINT64_C(1) << 24));
	return flush;
}

void flush_end(struct flush flush)
{
	__asm__ volatile("msr fpcr, %0" : : "r"(flush.before));
}

#else

struct flush flush_begin(void)
{
	return (struct flush){ 0 };
}

void flush_end(struct flush flush)
{
	(void)flush;
}

#endif
