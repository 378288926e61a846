/* SPDX-License-Identifier: GPL-3.0-or-later
 * One pass that checks the order and notes where each part begins. */
#include "core/embed/keys.h"

bool keys_init(struct keys *k, const uint32_t *keys, uint32_t count)
{
	uint32_t at = 0;

	k->keys = keys;
	k->count = count;
	for (uint32_t i = 1; i < count; i++)
		if (keys[i] <= keys[i - 1])
			return false;
	for (uint32_t part = 0; part <= 1u << KEYS_BITS; part++) {
		while (at < count && keys[at] >> (32 - KEYS_BITS) < part)
			at++;
		k->starts[part] = at;
	}
	return true;
}
