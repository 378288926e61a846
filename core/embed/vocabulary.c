/* SPDX-License-Identifier: GPL-3.0-or-later
 * An open-addressed table, at most half full; FNV-1a, its bits mixed for the place. */
#include "core/embed/vocabulary.h"

#include "core/base/arena.h"

enum { SLOTS_MIN = 16, PROBES_MAX = 1000 };

void vocabulary_init(struct vocabulary *v, size_t pieces, size_t bytes)
{
	size_t slots = SLOTS_MIN;

	while (slots < 2 * pieces)
		slots *= 2;
	*v = (struct vocabulary){ .mask = slots - 1, .cap = bytes };
	v->slots = memory_new(slots * sizeof(*v->slots));
	v->texts = memory_new(bytes + 1);
	for (size_t i = 0; i < slots; i++)
		v->slots[i].id = -1;
}

void vocabulary_release(struct vocabulary *v)
{
	memory_free(v->slots);
	memory_free(v->texts);
	*v = (struct vocabulary){ 0 };
}

static uint32_t hash_of(struct str piece)
{
	uint32_t hash = VOCABULARY_HASH;

	for (size_t i = 0; i < piece.len; i++)
		hash = VOCABULARY_HASH_ADD(hash, piece.ptr[i]);
	return hash;
}

static size_t place_of(const struct vocabulary *v, uint32_t hash)
{
	uint32_t mixed = (hash ^ hash >> 15) * UINT32_C(0x2C1B3C6D);

	return (mixed ^ mixed >> 16) & v->mask;
}

static bool is_piece(const struct vocabulary *v, const struct vocabulary_slot *slot,
	struct str front, struct str back)
{
	const char *text = v->texts + slot->at;

	return slot->len == front.len + back.len && !memcmp(text, front.ptr, front.len) &&
	       !memcmp(text + front.len, back.ptr, back.len);
}

/* The piece's slot, or the empty one where it would stand; NULL after too many others. */
static struct vocabulary_slot *find_slot(
	const struct vocabulary *v, uint32_t hash, struct str front, struct str back)
{
	size_t at = place_of(v, hash);

	for (size_t probes = 0; probes < PROBES_MAX; probes++, at = (at + 1) & v->mask) {
		struct vocabulary_slot *slot = &v->slots[at];

		if (slot->id < 0 || (slot->hash == hash && is_piece(v, slot, front, back)))
			return slot;
	}
	return NULL;
}

bool vocabulary_add(struct vocabulary *v, struct str piece, int32_t id)
{
	uint32_t hash = hash_of(piece);
	struct vocabulary_slot *slot = find_slot(v, hash, STR(""), piece);

	if (!slot)
		return false;
	if (slot->id < 0) {
		memcpy(v->texts + v->len, piece.ptr, piece.len);
		*slot = (struct vocabulary_slot){ hash, (uint32_t)v->len, (uint32_t)piece.len, id };
		v->len += piece.len;
	}
	slot->id = id;
	if (piece.len > v->longest)
		v->longest = piece.len;
	if ((size_t)id >= v->rows)
		v->rows = (size_t)id + 1;
	return true;
}

int32_t vocabulary_find_hash(
	const struct vocabulary *v, uint32_t hash, struct str front, struct str back)
{
	const struct vocabulary_slot *slot = find_slot(v, hash, front, back);

	return slot ? slot->id : -1;
}

int32_t vocabulary_find(const struct vocabulary *v, struct str piece)
{
	return vocabulary_find_hash(v, hash_of(piece), STR(""), piece);
}
