/* SPDX-License-Identifier: GPL-3.0-or-later
 * Blocks in a list; the newest is cut from the front, a large request gets a block of its own. */
#include "core/base/arena.h"

#include <unistd.h>

#ifndef ARENA_BLOCK
#define ARENA_BLOCK 4096 /* one small decision fits; tests build with 64 */
#endif

struct arena_block {
	struct arena_block *next;
	size_t size;
	max_align_t bytes[];
};

static void out_of_memory(void)
{
	static const char say[] = "weir: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, say, sizeof(say) - 1);

	(void)ignored;
	_exit(1);
}

void *memory_new(size_t size)
{
	void *memory = calloc(1, size ? size : 1);

	if (!memory)
		out_of_memory();
	return memory;
}

void *memory_resize(void *memory, size_t size)
{
	memory = realloc(memory, size ? size : 1);
	if (!memory)
		out_of_memory();
	return memory;
}

void memory_free(void *memory)
{
	free(memory);
}

void arena_release(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *next = a->blocks->next;

		memory_free(a->blocks);
		a->blocks = next;
	}
	*a = ARENA;
}

static struct arena_block *block_new(struct arena *a, size_t size)
{
	struct arena_block *block = memory_new(sizeof(*block) + size);

	block->size = size;
	block->next = a->blocks;
	a->blocks = block;
	return block;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	void *memory;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = (size + align - 1) / align * align;
	if (size > ARENA_BLOCK / 2)
		return block_new(a, size)->bytes;
	if (!a->at || size > (size_t)(a->end - a->at)) {
		a->at = (char *)block_new(a, ARENA_BLOCK)->bytes;
		a->end = a->at + ARENA_BLOCK;
	}
	memory = a->at;
	a->at += size;
	return memory;
}

struct str arena_str(struct arena *a, struct str s)
{
	char *copy;

	if (!s.ptr)
		return STR_NONE;
	copy = arena_alloc(a, s.len + 1);
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return (struct str){ copy, s.len };
}

char *arena_text(struct arena *a, const char *text)
{
	size_t len = strlen(text);

	return memcpy(arena_alloc(a, len + 1), text, len + 1);
}

struct str arena_format(struct arena *a, const char *format, ...)
{
	va_list args, again;
	char *text;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0)
		len = 0;
	text = arena_alloc(a, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return (struct str){ text, (size_t)len };
}

size_t arena_size(const struct arena *a)
{
	size_t size = 0;

	for (const struct arena_block *b = a->blocks; b; b = b->next)
		size += sizeof(*b) + b->size;
	return size;
}
