/* SPDX-License-Identifier: GPL-3.0-or-later
 * From terms to SQL: what the value means for the field's type, and the condition. */
#include "core/store/filter.h"

#include "core/base/clock.h"
#include "core/store/column.h"
#include "core/store/term.h"

#include <math.h>

enum { WHERE_MAX = 1 << 16 };

#define DAY_US (INT64_C(86400) * US_PER_S)

/* A term on its way to SQL. */
struct condition {
	const struct term *term;
	struct term_field at;
	size_t value;      /* the number of its first bound value, from 1 */
	const char *op;    /* "=", "<" ... */
	bool wild, null, range;
};

static const char *const op_sql[] = {
	[TERM_WORD] = "", [TERM_IS] = "=", [TERM_LESS] = "<", [TERM_LESS_IS] = "<=",
	[TERM_MORE] = ">", [TERM_MORE_IS] = ">=",
};

static void add_value(struct filter *f, struct filter_value value)
{
	*vec_add(&f->arena, &f->values) = value;
}

static void add_text(struct filter *f, struct str text)
{
	add_value(f, (struct filter_value){
		.type = FILTER_TEXT, .text = arena_str(&f->arena, text) });
}

static void add_int(struct filter *f, int64_t whole)
{
	add_value(f, (struct filter_value){ .type = FILTER_INT, .whole = whole });
}

static enum err only_equality(const struct condition *c, struct buf *why)
{
	if (c->term->op == TERM_IS)
		return ERR_OK;
	return term_fail(c->term, why, "\"%.*s\" can only be compared with \":\"",
		STR_ARG(c->term->name));
}

static enum err not_a(const struct condition *c, struct buf *why, const char *what)
{
	return term_fail(
		c->term, why, "\"%.*s\" is %s", STR_ARG(str_part(c->term->value, 0, 60)), what);
}

static enum err value_int(struct filter *f, struct condition *c, struct buf *why)
{
	int64_t whole;

	if (!str_to_int(c->term->value, &whole))
		return not_a(c, why, "not a whole number");
	add_int(f, whole);
	return ERR_OK;
}

static enum err value_real(struct filter *f, struct condition *c, struct buf *why)
{
	double real;

	if (!str_to_real(c->term->value, &real))
		return not_a(c, why, "not a number");
	add_value(f, (struct filter_value){ .type = FILTER_REAL, .real = real });
	return ERR_OK;
}

static enum err value_span(struct filter *f, struct condition *c, struct buf *why)
{
	double ms;

	if (!str_to_real(c->term->value, &ms) || fabs(ms) > 1e15)
		return not_a(c, why, "not a number of milliseconds");
	add_int(f, llround(ms * US_PER_MS));
	return ERR_OK;
}

static enum err value_money(struct filter *f, struct condition *c, struct buf *why)
{
	struct str value = c->term->value;
	int64_t pico;

	if (str_starts(value, "$"))
		value = str_part(value, 1, value.len);
	if (!money_parse(value, &pico))
		return not_a(c, why, "not an amount in dollars");
	add_int(f, pico);
	return ERR_OK;
}

/* A time as it is written stands for all the microseconds that are written so: "<=" a day takes
 * all of it in, ">" begins after it. */
static enum err value_time(struct filter *f, struct condition *c, struct buf *why)
{
	int64_t from, span = c->term->value.len > strlen("2026-11-20") ? US_PER_MS : DAY_US;

	if (!clock_parse(c->term->value, &from))
		return not_a(c, why,
			"not a time such as 2026-11-20 or 2026-11-20T09:00:00Z");
	switch (c->term->op) {
	case TERM_WORD:
	case TERM_IS:
		c->range = true;
		add_int(f, from);
		add_int(f, from + span);
		break;
	case TERM_LESS:
	case TERM_MORE_IS:
		add_int(f, from);
		break;
	case TERM_LESS_IS:
		c->op = "<";
		add_int(f, from + span);
		break;
	case TERM_MORE:
		c->op = ">=";
		add_int(f, from + span);
		break;
	}
	return ERR_OK;
}

static enum err value_bool(struct filter *f, struct condition *c, struct buf *why)
{
	struct str value = c->term->value;
	bool yes = str_is(value, "yes") || str_is(value, "true") || str_is(value, "1");

	if (!yes && !str_is(value, "no") && !str_is(value, "false") && !str_is(value, "0"))
		return not_a(c, why, "neither yes nor no");
	add_int(f, yes);
	return only_equality(c, why);
}

/* The value is copied in any case; whether it is a pattern depends on how it was written. */
static enum err value_text(struct filter *f, struct condition *c, struct buf *why)
{
	const struct term *t = c->term;

	c->wild = !t->quoted && str_find_char(t->value, '*') < t->value.len;
	add_text(f, t->value);
	return c->wild || c->at.field->type == FIELD_TEXTS ? only_equality(c, why) : ERR_OK;
}

static enum err value_enum(struct filter *f, struct condition *c, struct buf *why)
{
	const struct field *field = c->at.field;
	struct buf names = BUF(BUF_WHY_MAX);
	int64_t code;
	enum err err = only_equality(c, why);

	if (err)
		return err;
	err = value_text(f, c, why);
	if (err || c->wild || field_parse_enum(field, c->term->value, &code))
		return err;
	for (size_t i = 1; i < field->name_count; i++)
		buf_addf(&names, "%s%s", i > 1 ? ", " : "none of ", field->names[i]);
	err = not_a(c, why, names.ptr);
	buf_release(&names);
	return err;
}

/* A whole id is looked up as it is, a short one as the end of one. */
static enum err value_id(struct filter *f, struct condition *c, struct buf *why)
{
	char tail[ID_SHORT_MAX + 1], text[ID_TEXT + 1];
	struct id id;
	enum err err = only_equality(c, why);

