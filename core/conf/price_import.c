/* SPDX-License-Identifier: GPL-3.0-or-later
 * A table's prices beside ours. */
#include "core/conf/price_import.h"

#include "core/base/clock.h"
#include "core/base/money.h"

const char *const price_change_names[PRICE_CHANGE_COUNT] = {
#define X(code, name) [PRICE_##code] = name,
	PRICE_CHANGE_LIST(X)
#undef X
};

struct price_group price_group_now(const struct price *rows, size_t count, int64_t wall_us)
{
	struct price_group group = { rows, 0 };

	for (size_t i = 0; i < count && rows[i].from_us <= wall_us; i++) {
		if (rows[i].from_us != group.rows->from_us) {
			group.rows = &rows[i];
			group.count = 0;
		}
		group.count++;
	}
	return group;
}

static bool is_banded(const struct price *p)
{
	return p->begin >= 0 || p->days;
}

static bool has_bands(struct price_group g)
{
	for (size_t i = 0; i < g.count; i++)
		if (is_banded(&g.rows[i]))
			return true;
	return false;
}

/* The row for the same hours, days and length, whatever the date. */
static const struct price *find_row(struct price_group g, const struct price *like)
{
	for (size_t i = 0; i < g.count; i++) {
		struct price row = g.rows[i];

		row.from_us = like->from_us;
		if (price_same_when(&row, like))
			return &g.rows[i];
	}
	return NULL;
}

static bool same_amounts(const struct price *ours, const struct price *theirs)
{
	return ours->input == theirs->input && ours->output == theirs->output &&
	       (theirs->cached == MONEY_UNKNOWN || ours->cached == theirs->cached) &&
	       (theirs->cache_write == MONEY_UNKNOWN || ours->cache_write == theirs->cache_write);
}

/* Our rows of all hours and days against theirs; with hours too, where they have any. */
static bool same_prices(struct price_group ours, struct price_group theirs)
{
	bool all = has_bands(theirs);

	for (size_t i = 0; i < theirs.count; i++) {
		const struct price *row = find_row(ours, &theirs.rows[i]);

		if (!row || !same_amounts(row, &theirs.rows[i]))
			return false;
	}
	for (size_t i = 0; i < ours.count; i++)
		if ((all || !is_banded(&ours.rows[i])) && !find_row(theirs, &ours.rows[i]))
			return false;
	return true;
}

static int64_t day_of(int64_t wall_us)
{
	const int64_t day_us = INT64_C(24) * 3600 * US_PER_S;

	return wall_us - wall_us % day_us;
}

/* What is not said of caching stays where all else costs the same. */
static struct price fill_row(const struct price *theirs, struct price_group ours, int64_t from_us)
{
	const struct price *old = find_row(ours, theirs);
	struct price row = *theirs;

	row.from_us = from_us;
	if (!old || !same_amounts(old, theirs))
		return row;
	if (row.cached == MONEY_UNKNOWN)
		row.cached = old->cached;
	if (row.cache_write == MONEY_UNKNOWN)
		row.cache_write = old->cache_write;
	return row;
}

/* Ours before today, theirs from today on, ours that are still to come. */
static void add_today(struct price_proposal *p, struct arena *arena, int64_t wall_us)
{
	const struct model *m = p->model;
	struct price_group ours = price_group_now(m->prices, m->price_count, wall_us);
	int64_t today = day_of(wall_us);
	size_t i = 0;

	p->rows = arena_alloc(arena, (m->price_count + p->entry->count) * sizeof(*p->rows));
	for (; i < m->price_count && m->prices[i].from_us < today; i++)
		p->rows[p->count++] = m->prices[i];
	for (size_t k = 0; k < p->entry->count; k++)
		p->rows[p->count++] = fill_row(&p->entry->rows[k], ours, today);
	for (; i < m->price_count; i++)
		if (m->prices[i].from_us > today)
			p->rows[p->count++] = m->prices[i];
}

static struct str say_set(struct arena *arena, const struct model *m)
{
	struct buf text = BUF(BUF_LINE_MAX);
	struct str copy;

	buf_add_text(&text, "yours, set in ");
	config_say_origin(&text, &m->price_origin);
	copy = arena_str(arena, buf_str(&text));
	buf_release(&text);
	return copy;
}

static void judge(struct price_proposal *p, struct arena *arena, int64_t wall_us, bool named)
{
	const struct model *m = p->model;
	struct price_group ours = price_group_now(m->prices, m->price_count, wall_us);
	struct price_group theirs = price_group_now(p->entry->rows, p->entry->count, wall_us);

	if (m->price_count && same_prices(ours, theirs)) {
		p->change = PRICE_SAME;
	} else if (m->price_origin.layer > LAYER_PRICES) {
		p->change = PRICE_KEPT;
		p->note = say_set(arena, m);
	} else if (has_bands(ours) && !has_bands(theirs) && !named) {
		p->change = PRICE_KEPT;
		p->note = STR("the table knows no hours: name the model to take it");
	} else {
		p->change = m->price_count ? PRICE_CHANGED : PRICE_NEW;
	}
}

bool price_propose(struct price_proposal *p, struct arena *arena, const struct price_table *table,
	const struct model *model, int64_t wall_us, bool named)
{
	struct str provider = price_table_provider(table, model->provider);

	*p = (struct price_proposal){ .model = model };
	if (!provider.len || str_is(model->id, MODEL_ID_ASK))
		return false;
	p->entry = price_table_find(table, provider, model->id, &p->twin);
	if (!p->entry)
		return false;
	judge(p, arena, wall_us, named);
	if (p->entry->dated) {
		p->rows = p->entry->rows;
		p->count = p->entry->count;
	} else {
		add_today(p, arena, wall_us);
	}
	return true;
}
