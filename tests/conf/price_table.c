/* SPDX-License-Identifier: GPL-3.0-or-later
 * Public tables of prices, through their traps; and what they would change. */
#include "core/base/clock.h"
#include "core/base/money.h"
#include "core/conf/price_import.h"
#include "core/conf/price_rows.h"
#include "tests/conf/fixture.h"

#include <stdio.h>
#include <unistd.h>

struct world {
	struct arena arena;
	struct buf why;
	struct price_table table;
	struct config config;
	struct model_map map;
	int64_t now;
};

static void open_table(struct world *w, const char *text)
{
	*w = (struct world){ .why = BUF(BUF_WHY_MAX) };
	assert_true(clock_parse(STR("2026-11-24T12:00:00.000Z"), &w->now));
	if (price_table_read(&w->table, &w->arena, str_of(text), &w->why))
		fail_msg("%s", w->why.ptr);
}

static void open_models(struct world *w, const char *file)
{
	check_ok(fixture_open(&w->config, NULL, file, NULL, NULL, 0, &w->why));
	if (model_map_build(&w->map, &w->config, &w->why))
		fail_msg("%s", w->why.ptr);
}

static void close_world(struct world *w)
{
	config_release(&w->config);
	arena_release(&w->arena);
	buf_release(&w->why);
}

static const struct price_entry *entry_of(const struct world *w, const char *name)
{
	for (size_t i = 0; i < w->table.entries.len; i++)
		if (str_is(w->table.entries.ptr[i].name, name))
			return &w->table.entries.ptr[i];
	fail_msg("%s: not there", name);
	return NULL;
}

static void check_rows(const struct price *rows, size_t count, const char *json)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &text };

	json_open(&w, '[');
	for (size_t i = 0; i < count; i++)
		price_row_write(&w, &rows[i]);
	json_close(&w, ']');
	check_buf(&text, json);
	buf_release(&text);
}

/* ---- litellm ---------------------------------------------------------------------------- */

static const char litellm[] =
	"{\"sample_spec\": {\"litellm_provider\": \"one of them\", \"input_cost_per_token\": "
	"\"0.00\", \"max_tokens\": \"a number\"},\n"
	"\"last_updated\": \"2026-07-24\",\n"
	"\"tiny\": {\"litellm_provider\": \"a\", \"input_cost_per_token\": 2.8e-09, "
	"\"output_cost_per_token\": 6e-08, \"cache_read_input_token_cost\": 1E-12},\n"
	"\"b/v/free\": {\"litellm_provider\": \"b\", \"input_cost_per_token\": 0, "
	"\"output_cost_per_token\": 0.0, \"cache_read_input_token_cost\": null},\n"
	"\"long\": {\"litellm_provider\": \"a\", \"input_cost_per_token_above_200k_tokens\": "
	"6e-06, "
	"\"input_cost_per_token\": 0.000003, \"output_cost_per_token\": 1.5e-05, "
	"\"output_cost_per_token_above_200k_tokens\": 2.25e-05, "
	"\"cache_creation_input_token_cost\": 3.75e-06, "
	"\"cache_creation_input_token_cost_above_1hr\": 6e-06, "
	"\"input_cost_per_token_above_200k_tokens_batches\": 1, "
	"\"input_cost_per_token_batches\": 1e-06, \"input_cost_per_token_priority\": 9e-06, "
	"\"output_cost_per_reasoning_token\": 9e-06, "
	"\"search_context_cost_per_query\": {\"low\": 0.03}},\n"
	"\"tiers\": {\"litellm_provider\": \"a\", \"tiered_pricing\": [{\"range\": [0, 32000.0], "
	"\"input_cost_per_token\": 5e-08, \"output_cost_per_token\": 4e-07}, {\"range\": [32e3, "
	"1e6], \"input_cost_per_token\": 2.5e-07}]},\n"
	"\"picture\": {\"litellm_provider\": \"a\", \"output_cost_per_image\": 0.04},\n"
	"\"text\": {\"litellm_provider\": \"a\", \"input_cost_per_token\": \"1e-06\"},\n"
	"\"object\": {\"litellm_provider\": \"a\", \"input_cost_per_token\": 1e-06, "
	"\"output_cost_per_token\": {\"low\": 1e-06}},\n"
	"\"too small\": {\"litellm_provider\": \"a\", \"input_cost_per_token\": 2.8e-13},\n"
	"\"minus\": {\"litellm_provider\": \"a\", \"input_cost_per_token\": -1e-06},\n"
	"\"huge\": {\"litellm_provider\": \"a\", \"input_cost_per_token\": 1e+99},\n"
	"\"nobody\": {\"litellm_provider\": 7, \"input_cost_per_token\": 1e-06}}";

