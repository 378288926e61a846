/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The blocks of an answer that have begun and not ended yet, where a wire tells an answer in
 * blocks: what comes next says only the number of the block that it belongs to.
 */
#ifndef WEIR_WIRE_BLOCKS_H
#define WEIR_WIRE_BLOCKS_H

#include "core/base/buf.h"
#include "core/wire/calls.h"

enum {
	WIRE_BLOCKS_MAX = 128, /* open at once; what comes beyond is dropped */
	WIRE_MESSAGE_ID_MAX = 1024
};

enum wire_block_kind {
	BLOCK_OTHER, /* text, and whatever is not told in pieces that need a memory */
	BLOCK_THINKING,
	BLOCK_CALL
};

struct wire_block {
	int64_t index; /* the provider's; INT_NONE: it gives none */
	enum wire_block_kind kind;
	size_t call; /* of a call: which of the answer's */
	bool given;  /* of a call: its arguments came with its beginning */
	struct buf thinking, signature;
};

struct wire_blocks {
	struct wire_block *ptr;
	size_t len, cap;
	struct buf message_id; /* of the message that they are of */
};

void wire_blocks_init(struct wire_blocks *blocks);
void wire_blocks_release(struct wire_blocks *blocks);

/* A new block, the last one; NULL when there are too many. */
struct wire_block *wire_blocks_add(struct wire_blocks *blocks, int64_t index);

/* The open block of that number, the later one of two; INT_NONE means the last. NULL: none. */
struct wire_block *wire_blocks_find(const struct wire_blocks *blocks, int64_t index);

/* It has ended: the pointer is dead. */
void wire_blocks_drop(struct wire_blocks *blocks, struct wire_block *block);

#endif
