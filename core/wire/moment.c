/* SPDX-License-Identifier: GPL-3.0-or-later
 * Durations, dates and numbers to microseconds from now. */
#include "core/wire/moment.h"

#include "core/base/clock.h"

enum { FRACTION_DIGITS = 6 };

static int64_t bounded(int64_t us)
{
	return us < 0 ? 0 : us > MOMENT_MAX ? MOMENT_MAX : us;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char front(struct str s)
{
	return s.len ? s.ptr[0] : '\0';
}

static void drop(struct str *s, size_t count)
{
	*s = str_part(*s, count, s->len);
}

/* ---- durations -------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int64_t ns;
} units[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "\xc2\xb5s", 1000 },
	{ "\xce\xbcs", 1000 },
	{ "ms", 1000000 },
	{ "millisecond", 1000000 },
	{ "milliseconds", 1000000 },
	{ "s", INT64_C(1000000000) },
	{ "sec", INT64_C(1000000000) },
	{ "secs", INT64_C(1000000000) },
	{ "second", INT64_C(1000000000) },
	{ "seconds", INT64_C(1000000000) },
	{ "m", INT64_C(60000000000) },
	{ "min", INT64_C(60000000000) },
	{ "mins", INT64_C(60000000000) },
	{ "minute", INT64_C(60000000000) },
	{ "minutes", INT64_C(60000000000) },
	{ "h", INT64_C(3600000000000) },
	{ "hour", INT64_C(3600000000000) },
	{ "hours", INT64_C(3600000000000) },
	{ "d", INT64_C(86400000000000) },
	{ "day", INT64_C(86400000000000) },
	{ "days", INT64_C(86400000000000) },
};

/* "9.696" off the front: the whole part, at most one more than any span has, and millionths. */
static bool take_number(struct str *s, int64_t *whole, int64_t *millionths)
{
	int64_t weight = 100000;

	if (!is_digit(front(*s)))
		return false;
	for (*whole = 0; is_digit(front(*s)); drop(s, 1))
		if (*whole <= MOMENT_MAX)
			*whole = *whole * 10 + (front(*s) - '0');
	*millionths = 0;
	if (front(*s) != '.' || s->len < 2 || !is_digit(s->ptr[1]))
		return true;
	for (drop(s, 1); is_digit(front(*s)); drop(s, 1), weight /= 10)
		*millionths += weight * (front(*s) - '0');
	return true;
}

/* Nanoseconds of the unit at the front; 0: there is none. */
static int64_t take_unit(struct str *s)
{
	struct str rest = str_trim(*s), word;
	size_t len = 0;

	while (len < rest.len && !is_digit(rest.ptr[len]) && !strchr(" .,;:)", rest.ptr[len]))
		len++;
	word = str_part(rest, 0, len);
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (str_is_nocase(word, units[i].name)) {
			*s = str_part(rest, len, rest.len);
			return units[i].ns;
		}
	return 0;
}

static int64_t part_of(int64_t whole, int64_t millionths, int64_t ns)
{
	int64_t us;

	if (whole > MOMENT_MAX / (ns / 1000 + 1) + 1)
		return MOMENT_MAX;
	us = ns >= 1000 ? whole * (ns / 1000) : whole / 1000;
	return us + (ns >= 1000000 ? millionths * (ns / 1000000) / 1000
				   : millionths * ns / 1000000000);
}

int64_t moment_duration(struct str text)
{
	int64_t sum = SPAN_NONE, whole, millionths, ns;

	for (;;) {
		text = str_trim(text);
		if (sum != SPAN_NONE && front(text) == ',')
			text = str_trim(str_part(text, 1, text.len));
		if (sum != SPAN_NONE && str_starts_nocase(text, "and "))
			text = str_trim(str_part(text, 4, text.len));
		if (!take_number(&text, &whole, &millionths) || !(ns = take_unit(&text)))
			return sum;
		sum = bounded((sum == SPAN_NONE ? 0 : sum) + part_of(whole, millionths, ns));
	}
}

/* ---- dates ------------------------------------------------------------------------------ */

/* "2026-11-24T15:18:15.123456+01:00" */
static bool read_rfc3339(struct str text, int64_t *wall)
{
	int64_t hours, minutes, sign;
	struct buf plain = BUF(64);
	bool ok;

	if (text.len < 20 || text.ptr[4] != '-' || text.ptr[13] != ':')
		return false;
	buf_addf(&plain, "%.*sZ", STR_ARG(str_part(text, 0, 19)));
	ok = clock_parse(buf_str(&plain), wall);
	buf_release(&plain);
	drop(&text, 19);
	if (front(text) == '.')
		for (drop(&text, 1); is_digit(front(text));)
			drop(&text, 1);
	if (!ok || str_is_nocase(text, "z"))
		return ok;
	if (text.len != 6 || (front(text) != '+' && front(text) != '-') ||
		!str_to_int(str_part(text, 1, 2), &hours) ||
		!str_to_int(str_part(text, 4, 2), &minutes))
		return false;
	sign = front(text) == '+' ? 1 : -1;
	*wall -= sign * (hours * 60 + minutes) * 60 * US_PER_S;
	return true;
}

/* From 1; 0: it is none. */
static int month_of(struct str word)
{
	static const char *const names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul",
		"aug", "sep", "oct", "nov", "dec" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_is_nocase(word, names[i]))
			return (int)i + 1;
	return 0;
}