static void litellm_is_read_exactly_and_through_its_traps(void **state)
{
	static const struct {
		const char *name, *provider, *id, *rows;
	} good[] = {
		{ "tiny", "a", "tiny",
			"[{\"input\":\"0.0028\",\"cached\":\"0.000001\",\"output\":\"0.06\"}]" },
		{ "b/v/free", "b", "v/free", "[{\"input\":\"0\",\"output\":\"0\"}]" },
		{ "long", "a", "long",
			"[{\"input\":\"3\",\"cache_write\":\"3.75\",\"output\":\"15\"},"
			"{\"above\":200000,\"input\":\"6\",\"cache_write\":\"3.75\",\"output\":"
			"\"22.5\"}]" },
		{ "tiers", "a", "tiers",
			"[{\"input\":\"0.05\",\"output\":\"0.4\"},"
			"{\"above\":32000,\"input\":\"0.25\",\"output\":\"0.4\"}]" },
		{ "picture", "a", "picture", "[]" },
	};
	static const struct {
		const char *name, *why;
		int line;
	} bad[] = {
		{ "text", "input_cost_per_token is no number", 8 },
		{ "object", "output_cost_per_token is no number", 9 },
		{ "too small", "input_cost_per_token is 2.8e-13: no amount of whole pico-dollars",
			10 },
		{ "minus", "input_cost_per_token is -1e-06: no amount of whole pico-dollars", 11 },
		{ "huge", "input_cost_per_token is 1e+99: no amount of whole pico-dollars", 12 },
		{ "nobody", "litellm_provider is no text", 13 },
	};
	struct world w;

	(void)state;
	open_table(&w, litellm);
	assert_string_equal(w.table.format, "litellm");
	assert_int_equal(w.table.entries.len, ARRAY_LEN(good) + ARRAY_LEN(bad));
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		const struct price_entry *e = entry_of(&w, good[i].name);

		check_str(e->provider, good[i].provider);
		check_str(e->id, good[i].id);
		assert_null(e->wrong.ptr);
		check_rows(e->rows, e->count, good[i].rows);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const struct price_entry *e = entry_of(&w, bad[i].name);

		check_str(e->wrong, bad[i].why);
		assert_int_equal(e->line, bad[i].line);
		assert_int_equal(e->count, 0);
	}
	close_world(&w);
}

/* ---- genai-prices ----------------------------------------------------------------------- */

