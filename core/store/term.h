/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The terms of a filter as they are written, and the fields that their names stand for. Knows
 * nothing of SQL.
 */
#ifndef WEIR_STORE_TERM_H
#define WEIR_STORE_TERM_H

#include "core/record/field.h"

enum term_op { TERM_WORD, TERM_IS, TERM_LESS, TERM_LESS_IS, TERM_MORE, TERM_MORE_IS };

struct term {
	struct str whole;   /* as written */
	bool negated;
	enum term_op op;
	struct str name;    /* not for TERM_WORD */
	struct str value;   /* quotes undone */
	bool quoted;
};

/* The next term of `*rest`; false at the end, or with ERR_USAGE in `*err` and words in `why`. */
bool term_next(
	struct arena *arena, struct str *rest, struct term *term, enum err *err, struct buf *why);

/* "field" means one of `table`; no field: the alias "text". */
struct term_field {
	const struct field_table *table;
	const struct field *field;
};

MUST_CHECK enum err term_find_field(
	const struct term *term, struct term_field *found, struct buf *why);

/* `"tier:x": "x" is not a whole number`; gives ERR_USAGE. */
enum err term_fail(const struct term *term, struct buf *why, const char *format, ...)
	PRINTF_LIKE(3, 4);

#endif