	if (err)
		return err;
	if (id_parse(c->term->value, &id)) {
		id_write(id, text);
		add_text(f, str_of(text));
	} else if (id_is_short(c->term->value, tail)) {
		c->wild = true;
		add_text(f, arena_format(&f->arena, "*%s", tail));
	} else {
		return not_a(c, why, "neither an id nor its last 4 to 12 digits");
	}
	return ERR_OK;
}

static enum err add_values(struct filter *f, struct condition *c, struct buf *why)
{
	c->null = !c->term->quoted && str_is(c->term->value, "null");
	if (c->null)
		return only_equality(c, why);
	switch (c->at.field->type) {
	case FIELD_ID:
		return value_id(f, c, why);
	case FIELD_TEXT:
	case FIELD_JSON:
	case FIELD_TEXTS:
		return value_text(f, c, why);
	case FIELD_INT:
		return value_int(f, c, why);
	case FIELD_REAL:
		return value_real(f, c, why);
	case FIELD_BOOL:
	case FIELD_MAYBE:
		return value_bool(f, c, why);
	case FIELD_MONEY:
		return value_money(f, c, why);
	case FIELD_TIME:
		return value_time(f, c, why);
	case FIELD_SPAN:
		return value_span(f, c, why);
	case FIELD_ENUM:
		return value_enum(f, c, why);
	}
	return ERR_OK;
}

/* The comparison itself. Unless it may lead the way, a range has a '+' before the column, so that
 * SQLite does not sort a million rows to spare itself a walk. */
static void add_comparison(struct buf *sql, const struct condition *c, bool leads)
{
	struct buf column = BUF(BUF_LINE_MAX);
	const char *plus = leads ? "" : "+";

	column_add(&column, c->at.field);
	if (c->null)
		buf_addf(sql, "%s IS NULL", column.ptr);
	else if (c->at.field->type == FIELD_TEXTS)
		buf_addf(sql, "weir_has(%s, ?%zu, %d)", column.ptr, c->value, c->wild);
	else if (c->wild)
		buf_addf(sql, "weir_match(%s, ?%zu)", column.ptr, c->value);
	else if (c->range)
		buf_addf(sql, "%s%s >= ?%zu AND %s%s < ?%zu", plus, column.ptr, c->value, plus,
			column.ptr, c->value + 1);
	else
		buf_addf(sql, "%s%s %s ?%zu", strcmp(c->op, "=") ? plus : "", column.ptr, c->op,
			c->value);
	buf_release(&column);
}

static void add_condition(struct buf *sql, const struct condition *c)
{
	const char *table = c->at.table->name;

	if (c->at.table == &decision_table) {
		add_comparison(sql, c, false);
		return;
	}
	buf_addf(sql, "EXISTS (SELECT 1 FROM %s WHERE %s.decision = decision.seq AND ", table,
		table);
	add_comparison(sql, c, false);
	buf_add_char(sql, ')');
}

static void add_probe(struct filter *f, const struct condition *c)
{
	struct buf sql = BUF(WHERE_MAX);
	struct filter_probe *probe;

	if (c->term->negated || c->null || c->wild ||
		!column_is_indexed(c->at.table, c->at.field))
		return;
	buf_addf(&sql, "SELECT %s AS number FROM %s WHERE ",
		c->at.table == &decision_table ? "seq" : "decision", c->at.table->name);
	add_comparison(&sql, c, true);
	probe = vec_add(&f->arena, &f->probes);
	probe->sql = arena_str(&f->arena, buf_str(&sql));
	probe->is_time = c->at.field->type == FIELD_TIME;
	buf_release(&sql);
}

static void add_words(struct filter *f, const struct term *term)
{
	add_text(f, term->value);
	buf_addf(&f->where,
		"(weir_find(\"request_text\", ?%zu) OR weir_find(\"answer_text\", ?%zu))",
		f->values.len, f->values.len);
}

static enum err add_field_term(struct filter *f, const struct term *term, struct buf *why)
{
	struct condition c = {
		.term = term, .value = f->values.len + 1, .op = op_sql[term->op]
	};
	enum err err = term_find_field(term, &c.at, why);

	if (err)
		return err;
	if (!c.at.field) {
		err = only_equality(&c, why);
		if (!err)
			add_words(f, term);
		return err;
	}
	err = add_values(f, &c, why);
	if (err)
		return err;
	add_condition(&f->where, &c);
	add_probe(f, &c);
	return ERR_OK;
}

static enum err add_term(struct filter *f, const struct term *term, struct buf *why)
{
	enum err err = ERR_OK;

	buf_add_text(&f->where, f->where.len ? " AND (" : "(");
	if (term->op == TERM_WORD)
		add_words(f, term);
	else
		err = add_field_term(f, term, why);
	buf_add_text(&f->where, term->negated ? ") IS NOT TRUE" : ")");
	return err;
}

enum err filter_parse(struct filter *f, struct str text, struct buf *why)
{
	struct term term;
	enum err err;
	int terms = 0;

	*f = (struct filter){ .where = BUF(WHERE_MAX), .arena = ARENA };
	while (term_next(&f->arena, &text, &term, &err, why)) {
		if (terms++ == FILTER_TERMS_MAX)
			return term_fail(&term, why, "it is one term more than the %d that a"
				" filter may have", FILTER_TERMS_MAX);
		err = add_term(f, &term, why);
		if (err)
			return err;
	}
	return err;
}

void filter_release(struct filter *f)
{
	buf_release(&f->where);
	arena_release(&f->arena);
	*f = (struct filter){ .where = BUF(WHERE_MAX), .arena = ARENA };
}