static const char genai[] =
	"[{\"id\": \"a\", \"name\": \"A\", \"api_pattern\": \"https://a\", \"models\": [\n"
	"{\"id\": \"plain\", \"match\": {\"or\": [{\"starts_with\": \"plain-\"}, {\"and\": "
	"[{\"contains\": \"simple\"}, {\"ends_with\": \"-x\"}]}, {\"regex\": \".*\"}, {\"equals\": "
	"\"p\"}]}, \"prices\": {\"input_mtok\": 0.15, \"output_mtok\": 6e-1, "
	"\"input_audio_mtok\": 10, \"cache_write_1h_mtok\": 3}},\n"
	"{\"id\": \"dated\", \"match\": {\"equals\": \"dated\"}, \"prices\": [{\"prices\": "
	"{\"input_mtok\": 10, \"cache_read_mtok\": 2.5, \"output_mtok\": 40}}, {\"constraint\": "
	"{\"start_date\": \"2025-06-10\"}, \"prices\": {\"input_mtok\": 2, \"cache_read_mtok\": "
	"0.5, \"output_mtok\": 8}}]},\n"
	"{\"id\": \"hours\", \"match\": {\"equals\": \"hours\"}, \"prices\": [{\"constraint\": "
	"null, \"prices\": {\"input_mtok\": 0.27, \"output_mtok\": 1.1}}, {\"constraint\": "
	"{\"start_date\": \"2025-02-01\"}, \"prices\": {\"input_mtok\": 0.28, \"output_mtok\": "
	"1.2}}, {\"constraint\": {\"start_time\": \"16:30:00Z\", \"end_time\": \"00:30:00Z\"}, "
	"\"prices\": {\"input_mtok\": 0.135, \"output_mtok\": 0.55}}]},\n"
	"{\"id\": \"tiers\", \"match\": {\"equals\": \"tiers\"}, \"prices\": {\"input_mtok\": "
	"{\"base\": 3, \"tiers\": [{\"start\": 200000, \"price\": 6}]}, \"output_mtok\": "
	"{\"base\": 15, \"tiers\": [{\"start\": 200000, \"price\": 22.5}]}, \"cache_write_mtok\": "
	"3.75}},\n"
	"{\"id\": \"seconds\", \"match\": {}, \"prices\": [{\"constraint\": {\"start_time\": "
	"\"16:30:30Z\", \"end_time\": \"00:30:00Z\"}, \"prices\": {\"input_mtok\": 1}}]},\n"
	"{\"id\": \"twice\", \"match\": {}, \"prices\": [{\"prices\": {\"input_mtok\": 1}}, "
	"{\"prices\": {\"input_mtok\": 2}}]},\n"
	"{\"id\": \"words\", \"match\": {}, \"prices\": {\"input_mtok\": \"0.15\"}},\n"
	"{\"id\": \"none\", \"match\": {}, \"prices\": \"free\"},\n"
	"{\"id\": \"images\", \"match\": {}, \"prices\": {\"requests_kcount\": 5}},\n"
	"{\"match\": {}, \"prices\": {}}]},\n"
	"{\"id\": 5, \"models\": []}]";

static void genai_is_read_with_its_dates_hours_and_tiers(void **state)
{
	static const struct {
		const char *name, *rows;
		bool dated;
	} good[] = {
		{ "a: plain", "[{\"input\":\"0.15\",\"output\":\"0.6\"}]", false },
		{ "a: dated",
			"[{\"input\":\"10\",\"cached\":\"2.5\",\"output\":\"40\"},{\"from\":"
			"\"2025-06-10\",\"input\":\"2\",\"cached\":\"0.5\",\"output\":\"8\"}]",
			true },
		/* The last condition that fits holds: the hours over both dates. */
		{ "a: hours",
			"[{\"input\":\"0.27\",\"output\":\"1.1\"},"
			"{\"hours\":\"16:30-00:30\",\"input\":\"0.135\",\"output\":\"0.55\"},"
			"{\"from\":\"2025-02-01\",\"input\":\"0.28\",\"output\":\"1.2\"},"
			"{\"from\":\"2025-02-01\",\"hours\":\"16:30-00:30\",\"input\":\"0.135\","
			"\"output\":\"0.55\"}]",
			true },
		{ "a: tiers",
			"[{\"input\":\"3\",\"cache_write\":\"3.75\",\"output\":\"15\"},"
			"{\"above\":200000,\"input\":\"6\",\"cache_write\":\"3.75\",\"output\":"
			"\"22.5\"}]",
			false },
		{ "a: images", "[]", false },
	};
	static const struct {
		const char *name, *why;
	} bad[] = {
		{ "a: seconds", "6:43: a condition that nobody here understands" },
		{ "a: twice", "a price for this time stands before" },
		{ "a: words", "8:55: no amount of whole pico-dollars a token" },
		{ "a: none", "its prices are neither an object nor a list" },
		{ "a: ", "a model without an id" },
		{ "", "a provider without id and models" },
	};
	struct world w;

	(void)state;
	open_table(&w, genai);
	assert_string_equal(w.table.format, "genai-prices");
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		const struct price_entry *e = entry_of(&w, good[i].name);

		if (e->wrong.ptr)
			fail_msg("%s: %s", good[i].name, e->wrong.ptr);
		check_rows(e->rows, e->count, good[i].rows);
		assert_int_equal(e->dated, good[i].dated);
	}
	for (size_t i = 0; i + 1 < ARRAY_LEN(bad); i++)
		check_str(entry_of(&w, bad[i].name)->wrong, bad[i].why);
	check_str(w.table.entries.ptr[w.table.entries.len - 1].wrong, bad[ARRAY_LEN(bad) - 1].why);
	close_world(&w);
}

