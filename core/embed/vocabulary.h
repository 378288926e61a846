/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A vocabulary: pieces of text, each with its id. Looking one up allocates nothing; the hash of a
 * longer piece goes on from that of a shorter one, so all beginnings of a word cost one pass.
 */
#ifndef WEIR_EMBED_VOCABULARY_H
#define WEIR_EMBED_VOCABULARY_H

#include "core/base/str.h"

enum { VOCABULARY_MAX = 1 << 22 }; /* pieces, and the limit of ids */

struct vocabulary_slot {
	uint32_t hash, at, len; /* at: in texts */
	int32_t id;		/* -1: empty */
};

struct vocabulary {
	struct vocabulary_slot *slots;
	size_t mask; /* slots - 1 */
	char *texts;
	size_t len, cap;
	size_t longest; /* piece, in bytes */
	size_t rows;	/* the largest id and one */
};

/* Room for `pieces` of `bytes` together (bytes <= UINT32_MAX). */
void vocabulary_init(struct vocabulary *v, size_t pieces, size_t bytes);
void vocabulary_release(struct vocabulary *v);

/* A piece that is there already gets the new id. False when so many hashes meet that the pieces
 * must have been chosen to do that. */
MUST_CHECK bool vocabulary_add(struct vocabulary *v, struct str piece, int32_t id);

int32_t vocabulary_find(const struct vocabulary *v, struct str piece); /* -1 */

/* By hash: begin with VOCABULARY_HASH, add byte by byte; `piece` is `front` and `back` together. */
#define VOCABULARY_HASH UINT32_C(2166136261)
#define VOCABULARY_HASH_ADD(hash, byte) (((hash) ^ (unsigned char)(byte)) * UINT32_C(16777619))
int32_t vocabulary_find_hash(
	const struct vocabulary *v, uint32_t hash, struct str front, struct str back);

#endif
