/* SPDX-License-Identifier: GPL-3.0-or-later
 * genai-prices' table. */
#include "core/conf/price_table.h"

#include "core/base/clock.h"
#include "core/base/money.h"
#include "core/conf/price_rows.h"

enum { ROWS_MAX = 200 };

/* More tokens than any prompt has. */
static const int64_t start_max = INT64_C(1000000000000);

static const struct {
	const char *key;
	size_t offset;
} costs[] = {
	{ "input_mtok", offsetof(struct price, input) },
	{ "output_mtok", offsetof(struct price, output) },
	{ "cache_read_mtok", offsetof(struct price, cached) },
	{ "cache_write_mtok", offsetof(struct price, cache_write) },
};

struct reading {
	struct arena *arena;
	struct price_entry *entry;
	VEC(struct price) rows;
	struct price when; /* of the conditional price being read */
};

static int64_t *amount_of(struct price *p, size_t cost)
{
	return (int64_t *)(void *)((char *)p + costs[cost].offset);
}

static void refuse(struct reading *r, const struct json_node *n, const char *what)
{
	price_entry_refuse(r->entry, r->arena, "%d:%d: %s", n->line, n->column, what);
}

static bool read_amount(struct reading *r, const struct json_node *n, int64_t *pico)
{
	if (n->kind == JSON_TOKEN_NUMBER && money_read_per_million(n->text, pico))
		return true;
	refuse(r, n, "no amount of whole pico-dollars a token");
	return false;
}

/* ---- tiers ------------------------------------------------------------------------------ */

/* The row of this condition for prompts over so many tokens; rows of one stand together. */
static struct price *row_above(struct reading *r, size_t from, int64_t above)
{
	struct price *row;

	for (size_t i = from; i < r->rows.len; i++)
		if (r->rows.ptr[i].above == above)
			return &r->rows.ptr[i];
	row = vec_add(r->arena, &r->rows);
	*row = r->when;
	row->above = above;
	return row;
}

static bool read_start(const struct json_node *tier, int64_t *start)
{
	const struct json_node *n = json_tree_get(tier, "start");

	return n && n->kind == JSON_TOKEN_NUMBER && str_to_int(n->text, start) && *start > 0 &&
	       *start <= start_max;
}

static void take_tiered(struct reading *r, const struct json_node *n, size_t cost, size_t from)
{
	const struct json_node *base = json_tree_get(n, "base"), *tiers = json_tree_get(n, "tiers");
	int64_t pico, start;

	if (!base || !tiers || tiers->kind != JSON_TOKEN_ARRAY) {
		refuse(r, n, "expected a number, or base and tiers");
		return;
	}
	if (read_amount(r, base, &pico))
		*amount_of(row_above(r, from, 0), cost) = pico;
	for (const struct json_node *t = tiers->first; t; t = t->next) {
		const struct json_node *price = json_tree_get(t, "price");

		if (!price || !read_start(t, &start) || r->rows.len >= ROWS_MAX) {
			refuse(r, t, "a tier without start or price");
			return;
		}
		if (read_amount(r, price, &pico))
			*amount_of(row_above(r, from, start), cost) = pico;
	}
}

/* What a tier does not say is as for short prompts. */
static void fill_tiers(struct reading *r, size_t from)
{
	for (size_t i = from + 1; i < r->rows.len; i++)
		for (size_t c = 0; c < ARRAY_LEN(costs); c++)
			if (*amount_of(&r->rows.ptr[i], c) == MONEY_UNKNOWN)
				*amount_of(&r->rows.ptr[i], c) = *amount_of(&r->rows.ptr[from], c);
}

static void take_prices(struct reading *r, const struct json_node *prices)
{
	size_t from = r->rows.len;

	(void)row_above(r, from, 0);
	for (size_t c = 0; c < ARRAY_LEN(costs); c++) {
		const struct json_node *n = json_tree_get(prices, costs[c].key);
		int64_t pico;

		if (!n || n->kind == JSON_TOKEN_NULL)
			continue;
		if (n->kind == JSON_TOKEN_OBJECT)
			take_tiered(r, n, c, from);
		else if (read_amount(r, n, &pico))
			*amount_of(row_above(r, from, 0), c) = pico;
	}
	fill_tiers(r, from);
}

/* ---- conditions ------------------------------------------------------------------------- */

/* "16:30:00Z" */
static bool read_time(const struct json_node *n, struct str *time)
{
	*time = json_tree_text(n);
	if (!time->ptr || (!str_ends(*time, ":00Z") && !str_ends(*time, ":00")) ||
		time->len < strlen("16:30:00"))
		return false;
	time->len = strlen("16:30");
	return true;
}

