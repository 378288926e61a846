/* SPDX-License-Identifier: GPL-3.0-or-later
 * Prices: which row is in force, whose they are, and what a call costs, worked out by hand. */
#include "core/base/clock.h"
#include "core/base/money.h"
#include "core/conf/price_rows.h"
#include "tests/conf/fixture.h"

/* One model "m" with these prices; its map lives in the configuration. */
static void open_prices(struct config *c, struct model_map *map, const char *prices)
{
	struct buf file = BUF(BUF_TEXT_MAX), why = BUF(BUF_WHY_MAX);

	buf_addf(&file,
		"{\"providers\": {\"p\": {\"rpm\": 1}}, \"models\": {\"m\": {\"provider\": "
		"\"p\", \"tier\": 1, \"price\": %s}}}",
		prices);
	if (fixture_open(c, NULL, file.ptr, NULL, NULL, 0, &why) || model_map_build(map, c, &why))
		fail_msg("%s", why.ptr);
	buf_release(&file);
	buf_release(&why);
}

/* What a row of a test is told apart by: its price of input in dollars per million; 0: none. */
static void check_in_force(const struct model *m, const char *text, int64_t prompt, int64_t dollars)
{
	const struct price *p;
	int64_t time;

	assert_true(clock_parse(str_of(text), &time));
	p = model_price(m, time, prompt);
	if ((p ? p->input : 0) != dollars * 1000000)
		fail_msg("%s, %lld tokens: %lld", text, (long long)prompt,
			p ? (long long)p->input : 0);
}

static void the_row_in_force_follows_date_and_hour(void **state)
{
	static const struct {
		const char *time;
		int64_t input;
	} cases[] = {
		{ "1969-12-31T23:59:00.000Z", 0 },
		{ "2025-12-31T23:59:59.999Z", 0 },
		{ "2026-01-01", 9 },
		{ "2026-05-31T23:59:59.999Z", 9 },
		{ "2026-06-01", 1 },
		{ "2026-06-01T00:59:59.999Z", 1 },
		{ "2026-06-01T01:00:00.000Z", 2 },
		{ "2026-07-15T03:59:59.999Z", 2 },
		{ "2026-07-15T04:00:00.000Z", 1 },
		{ "2026-07-15T21:59:59.999Z", 1 },
		{ "2026-07-15T22:00:00.000Z", 3 },
		{ "2026-07-15T23:59:59.999Z", 3 },
		{ "2026-09-01T01:30:00.000Z", 4 },
		{ "2026-09-01T02:00:00.000Z", 2 },
		{ "2026-09-01T12:00:00.000Z", 1 },
		{ "2026-10-01T01:30:00.000Z", 5 },
		{ "2030-01-01T23:30:00.000Z", 5 },
	};
	struct model_map map;
	struct config c;

	(void)state;
	open_prices(&c, &map,
		"[{\"from\": \"2026-01-01\", \"input\": 9},"
		"{\"from\": \"2026-06-01\", \"input\": 1},"
		"{\"from\": \"2026-06-01\", \"hours\": \"01-04\", \"input\": 2},"
		"{\"from\": \"2026-06-01\", \"hours\": \"22-24\", \"input\": 3},"
		"{\"from\": \"2026-09-01\", \"hours\": \"00-02\", \"input\": 4},"
		"{\"from\": \"2026-10-01\", \"input\": 5}]");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_in_force(&map.models[0], cases[i].time, 0, cases[i].input);
	config_release(&c);
}

