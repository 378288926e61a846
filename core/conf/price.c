/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which price is in force, and what a call costs by it. */
#include "core/base/clock.h"
#include "core/base/money.h"
#include "core/conf/model.h"

static int hour_of(int64_t wall_us)
{
	const int64_t hour_us = INT64_C(3600) * US_PER_S;
	int64_t hours = wall_us / hour_us - (wall_us % hour_us < 0);

	return (int)((hours % 24 + 24) % 24);
}

static bool in_force(const struct price *p, int64_t wall_us)
{
	int hour = hour_of(wall_us);

	return p->from_us <= wall_us &&
	       (p->hour_begin < 0 || (hour >= p->hour_begin && hour < p->hour_end));
}

const struct price *model_price(const struct model *m, int64_t wall_us)
{
	const struct price *best = NULL;

	for (size_t i = 0; i < m->price_count; i++) {
		const struct price *p = &m->prices[i];

		if (!in_force(p, wall_us))
			continue;
		if (!best || p->from_us > best->from_us ||
			(p->from_us == best->from_us && p->hour_begin >= 0))
			best = p;
	}
	return best;
}

/* No token of a kind needs no price of it. */
static int64_t part(int64_t price, int64_t count)
{
	return count ? money_times(price, count) : 0;
}

int64_t price_cost(const struct price *p, int64_t in, int64_t cached, int64_t out)
{
	if (!p || in < 0 || cached < 0 || out < 0)
		return MONEY_UNKNOWN;
	if (cached > in)
		cached = in;
	return money_add(money_add(part(p->input, in - cached), part(p->cached, cached)),
		part(p->output, out));
}