static bool read_hours(struct reading *r, const struct json_node *constraint)
{
	struct str begin, end, hours;

	if (!read_time(json_tree_get(constraint, "start_time"), &begin) ||
		!read_time(json_tree_get(constraint, "end_time"), &end))
		return false;
	hours = arena_format(r->arena, "%.*s-%.*s", STR_ARG(begin), STR_ARG(end));
	return price_read_hours(hours, &r->when.begin, &r->when.end);
}

static bool read_constraint(struct reading *r, const struct json_node *constraint)
{
	struct str date = json_tree_text(json_tree_get(constraint, "start_date"));

	r->when = price_none;
	if (!constraint || constraint->kind == JSON_TOKEN_NULL)
		return true;
	if (date.ptr)
		return date.len == strlen("2026-01-01") && clock_parse(date, &r->when.from_us);
	return read_hours(r, constraint);
}

/* The last condition that fits holds, so hours hold over all dates that stand before them: they
 * are written down once for each. */
static void take_hours(struct reading *r, const struct json_node *prices)
{
	size_t before = r->rows.len;
	struct price when = r->when;

	for (size_t i = 0; i < before; i++) {
		const struct price *row = &r->rows.ptr[i];

		if (row->above || row->begin >= 0)
			continue;
		if (r->rows.len >= ROWS_MAX) {
			refuse(r, prices, "too many prices");
			return;
		}
		r->when = when;
		r->when.from_us = row->from_us;
		take_prices(r, prices);
	}
	if (!before)
		take_prices(r, prices);
}

static void take_conditions(struct reading *r, const struct json_node *list)
{
	for (const struct json_node *n = list->first; n; n = n->next) {
		const struct json_node *prices = json_tree_get(n, "prices");

		if (!prices || prices->kind != JSON_TOKEN_OBJECT || r->rows.len >= ROWS_MAX) {
			refuse(r, n, "a condition without prices");
			return;
		}
		if (!read_constraint(r, json_tree_get(n, "constraint"))) {
			refuse(r, n, "a condition that nobody here understands");
			return;
		}
		r->entry->dated |= r->when.from_us != INT64_MIN;
		if (r->when.begin >= 0)
			take_hours(r, prices);
		else
			take_prices(r, prices);
	}
}

/* Stable: rows of one day keep their order. */
static void sort_rows(struct price *rows, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct price row = rows[i];
		size_t at = i;

		for (; at && rows[at - 1].from_us > row.from_us; at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
	}
}

static bool has_amount(const struct price *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].input != MONEY_UNKNOWN || rows[i].output != MONEY_UNKNOWN)
			return true;
	return false;
}

/* ---- models ----------------------------------------------------------------------------- */

static void read_model(struct price_table *table, struct arena *arena, struct str provider,
	const struct json_node *node)
{
	struct reading r = { .arena = arena, .entry = price_entry_add(table, arena, node) };
	const struct json_node *prices = json_tree_get(node, "prices");
	struct price_entry *e = r.entry;

	r.when = price_none;
	e->provider = provider;
	e->id = json_tree_text(json_tree_get(node, "id"));
	e->name = arena_format(arena, "%.*s: %.*s", STR_ARG(provider), STR_ARG(e->id));
	e->match = json_tree_get(node, "match");
	if (!e->id.ptr)
		price_entry_refuse(e, arena, "a model without an id");
	else if (prices && prices->kind == JSON_TOKEN_ARRAY)
		take_conditions(&r, prices);
	else if (prices && prices->kind == JSON_TOKEN_OBJECT)
		take_prices(&r, prices);
	else
		price_entry_refuse(e, arena, "its prices are neither an object nor a list");
	if (e->wrong.ptr || !has_amount(r.rows.ptr, r.rows.len))
		return;
	sort_rows(r.rows.ptr, r.rows.len);
	for (size_t i = 0; i < r.rows.len; i++) {
		const char *wrong = price_row_wrong(r.rows.ptr, i);

		if (wrong) {
			price_entry_refuse(e, arena, "%s", wrong);
			return;
		}
	}
	e->rows = r.rows.ptr;
	e->count = r.rows.len;
}

static void read_provider(
	struct price_table *table, struct arena *arena, const struct json_node *node)
{
	struct str id = json_tree_text(json_tree_get(node, "id"));
	const struct json_node *models = json_tree_get(node, "models");

	if (!id.ptr || !models || models->kind != JSON_TOKEN_ARRAY) {
		price_entry_refuse(price_entry_add(table, arena, node), arena,
			"a provider without id and models");
		return;
	}
	for (const struct json_node *n = models->first; n; n = n->next)
		read_model(table, arena, id, n);
}

void price_read_genai(struct price_table *table, struct arena *arena, const struct json_node *root)
{
	for (const struct json_node *n = root->first; n; n = n->next)
		read_provider(table, arena, n);
}