/* 2026-11-20 is a Friday. Hours belong to the day they begin on. */
static void hours_go_over_midnight_and_have_weekdays(void **state)
{
	static const struct {
		const char *time;
		int64_t input;
	} cases[] = {
		{ "2026-11-19T16:29:59.999Z", 1 },
		{ "2026-11-19T16:30:00.000Z", 2 },
		{ "2026-11-20T00:29:59.999Z", 2 },
		{ "2026-11-20T00:30:00.000Z", 1 },
		{ "2026-11-20T16:30:00.000Z", 2 },
		{ "2026-11-21T00:15:00.000Z", 2 }, /* still Friday's */
		{ "2026-11-21T06:00:00.000Z", 3 },
		{ "2026-11-21T16:30:00.000Z", 3 }, /* Saturday has no such hours */
		{ "2026-11-22T23:59:59.999Z", 3 },
		{ "2026-11-23T00:15:00.000Z", 1 }, /* nor did they begin on Sunday */
		{ "1969-12-31T17:00:00.000Z", 2 }, /* a Wednesday */
		{ "1970-01-03T12:00:00.000Z", 3 },
	};
	struct model_map map;
	struct config c;

	(void)state;
	open_prices(&c, &map,
		"[{\"input\": 1},"
		"{\"days\": [\"sun\", \"sat\"], \"input\": 3},"
		"{\"hours\": \"16:30-00:30\", \"days\": [\"mon\", \"tue\", \"wed\", "
		"\"thu\", \"fri\"], \"input\": 2}]");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_in_force(&map.models[0], cases[i].time, 0, cases[i].input);
	config_release(&c);
}

static void long_prompts_have_rows_of_their_own(void **state)
{
	static const struct {
		const char *time;
		int64_t prompt, input;
	} cases[] = {
		{ "2026-01-05T12:00:00.000Z", 0, 1 }, { "2026-01-05T12:00:00.000Z", 200000, 1 },
		{ "2026-01-05T12:00:00.000Z", 200001, 2 },
		{ "2026-01-05T12:00:00.000Z", 500001, 3 },
		{ "2026-01-05T02:00:00.000Z", 200000, 4 },
		{ "2026-01-05T02:00:00.000Z", 200001, 5 },
		{ "2026-01-05T02:00:00.000Z", 500001, 3 }, /* length goes before hour */
		{ "2026-02-01T12:00:00.000Z", 500001, 6 }, /* and date before both */
	};
	struct model_map map;
	struct config c;

	(void)state;
	open_prices(&c, &map,
		"[{\"from\": \"2026-01-01\", \"input\": 1},"
		"{\"from\": \"2026-01-01\", \"above\": 200000, \"input\": 2},"
		"{\"from\": \"2026-01-01\", \"above\": 500000, \"input\": 3},"
		"{\"from\": \"2026-01-01\", \"hours\": \"01-04\", \"input\": 4},"
		"{\"from\": \"2026-01-01\", \"hours\": \"01-04\", \"above\": 200000, "
		"\"input\": 5},"
		"{\"from\": \"2026-02-01\", \"input\": 6}]");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_in_force(&map.models[0], cases[i].time, cases[i].prompt, cases[i].input);
	config_release(&c);
}

static void more_than_ten_prices_keep_their_order(void **state)
{
	struct buf prices = BUF(BUF_TEXT_MAX);
	struct model_map map;
	struct config c;

	(void)state;
	for (int i = 1; i <= 12; i++)
		buf_addf(&prices, "%c{\"from\": \"2026-%02d-01\", \"input\": %d}",
			i > 1 ? ',' : '[', i, i);
	buf_add_char(&prices, ']');
	open_prices(&c, &map, prices.ptr);
	assert_int_equal(map.models[0].price_count, 12);
	for (int i = 0; i < 12; i++)
		assert_int_equal(map.models[0].prices[i].input, (i + 1) * 1000000);
	config_release(&c);
	buf_release(&prices);
}

/* ---- whose they are --------------------------------------------------------------------- */

