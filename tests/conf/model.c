/* SPDX-License-Identifier: GPL-3.0-or-later
 * The model map: what it takes from the settings, and what it refuses. */
#include "core/base/money.h"
#include "tests/conf/fixture.h"

static void the_map_holds_what_the_settings_say(void **state)
{
	static const char file[] =
		"{\"providers\": {\"b\": {\"base_url\": \"https://b/v1/\", \"key_env\": \"B_KEY\", "
		"\"rpm\": 5, \"idle_ms\": 7, \"wire\": \"anthropic\", \"key_header\": \"api-key\", "
		"\"headers\": {\"X-A\": \"1\", \"//\": 7, \"X-B\": \"\\u00e9\"}}, "
		"\"a\": {\"tpm\": 3}},\n"
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
	check_str(map.providers[1].wire, "anthropic");
	check_str(map.providers[1].key_header, "api-key");
	assert_int_equal(map.providers[1].header_count, 2);
	assert_string_equal(map.providers[1].headers[0].name, "X-A");
	assert_string_equal(map.providers[1].headers[0].value, "1");
	assert_string_equal(map.providers[1].headers[1].value, "\xc3\xa9");
	assert_null(map.providers[0].key_header.ptr);
	assert_int_equal(map.providers[0].header_count, 0);
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
	assert_null(model_price(m, 0, 0));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_map_holds_what_the_settings_say),
		cmocka_unit_test(what_does_not_fit_together_is_refused),
		cmocka_unit_test(a_provider_is_configured_by_its_key_or_by_the_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