static void an_id_is_found_by_what_the_table_says_of_it(void **state)
{
	static const struct {
		const char *id, *name;
	} cases[] = {
		{ "plain", "a: plain" },
		{ "plain-2026", "a: plain" },
		{ "p", "a: plain" },
		{ "a simple one-x", "a: plain" },
		{ "a simple one", NULL },
		{ "dated", "a: dated" },
		{ "unheard of", NULL }, /* although an expression would fit it */
		{ "", NULL },
	};
	const struct price_entry *twin;
	struct world w;

	(void)state;
	open_table(&w, genai);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct price_entry *e =
			price_table_find(&w.table, STR("a"), str_of(cases[i].id), &twin);

		if (cases[i].name ? !e || !str_is(e->name, cases[i].name) : e != NULL)
			fail_msg("%s", cases[i].id);
		assert_null(twin);
		assert_null(price_table_find(&w.table, STR("b"), str_of(cases[i].id), &twin));
	}
	close_world(&w);
}

static void of_two_entries_the_one_under_its_provider_counts(void **state)
{
	const struct price_entry *e, *twin;
	struct world w;

	(void)state;
	open_table(&w, "{\"m\": {\"litellm_provider\": \"p\", \"input_cost_per_token\": 1e-06},"
		       "\"p/m\": {\"litellm_provider\": \"p\", \"input_cost_per_token\": 2e-06},"
		       "\"n\": {\"litellm_provider\": \"p\", \"input_cost_per_token\": 1e-06},"
		       "\"p/n\": {\"litellm_provider\": \"p\", \"input_cost_per_token\": 1e-06},"
		       "\"q/m\": {\"litellm_provider\": \"q\", \"input_cost_per_token\": 3e-06}}");
	e = price_table_find(&w.table, STR("p"), STR("m"), &twin);
	check_str(e->name, "p/m");
	check_str(twin->name, "m");
	e = price_table_find(&w.table, STR("p"), STR("n"), &twin);
	check_str(e->name, "p/n");
	assert_null(twin);
	e = price_table_find(&w.table, STR("q"), STR("m"), &twin);
	check_rows(e->rows, e->count, "[{\"input\":\"3\"}]");
	close_world(&w);
}

/* ---- neither ---------------------------------------------------------------------------- */

static void what_is_no_table_is_said_with_its_place(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "1:1: " },
		{ "{\"a\": 1,\n ]", "2:2: " },
		{ "[]", "1:1: no table of prices: expected litellm's" },
		{ "\n  {}", "2:3: no table of prices" },
		{ "7", "1:1: no table of prices" },
		{ "{\"a\": {\"input_cost_per_token\": 1}}", "1:1: no table of prices" },
		{ "[{\"vendor\": \"x\", \"models\": []}]", "1:1: no table of prices" },
	};
	struct arena arena = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	struct price_table table;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		check_err(
			price_table_read(&table, &arena, str_of(cases[i].text), &why), ERR_SYNTAX);
		if (!str_starts(buf_str(&why), cases[i].why))
			fail_msg("%s: %s", cases[i].text, why.ptr);
	}
	arena_release(&arena);
	buf_release(&why);
}

