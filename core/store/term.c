/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cutting a filter into terms, and naming fields. */
#include "core/store/term.h"

#include "core/store/column.h"

enum { SHOWN_MAX = 60 }; /* bytes of a term in a message */

static const struct {
	const char *name, *table, *path;
} aliases[] = {
	{ "tier", "decision", "answer.tier" },
	{ "model", "decision", "answer.model" },
	{ "cost", "decision", "cost_usd" },
	{ "baseline", "decision", "baseline_usd" },
	{ "saved", "decision", "saved_usd" },
	{ "task", "decision", "classify.task" },
	{ "cache", "decision", "cache.result" },
	{ "ms", "decision", "ms.total" },
	{ "sampled", "decision", "sample.taken" },
	{ "verdict", "verdict", "result" },
	{ "end", "attempt", "end" },
	{ "tool", "tool", "name" },
	{ "text", "decision", NULL },
};

enum err term_fail(const struct term *term, struct buf *why, const char *format, ...)
{
	struct str shown = str_part(term->whole, 0, SHOWN_MAX);
	va_list args;

	if (!why)
		return ERR_USAGE;
	why_set(why, "\"%.*s%s\": ", STR_ARG(shown), shown.len < term->whole.len ? "..." : "");
	va_start(args, format);
	buf_vaddf(why, format, args);
	va_end(args);
	return ERR_USAGE;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.';
}

static size_t name_length(struct str s)
{
	size_t len = 0;

	while (len < s.len && is_name(s.ptr[len]))
		len++;
	return len;
}

static size_t bare_length(struct str s)
{
	size_t len = 0;

	while (len < s.len && !is_blank(s.ptr[len]))
		len++;
	return len;
}

/* How many bytes the operator takes; 0 when there is none. */
static size_t read_op(struct str s, enum term_op *op)
{
	static const struct {
		const char *text;
		enum term_op op;
	} ops[] = {
		{ "<=", TERM_LESS_IS }, { ">=", TERM_MORE_IS },
		{ "<", TERM_LESS }, { ">", TERM_MORE }, { ":", TERM_IS },
	};

	for (size_t i = 0; i < ARRAY_LEN(ops); i++)
		if (str_starts(s, ops[i].text)) {
			*op = ops[i].op;
			return strlen(ops[i].text);
		}
	return 0;
}

/* After the opening quote; the bytes it took with the closing one, 0 when that is missing. */
static size_t read_quoted(struct arena *arena, struct str s, struct str *value)
{
	char *out = arena_alloc(arena, s.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"') {
			*value = (struct str){ out, len };
			return i + 1;
		}
		if (s.ptr[i] == '\\' && i + 1 < s.len)
			i++;
		out[len++] = s.ptr[i];
	}
	return 0;
}

/* The value at the front of `s`: how many bytes it took, 0 for an error. */
static size_t read_value(struct arena *arena, struct str s, struct term *term, struct buf *why)
{
	size_t len;

	term->quoted = s.len && s.ptr[0] == '"';
	if (!term->quoted) {
		len = bare_length(s);
		term->value = str_part(s, 0, len);
		if (!len)
			term_fail(term, why, "the value is missing");
		return len;
	}
	len = read_quoted(arena, str_part(s, 1, s.len), &term->value);
	if (!len) {
		term_fail(term, why, "a quote is not closed");
		return 0;
	}
	if (len + 1 < s.len && !is_blank(s.ptr[len + 1])) {
		term_fail(term, why, "a blank is missing after the quote");
		return 0;
	}
	return len + 1;
}

bool term_next(
	struct arena *arena, struct str *rest, struct term *term, enum err *err, struct buf *why)
{
	struct str s = str_trim(*rest);
	size_t name, op = 0, value;

	*err = ERR_OK;
	if (!s.len)
		return false;
	*term = (struct term){ .whole = str_part(s, 0, bare_length(s)) };
	term->negated = s.len > 1 && s.ptr[0] == '-' && !is_blank(s.ptr[1]);
	if (term->negated)
		s = str_part(s, 1, s.len);
	name = name_length(s);
	if (name)
		op = read_op(str_part(s, name, s.len), &term->op);
	if (op) {
		term->name = str_part(s, 0, name);
		s = str_part(s, name + op, s.len);
	}
	value = read_value(arena, s, term, why);
	*rest = str_part(s, value, s.len);
	*err = value ? ERR_OK : ERR_USAGE;
	return value;
}

