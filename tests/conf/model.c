/* SPDX-License-Identifier: GPL-3.0-or-later
 * The model map: what it takes from the settings, what it refuses, and what a call costs. */
#include "core/base/clock.h"
#include "core/base/money.h"
#include "tests/conf/fixture.h"

static void the_map_holds_what_the_settings_say(void **state)
{
	static const char file[] =
		"{\"providers\": {\"b\": {\"base_url\": \"https://b/v1/\", \"key_env\": \"B_KEY\", "
		"\"rpm\": 5, \"idle_ms\": 7}, \"a\": {\"tpm\": 3}},\n"
		"\"models\": {\"m\": {\"provider\": \"b\", \"tier\": 2, \"id\": \"x/m\", "
		"\"context\": 100, "
		"\"can\": [\"json\"], \"params\": {\"t\": 0}, \"server_usd_hour\": \"0.5\", "
		"\"max_tokens_as\": \"max_completion_tokens\", \"prompt\": \"short\"},\n"
		"\"m.id\": {\"provider\": \"a\", \"tier\": 1}, \"m-2\": {\"provider\": \"a\", "
		"\"tier\": 3}},\n"
		"\"tasks\": {\"faq\": {\"ladder\": [\"m.id\", \"m\", \"m-2\"], \"max_output\": "
		"50}},\n"
		"\"simulation\": {\"ladder\": [\"m\"]}}";
	struct buf why = BUF(BUF_WHY_MAX);
	struct model_map map;
	const struct model *m;
	struct config c;

	(void)state;
	if (fixture_open(&c, NULL, file, NULL, NULL, 0, &why) || model_map_build(&map, &c, &why))
		fail_msg("%s", why.ptr);
	assert_int_equal(map.provider_count, 2);
	check_str(map.providers[0].name, "a");
	check_str(map.providers[0].wire, "openai");
	assert_null(map.providers[0].base_url.ptr);
	assert_null(map.providers[0].key_env.ptr);
	check_str(map.providers[1].base_url, "https://b/v1");
	check_str(map.providers[1].key_env, "B_KEY");
	assert_int_equal(map.providers[1].rpm, 5);
	assert_int_equal(map.providers[1].tpm, 0);
	assert_int_equal(map.providers[0].tpm, 3);
	assert_int_equal(map.providers[1].idle_ms, 7);
	assert_int_equal(map.providers[1].connect_ms, 10000);
	assert_int_equal(map.model_count, 3);
	for (size_t i = 0; i + 1 < map.model_count; i++)
		assert_true(str_cmp(map.models[i].name, map.models[i + 1].name) < 0);
	m = model_find(&map, STR("m"));
	assert_ptr_equal(m->provider, provider_find(&map, STR("b")));
	check_str(m->id, "x/m");
	assert_int_equal(m->tier, 2);
	assert_int_equal(m->context, 100);
	assert_int_equal(m->max_output, 0);
	check_str(m->prompt, "short");
	check_str(m->max_tokens_as, "max_completion_tokens");
	check_str(m->params, "{\"t\":0}");
	assert_int_equal(m->server_hour, MONEY_DOLLAR / 2);
	assert_true(model_can(m, "json"));
	assert_false(model_can(m, "tools"));
	assert_null(model_price(m, 0));
	assert_int_equal(m->origin.line, 2);
	m = model_find(&map, STR("m.id"));
	check_str(m->id, "m.id");
	check_str(m->prompt, "long");
	check_str(m->max_tokens_as, "max_tokens");
	assert_null(m->params.ptr);
	assert_int_equal(m->server_hour, MONEY_UNKNOWN);
	assert_int_equal(map.tasks[TASK_FAQ].count, 3);
	check_str(map.tasks[TASK_FAQ].models[0]->name, "m.id");
	check_str(map.tasks[TASK_FAQ].models[2]->name, "m-2");
	assert_int_equal(map.task_max_output[TASK_FAQ], 50);
	assert_int_equal(map.tasks[TASK_CODE].count, 0);
	assert_int_equal(map.task_max_output[TASK_CODE], 0);
	assert_int_equal(map.simulation.count, 1);
	assert_null(model_find(&map, STR("M")));
	assert_null(provider_find(&map, STR("")));
	assert_string_equal(model_nearest(&map, STR("m-3")), "m-2");
	assert_null(model_nearest(&map, STR("zebra")));
	config_release(&c);
	buf_release(&why);
}