/* The shipped o3 is OpenAI's "o3": who serves something else under that name has other prices. */
static void prices_do_not_follow_a_model_to_another_provider_or_id(void **state)
{
	static const struct {
		const char *file;
		bool known;
	} cases[] = {
		{ "{}", true },
		{ "{\"models\": {\"o3\": {\"tier\": 2}}}", true },
		{ "{\"models\": {\"o3\": {\"provider\": \"openai\"}}}", true },
		{ "{\"models\": {\"o3\": {\"provider\": \"openai\", \"id\": \"o3\"}}}", true },
		{ "{\"models\": {\"o3\": {\"provider\": \"openrouter\"}}}", false },
		{ "{\"models\": {\"o3\": {\"id\": \"o3-pro\"}}}", false },
		{ "{\"models\": {\"o3\": {\"id\": \"o3-pro\", \"price\": {\"input\": 20}}}}",
			true },
		{ "{\"models\": {\"o3\": {\"price_for\": \"openai/o3\", \"price\": "
		  "{\"input\": 2}}}}",
			true },
		{ "{\"models\": {\"o3\": {\"price_for\": \"azure/o3\", \"price\": "
		  "{\"input\": 2}}}}",
			false },
		{ "{\"models\": {\"o3\": {\"price_for\": \"azure/o3\"}}}", true },
	};
	struct arena a = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	struct model_map map;
	struct config c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct model *m;

		check_ok(fixture_open(&c, fixture_shipped(&a), cases[i].file, NULL, NULL, 0, &why));
		check_ok(model_map_build(&map, &c, &why));
		m = model_find(&map, STR("o3"));
		if (m->price_is_foreign == cases[i].known || !m->price_count == cases[i].known)
			fail_msg("%s", cases[i].file);
		config_release(&c);
	}
	arena_release(&a);
	buf_release(&why);
}

/* ---- what a call costs ------------------------------------------------------------------ */

static struct tokens tokens_of(int64_t in, int64_t cached, int64_t cache_write, int64_t out)
{
	return (struct tokens){ in, cached, cache_write, out, 0, false };
}

/* Prices as the providers list them, calls as somebody would work them out on paper. Dollars a
 * million tokens are a million pico-dollars a token. */
static void worked_examples(void **state)
{
	static const char deepseek[] =
		"[{\"from\": \"2026-09-10\", \"input\": \"0.15\", \"cached\": \"0.003\", "
		"\"output\": "
		"\"0.60\"},"
		"{\"from\": \"2026-09-10\", \"hours\": \"01-04\", \"days\": [\"mon\", \"tue\", "
		"\"wed\", \"thu\", \"fri\"], \"input\": \"0.30\", \"cached\": \"0.006\", "
		"\"output\": "
		"\"1.20\"},"
		"{\"from\": \"2026-09-10\", \"hours\": \"06-10\", \"days\": [\"mon\", \"tue\", "
		"\"wed\", \"thu\", \"fri\"], \"input\": \"0.30\", \"cached\": \"0.006\", "
		"\"output\": "
		"\"1.20\"}]";
	static const char o3[] =
		"[{\"from\": \"2025-04-16\", \"input\": \"10\", \"cached\": \"2.50\", \"output\": "
		"\"40\"},"
		"{\"from\": \"2025-06-10\", \"input\": \"2\", \"cached\": \"0.50\", \"output\": "
		"\"8\"}]";
	static const char sonnet[] =
		"[{\"input\": \"3\", \"cached\": \"0.30\", \"cache_write\": \"3.75\", \"output\": "
		"\"15\"},"
		"{\"above\": 200000, \"input\": \"6\", \"cached\": \"0.60\", \"cache_write\": "
		"\"7.50\", \"output\": \"22.50\"}]";
	static const struct {
		const char *prices, *time;
		struct tokens tokens;
		const char *dollars;
	} cases[] = {
		/* Monday. 1000 * 0.15/M + 2000 * 0.003/M + 500 * 0.60/M */
		{ deepseek, "2026-11-16T00:59:59.999Z", { 3000, 2000, 0, 500, 0, false },
			"0.000456000" },
		/* twice that */
		{ deepseek, "2026-11-16T01:00:00.000Z", { 3000, 2000, 0, 500, 0, false },
			"0.000912000" },
		{ deepseek, "2026-11-16T09:59:59.999Z", { 3000, 2000, 0, 500, 0, false },
			"0.000912000" },
		{ deepseek, "2026-11-16T10:00:00.000Z", { 3000, 2000, 0, 500, 0, false },
			"0.000456000" },
		/* Saturday has no peak */
		{ deepseek, "2026-11-21T02:00:00.000Z", { 3000, 2000, 0, 500, 0, false },
			"0.000456000" },
		/* one cached token: 3,000 pico-dollars */
		{ deepseek, "2026-11-21T02:00:00.000Z", { 1, 1, 0, 0, 0, false }, "0.000000003" },
		/* 1200 * 10/M + 300 * 40/M */
		{ o3, "2025-06-09T23:59:59.999Z", { 1200, 0, 0, 300, 200, false }, "0.024000000" },
		/* 1200 * 2/M + 300 * 8/M; reasoning is a part of what was generated */
		{ o3, "2025-06-10T00:00:00.000Z", { 1200, 0, 0, 300, 200, false }, "0.004800000" },
		{ o3, "2025-04-15T23:59:59.999Z", { 1200, 0, 0, 300, 200, false }, "unknown" },
		/* 1000 plain * 3 + 4000 read * 0.30 + 5000 written * 3.75 + 100 * 15 */
		{ sonnet, "2026-01-01", { 10000, 4000, 5000, 100, 0, false }, "0.024450000" },
		/* 200,000 are not yet over 200,000: 200000 * 3 + 1000 * 15 */
		{ sonnet, "2026-01-01", { 200000, 0, 0, 1000, 0, false }, "0.615000000" },
		/* one more, and all of them cost double: 200001 * 6 + 1000 * 22.50 */
		{ sonnet, "2026-01-01", { 200001, 0, 0, 1000, 0, false }, "1.222506000" },
		/* what came from the cache counts towards the length: 1 * 6 + 200000 * 0.60 */
		{ sonnet, "2026-01-01", { 200001, 200000, 0, 0, 0, false }, "0.120006000" },
	};
	struct buf text = BUF(64);
	struct model_map map;
	struct config c;
	int64_t time;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		open_prices(&c, &map, cases[i].prices);
		assert_true(clock_parse(str_of(cases[i].time), &time));
		buf_clear(&text);
		money_format(&text, model_cost(&map.models[0], time, &cases[i].tokens));
		check_buf(&text, cases[i].dollars);
		config_release(&c);
	}
	buf_release(&text);
}