static void a_provider_is_known_by_its_address(void **state)
{
	static const struct {
		const char *url, *litellm, *genai;
	} cases[] = {
		{ "https://api.openai.com/v1", "openai", "openai" },
		{ "https://API.X.AI:443/v1", "xai", "x-ai" },
		{ "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "dashscope",
			"alibaba" },
		{ "https://api.max.ai/v1", "mine", "mine" },
		{ "https://notapi.x.ai.example/v1", "mine", "mine" },
		{ "http://127.0.0.1:8000/v1", NULL, NULL },
		{ "http://localhost/v1", NULL, NULL },
		{ "http://[::1]:8080/v1", NULL, NULL },
	};
	struct price_table tables[2] = { { .dialect = 0 }, { .dialect = 1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct provider p = { .name = STR("mine"), .base_url = str_of(cases[i].url) };
		struct str names[2] = { price_table_provider(&tables[0], &p),
			price_table_provider(&tables[1], &p) };

		if (!str_eq(names[0], str_of(cases[i].litellm)) ||
			!str_eq(names[1], str_of(cases[i].genai)))
			fail_msg("%s: %.*s, %.*s", cases[i].url, STR_ARG(names[0]),
				STR_ARG(names[1]));
	}
}

/* ---- what would change ------------------------------------------------------------------ */

#define MODEL(price)                                                                   \
	"{\"providers\": {\"p\": {\"base_url\": \"https://p\"}}, \"models\": {\"m\": " \
	"{\"provider\": "                                                              \
	"\"p\", \"tier\": 1, \"id\": \"x\"" price "}}}"
#define X_COSTS(fields) "{\"p/x\": {\"litellm_provider\": \"p\"" fields "}}"
#define IN_OUT ", \"input_cost_per_token\": 1e-06, \"output_cost_per_token\": 2e-06"

/* The user's own prices stand above imported ones, so here they come from below, as shipped ones.
 */
static void a_proposal_says_what_would_change_and_why_not(void **state)
{
	static const struct {
		const char *table, *price; /* of the model as shipped */
		bool named;
		enum price_change change;
		const char *rows, *note;
	} cases[] = {
		{ X_COSTS(IN_OUT), "", false, PRICE_NEW,
			"[{\"from\":\"2026-11-24\",\"input\":\"1\",\"output\":\"2\"}]", NULL },
		{ X_COSTS(IN_OUT), ", \"price\": {\"input\": 1, \"output\": 2, \"cached\": 0.5}",
			false, PRICE_SAME, NULL, NULL },
		{ X_COSTS(IN_OUT ", \"cache_read_input_token_cost\": 1e-07"),
			", \"price\": {\"input\": 1, \"output\": 2}", false, PRICE_CHANGED,
			"[{\"input\":\"1\",\"output\":\"2\"},{\"from\":\"2026-11-24\",\"input\":"
			"\"1\",\"cached\":\"0.1\",\"output\":\"2\"}]",
			NULL },
		/* A cached price of before does not stand beside a new price of input. */
		{ X_COSTS(IN_OUT),
			", \"price\": [{\"input\": 3, \"output\": 2, \"cached\": 0.5}, {\"from\": "
			"\"2027-01-01\", \"input\": 4}]",
			false, PRICE_CHANGED,
			"[{\"input\":\"3\",\"cached\":\"0.5\",\"output\":\"2\"},{\"from\":"
			"\"2026-11-24\",\"input\":\"1\",\"output\":\"2\"},{\"from\":\"2027-01-01\","
			"\"input\":\"4\"}]",
			NULL },
		{ X_COSTS(IN_OUT),
			", \"price\": [{\"input\": 3, \"output\": 2}, {\"hours\": \"01-04\", "
			"\"input\": 6}]",
			false, PRICE_KEPT, NULL,
			"the table knows no hours: name the model to take it" },
		{ X_COSTS(IN_OUT),
			", \"price\": [{\"input\": 3, \"output\": 2}, {\"hours\": \"01-04\", "
			"\"input\": 6}]",
			true, PRICE_CHANGED, NULL, NULL },
		{ X_COSTS(IN_OUT),
			", \"price\": [{\"input\": 1, \"output\": 2}, {\"hours\": \"01-04\", "
			"\"input\": 6}]",
			false, PRICE_SAME, NULL, NULL },
		{ X_COSTS(IN_OUT ", \"input_cost_per_token_above_128k_tokens\": 3e-06"),
			", \"price\": {\"input\": 1, \"output\": 2}", false, PRICE_CHANGED, NULL,
			NULL },
	};
	struct arena a = ARENA;
	char shipped[] = "/tmp/weir-test-XXXXXX";
	FILE *file;

	(void)state;
	assert_int_not_equal(mkstemp(shipped), -1);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct price_proposal p;
		struct world w;

		open_table(&w, cases[i].table);
		file = fopen(shipped, "w");
		assert_non_null(file);
		fputs(arena_format(&a, MODEL("%s"), cases[i].price).ptr, file);
		fclose(file);
		check_ok(fixture_open(&w.config, shipped, "", NULL, NULL, 0, &w.why));
		check_ok(model_map_build(&w.map, &w.config, &w.why));
		assert_true(price_propose(
			&p, &w.arena, &w.table, &w.map.models[0], w.now, cases[i].named));
		if (p.change != cases[i].change)
			fail_msg("%zu: %s", i, price_change_names[p.change]);
		assert_true(str_eq(p.note, str_of(cases[i].note)));
		if (cases[i].rows)
			check_rows(p.rows, p.count, cases[i].rows);
		close_world(&w);
	}
	unlink(shipped);
	arena_release(&a);
}

