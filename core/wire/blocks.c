/* SPDX-License-Identifier: GPL-3.0-or-later
 * A short list: a stream has one block open at a time, or a few. */
#include "core/wire/blocks.h"

void wire_blocks_init(struct wire_blocks *blocks)
{
	*blocks = (struct wire_blocks){ .message_id = BUF(WIRE_MESSAGE_ID_MAX) };
}

static void release(struct wire_block *block)
{
	buf_release(&block->thinking);
	buf_release(&block->signature);
}

void wire_blocks_release(struct wire_blocks *blocks)
{
	for (size_t i = 0; i < blocks->len; i++)
		release(&blocks->ptr[i]);
	memory_free(blocks->ptr);
	buf_release(&blocks->message_id);
	wire_blocks_init(blocks);
}

struct wire_block *wire_blocks_add(struct wire_blocks *blocks, int64_t index)
{
	struct wire_block *block;

	if (blocks->len == WIRE_BLOCKS_MAX)
		return NULL;
	if (blocks->len == blocks->cap) {
		blocks->cap = blocks->cap ? 2 * blocks->cap : 4;
		blocks->ptr = memory_resize(blocks->ptr, blocks->cap * sizeof(*blocks->ptr));
	}
	block = &blocks->ptr[blocks->len++];
	*block = (struct wire_block){
		.index = index, .thinking = BUF(BUF_TEXT_MAX), .signature = BUF(BUF_TEXT_MAX)
	};
	return block;
}

struct wire_block *wire_blocks_find(const struct wire_blocks *blocks, int64_t index)
{
	for (size_t i = blocks->len; i-- > 0;)
		if (index == INT_NONE || blocks->ptr[i].index == index)
			return &blocks->ptr[i];
	return NULL;
}

void wire_blocks_drop(struct wire_blocks *blocks, struct wire_block *block)
{
	size_t at = (size_t)(block - blocks->ptr);

	release(block);
	blocks->len--;
	memmove(block, block + 1, (blocks->len - at) * sizeof(*block));
}
