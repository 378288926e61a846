/* SPDX-License-Identifier: GPL-3.0-or-later
 * The growable text of buf.h. */
#include "core/base/buf.h"

#include "core/base/arena.h"

#ifndef BUF_FIRST
#define BUF_FIRST 64 /* tests build with 4 to meet every edge */
#endif

char buf_nothing[1];

void buf_release(struct buf *b)
{
	if (b->cap)
		free(b->ptr);
	*b = BUF(b->max);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->full = false;
	if (b->cap)
		b->ptr[0] = '\0';
}

char *buf_room(struct buf *b, size_t len)
{
	size_t cap = b->cap ? b->cap : BUF_FIRST;

	if (b->full || len > b->max || b->len > b->max - len) {
		b->full = true;
		return NULL;
	}
	if (b->len + len + 1 > b->cap) {
		while (cap < b->len + len + 1)
			cap *= 2;
		b->ptr = memory_resize(b->cap ? b->ptr : NULL, cap);
		b->cap = cap;
	}
	return b->ptr + b->len;
}

void buf_grew(struct buf *b, size_t used)
{
	b->len += used;
	if (b->cap)
		b->ptr[b->len] = '\0';
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
	char *room;

	if (!len || !(room = buf_room(b, len)))
		return;
	memcpy(room, bytes, len);
	buf_grew(b, len);
}

void buf_add_str(struct buf *b, struct str s)
{
	buf_add(b, s.ptr, s.len);
}

void buf_add_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_add_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_add_repeat(struct buf *b, char c, size_t times)
{
	char *room;

	if (!times || !(room = buf_room(b, times)))
		return;
	memset(room, c, times);
	buf_grew(b, times);
}

void buf_vaddf(struct buf *b, const char *format, va_list args)
{
	va_list again;
	char *room;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len <= 0 || !(room = buf_room(b, (size_t)len)))
		return;
	vsnprintf(room, (size_t)len + 1, format, args);
	buf_grew(b, (size_t)len);
}

void buf_addf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vaddf(b, format, args);
	va_end(args);
}

void buf_drop(struct buf *b, size_t len)
{
	if (len >= b->len) {
		buf_cut_to(b, 0);
		return;
	}
	memmove(b->ptr, b->ptr + len, b->len - len);
	buf_cut_to(b, b->len - len);
}

void buf_cut_to(struct buf *b, size_t len)
{
	if (len < b->len)
		b->len = len;
	if (b->cap)
		b->ptr[b->len] = '\0';
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->ptr, b->len };
}

bool buf_is_full(const struct buf *b)
{
	return b->full;
}

void why_set(struct buf *why, const char *format, ...)
{
	va_list args;

	if (!why)
		return;
	buf_clear(why);
	va_start(args, format);
	buf_vaddf(why, format, args);
	va_end(args);
}
