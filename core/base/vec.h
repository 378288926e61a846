/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A growing list in an arena. Old copies stay in the arena until it goes: fine for short lists.
 *
 *	VEC(struct attempt) attempts = { 0 };
 *	struct attempt *a = vec_add(arena, &attempts);    (zeroed; valid until the next vec_add)
 *	for (size_t i = 0; i < attempts.len; i++) ... attempts.ptr[i]
 */
#ifndef WEIR_BASE_VEC_H
#define WEIR_BASE_VEC_H

#include "core/base/arena.h"

#define VEC(type)                                                                                 \
	struct {                                                                                  \
		type *ptr;                                                                        \
		size_t len, cap;                                                                  \
	}

#define vec_add(arena, v)                                                                         \
	((v)->ptr = vec_grow((arena), (v)->ptr, (v)->len, &(v)->cap, sizeof(*(v)->ptr)),          \
		&(v)->ptr[(v)->len++])

/* Room for one more of `size` bytes. */
void *vec_grow(struct arena *a, void *items, size_t len, size_t *cap, size_t size);

struct texts {
	struct str *ptr;
	size_t len, cap;
};

#endif
