/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a row of the field tables looks in SQL: a column's name is the path with '_' for '.', its
 * type follows from the field's. Enumerations are stored by name, so that the order of a list in
 * the source is nobody's file format; lists of texts are JSON arrays; everything else is the
 * integer, real or text that it is in memory (money in pico-dollars, spans in microseconds).
 */
#ifndef WEIR_STORE_COLUMN_H
#define WEIR_STORE_COLUMN_H

#include "core/record/field.h"

enum { COLUMN_TABLE_COUNT = 4 };

/* decision, attempt, verdict, tool */
extern const struct field_table *const column_tables[COLUMN_TABLE_COUNT];

void column_name(struct buf *out, const struct field *f); /* cache_similarity */
void column_add(struct buf *sql, const struct field *f);  /* "cache_similarity", quoted for SQL */
const char *column_type(const struct field *f);

/* `, "id", "parent" ...`: all columns of a table, each after a comma. */
void column_add_all(struct buf *sql, const struct field_table *table);

/* What is indexed besides the keys. Kept few: each costs every append. */
struct column_index {
	const struct field_table *table;
	const char *path;
	bool unique;
};

enum { COLUMN_INDEX_COUNT = 9 };
extern const struct column_index column_indexes[COLUMN_INDEX_COUNT];

bool column_is_indexed(const struct field_table *table, const struct field *f);

#endif
