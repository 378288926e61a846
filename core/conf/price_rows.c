/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of prices: from settings, and back. */
#include "core/conf/price_rows.h"

#include "core/base/clock.h"
#include "core/base/money.h"

/* The time of a row that nothing was said about. */
#define NO_ROW INT64_MAX

enum { TOKENS_A_MILLION = 1000000 };

static const struct {
	const char *key;
	size_t offset;
} amounts[] = {
	{ "input", offsetof(struct price, input) },
	{ "cached", offsetof(struct price, cached) },
	{ "cache_write", offsetof(struct price, cache_write) },
	{ "output", offsetof(struct price, output) },
};

static int64_t *amount_of(struct price *p, size_t which)
{
	return (int64_t *)(void *)((char *)p + amounts[which].offset);
}

void price_rows_clear(struct price *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		rows[i] = price_none;
		rows[i].from_us = NO_ROW;
	}
}

static unsigned days_of(const struct texts *list)
{
	unsigned days = 0, bit = 1;
	const char *choices = DAY_CHOICES;
	struct str day;

	for (; choice_cut(&choices, &day); bit <<= 1)
		for (size_t i = 0; i < list->len; i++)
			if (str_eq(list->ptr[i], day))
				days |= bit;
	return days;
}

void price_row_put(struct price *row, const struct setting *s)
{
	const char *key = strrchr(s->option->path, '.') + 1;

	if (row->from_us == NO_ROW)
		row->from_us = INT64_MIN;
	if (!strcmp(key, "from"))
		row->from_us = s->pico;
	else if (!strcmp(key, "hours"))
		(void)price_read_hours(s->text, &row->begin, &row->end); /* read before */
	else if (!strcmp(key, "days"))
		row->days = days_of(&s->list);
	else if (!strcmp(key, "above"))
		row->above = (int64_t)s->number;
	for (size_t i = 0; i < ARRAY_LEN(amounts); i++)
		if (!strcmp(key, amounts[i].key))
			*amount_of(row, i) = s->pico;
}

const char *price_row_wrong(const struct price *rows, size_t at)
{
	const struct price *p = &rows[at];

	if (p->from_us == NO_ROW)
		return "expected a price";
	if (at && p->from_us < p[-1].from_us)
		return "expected the oldest price first";
	for (size_t i = 0; i < at; i++)
		if (price_same_when(&rows[i], p))
			return "a price for this time stands before";
	return NULL;
}

/* ---- and back --------------------------------------------------------------------------- */

static void add_date(struct buf *out, int64_t wall_us)
{
	struct buf text = BUF(64);

	clock_format(&text, wall_us);
	buf_add_str(out, str_part(buf_str(&text), 0, strlen("2026-01-01")));
	buf_release(&text);
}

static void add_time(struct buf *out, int minutes)
{
	buf_addf(out, "%02d:%02d", minutes / 60, minutes % 60);
}

static void add_hours(struct buf *out, const struct price *row)
{
	add_time(out, row->begin);
	buf_add_char(out, '-');
	add_time(out, row->end);
}

/* Six decimals tell each price a token; without needless zeros. */
void price_amount_write(struct buf *out, int64_t pico)
{
	if (pico == MONEY_UNKNOWN) {
		buf_add_char(out, '?');
		return;
	}
	buf_addf(out, "%lld.%06lld", (long long)(pico / TOKENS_A_MILLION),
		(long long)(pico % TOKENS_A_MILLION));
	while (str_ends(buf_str(out), "0"))
		buf_cut_to(out, out->len - 1);
	if (str_ends(buf_str(out), "."))
		buf_cut_to(out, out->len - 1);
}

static void put_amount(struct json_writer *w, const char *key, int64_t pico)
{
	struct buf text = BUF(64);

	if (pico == MONEY_UNKNOWN)
		return;
	price_amount_write(&text, pico);
	json_key(w, key);
	json_put_str(w, buf_str(&text));
	buf_release(&text);
}

static void put_days(struct json_writer *w, unsigned days)
{
	const char *choices = DAY_CHOICES;
	struct str day;

	json_key(w, "days");
	json_open(w, '[');
	for (; choice_cut(&choices, &day); days >>= 1)
		if (days & 1)
			json_put_str(w, day);
	json_close(w, ']');
}

void price_row_write(struct json_writer *w, const struct price *row)
{
	struct buf text = BUF(64);

	json_open(w, '{');
	if (row->from_us != INT64_MIN) {
		add_date(&text, row->from_us);
		json_key(w, "from");
		json_put_str(w, buf_str(&text));
		buf_clear(&text);
	}
	if (row->begin >= 0) {
		add_hours(&text, row);
		json_key(w, "hours");
		json_put_str(w, buf_str(&text));
	}
	if (row->days)
		put_days(w, row->days);
	if (row->above) {
		json_key(w, "above");
		json_put_int(w, row->above);
	}
	for (size_t i = 0; i < ARRAY_LEN(amounts); i++)
		put_amount(w, amounts[i].key,
			*(const int64_t *)(const void *)((const char *)row + amounts[i].offset));
	json_close(w, '}');
	buf_release(&text);
}

static struct str day_name(int day)
{
	const char *choices = DAY_CHOICES;
	struct str name = STR_NONE;

	for (int i = 0; i <= day; i++)
		if (!choice_cut(&choices, &name))
			return STR_NONE;
	return name;
}

/* Runs of days as "mon-fri sun". */
static void say_days(struct buf *out, unsigned days)
{
	for (int day = 0; day < DAYS_A_WEEK; day++) {
		int last = day;

		if (!(days >> day & 1))
			continue;
		while (last + 1 < DAYS_A_WEEK && (days >> (last + 1) & 1))
			last++;
		buf_addf(out, " %.*s", STR_ARG(day_name(day)));
		if (last > day)
			buf_addf(out, "-%.*s", STR_ARG(day_name(last)));
		day = last;
	}
}

void price_row_say_when(struct buf *out, const struct price *row)
{
	size_t begin = out->len;

	if (row->from_us != INT64_MIN) {
		buf_add_text(out, "from ");
		add_date(out, row->from_us);
	}
	if (row->begin >= 0) {
		buf_add_text(out, out->len > begin ? ", " : "");
		add_hours(out, row);
	}
	if (row->days)
		say_days(out, row->days);
	if (row->above)
		buf_addf(out, "%sover %lld tokens", out->len > begin ? ", " : "",
			(long long)row->above);
	if (out->len == begin)
		buf_add_text(out, "always");
}