static int64_t cost(const struct price *p, int64_t in, int64_t cached, int64_t written, int64_t out)
{
	const struct tokens tokens = tokens_of(in, cached, written, out);

	return price_cost(p, &tokens);
}

static void what_is_not_known_makes_no_cost_and_never_zero(void **state)
{
	struct price all = price_none, no_cached = price_none, no_output = price_none;
	struct price huge = price_none;

	(void)state;
	all.input = 140000;
	all.cached = 2800;
	all.cache_write = 175000;
	all.output = 280000;
	no_cached.input = no_cached.output = 1;
	no_output.input = no_output.cached = no_output.cache_write = 1;
	huge.input = huge.output = INT64_MAX / 2;
	assert_int_equal(cost(&all, 0, 0, 0, 0), 0);
	assert_int_equal(cost(&all, 10, INT64_MIN, INT64_MIN, 1), 1400000 + 280000);
	assert_int_equal(cost(&all, 10, 99, 99, 0), 28000); /* parts are not more than the whole */
	assert_int_equal(cost(&all, 10, 4, 99, 0), 4 * 2800 + 6 * 175000);
	assert_true(cost(NULL, 0, 0, 0, 0) == MONEY_UNKNOWN);
	assert_true(cost(&all, -1, 0, 0, 0) == MONEY_UNKNOWN);
	assert_true(cost(&all, 0, -1, 0, 0) == MONEY_UNKNOWN);
	assert_true(cost(&all, 0, 0, -1, 0) == MONEY_UNKNOWN);
	assert_true(cost(&all, 0, 0, 0, -1) == MONEY_UNKNOWN);
	assert_true(cost(&all, INT64_MIN, 0, 0, 0) == MONEY_UNKNOWN);
	assert_true(cost(&price_none, 0, 0, 0, 1) == MONEY_UNKNOWN);
	assert_int_equal(cost(&no_cached, 5, 0, 0, 5), 10);
	assert_true(cost(&no_cached, 5, 1, 0, 5) == MONEY_UNKNOWN);
	assert_true(cost(&no_cached, 5, 0, 1, 5) == MONEY_UNKNOWN);
	assert_int_equal(cost(&no_output, 5, 5, 0, 0), 5);
	assert_true(cost(&no_output, 5, 5, 0, 1) == MONEY_UNKNOWN);
	assert_true(cost(&huge, 3, 0, 0, 0) == MONEY_UNKNOWN);
	assert_true(cost(&huge, 2, 0, 0, 1) == MONEY_UNKNOWN);
}