static void what_does_not_fit_together_is_refused(void **state)
{
	static const struct {
		const char *file, *why;
	} cases[] = {
		{ "{\"models\": {\"m\": {\"tier\": 1}}}",
			"config.json:1:27: models.m.provider: missing: expected a text, such as "
			"\"openai\"" },
		{ "{\"providers\": {\"pp\": {\"rpm\": 1}}, \"models\": {\"m\": {\"provider\": "
			"\"pq\"}}}",
			"config.json:1:64: models.m.provider: there is no provider \"pq\"; did you "
			"mean \"pp\"?\nconfig.json:1:64: models.m.tier: missing: expected a whole "
			"number from 1 to 3, such as 2" },
		{ "{\"tasks\": {\"faq\": {\"ladder\": [\"sim-smal\"]}}}",
			"config.json:1:30: tasks.faq.ladder: there is no model \"sim-smal\"; "
			"did you "
			"mean \"sim-small\"?" },
		{ "{\"simulation\": {\"ladder\": [\"none \\u001b[2J\"]}}", NULL },
		{ "{\"simulation\": {\"ladder\": [\"nothing like it\"]}}",
			"config.json:1:27: simulation.ladder: there is no model \"nothing like "
			"it\"" },
		{ "{\"simulation\": {\"ladder\": [\"o3\", \"o3\"]}}",
			"config.json:1:27: simulation.ladder: \"o3\" stands twice" },
		{ "{\"models\": {\"o3\": {\"price\": [{\"from\": \"2026-02-01\"},\n"
		  "{\"from\": \"2026-01-01\"}]}}}",
			"config.json:2:10: models.o3.price[1]: expected the oldest price first" },
		{ "{\"models\": {\"o3\": {\"price\": [{\"from\": \"2026-02-01\"},\n{\"input\": "
			"1}]}}}",
			"config.json:2:11: models.o3.price[1]: expected the oldest price first" },
		{ "{\"models\": {\"o3\": {\"price\": [{\"input\": 1},\n{\"output\": 2}]}}}",
			"config.json:2:12: models.o3.price[1]: a price for this time stands "
			"before" },
		{ "{\"models\": {\"o3\": {\"price\": [{\"hours\": \"01-04\"}, {\"input\": 1},\n"
		  "{\"hours\": \"01-04\"}]}}}",
			"config.json:2:11: models.o3.price[2]: a price for this time stands "
			"before" },
		{ "{\"models\": {\"o3\": {\"price\": [{}, {\"input\": 1}]}}}",
			"config.json:1:33: models.o3.price[0]: expected a price" },
	};
	struct arena a = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	struct model_map map;
	struct config c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum err err = fixture_open(
			&c, fixture_shipped(&a), cases[i].file, NULL, NULL, 0, &why);

		if (!cases[i].why) { /* a control character does not even get this far */
			assert_int_equal(err, ERR_CONFIG);
			continue;
		}
		check_ok(err);
		check_err(model_map_build(&map, &c, &why), ERR_CONFIG);
		if (i == 10)
			assert_true(str_ends(buf_str(&why), "price[0]: expected a price"));
		else
			check_buf(&why, cases[i].why);
		config_release(&c);
	}
	arena_release(&a);
	buf_release(&why);
}

static void a_provider_is_configured_by_its_key_or_by_the_user(void **state)
{
	static const char *const env[] = { "OPENAI_API_KEY=k", "MISTRAL_API_KEY=",
		"GROQ_API_KEY=bad key", NULL };
	static const struct config_set set = { "providers.deepseek.rpm", "9", NULL };
	struct arena a = ARENA;
	struct buf why = BUF(BUF_WHY_MAX), names = BUF(BUF_LINE_MAX);
	struct model_map map;
	struct config c;

	(void)state;
	check_ok(fixture_open(&c, fixture_shipped(&a),
		"{\"providers\": {\"ollama\": {\"idle_ms\": 1}}}", env, &set, 1, &why));
	check_ok(model_map_build(&map, &c, &why));
	for (size_t i = 0; i < map.provider_count; i++)
		if (map.providers[i].configured)
			buf_addf(&names, "%.*s ", STR_ARG(map.providers[i].name));
	check_buf(&names, "deepseek groq ollama openai "); /* groq: to say what is wrong */
	config_release(&c);
	arena_release(&a);
	buf_release(&why);
	buf_release(&names);
}

/* The band that deepseek charges more in, and a change of prices at midnight UTC. */
static const char banded[] =
	"{\"providers\": {\"p\": {\"rpm\": 1}}, \"models\": {\"m\": {\"provider\": \"p\", "
	"\"tier\": 1, "
	"\"price\": [{\"from\": \"2026-01-01\", \"input\": \"0.14\", \"cached\": \"0.0028\", "
	"\"output\": \"0.28\"},"
	"{\"from\": \"2026-06-01\", \"input\": 1},"
	"{\"from\": \"2026-06-01\", \"hours\": \"01-04\", \"input\": 2},"
	"{\"from\": \"2026-06-01\", \"hours\": \"22-24\", \"input\": 3},"
	"{\"from\": \"2026-09-01\", \"hours\": \"00-02\", \"input\": 4},"
	"{\"from\": \"2026-10-01\", \"input\": 5}]}}}";

