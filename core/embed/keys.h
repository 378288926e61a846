/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a 32-bit key stands in a sorted list of them, in a handful of steps: the list is entered
 * at the first key with the same leading bits. The keys are the caller's and outlive the index.
 */
#ifndef WEIR_EMBED_KEYS_H
#define WEIR_EMBED_KEYS_H

#include "core/base/base.h"

enum { KEYS_BITS = 13, KEY_NONE = -1 };

struct keys {
	const uint32_t *keys; /* rising, none twice */
	uint32_t count;
	uint32_t starts[(1 << KEYS_BITS) + 1];
};

/* False when the keys do not rise. */
bool keys_init(struct keys *k, const uint32_t *keys, uint32_t count);

/* The place, or KEY_NONE. */
static inline int32_t keys_find(const struct keys *k, uint32_t key)
{
	uint32_t part = key >> (32 - KEYS_BITS);

	for (uint32_t i = k->starts[part]; i < k->starts[part + 1]; i++)
		if (k->keys[i] == key)
			return (int32_t)i;
	return KEY_NONE;
}

#endif