static const struct field *exact(const struct field_table *table, struct str path)
{
	for (size_t i = 0; i < table->count; i++)
		if (str_is(path, table->fields[i].path))
			return &table->fields[i];
	return NULL;
}

static const struct field_table *table_named(struct str name)
{
	for (size_t i = 0; i < COLUMN_TABLE_COUNT; i++)
		if (str_is(name, column_tables[i]->name))
			return column_tables[i];
	return NULL;
}

static bool find_alias(struct str name, struct term_field *found)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (str_is(name, aliases[i].name)) {
			found->table = table_named(str_of(aliases[i].table));
			found->field = aliases[i].path ?
					       exact(found->table, str_of(aliases[i].path)) : NULL;
			return true;
		}
	return false;
}

/* "attempt.tier" */
static bool find_in_table(struct str name, struct term_field *found)
{
	size_t dot = str_find_char(name, '.');
	const struct field_table *table = table_named(str_part(name, 0, dot));

	found->table = table;
	found->field = table && dot < name.len ?
			       field_find(table, str_part(name, dot + 1, name.len)) : NULL;
	return found->field;
}

static void add_choice(struct buf *choices, const struct term_field *found)
{
	if (choices->len)
		buf_add_text(choices, " or ");
	buf_add_char(choices, '"');
	if (found->table != &decision_table)
		buf_addf(choices, "%s.", found->table->name);
	buf_addf(choices, "%s\"", found->field->path);
}

static bool is_last_part(struct str name, const char *path)
{
	const char *dot = strrchr(path, '.');

	return str_is(name, path) || (dot && str_is(name, dot + 1));
}

static size_t find_anywhere(struct str name, struct term_field *found, struct buf *choices)
{
	size_t count = 0;

	for (size_t t = 0; t < COLUMN_TABLE_COUNT; t++)
		for (size_t i = 0; i < column_tables[t]->count; i++) {
			const struct field *f = &column_tables[t]->fields[i];

			if (!is_last_part(name, f->path))
				continue;
			*found = (struct term_field){ column_tables[t], f };
			add_choice(choices, found);
			count++;
		}
	return count;
}

static const char *nearest_name(struct str name)
{
	const char *nearest = NULL;
	size_t best = name.len / 2 + 1;

	for (size_t i = 0; name.len < SHOWN_MAX && i < ARRAY_LEN(aliases); i++) {
		size_t distance = str_distance(str_of(aliases[i].name), name);

		if (distance < best) {
			best = distance;
			nearest = aliases[i].name;
		}
	}
	for (size_t t = 0; !nearest && name.len < SHOWN_MAX && t < COLUMN_TABLE_COUNT; t++)
		nearest = field_nearest(column_tables[t], name);
	return nearest;
}

static enum err unknown(const struct term *term, struct buf *why)
{
	struct str name = str_part(term->name, 0, SHOWN_MAX);
	const char *nearest = nearest_name(term->name);

	if (nearest)
		return term_fail(term, why,
			"there is no field \"%.*s\"; the nearest is \"%s\" (a term in quotes is"
			" looked for as text)", STR_ARG(name), nearest);
	return term_fail(term, why,
		"there is no field \"%.*s\" (a term in quotes is looked for as text)",
		STR_ARG(name));
}

enum err term_find_field(const struct term *term, struct term_field *found, struct buf *why)
{
	struct buf choices = BUF(BUF_WHY_MAX);
	enum err err = ERR_OK;
	size_t count;

	*found = (struct term_field){ &decision_table, exact(&decision_table, term->name) };
	if (found->field || find_alias(term->name, found) || find_in_table(term->name, found))
		return ERR_OK;
	count = find_anywhere(term->name, found, &choices);
	if (!count)
		err = unknown(term, why);
	else if (count > 1)
		err = term_fail(term, why, "\"%.*s\" may be %s", STR_ARG(term->name), choices.ptr);
	buf_release(&choices);
	return err;
}
