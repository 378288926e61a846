/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Memory that is given back all at once: the arena of a decision, of a command, of a frame.
 * Also the only place that asks the system for memory, and so the only one that ends the
 * program when there is none (a message on stderr, exit status 1).
 */
#ifndef WEIR_BASE_ARENA_H
#define WEIR_BASE_ARENA_H

#include "core/base/str.h"

#include <stdarg.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	char *at, *end;
};

#define ARENA ((struct arena){ NULL, NULL, NULL })

void arena_release(struct arena *a); /* gives everything back; usable again */

/* Zeroed, aligned for any type, alive until arena_release. */
void *arena_alloc(struct arena *a, size_t size);
#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* Copies; terminated. "No text" stays "no text". */
struct str arena_str(struct arena *a, struct str s);
char *arena_text(struct arena *a, const char *text);
struct str arena_format(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);

/* Bytes asked from the system so far: for budgets in tests. */
size_t arena_size(const struct arena *a);

/* For objects with a `thing_free(struct thing **)`. */
void *memory_new(size_t size); /* zeroed */
void *memory_resize(void *memory, size_t size);
void memory_free(void *memory);

#endif
