/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A growable text with a ceiling. Always terminated, never NULL; born with its limit:
 *
 *	struct buf b = BUF(CEILING);
 *	...
 *	buf_release(&b);
 *
 * An addition that would pass the ceiling is refused whole, and so is every later one: callers
 * add freely and ask buf_is_full() once at the end.
 */
#ifndef WEIR_BASE_BUF_H
#define WEIR_BASE_BUF_H

#include "core/base/str.h"

#include <stdarg.h>

/* Ceilings that several modules share. */
enum {
	BUF_WHY_MAX = 4096,             /* an error in words */
	BUF_LINE_MAX = 1 << 16,         /* a line of ours on some screen */
	BUF_TEXT_MAX = 64 * 1024 * 1024 /* an answer, a document, a request body */
};

struct buf {
	char *ptr;
	size_t len, cap, max;
	bool full;
};

extern char buf_nothing[1];

#define BUF(ceiling) ((struct buf){ .ptr = buf_nothing, .max = (ceiling) })

void buf_release(struct buf *b); /* gives the memory back; usable again */
void buf_clear(struct buf *b);   /* empties it and forgets that it was full; keeps the memory */

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_add_str(struct buf *b, struct str s);
void buf_add_text(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_add_repeat(struct buf *b, char c, size_t times);
void buf_addf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_vaddf(struct buf *b, const char *format, va_list args) PRINTF_LIKE(2, 0);

/* Room for `len` more bytes to be written at the returned place, then buf_grew(b, used).
 * NULL when the ceiling forbids it. */
char *buf_room(struct buf *b, size_t len);
void buf_grew(struct buf *b, size_t used);

/* Drops bytes from the front or the end. */
void buf_drop(struct buf *b, size_t len);
void buf_cut_to(struct buf *b, size_t len);

struct str buf_str(const struct buf *b); /* valid until the next change */
bool buf_is_full(const struct buf *b);

/* Sets an error's words: replaces what is in `why`; does nothing when `why` is NULL. */
void why_set(struct buf *why, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