static bool take_word(struct str *rest, struct str *word)
{
	size_t len = 0;

	while (rest->len && strchr(" ,-", front(*rest)))
		drop(rest, 1);
	while (len < rest->len && !strchr(" ,-", rest->ptr[len]))
		len++;
	*word = str_part(*rest, 0, len);
	drop(rest, len);
	return len > 0;
}

/* The three forms of RFC 9110 5.6.7: in each, the day is the first number and the year the
 * second. */
static bool read_http_date(struct str text, int64_t *wall)
{
	int64_t numbers[2] = { 0, 0 }, number;
	struct str word, time = STR("");
	size_t count = 0;
	int month = 0;
	struct buf plain = BUF(64);
	bool ok;

	while (take_word(&text, &word)) {
		if (month_of(word))
			month = month_of(word);
		else if (word.len == 8 && word.ptr[2] == ':')
			time = word;
		else if (count < 2 && is_digit(front(word)) && str_to_int(word, &number))
			numbers[count++] = number;
	}
	if (!month || count < 2 || !time.len || numbers[0] > 31 || numbers[1] > 9999)
		return false;
	if (numbers[1] < 100)
		numbers[1] += numbers[1] < 70 ? 2000 : 1900;
	buf_addf(&plain, "%04d-%02d-%02dT%.*sZ", (int)numbers[1], month, (int)numbers[0],
		STR_ARG(time));
	ok = clock_parse(buf_str(&plain), wall);
	buf_release(&plain);
	return ok;
}

/* ---- any of them ------------------------------------------------------------------------ */

/* Larger numbers are no spans but moments. */
#define EPOCH_S 1e9
#define EPOCH_MS 1e11

static int64_t number_from_now(double number, int64_t now)
{
	double us = number * US_PER_S;

	if (number < 0)
		return SPAN_NONE;
	if (number >= EPOCH_MS)
		us = number * US_PER_MS - (double)now;
	else if (number >= EPOCH_S)
		us -= (double)now;
	return us > (double)MOMENT_MAX ? MOMENT_MAX : bounded((int64_t)us);
}

int64_t moment_read(struct str text, int64_t now)
{
	int64_t wall;
	double number;

	text = str_trim(text);
	if (str_to_real(text, &number))
		return number_from_now(number, now);
	if (read_rfc3339(text, &wall) || read_http_date(text, &wall))
		return bounded(wall - now);
	return moment_duration(text);
}

int64_t moment_ms(struct str text)
{
	double ms;

	if (!str_to_real(str_trim(text), &ms) || ms < 0)
		return SPAN_NONE;
	return ms > (double)MOMENT_MAX / US_PER_MS ? MOMENT_MAX : (int64_t)(ms * US_PER_MS);
}

/* ---- in words --------------------------------------------------------------------------- */

/* Rounded up: whoever waits so long has waited long enough. */
static int64_t rounded_up(int64_t us, int64_t unit)
{
	return us / unit + (us % unit != 0);
}

void moment_say(int64_t us, struct buf *out)
{
	const int64_t minute = INT64_C(60) * US_PER_S, hour = 60 * minute, day = 24 * hour;
	int64_t tenths = rounded_up(us, US_PER_S / 10);

	if (tenths < 100 && tenths % 10)
		buf_addf(out, "%d.%d s", (int)(tenths / 10), (int)(tenths % 10));
	else if (us < 2 * minute)
		buf_addf(out, "%d s", (int)rounded_up(us, US_PER_S));
	else if (us < 2 * hour)
		buf_addf(out, "%d min", (int)rounded_up(us, minute));
	else if (us < 2 * day)
		buf_addf(out, "%d h", (int)rounded_up(us, hour));
	else
		buf_addf(out, "%d days", (int)rounded_up(us, day));
}
