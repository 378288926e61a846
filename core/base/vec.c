/* SPDX-License-Identifier: GPL-3.0-or-later
 * Doubling lists for vec.h. */
#include "core/base/vec.h"

void *vec_grow(struct arena *a, void *items, size_t len, size_t *cap, size_t size)
{
	void *larger;

	if (len < *cap)
		return items;
	*cap = *cap ? 2 * *cap : 4;
	larger = arena_alloc(a, *cap * size);
	if (len)
		memcpy(larger, items, len * size);
	return larger;
}