static void what_the_user_set_stays(void **state)
{
	struct price_proposal p;
	struct world w;

	(void)state;
	open_table(&w, X_COSTS(IN_OUT));
	open_models(&w, MODEL(", \"price\": {\"input\": 9, \"output\": 9}"));
	assert_true(price_propose(&p, &w.arena, &w.table, &w.map.models[0], w.now, true));
	assert_int_equal(p.change, PRICE_KEPT);
	assert_true(str_starts(p.note, "yours, set in config.json:1:"));
	close_world(&w);
}

static void what_the_table_does_not_know_has_no_proposal(void **state)
{
	struct price_proposal p;
	struct world w;

	(void)state;
	open_table(&w, X_COSTS(IN_OUT));
	open_models(&w, "{\"providers\": {\"p\": {\"base_url\": \"https://p\"}, \"q\": "
			"{\"base_url\": \"https://q\"}, \"here\": {\"base_url\": "
			"\"http://127.0.0.1/v1\"}}, \"models\": {"
			"\"a\": {\"provider\": \"p\", \"id\": \"y\", \"tier\": 1},"
			"\"b\": {\"provider\": \"q\", \"id\": \"x\", \"tier\": 1},"
			"\"c\": {\"provider\": \"here\", \"id\": \"x\", \"tier\": 1},"
			"\"d\": {\"provider\": \"p\", \"id\": \"*\", \"tier\": 1}}}");
	for (size_t i = 0; i < w.map.model_count; i++)
		assert_false(price_propose(&p, &w.arena, &w.table, &w.map.models[i], w.now, true));
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(litellm_is_read_exactly_and_through_its_traps),
		cmocka_unit_test(genai_is_read_with_its_dates_hours_and_tiers),
		cmocka_unit_test(an_id_is_found_by_what_the_table_says_of_it),
		cmocka_unit_test(of_two_entries_the_one_under_its_provider_counts),
		cmocka_unit_test(what_is_no_table_is_said_with_its_place),
		cmocka_unit_test(a_provider_is_known_by_its_address),
		cmocka_unit_test(a_proposal_says_what_would_change_and_why_not),
		cmocka_unit_test(what_the_user_set_stays),
		cmocka_unit_test(what_the_table_does_not_know_has_no_proposal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
