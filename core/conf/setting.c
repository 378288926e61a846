/* SPDX-License-Identifier: GPL-3.0-or-later
 * Values by type: one reader and one sentence for each. */
#include "core/conf/setting.h"

#include "core/base/clock.h"
#include "core/base/money.h"
#include "core/conf/header.h"
#include "core/conf/price.h"

#include <math.h>

/* Longer texts are no configuration. */
enum { TEXT_MAX = 4096, VARIABLE_MAX = 64 };

static bool read_text(struct setting *s, struct buf *say)
{
	(void)say;
	for (size_t i = 0; i < s->text.len; i++)
		if ((unsigned char)s->text.ptr[i] < 0x20 || s->text.ptr[i] == 0x7F)
			return false;
	return s->text.len && s->text.len <= TEXT_MAX;
}

static bool in_bounds(const struct option *o, double number)
{
	return !option_has_bounds(o) || (number >= o->min && number <= o->max);
}

static bool read_int(struct setting *s, struct buf *say)
{
	int64_t whole;

	(void)say;
	if (!str_to_int(s->text, &whole) || whole > (int64_t)OPTION_TOP ||
		whole < -(int64_t)OPTION_TOP)
		return false;
	s->number = (double)whole;
	return in_bounds(s->option, s->number);
}

static bool read_real(struct setting *s, struct buf *say)
{
	(void)say;
	return str_to_real(s->text, &s->number) && in_bounds(s->option, s->number);
}

static bool read_bool(struct setting *s, struct buf *say)
{
	(void)say;
	s->number = str_is(s->text, "true") ? 1 : 0;
	return str_is(s->text, "true") || str_is(s->text, "false");
}

static bool read_money(struct setting *s, struct buf *say)
{
	(void)say;
	return money_parse(s->text, &s->pico) && s->pico >= 0;
}

static bool read_price(struct setting *s, struct buf *say)
{
	(void)say;
	return money_parse_per_million(s->text, &s->pico) && s->pico >= 0;
}

/* clock_parse takes the 31st of any month: what it read must be what was written. */
static bool read_date(struct setting *s, struct buf *say)
{
	struct buf again = BUF(64);
	bool same;

	(void)say;
	if (s->text.len != strlen("2026-01-01") || !clock_parse(s->text, &s->pico))
		return false;
	clock_format(&again, s->pico);
	same = str_eq(str_part(buf_str(&again), 0, s->text.len), s->text);
	buf_release(&again);
	return same;
}

static bool read_hours(struct setting *s, struct buf *say)
{
	int begin, end;

	(void)say;
	return price_read_hours(s->text, &begin, &end);
}

static bool read_choice(struct setting *s, struct buf *say)
{
	(void)say;
	return choice_has(s->option->choices, s->text);
}

static bool is_address(struct str url)
{
	struct str rest = url;

	if (str_starts_nocase(url, "https://"))
		rest = str_part(url, 8, url.len);
	else if (str_starts_nocase(url, "http://"))
		rest = str_part(url, 7, url.len);
	else
		return false;
	for (size_t i = 0; i < rest.len; i++)
		if ((unsigned char)rest.ptr[i] <= 0x20 || (unsigned char)rest.ptr[i] >= 0x7F ||
			strchr("\"<>\\^`{|}", rest.ptr[i]))
			return false;
	return rest.len && rest.ptr[0] != '/' && rest.ptr[0] != ':' && url.len <= TEXT_MAX;
}

/* "api-version=2024-10-21&key=..." */
static bool has_key(struct str query)
{
	struct str one;

	while (str_cut(&query, '&', &one))
		if (query_is_secret(one))
			return true;
	return false;
}

