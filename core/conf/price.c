/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which price is in force, and what a call costs by it. */
#include "core/conf/price.h"

#include "core/base/clock.h"
#include "core/base/money.h"

/* 1970-01-01 was a Thursday. */
enum { EPOCH_WEEKDAY = 3 };

const struct price price_none = { INT64_MIN, -1, -1, 0, 0, MONEY_UNKNOWN, MONEY_UNKNOWN,
	MONEY_UNKNOWN, MONEY_UNKNOWN };

bool price_same_when(const struct price *a, const struct price *b)
{
	return a->from_us == b->from_us && a->begin == b->begin && a->end == b->end &&
	       a->days == b->days && a->above == b->above;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t remainder_of(int64_t a, int64_t b)
{
	return a - floor_divide(a, b) * b;
}

/* "04" or "04:30", up to `most` minutes. */
static bool read_time(struct str text, int most, int *minutes)
{
	static const char shape[] = "00:00";
	int digits[5] = { 0 };

	if (text.len != 2 && text.len != 5)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (shape[i] == ':' ? text.ptr[i] != ':' : text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		digits[i] = text.ptr[i] - '0';
	}
	*minutes = (digits[0] * 10 + digits[1]) * 60 + digits[3] * 10 + digits[4];
	return digits[3] < 6 && *minutes <= most;
}

bool price_read_hours(struct str text, int *begin, int *end)
{
	size_t dash = str_find_char(text, '-');

	return read_time(str_part(text, 0, dash), MINUTES_A_DAY - 1, begin) &&
	       read_time(str_part(text, dash + 1, text.len), MINUTES_A_DAY, end) && *begin != *end;
}

static bool is_of_time(const struct price *p, int64_t wall_us)
{
	int64_t minutes = floor_divide(wall_us, 60 * (int64_t)US_PER_S);
	int64_t minute = remainder_of(minutes, MINUTES_A_DAY);
	int64_t day = floor_divide(minutes, MINUTES_A_DAY);

	if (p->begin >= 0 && p->begin < p->end && (minute < p->begin || minute >= p->end))
		return false;
	if (p->begin >= 0 && p->begin > p->end && minute >= p->end && minute < p->begin)
		return false;
	if (p->begin > p->end && minute < p->end)
		day--; /* the hours began yesterday */
	return !p->days || (p->days >> remainder_of(day + EPOCH_WEEKDAY, DAYS_A_WEEK) & 1) != 0;
}

static bool is_better(const struct price *p, const struct price *best)
{
	if (!best || p->from_us != best->from_us)
		return !best || p->from_us > best->from_us;
	if (p->above != best->above)
		return p->above > best->above;
	return p->begin >= 0 || p->days;
}

const struct price *price_in_force(
	const struct price *rows, size_t count, int64_t wall_us, int64_t prompt)
{
	const struct price *best = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct price *p = &rows[i];

		if (p->from_us <= wall_us && (!p->above || prompt > p->above) &&
			is_of_time(p, wall_us) && is_better(p, best))
			best = p;
	}
	return best;
}

/* No token of a kind needs no price of it. */
static int64_t part(int64_t price, int64_t count)
{
	return count ? money_times(price, count) : 0;
}

/* A part of the prompt, at most what is left of it. */
static int64_t take(int64_t told, int64_t *left)
{
	int64_t count = told == INT64_MIN ? 0 : told;

	if (count > *left)
		count = *left;
	*left -= count;
	return count;
}

int64_t price_cost(const struct price *p, const struct tokens *t)
{
	int64_t left = t->in, cached, written, prompt;

	if (!p || t->in < 0 || t->out < 0 || (t->cached < 0 && t->cached != INT64_MIN) ||
		(t->cache_write < 0 && t->cache_write != INT64_MIN))
		return MONEY_UNKNOWN;
	cached = take(t->cached, &left);
	written = take(t->cache_write, &left);
	prompt = money_add(part(p->cached, cached), part(p->cache_write, written));
	return money_add(money_add(part(p->input, left), prompt), part(p->output, t->out));
}

int64_t price_most(const struct price *p, int64_t in, int64_t out)
{
	int64_t dearer;

	if (!p || in < 0 || out < 0)
		return MONEY_UNKNOWN;
	dearer = p->cache_write > p->input && p->input != MONEY_UNKNOWN ? p->cache_write : p->input;
	return money_add(part(dearer, in), part(p->output, out));
}
