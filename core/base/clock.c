/* SPDX-License-Identifier: GPL-3.0-or-later
 * The real clock, the fake one, and ISO 8601 in UTC. */
#include "core/base/clock.h"

static int64_t read_clock(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

static int64_t real_wall(void *ctx)
{
	(void)ctx;
	return read_clock(CLOCK_REALTIME);
}

static int64_t real_steady(void *ctx)
{
	(void)ctx;
	return read_clock(CLOCK_MONOTONIC);
}

const struct clock clock_real = { real_wall, real_steady, NULL };

static int64_t fake_wall(void *ctx)
{
	return ((struct clock_fake *)ctx)->wall;
}

static int64_t fake_steady(void *ctx)
{
	return ((struct clock_fake *)ctx)->steady;
}

struct clock clock_fake(struct clock_fake *fake)
{
	return (struct clock){ fake_wall, fake_steady, fake };
}

void clock_fake_move(struct clock_fake *fake, int64_t us)
{
	fake->wall += us;
	fake->steady += us;
}

int64_t clock_wall(const struct clock *c)
{
	return c->wall(c->ctx);
}

int64_t clock_steady(const struct clock *c)
{
	return c->steady(c->ctx);
}

/* Days since 1970-01-01 and back, in the proleptic Gregorian calendar: eras of 400 years, with
 * the year beginning in March so that the leap day comes last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t era, of_era, of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
	int64_t era, day_of_era, of_era, of_year, m;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = days - era * 146097;
	of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
	m = (5 * of_year + 2) / 153;
	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = of_era + era * 400 + (*month <= 2);
}

void clock_format(struct buf *out, int64_t wall_us)
{
	const int64_t day_us = INT64_C(86400) * US_PER_S;
	int64_t days = wall_us / day_us, rest = wall_us % day_us;
	int64_t year, month, day, ms;

	if (rest < 0) {
		rest += day_us;
		days--;
	}
	date_of(days, &year, &month, &day);
	ms = rest / US_PER_MS;
	buf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", (int)year, (int)month, (int)day,
		(int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
		(int)(ms % 1000));
}

/* The next `digits` digits, then `after` (none for '\0'). */
static bool take_number(struct str *s, size_t digits, char after, int64_t *out)
{
	if (s->len < digits + (after != '\0') || s->ptr[0] == '-' || s->ptr[0] == '+' ||
		!str_to_int(str_part(*s, 0, digits), out))
		return false;
	if (after && s->ptr[digits] != after)
		return false;
	*s = str_part(*s, digits + (after != '\0'), s->len);
	return true;
}

bool clock_parse(struct str text, int64_t *wall_us)
{
	int64_t year, month, day, hour = 0, minute = 0, second = 0, ms = 0;

	if (!take_number(&text, 4, '-', &year) || !take_number(&text, 2, '-', &month) ||
		!take_number(&text, 2, '\0', &day))
		return false;
	if (text.len) {
		text = str_part(text, 1, text.len);
		if (!take_number(&text, 2, ':', &hour) || !take_number(&text, 2, ':', &minute))
			return false;
		if (text.len > 3 ? !take_number(&text, 2, '.', &second) ||
					   !take_number(&text, 3, 'Z', &ms)
				 : !take_number(&text, 2, 'Z', &second))
			return false;
	}
	if (text.len || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 ||
		minute > 59 || second > 60)
		return false;
	*wall_us = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 * US_PER_S +
		   second * US_PER_S + ms * US_PER_MS;
	return true;
}

bool clock_parse_http(struct str text, int64_t *wall_us)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const size_t len = strlen("Tue, 24 Nov 2026 16:20:39 GMT");
	struct str month = str_part(text, 8, 3);
	size_t at = str_find(str_of(months), month);
	char iso[32];

	if (text.len != len || at % 3 || at >= strlen(months) || text.ptr[3] != ',' ||
		!str_ends(text, " GMT"))
		return false;
	snprintf(iso, sizeof(iso), "%.4s-%02zu-%.2sT%.8s.000Z", text.ptr + 12, at / 3 + 1,
		text.ptr + 5, text.ptr + 17);
	return clock_parse(str_of(iso), wall_us);
}