static void the_price_in_force_follows_date_and_hour(void **state)
{
	static const struct {
		const char *time;
		int64_t input; /* pico-dollars a token; -1: none */
	} cases[] = {
		{ "1969-12-31T23:59Z", -1 },
		{ "2025-12-31T23:59:59.999Z", -1 },
		{ "2026-01-01", 140000 },
		{ "2026-05-31T23:59:59.999Z", 140000 },
		{ "2026-06-01", 1000000 },
		{ "2026-06-01T00:59:59.999Z", 1000000 },
		{ "2026-06-01T01:00:00.000Z", 2000000 },
		{ "2026-07-15T03:59:59.999Z", 2000000 },
		{ "2026-07-15T04:00:00.000Z", 1000000 },
		{ "2026-07-15T21:59:59.999Z", 1000000 },
		{ "2026-07-15T22:00:00.000Z", 3000000 },
		{ "2026-07-15T23:59:59.999Z", 3000000 },
		{ "2026-09-01T01:30:00.000Z", 4000000 },
		{ "2026-09-01T02:00:00.000Z", 2000000 },
		{ "2026-09-01T12:00:00.000Z", 1000000 },
		{ "2026-10-01T01:30:00.000Z", 5000000 },
		{ "2030-01-01T23:30:00.000Z", 5000000 },
	};
	struct buf why = BUF(BUF_WHY_MAX);
	struct model_map map;
	struct config c;

	(void)state;
	check_ok(fixture_open(&c, NULL, banded, NULL, NULL, 0, &why));
	check_ok(model_map_build(&map, &c, &why));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct price *p;
		struct str text = str_of(cases[i].time);
		int64_t time;

		/* The clock reads seconds or a whole date. */
		if (text.len == strlen("1969-12-31T23:59Z"))
			time = -60 * INT64_C(1000000);
		else
			assert_true(clock_parse(text, &time));
		p = model_price(&map.models[0], time);
		if (cases[i].input < 0)
			assert_null(p);
		else if (!p || p->input != cases[i].input)
			fail_msg("%s: %lld", cases[i].time, p ? (long long)p->input : -1);
	}
	config_release(&c);
	buf_release(&why);
}

static void more_than_ten_prices_keep_their_order(void **state)
{
	struct buf file = BUF(BUF_TEXT_MAX), why = BUF(BUF_WHY_MAX);
	struct model_map map;
	struct config c;

	(void)state;
	buf_add_text(&file, "{\"providers\": {\"p\": {\"rpm\": 1}}, \"models\": {\"m\": "
			    "{\"provider\": \"p\", \"tier\": 1, \"price\": [");
	for (int i = 1; i <= 12; i++)
		buf_addf(&file, "%s{\"from\": \"2026-%02d-01\", \"input\": "
			"%d}", i > 1 ? "," : "", i,
			i);
	buf_add_text(&file, "]}}}");
	check_ok(fixture_open(&c, NULL, file.ptr, NULL, NULL, 0, &why));
	check_ok(model_map_build(&map, &c, &why));
	assert_int_equal(map.models[0].price_count, 12);
	for (int i = 0; i < 12; i++)
		assert_int_equal(map.models[0].prices[i].input, (i + 1) * 1000000);
	config_release(&c);
	buf_release(&file);
	buf_release(&why);
}

static void a_call_costs_to_the_pico_dollar(void **state)
{
	const struct price p = { 0, -1, -1, 140000, 2800, MONEY_UNKNOWN, 280000 };
	const struct price no_cached = { 0, -1, -1, 1, MONEY_UNKNOWN, MONEY_UNKNOWN, 1 };
	const struct price no_output = { 0, -1, -1, 1, 1, 1, MONEY_UNKNOWN };
	const struct price huge = { 0, -1, -1, INT64_MAX / 2, 0, 0, INT64_MAX / 2 };

	(void)state;
	assert_int_equal(price_cost(&p, 0, 0, 0), 0);
	assert_int_equal(price_cost(&p, 212, 0, 64), 212 * 140000 + 64 * 280000);
	assert_int_equal(price_cost(&p, 1000, 900, 10), 100 * 140000 + 900 * 2800 + 2800000);
	assert_int_equal(price_cost(&p, 1000000, 1000000, 0), INT64_C(2800000000));
	assert_int_equal(price_cost(&p, 10, 99, 0), 28000);
	assert_true(price_cost(NULL, 0, 0, 0) == MONEY_UNKNOWN);
	assert_true(price_cost(&p, -1, 0, 0) == MONEY_UNKNOWN);
	assert_true(price_cost(&p, 0, 0, -1) == MONEY_UNKNOWN);
	assert_int_equal(price_cost(&no_cached, 5, 0, 5), 10);
	assert_true(price_cost(&no_cached, 5, 1, 5) == MONEY_UNKNOWN);
	assert_int_equal(price_cost(&no_output, 5, 5, 0), 5);
	assert_true(price_cost(&no_output, 5, 5, 1) == MONEY_UNKNOWN);
	assert_true(price_cost(&huge, 3, 0, 0) == MONEY_UNKNOWN);
	assert_true(price_cost(&huge, 2, 0, 1) == MONEY_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_map_holds_what_the_settings_say),
		cmocka_unit_test(what_does_not_fit_together_is_refused),
		cmocka_unit_test(a_provider_is_configured_by_its_key_or_by_the_user),
		cmocka_unit_test(the_price_in_force_follows_date_and_hour),
		cmocka_unit_test(more_than_ten_prices_keep_their_order),
		cmocka_unit_test(a_call_costs_to_the_pico_dollar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
