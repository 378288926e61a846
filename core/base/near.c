/* SPDX-License-Identifier: GPL-3.0-or-later
 * Keeping the nearest word. */
#include "core/base/near.h"

bool near_offer(struct near *n, struct str word)
{
	size_t longer = n->typed.len > word.len ? n->typed.len : word.len;
	size_t distance = str_distance(n->typed, word);

	if (distance * 3 > longer + 1 || (n->word.ptr && distance >= n->distance))
		return false;
	n->word = word;
	n->distance = distance;
	return true;
}
