/* SPDX-License-Identifier: GPL-3.0-or-later
 * Measuring and writing columns. */
#include "core/verb/table.h"

#include "core/base/clean.h"
#include "core/base/utf8.h"

enum { GAP = 2, CELL_MAX = 4096 };

struct table table_begin(struct arena *arena, size_t columns)
{
	return (struct table){ .arena = arena, .columns = columns };
}

void table_add(struct table *t, struct str cell)
{
	struct buf line = BUF(4 * CELL_MAX);

	clean_line(str_part(cell, 0, CELL_MAX), &line);
	*vec_add(t->arena, &t->cells) = arena_str(t->arena, buf_str(&line));
	buf_release(&line);
}

void table_addf(struct table *t, const char *format, ...)
{
	struct buf text = BUF(CELL_MAX);
	va_list args;

	va_start(args, format);
	buf_vaddf(&text, format, args);
	va_end(args);
	table_add(t, buf_str(&text));
	buf_release(&text);
}

static size_t column_width(const struct table *t, size_t column)
{
	size_t widest = 0;

	for (size_t i = column; i < t->cells.len; i += t->columns) {
		size_t width = utf8_columns(t->cells.ptr[i]);

		if (width > widest)
			widest = width;
	}
	return widest;
}

static void write_cell(const struct table *t, size_t i, size_t width, bool last, struct buf *out)
{
	struct str cell = t->cells.ptr[i];
	size_t pad = width - utf8_columns(cell);

	if (t->right[i % t->columns])
		buf_add_repeat(out, ' ', pad);
	buf_add_str(out, cell);
	if (!t->right[i % t->columns] && !last)
		buf_add_repeat(out, ' ', pad);
	if (!last)
		buf_add_repeat(out, ' ', GAP);
}

void table_write(const struct table *t, size_t width, struct buf *out)
{
	size_t widths[TABLE_COLUMNS_MAX];
	struct buf line = BUF(BUF_LINE_MAX);

	for (size_t column = 0; column < t->columns; column++)
		widths[column] = column_width(t, column);
	for (size_t i = 0; i < t->cells.len; i++) {
		bool last = i % t->columns + 1 == t->columns;

		write_cell(t, i, widths[i % t->columns], last, &line);
		if (!last)
			continue;
		buf_add_str(out, width ? utf8_fit(buf_str(&line), width) : buf_str(&line));
		buf_add_char(out, '\n');
		buf_clear(&line);
	}
	buf_release(&line);
}

void table_say(const struct table *t, struct command *c)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	table_write(t, c->out.terminal[ENGINE_OUT] ? (size_t)c->out.columns : 0, &text);
	command_say_buf(c, &text);
	buf_release(&text);
}
