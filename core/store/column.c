/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names and types of columns, and the indexes. */
#include "core/store/column.h"

const struct field_table *const column_tables[COLUMN_TABLE_COUNT] = {
	&decision_table, &attempt_table, &verdict_table, &tool_table
};

const struct column_index column_indexes[COLUMN_INDEX_COUNT] = {
	{ &decision_table, "id", true },
	{ &decision_table, "time", false },
	{ &decision_table, "request.session", false },
	{ &decision_table, "classify.task", false },
	{ &decision_table, "cache.result", false },
	{ &decision_table, "answer.model", false },
	{ &decision_table, "answer.tier", false },
	{ &attempt_table, "end", false },
	{ &verdict_table, "result", false },
};

void column_name(struct buf *out, const struct field *f)
{
	for (const char *c = f->path; *c; c++)
		buf_add_char(out, *c == '.' ? '_' : *c);
}

void column_add(struct buf *sql, const struct field *f)
{
	buf_add_char(sql, '"');
	column_name(sql, f);
	buf_add_char(sql, '"');
}

const char *column_type(const struct field *f)
{
	switch (f->type) {
	case FIELD_ID:
	case FIELD_TEXT:
	case FIELD_TEXTS:
	case FIELD_ENUM:
	case FIELD_JSON:
		return "TEXT";
	case FIELD_REAL:
		return "REAL";
	case FIELD_INT:
	case FIELD_BOOL:
	case FIELD_MAYBE:
	case FIELD_MONEY:
	case FIELD_TIME:
	case FIELD_SPAN:
		return "INTEGER";
	}
	return "";
}

void column_add_all(struct buf *sql, const struct field_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		buf_add_text(sql, ", ");
		column_add(sql, &table->fields[i]);
	}
}

bool column_is_indexed(const struct field_table *table, const struct field *f)
{
	for (size_t i = 0; i < COLUMN_INDEX_COUNT; i++)
		if (column_indexes[i].table == table && !strcmp(column_indexes[i].path, f->path))
			return true;
	return false;
}
