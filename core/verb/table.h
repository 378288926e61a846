/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows in columns, as wide as their text is on a terminal; the last column is cut to fit.
 */
#ifndef WEIR_VERB_TABLE_H
#define WEIR_VERB_TABLE_H

#include "core/verb/verb.h"

enum { TABLE_COLUMNS_MAX = 16 };

struct table {
	struct arena *arena;
	VEC(struct str) cells; /* row by row; clean, one line each */
	size_t columns;
	bool right[TABLE_COLUMNS_MAX]; /* numbers stand at the right edge */
};

struct table table_begin(struct arena *arena, size_t columns);

/* Takes any text; it is cleaned into one line. */
void table_add(struct table *t, struct str cell);
void table_addf(struct table *t, const char *format, ...) PRINTF_LIKE(2, 3);

/* Writes it. `width` cuts each line (0: no cut). */
void table_write(const struct table *t, size_t width, struct buf *out);

/* Writes it to the command's output, cut to the terminal where there is one. */
void table_say(const struct table *t, struct command *c);

#endif