static void the_most_of_a_call_counts_the_dearest_tokens(void **state)
{
	struct price p = price_none;

	(void)state;
	p.input = 3;
	p.cache_write = 4;
	p.cached = 1;
	p.output = 10;
	assert_int_equal(price_most(&p, 100, 7), 100 * 4 + 70);
	p.cache_write = MONEY_UNKNOWN;
	assert_int_equal(price_most(&p, 100, 7), 100 * 3 + 70);
	p.input = MONEY_UNKNOWN;
	assert_true(price_most(&p, 100, 7) == MONEY_UNKNOWN);
	assert_true(price_most(NULL, 1, 1) == MONEY_UNKNOWN);
	assert_true(price_most(&p, -1, 1) == MONEY_UNKNOWN);
}

/* ---- and back --------------------------------------------------------------------------- */

static void a_row_is_written_as_it_is_read(void **state)
{
	static const char rows[] =
		"[{\"from\":\"2026-09-10\",\"input\":\"0.14\",\"cached\":\"0.0028\","
		"\"cache_write\":\"3.75\",\"output\":\"10\"},"
		"{\"from\":\"2026-09-10\",\"hours\":\"16:30-00:30\",\"days\":[\"mon\",\"sun\"],"
		"\"above\":200000,\"input\":\"0\",\"output\":\"0.000001\"}]";
	struct buf text = BUF(BUF_LINE_MAX);
	struct json_writer w = { .out = &text };
	struct model_map map;
	struct config c;

	(void)state;
	open_prices(&c, &map, rows);
	json_open(&w, '[');
	for (size_t i = 0; i < map.models[0].price_count; i++)
		price_row_write(&w, &map.models[0].prices[i]);
	json_close(&w, ']');
	check_buf(&text, rows);
	config_release(&c);
	buf_release(&text);
}

static void a_row_says_when_it_holds(void **state)
{
	struct buf text = BUF(BUF_LINE_MAX);
	struct price p = price_none;

	(void)state;
	price_row_say_when(&text, &p);
	check_buf(&text, "always");
	p.begin = 60;
	p.end = 240;
	p.days = 0x5F;
	p.above = 200000;
	buf_clear(&text);
	price_row_say_when(&text, &p);
	check_buf(&text, "01:00-04:00 mon-fri sun, over 200000 tokens");
	assert_true(clock_parse(STR("2026-09-10"), &p.from_us));
	p.begin = -1;
	p.days = 0;
	p.above = 0;
	buf_clear(&text);
	price_row_say_when(&text, &p);
	check_buf(&text, "from 2026-09-10");
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_row_in_force_follows_date_and_hour),
		cmocka_unit_test(hours_go_over_midnight_and_have_weekdays),
		cmocka_unit_test(long_prompts_have_rows_of_their_own),
		cmocka_unit_test(more_than_ten_prices_keep_their_order),
		cmocka_unit_test(prices_do_not_follow_a_model_to_another_provider_or_id),
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(what_is_not_known_makes_no_cost_and_never_zero),
		cmocka_unit_test(the_most_of_a_call_counts_the_dearest_tokens),
		cmocka_unit_test(a_row_is_written_as_it_is_read),
		cmocka_unit_test(a_row_says_when_it_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