static bool read_url(struct setting *s, struct buf *say)
{
	size_t query = str_find_char(s->text, '?');
	struct str host = str_part(s->text, str_find(s->text, STR("//")) + 2, s->text.len);

	if (str_find_char(str_part(host, 0, str_find_char(host, '/')), '@') <
		str_find_char(host, '/')) {
		buf_add_text(say, "an address with a user or password in it is refused: "
				  "name the key in key_env or key_file");
		return false;
	}
	if (!is_address(s->text))
		return false;
	if (str_find_char(s->text, '#') < s->text.len) {
		buf_add_text(say, "expected an address without #");
		return false;
	}
	if (has_key(str_part(s->text, query + 1, s->text.len))) {
		buf_add_text(say, "a key in the address is refused: name it in key_env or "
				  "key_file, and the header that carries it in key_header");
		return false;
	}
	while (str_ends(s->text, "/"))
		s->text.len--;
	return true;
}

static bool read_header(struct setting *s, struct buf *say)
{
	(void)say;
	return header_is_name(s->text) && !header_is_ours(s->text);
}

static bool read_variable(struct setting *s, struct buf *say)
{
	(void)say;
	for (size_t i = 0; i < s->text.len; i++) {
		char c = s->text.ptr[i];

		if (c != '_' && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return s->text.len && s->text.len <= VARIABLE_MAX;
}

static bool read_file(struct setting *s, struct buf *say)
{
	return (str_starts(s->text, "/") || str_starts(s->text, "~/")) && read_text(s, say);
}

static void expect_number(struct buf *say, const struct option *o, const char *what)
{
	buf_addf(say, "%s", what);
	if (o->unit)
		buf_addf(say, " of %s", o->unit);
	if (!option_has_bounds(o))
		return;
	if (o->max >= OPTION_TOP)
		buf_addf(say, ", %g or more", o->min);
	else
		buf_addf(say, " from %.15g to %.15g", o->min, o->max);
}

static void expect_int(struct buf *say, const struct option *o)
{
	expect_number(say, o, "expected a whole number");
}

static void expect_real(struct buf *say, const struct option *o)
{
	expect_number(say, o, "expected a number");
}

/* "a", "b" or "c" */
static void say_choices(struct buf *say, const char *choices)
{
	const char *rest = choices;
	struct str choice;

	while (choice_cut(&rest, &choice)) {
		if (choice.ptr != choices)
			buf_add_text(say, *rest ? ", " : " or ");
		buf_addf(say, "\"%.*s\"", STR_ARG(choice));
	}
}

static void expect_choice(struct buf *say, const struct option *o)
{
	buf_add_text(say, "expected ");
	say_choices(say, o->choices);
}

static void expect_texts(struct buf *say, const struct option *o)
{
	buf_add_text(say, "expected a list of ");
	if (o->choices)
		say_choices(say, o->choices);
	else
		buf_add_text(say, "texts");
}

static void expect_reals(struct buf *say, const struct option *o)
{
	buf_add_text(say, "expected a list of ");
	if (o->elements)
		buf_addf(say, "%zu ", o->elements);
	expect_number(say, o, o->rising ? "rising numbers" : "numbers");
}

/* How a type is read and spoken of. `say` stands where the row adds nothing to the sentence. */
static const struct {
	bool (*read)(struct setting *s, struct buf *say);
	const char *say;
	void (*expect)(struct buf *say, const struct option *o);
	bool quoted, bare; /* how it may be written in JSON */
} types[] = {
	[OPTION_TEXT] = { read_text, "expected a text", NULL, true, false },
	[OPTION_INT] = { read_int, NULL, expect_int, false, true },
	[OPTION_REAL] = { read_real, NULL, expect_real, false, true },
	[OPTION_BOOL] = { read_bool, "expected true or false", NULL, false, true },
	[OPTION_MONEY] = { read_money, "expected a number of dollars", NULL, true, true },
	[OPTION_MTOK_PRICE] = { read_price, "expected a number of dollars per million tokens",
		NULL, true, true },
	[OPTION_DATE] = { read_date, "expected a date", NULL, true, false },
	[OPTION_HOURS] = { read_hours, "expected hours of a day in UTC", NULL, true, false },
	[OPTION_CHOICE] = { read_choice, NULL, expect_choice, true, false },
	[OPTION_URL] = { read_url, "expected an address that begins with http:// or https://",
		NULL, true, false },
	[OPTION_VARIABLE] = { read_variable,
		"expected the name of an environment variable in capitals (not the key itself)",
		NULL, true, false },
	[OPTION_FILE] = { read_file,
		"expected the path of a file from / or ~/ on (not the key itself)", NULL, true,
		false },
	[OPTION_TEXTS] = { read_text, NULL, expect_texts, true, false },
	[OPTION_REALS] = { read_real, NULL, expect_reals, false, true },
	[OPTION_HEADER] = { read_header, "expected the name of an HTTP header", NULL, true, false },
	[OPTION_HEADERS] = { NULL, "expected an object of texts by header", NULL, false, false },
	[OPTION_JSON] = { NULL, "expected an object", NULL, false, false },
};

void option_expect(struct buf *say, const struct option *o)
{
	if (types[o->type].expect)
		types[o->type].expect(say, o);
	else
		buf_add_text(say, types[o->type].say);
	if (o->type == OPTION_CHOICE || o->type == OPTION_BOOL)
		return;
	if (o->type == OPTION_TEXTS && o->choices)
		return;
	buf_addf(say, ", such as %s", o->example ? o->example : o->fallback);
}

bool option_is_quoted(const struct option *o)
{
	return types[o->type].quoted;
}

static bool read_one(struct setting *s, struct buf *say, bool quoted)
{
	size_t said = say->len;

	if ((quoted ? types[s->option->type].quoted : types[s->option->type].bare) &&
		types[s->option->type].read(s, say))
		return true;
	if (say->len == said)
		option_expect(say, s->option);
	return false;
}

bool setting_read(
	struct setting *s, struct arena *a, struct str text, bool quoted, struct buf *say)
{
	if (s->option->type == OPTION_TEXTS || s->option->type == OPTION_REALS) {
		option_expect(say, s->option);
		return false;
	}
	s->text = text;
	if (!read_one(s, say, quoted))
		return false;
	s->text = arena_str(a, s->text);
	return true;
}

bool setting_add(
	struct setting *s, struct arena *a, struct str text, bool quoted, struct buf *say)
{
	s->text = text;
	if (!read_one(s, say, quoted))
		return false;
	if (s->option->type == OPTION_TEXTS && s->option->choices &&
		!choice_has(s->option->choices, text)) {
		option_expect(say, s->option);
		return false;
	}
	text = arena_str(a, text);
	*vec_add(a, &s->list) = text;
	return true;
}

static bool is_rising(const struct texts *list)
{
	double last = -HUGE_VAL, number = 0;

	for (size_t i = 0; i < list->len; last = number, i++)
		if (!str_to_real(list->ptr[i], &number) || number <= last)
			return false;
	return true;
}

static void put_list(struct json_writer *w, const struct setting *s)
{
	json_open(w, '[');
	for (size_t i = 0; i < s->list.len; i++) {
		if (s->option->type == OPTION_TEXTS)
			json_put_str(w, s->list.ptr[i]);
		else
			json_put_raw(w, s->list.ptr[i]);
	}
	json_close(w, ']');
}

bool setting_end(struct setting *s, struct arena *a, struct buf *say)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &text };

	if ((s->option->elements && s->list.len != s->option->elements) ||
		(s->option->rising && !is_rising(&s->list))) {
		option_expect(say, s->option);
		return false;
	}
	put_list(&w, s);
	s->text = arena_str(a, buf_str(&text));
	buf_release(&text);
	return true;
}

void setting_put(struct json_writer *w, const struct setting *s)
{
	if (s->option->type == OPTION_TEXTS || s->option->type == OPTION_REALS ||
		!option_is_quoted(s->option))
		json_put_raw(w, s->text);
	else
		json_put_str(w, s->text);
}
