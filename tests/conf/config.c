/* SPDX-License-Identifier: GPL-3.0-or-later
 * Layers, origins, and every way a configuration can be wrong, in the words a person reads. */
#include "core/base/money.h"
#include "core/conf/layers.h"
#include "tests/conf/fixture.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *file, *why;
} mistakes[] = {
	/* the manner of them all */
	{ "{\"models\": {\"qwen3-8b\": {\n \"price\": {\"input\": \"cheap\"}}}}",
		"config.json:2:21: models.qwen3-8b.price[0].input: expected a number of "
		"dollars per million tokens, such as \"0.14\"" },
	/* not JSON */
	{ "{\"routing\": {\"task\" \"faq\"}}", "config.json:1:21: expected ':' after "
		"the key" },
	{ "{\n\"sim\": {},\n}",
		"config.json:3:1: expected a key: the comma before '}' is one too many" },
	{ "{\"sim\": {", "config.json:1:10: the text ends inside an object: '}' is "
		"missing" },
	{ "// none\n{}", "config.json:1:1: expected a value: JSON has no comments" },
	{ "[]", "config.json:1:1: expected an object with keys such as \"providers\"" },
	{ "7", "config.json:1:1: expected an object with keys such as \"providers\"" },
	/* keys */
	{ "{\"modles\": {}}",
		"config.json:1:2: modles: unknown key; did you mean \"models\"?" },
	{ "{\"zzz\": [1, {\"a\": 2}], \"sim\": {\"seed\": 1}}",
		"config.json:1:2: zzz: unknown key" },
	{ "{\"routing\": {\"treshold\": 1}}",
		"config.json:1:14: routing.treshold: unknown key; did you mean "
		"\"thresholds\"?" },
	{ "{\"models\": {\"gpt-5.4\": {\"teir\": 1}}}",
		"config.json:1:25: models.gpt-5.4.teir: unknown key; did you mean "
		"\"tier\"?" },
	{ "{\"models\": {\"a\": {\"price\": [{}, {\"inptu\": 1}]}}}",
		"config.json:1:34: models.a.price[1].inptu: unknown key; did you mean "
		"\"input\"?" },
	{ "{\"tasks\": {\"summarise\": {}}}",
		"config.json:1:12: tasks.summarise: unknown key; did you mean "
		"\"summarize\"?" },
	{ "{\"tasks\": {\"poetry\": {}}}", "config.json:1:12: tasks.poetry: unknown key" },
	{ "{\"cache\": {}}", "config.json:1:2: cache: unknown key" },
	{ "{\"sim\": {\"seed\": 1, \"seed\": 2}}",
		"config.json:1:21: sim.seed: this key stands twice" },
	{ "{\"sim\": {}, \"sim\": {}}", "config.json:1:13: sim: this key stands twice" },
	{ "{\"models\": {\"a\": {\"params\": {\"x\": {\"y\": 1, \"y\": 1}}}}}",
		"config.json:1:44: models.a.params: this key stands twice" },
	{ "{\"models\": {\"\": {}}}",
		"config.json:1:13: models.: expected a name of at most 64 bytes, without "
		"blanks, brackets and quotes" },
	{ "{\"models\": {\"a[0]\": {}}}",
		"config.json:1:13: models.a[0]: expected a name of at most 64 bytes, "
		"without blanks, brackets and quotes" },
	{ "{\"models\": {\"a\\u001b[2J\": {}}}",
		"config.json:1:13: models.a\\u001b[2J: expected a name of at most 64 "
		"bytes, "
		"without blanks, brackets and quotes" },
	{ "{\"\\u009b2J\": 1}", "config.json:1:2: \\u009b2J: unknown key" },
	/* groups and lists where values are meant, and the other way round */
	{ "{\"models\": [1, {\"a\": []}]}",
		"config.json:1:12: models: expected an object with a key for each name" },
	{ "{\"models\": {\"a\": \"b\"}}",
		"config.json:1:18: models.a: expected an object with keys such as "
		"\"provider\"" },
	{ "{\"sim\": null}",
		"config.json:1:9: sim: expected an object with keys such as \"seed\"" },
	{ "{\"models\": {\"a\": {\"price\": \"0.1\"}}}",
		"config.json:1:28: models.a.price: expected a list of objects" },
	{ "{\"models\": {\"a\": {\"price\": [{}, 7]}}}",
		"config.json:1:33: models.a.price[1]: expected an object" },
	{ "{\"models\": {\"a\": {\"price\": [[{}]]}}}",
		"config.json:1:29: models.a.price[0]: expected an object" },
	{ "{\"request\": {\"user\": {\"name\": \"x\"}}}",
		"config.json:1:22: request.user: expected a text, such as \"dana\"" },
	{ "{\"request\": {\"user\": [\"x\"]}}",
		"config.json:1:22: request.user: expected a text, such as \"dana\"" },
	/* values, type by type */
	{ "{\"request\": {\"user\": 7}}",
		"config.json:1:22: request.user: expected a text, such as \"dana\"" },
	{ "{\"request\": {\"user\": \"\"}}",
		"config.json:1:22: request.user: expected a text, such as \"dana\"" },
	{ "{\"request\": {\"app\": \"a\\nb\"}}",
		"config.json:1:21: request.app: expected a text, such as \"claims-desk\"" },
	{ "{\"request\": {\"app\": null}}",
		"config.json:1:21: request.app: expected a text, such as \"claims-desk\"" },
	{ "{\"answer\": {\"max_tokens\": 0}}",
		"config.json:1:27: answer.max_tokens: expected a whole number of tokens, "
		"1 or more, such as 1024" },
	{ "{\"answer\": {\"max_tokens\": 1.5}}",
		"config.json:1:27: answer.max_tokens: expected a whole number of tokens, "
		"1 or more, such as 1024" },
	{ "{\"answer\": {\"max_tokens\": \"512\"}}",
		"config.json:1:27: answer.max_tokens: expected a whole number of tokens, "
		"1 or more, such as 1024" },
	{ "{\"answer\": {\"max_tokens\": 9007199254740993}}",
		"config.json:1:27: answer.max_tokens: expected a whole number of tokens, "
		"1 or more, such as 1024" },
	{ "{\"models\": {\"a\": {\"tier\": 4}}}",
		"config.json:1:27: models.a.tier: expected a whole number from 1 to 3, "
		"such "
		"as 2" },
	{ "{\"sim\": {\"seed\": -1}}",
		"config.json:1:18: sim.seed: expected a whole number, 0 or more, such "
		"as 1" },
	{ "{\"providers\": {\"p\": {\"idle_ms\": 1e4}}}",
		"config.json:1:33: providers.p.idle_ms: expected a whole number of ms from "
		"1 to 86400000, such as 120000" },
	{ "{\"sim\": {\"speed\": \"slow\"}}",
		"config.json:1:19: sim.speed: expected \"natural\" or \"fast\"" },
	{ "{\"providers\": {\"p\": {\"wire\": \"grpc\"}}}",
		"config.json:1:30: providers.p.wire: expected \"openai\" or \"anthropic\"" },
	{ "{\"models\": {\"a\": {\"server_usd_hour\": \"-1\"}}}",
		"config.json:1:38: models.a.server_usd_hour: expected a number of dollars, "
		"such as \"0.50\"" },
	{ "{\"models\": {\"a\": {\"price\": [{\"output\": 1e-3}]}}}",
		"config.json:1:40: models.a.price[0].output: expected a number of dollars "
		"per million tokens, such as \"0.28\"" },
	{ "{\"models\": {\"a\": {\"price\": [{\"cached\": \"0.0000001\"}]}}}",
		"config.json:1:40: models.a.price[0].cached: expected a number of dollars "
		"per million tokens, such as \"0.014\"" },
	{ "{\"models\": {\"a\": {\"price\": [{\"from\": \"2026-02-30\"}]}}}",
		"config.json:1:38: models.a.price[0].from: expected a date, such as "
		"\"2026-01-01\"" },
	{ "{\"models\": {\"a\": {\"price\": [{\"from\": \"2026-01-01T00:00Z\"}]}}}",
		"config.json:1:38: models.a.price[0].from: expected a date, such as "
		"\"2026-01-01\"" },
	{ "{\"models\": {\"a\": {\"price\": [{\"hours\": \"1-4\"}]}}}",
		"config.json:1:39: models.a.price[0].hours: expected hours of a day in "
		"UTC, "
		"such as \"01-04\"" },
	{ "{\"models\": {\"a\": {\"price\": [{\"hours\": \"20-25\"}]}}}",
		"config.json:1:39: models.a.price[0].hours: expected hours of a day in "
		"UTC, "
		"such as \"01-04\"" },
	{ "{\"models\": {\"a\": {\"price\": [{\"hours\": \"02-02\"}]}}}",
		"config.json:1:39: models.a.price[0].hours: expected hours of a day in UTC, such "
		"as \"01-04\"" },
	{ "{\"models\": {\"a\": {\"price\": [{\"hours\": \"01:60-04\"}]}}}",
		"config.json:1:39: models.a.price[0].hours: expected hours of a day in UTC, such "
		"as \"01-04\"" },
	{ "{\"models\": {\"a\": {\"price\": [{\"days\": [\"mon\", \"someday\"]}]}}}",
		"config.json:1:46: models.a.price[0].days: expected a list of \"mon\", \"tue\", "
		"\"wed\", \"thu\", \"fri\", \"sat\" or \"sun\"" },
	{ "{\"models\": {\"a\": {\"can\": [\"json\", \"fly\"]}}}",
		"config.json:1:35: models.a.can: expected a list of \"json\", "
		"\"schema\", \"tools\" or \"reasoning\"" },
	{ "{\"models\": {\"a\": {\"can\": \"json\"}}}",
		"config.json:1:26: models.a.can: expected a list of \"json\", "
		"\"schema\", \"tools\" or \"reasoning\"" },
	{ "{\"simulation\": {\"ladder\": [\"a\", {\"b\": []}, 3]}}",
		"config.json:1:33: simulation.ladder: expected a list of texts, such as "
		"[\"sim-small\", \"sim-mid\", \"sim-large\"]" },
	{ "{\"routing\": {\"thresholds\": [0.7, 0.3]}}",
		"config.json:1:28: routing.thresholds: expected a list of 2 rising numbers "
		"from 0 to 1, such as [0.3, 0.7]" },
	{ "{\"routing\": {\"thresholds\": [0.3]}}",
		"config.json:1:28: routing.thresholds: expected a list of 2 rising numbers "
		"from 0 to 1, such as [0.3, 0.7]" },
	{ "{\"routing\": {\"quality\": [0.8,\n 1.1]}}",
		"config.json:2:2: routing.quality: expected a list of 2 numbers from 0 "
		"to 1, "
		"such as [0.8, 0.9]" },
	{ "{\"models\": {\"a\": {\"params\": \"x\"}}}",
		"config.json:1:29: models.a.params: expected an object, such as "
		"{\"temperature\": 0}" },
	{ "{\"models\": {\"a\": {\"params\": [1]}}}",
		"config.json:1:29: models.a.params: expected an object, such as "
		"{\"temperature\": 0}" },
	/* addresses and where keys are */
	{ "{\"providers\": {\"p\": {\"base_url\": \"ftp://host/v1\"}}}",
		"config.json:1:34: providers.p.base_url: expected an address that begins "
		"with http:// or https://, such as \"https://api.example.com/v1\"" },
	{ "{\"providers\": {\"p\": {\"base_url\": \"https://\"}}}",
		"config.json:1:34: providers.p.base_url: expected an address that begins "
		"with http:// or https://, such as \"https://api.example.com/v1\"" },
	{ "{\"providers\": {\"p\": {\"base_url\": \"http://a b/\"}}}",
		"config.json:1:34: providers.p.base_url: expected an address that begins "
		"with http:// or https://, such as \"https://api.example.com/v1\"" },
	{ "{\"providers\": {\"p\": {\"base_url\": \"https://sk-1:pw@host/v1\"}}}",
		"config.json:1:34: providers.p.base_url: an address with a user or "
		"password "
		"in it is refused: name the key in key_env or key_file" },
	{ "{\"providers\": {\"p\": {\"base_url\": \"https://host/v1?key=sk-1\"}}}",
		"config.json:1:34: providers.p.base_url: a key in the address is refused: name "
		"it in key_env or key_file, and the header that carries it in key_header" },
	{ "{\"providers\": {\"p\": {\"base_url\": \"https://host/v1#x\"}}}",
		"config.json:1:34: providers.p.base_url: expected an address without #" },
	{ "{\"providers\": {\"p\": {\"base_url\": \"https://h/v1?k=sk-1\"}}}",
		"config.json:1:34: providers.p.base_url: "
		"a key in the address is refused: name it in key_env or key_file, and the header "
		"that carries it in key_header" },
	{ "{\"providers\": {\"p\": {\"base_url\": \"https://h/v1?v=1&Access_Token=x\"}}}",
		"config.json:1:34: providers.p.base_url: "
		"a key in the address is refused: name it in key_env or key_file, and the header "
		"that carries it in key_header" },
	{ "{\"providers\": {\"p\": {\"base_url\": "
	  "\"https://h/v1?k=0123456789abcdef0123456789abcdef\"}}}",
		"config.json:1:34: providers.p.base_url: "
		"a key in the address is refused: name it in key_env or key_file, and the header "
		"that carries it in key_header" },
	{ "{\"providers\": {\"p\": {\"key_header\": \"api key\"}}}",
		"config.json:1:36: providers.p.key_header: "
		"expected the name of an HTTP header, such as \"api-key\"" },
	{ "{\"providers\": {\"p\": {\"key_header\": \"Host\"}}}",
		"config.json:1:36: providers.p.key_header: "
		"expected the name of an HTTP header, such as \"api-key\"" },
	{ "{\"providers\": {\"p\": {\"headers\": \"X-A: b\"}}}",
		"config.json:1:33: providers.p.headers: "
		"expected an object of texts by header, such as {\"X-Title\": \"claims-desk\"}" },
	{ "{\"providers\": {\"p\": {\"headers\": [\"X-A\"]}}}",
		"config.json:1:33: providers.p.headers: "
		"expected an object of texts by header, such as {\"X-Title\": \"claims-desk\"}" },
	{ "{\"providers\": {\"p\": {\"headers\": {\"X-Api-Key\": \"hush\"}}}}",
		"config.json:1:34: providers.p.headers: "
		"a key is never written into a configuration: name its environment variable in "
		"key_env, or its file in key_file, and the header that carries it in key_header" },
	{ "{\"providers\": {\"p\": {\"headers\": {\"authorization\": \"hush\"}}}}",
		"config.json:1:34: providers.p.headers: "
		"a key is never written into a configuration: name its environment variable in "
		"key_env, or its file in key_file, and the header that carries it in key_header" },
	{ "{\"providers\": {\"p\": {\"headers\": {\"X-Goog-Api-Key\": \"hush\"}}}}",
		"config.json:1:34: providers.p.headers: "
		"a key is never written into a configuration: name its environment variable in "
		"key_env, or its file in key_file, and the header that carries it in key_header" },
	{ "{\"providers\": {\"p\": {\"headers\": {\"X-Who\": \"Bearer hush\"}}}}",
		"config.json:1:43: providers.p.headers: "
		"a key is never written into a configuration: name its environment variable in "
		"key_env, or its file in key_file, and the header that carries it in key_header" },
	{ "{\"providers\": {\"p\": {\"headers\": {\"X Who\": \"x\"}}}}",
		"config.json:1:34: providers.p.headers: "
		"expected the name of an HTTP header: letters, digits and dashes" },
	{ "{\"providers\": {\"p\": {\"headers\": {\"Content-Type\": \"text/plain\"}}}}",
		"config.json:1:34: providers.p.headers: "
		"this header is Weir's own to set" },
	{ "{\"providers\": {\"p\": {\"headers\": {\"X-Who\": 7}}}}",
		"config.json:1:43: providers.p.headers: "
		"expected a text for each header" },
	{ "{\"providers\": {\"p\": {\"headers\": {\"X-Who\": null}}}}",
		"config.json:1:43: providers.p.headers: "
		"expected a text for each header" },
	{ "{\"providers\": {\"p\": {\"headers\": {\"X-Who\": \"a\\nb\"}}}}",
		"config.json:1:43: providers.p.headers: "
		"expected a text without control characters" },
	{ "{\"providers\": {\"p\": {\"key_env\": \"sk-abcdef\"}}}",
		"config.json:1:33: providers.p.key_env: expected the name of an "
		"environment "
		"variable in capitals (not the key itself), such as \"EXAMPLE_API_KEY\"" },
	{ "{\"providers\": {\"p\": {\"key_file\": \"sk-abcdef\"}}}",
		"config.json:1:34: providers.p.key_file: expected the path of a file "
		"from / "
		"or ~/ on (not the key itself), such as \"~/.config/weir/example.key\"" },
	{ "{\"providers\": {\"p\": {\"api_key\": \"sk-abcdef\"}}}",
		"config.json:1:22: providers.p.api_key: a key is never written into a "
		"configuration: name its environment variable in key_env, or its file in "
		"key_file" },
	{ "{\"models\": {\"a\": {\"params\": {\"Authorization\": \"Bearer sk-1\"}}}}",
		"config.json:1:30: models.a.params: a key is never written into a "
		"configuration: name its environment variable in key_env, or its file in "
		"key_file" },
};

static void each_mistake_is_said_with_its_place_and_its_mend(void **state)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct config c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
		check_err(fixture_open(&c, NULL, mistakes[i].file, NULL, NULL, 0, &why),
			ERR_CONFIG);
		check_buf(&why, mistakes[i].why);
	}
	buf_release(&why);
}

static void all_mistakes_of_a_file_are_said_at_once(void **state)
{
	struct buf why = BUF(BUF_WHY_MAX), small = BUF(120), text = BUF(BUF_TEXT_MAX);
	struct config c;
	size_t lines = 1;

	(void)state;
	check_err(fixture_open(&c, NULL,
			  "{\"sim\": {\"seed\": -1,\n\"speed\": 2},\n\"answer\": "
			"[],\n}", NULL, NULL, 0,
			  &why),
		ERR_CONFIG);
	check_buf(&why,
		"config.json:1:18: sim.seed: expected a whole number, 0 or more, such as 1\n"
		"config.json:2:10: sim.speed: expected \"natural\" or \"fast\"\n"
		"config.json:3:11: answer: expected an object with keys such as \"max_tokens\"\n"
		"config.json:4:1: expected a key: the comma before '}' is one too many");
	buf_add_char(&text, '{');
	for (int i = 0; i < 25; i++)
		buf_addf(&text, "%s\"bad%d\": 1", i ? "," : "", i);
	buf_add_char(&text, '}');
	check_err(fixture_open(&c, NULL, text.ptr, NULL, NULL, 0, &why), ERR_CONFIG);
	for (size_t i = 0; i < why.len; i++)
		lines += why.ptr[i] == '\n';
	assert_int_equal(lines, PROBLEMS_MAX + 1);
	assert_true(str_ends(buf_str(&why), "bad19: unknown key\n... and more"));
	check_err(fixture_open(&c, NULL, text.ptr, NULL, NULL, 0, &small), ERR_CONFIG);
	check_buf(&small, "config.json:1:2: bad0: unknown key\nconfig.json:1:12: bad1: unknown "
		"key\n"
			  "config.json:1:22: bad2: unknown key\n... and more");
	check_err(fixture_open(&c, NULL, "[", NULL, NULL, 0, &why), ERR_CONFIG);
	buf_release(&why);
	buf_release(&small);
	buf_release(&text);
}

/* Names everything that could be secret, and counts the settings. */
static void show(const struct config *c, const char *under, struct buf *out)
{
	buf_clear(out);
	config_show(c, str_of(under), false, out);
}

static void the_higher_layer_wins_key_by_key(void **state)
{
	static const char file[] =
		"{\"// why\": \"comments\", \"// why\": [{}],\n"
		" \"sim\": {\"speed\": \"fast\", \"//\": {\"a\": [1]}, \"seed\": 7},\n"
		" \"providers\": {\"openai\": {\"rpm\": 5}},\n"
		" \"request\": {\"user\": \"dana\"}}";
	static const char *const env[] = { "WEIR_DB=/tmp/w.db", "OPENAI_API_KEY=sk-secret", NULL };
	static const struct config_set sets[] = {
		{ "sim.seed", "8", NULL },
		{ "answer.max_tokens", "64", "--max-tokens" },
		{ "sim.seed", "9", "--seed" },
	};
	struct arena a = ARENA;
	struct buf why = BUF(BUF_WHY_MAX), out = BUF(BUF_TEXT_MAX);
	struct config c;

	(void)state;
	check_ok(fixture_open(
		&c, fixture_shipped(&a), file, env, sets, ARRAY_LEN(sets), &why));
	assert_true(config_number(&c, "sim.seed") == 9);
	assert_true(config_number(&c, "answer.max_tokens") == 64);
	assert_true(config_number(&c, "providers.openai.rpm") == 5);
	assert_true(isnan(config_number(&c, "providers.openai.tpm")));
	assert_true(isnan(config_number(&c, "request.user")));
	check_str(config_text(&c, "providers.openai.key_env"), "OPENAI_API_KEY");
	assert_null(config_text(&c, "request.app").ptr);
	assert_int_equal(config_money(&c, "models.o3.price[1].input"), 2000000);
	assert_int_equal(config_money(&c, "models.o3.tier"), MONEY_UNKNOWN);
	assert_false(config_truth(&c, "sim.seed"));
	show(&c, "sim", &out);
	check_buf(&out, "sim.seed = 9   (--seed)\nsim.speed = \"fast\"   (config.json:2:19)\n");
	show(&c, "store.path", &out);
	check_buf(&out, "store.path = \"/tmp/w.db\"   ($WEIR_DB)\n");
	show(&c, "routing.task", &out);
	check_buf(&out, "routing.task = \"chat\"   (built in)\n");
	show(&c, "providers.openai", &out);
	check_buf(&out, "providers.openai.base_url = \"https://api.openai.com/v1\"   (shipped)\n"
			"providers.openai.key_env = \"OPENAI_API_KEY\"   (shipped)\n"
			"providers.openai.rpm = 5   (config.json:3:34)\n"
			"providers.openai.wire = \"openai\"   (shipped)\n");
	buf_clear(&out);
	config_show(&c, STR("request"), true, &out);
	check_buf(&out,
		"{\"request.user\":{\"value\":\"dana\",\"origin\":\"config.json:4:22\"}}\n");
	buf_clear(&out);
	config_show(&c, STR_NONE, true, &out);
	assert_int_equal(str_find(buf_str(&out), STR("sk-secret")), out.len);
	check_str(c.file, "config.json");
	assert_true(c.file_found);
	config_release(&c);
	arena_release(&a);
	buf_release(&why);
	buf_release(&out);
}

static void a_list_is_replaced_whole(void **state)
{
	static const struct config_set sets[] = {
		{ "models.o3.price[0].input", "1.5", NULL },
		{ "models.o3.price[0].output", "\"2\"", NULL },
		{ "models.gpt-4o.price", "{\"input\": 3}", NULL },
		{ "tasks.faq.ladder", "o3, gpt-4o", NULL },
		{ "tasks.code.ladder", "[\"o3\"]", NULL },
		{ "tasks.chat.ladder", "", NULL },
	};
	static const char file[] = "{\"models\": {\"gpt-4\": {\"price\": []}, \"gpt-5.4-mini\": "
				   "{\"price\": [{\"input\": \"1\"}]}}}";
	struct arena a = ARENA;
	struct buf why = BUF(BUF_WHY_MAX), out = BUF(BUF_TEXT_MAX);
	struct config c;
	size_t count;

	(void)state;
	check_ok(fixture_open(
		&c, fixture_shipped(&a), file, NULL, sets, ARRAY_LEN(sets), &why));
	show(&c, "models.o3.price", &out);
	check_buf(&out, "models.o3.price[0].input = \"1.5\"   (--set)\n"
			"models.o3.price[0].output = \"2\"   (--set)\n");
	show(&c, "models.gpt-4o.price", &out);
	check_buf(&out, "models.gpt-4o.price[0].input = \"3\"   (--set)\n");
	show(&c, "models.gpt-5.4-mini.price", &out);
	check_buf(&out, "models.gpt-5.4-mini.price[0].input = \"1\"   (config.json:1:74)\n");
	assert_null(config_under(&c, "models.gpt-4.price", &count));
	assert_int_equal(count, 0);
	assert_non_null(config_under(&c, "models.gpt-4.", &count));
	assert_non_null(config_find(&c, "models.gpt-4-32k.price[0].input"));
	assert_int_equal(config_find(&c, "tasks.faq.ladder")->list.len, 2);
	check_str(config_text(&c, "tasks.faq.ladder"), "[\"o3\",\"gpt-4o\"]");
	check_str(config_text(&c, "tasks.code.ladder"), "[\"o3\"]");
	check_str(config_text(&c, "tasks.chat.ladder"), "[]");
	config_release(&c);
	arena_release(&a);
	buf_release(&why);
	buf_release(&out);
}

static void a_set_that_is_wrong_says_so(void **state)
{
	static const struct {
		struct config_set set;
		const char *why;
	} cases[] = {
		{ { "sim.sede", "1", NULL },
			"--set: sim.sede: unknown key; did you mean \"seed\"?" },
		{ { "sim.seed", "many", NULL },
			"--set: sim.seed: expected a whole number, 0 or more, such as 1" },
		{ { "sim.seed", "1 2", "--seed" },
			"--seed: sim.seed: expected a whole number, 0 or more, such as 1" },
		{ { "sim.seed", "", NULL },
			"--set: sim.seed: expected a whole number, 0 or more, such as 1" },
		{ { "sim.speed", "warp", NULL },
			"--set: sim.speed: expected \"natural\" or \"fast\"" },
		{ { "sim", "{}", NULL }, "--set: sim: this is a group of keys: set one of them" },
		{ { "tasks.fqa.ladder", "o3", NULL },
			"--set: tasks.fqa.ladder: unknown key; did you mean \"faq\"?" },
		{ { "models.a b.tier", "1", NULL },
			"--set: models.a b.tier: this name cannot be used" },
		{ { "models.a.price", "[1]", NULL },
			"--set: models.a.price[0]: expected an object" },
		{ { "models.a.price", "7", NULL },
			"--set: models.a.price: expected a list of objects" },
		{ { "models.a.can", "json,fly", NULL },
			"--set: models.a.can: expected a list of \"json\", "
			"\"schema\", \"tools\" or \"reasoning\"" },
		{ { "providers.x.key", "sk-secret", NULL },
			"--set: providers.x.key: a key is never written into a configuration: name "
			"its environment variable in key_env, or its file in key_file" },
		{ { "", "1", NULL }, "--set: unknown key" },
	};
	struct buf why = BUF(BUF_WHY_MAX);
	struct config c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		check_err(fixture_open(&c, NULL, "{}", NULL, &cases[i].set, 1, &why), ERR_CONFIG);
		check_buf(&why, cases[i].why);
	}
	buf_release(&why);
}

static void path_and_value_part_at_the_first_equals_sign(void **state)
{
	struct arena a = ARENA;
	struct config_set set;

	(void)state;
	assert_true(config_set_parse(&a, " request.user =a=b", &set));
	assert_string_equal(set.path, "request.user");
	assert_string_equal(set.value, "a=b");
	assert_null(set.option);
	assert_true(config_set_parse(&a, "x=", &set));
	assert_string_equal(set.value, "");
	assert_false(config_set_parse(&a, "x", &set));
	assert_false(config_set_parse(&a, "=1", &set));
	arena_release(&a);
}

static void a_base_url_in_the_environment_is_a_provider(void **state)
{
	static const char *const env[] = { "WEIR_BASE_URL=http://127.0.0.1:9/v1//",
		"WEIR_MODEL=tiny", "WEIR_API_KEY=sk-secret", NULL };
	static const char *const bare[] = { "WEIR_BASE_URL=HTTPS://host", NULL };
	static const char *const bad[] = { "WEIR_BASE_URL=http://u:sk-secret@host", NULL };
	static const struct config_set set = { "tasks.code.ladder", "o3", NULL };
	static const char file[] = "{\"tasks\": {\"faq\": {\"ladder\": [\"o3\"]}}}";
	struct buf why = BUF(BUF_WHY_MAX), out = BUF(BUF_TEXT_MAX);
	struct config c;

	(void)state;
	check_ok(fixture_open(&c, NULL, file, env, &set, 1, &why));
	show(&c, "providers", &out);
	check_buf(&out, "providers.env.base_url = \"http://127.0.0.1:9/v1\"   ($WEIR_BASE_URL)\n"
			"providers.env.key_env = \"WEIR_API_KEY\"   ($WEIR_BASE_URL)\n"
			"providers.env.wire = \"openai\"   ($WEIR_BASE_URL)\n");
	show(&c, "models", &out);
	check_buf(&out, "models.env.id = \"tiny\"   ($WEIR_BASE_URL)\n"
			"models.env.provider = \"env\"   ($WEIR_BASE_URL)\n"
			"models.env.tier = 1   ($WEIR_BASE_URL)\n");
	check_str(config_text(&c, "tasks.faq.ladder"), "[\"env\",\"o3\"]");
	check_str(config_text(&c, "tasks.chat.ladder"), "[\"env\"]");
	check_str(config_text(&c, "tasks.code.ladder"), "[\"o3\"]");
	config_release(&c);

	check_ok(fixture_open(&c, NULL, "{}", bare, NULL, 0, &why));
	check_str(config_text(&c, "providers.env.base_url"), "HTTPS://host");
	check_str(config_text(&c, "models.env.id"), MODEL_ID_ASK);
	assert_null(config_find(&c, "providers.env.key_env"));
	config_release(&c);

	check_err(fixture_open(&c, NULL, "{}", bad, NULL, 0, &why), ERR_CONFIG);
	check_buf(&why, "$WEIR_BASE_URL: providers.env.base_url: an address with a user or "
			"password in it is refused: name the key in key_env or key_file");
	buf_release(&why);
	buf_release(&out);
}

static void values_are_kept_as_the_reader_needs_them(void **state)
{
	static const char file[] =
		"\xEF\xBB\xBF{\"$schema\": \"x\", \"models\": {\"m.1/a:b\": {\n"
		"\"params\": { \"//\": {\"no\": 1}, \"t\": 0.10, \"// x\": 1, \"a\": [true, null, "
		"{\"b\": \"\\u00e9\\n\", \"// c\": []}]},\n"
		"\"server_usd_hour\": 0.50,\n"
		"\"price\": [{\"from\": \"2024-02-29\", \"input\": \"0.0028\", \"output\": 12}]}}}";
	struct buf why = BUF(BUF_WHY_MAX);
	struct config c;
	const struct setting *s;

	(void)state;
	check_ok(fixture_open(&c, NULL, file, NULL, NULL, 0, &why));
	check_str(config_text(&c, "models.m.1/a:b.params"),
		"{\"t\":0.10,\"a\":[true,null,{\"b\":\"\xC3\xA9\\n\"}]}");
	assert_int_equal(config_money(&c, "models.m.1/a:b.server_usd_hour"), MONEY_DOLLAR / 2);
	s = config_find(&c, "models.m.1/a:b.price[0].input");
	assert_int_equal(s->pico, 2800);
	check_str(s->name, "m.1/a:b");
	assert_int_equal(s->index, 0);
	assert_int_equal(s->origin.line, 4);
	assert_int_equal(s->origin.column, 43);
	s = config_find(&c, "models.m.1/a:b.price[0].from");
	assert_true(s->pico == INT64_C(1709164800000000));
	assert_int_equal(config_find(&c, "routing.thresholds")->list.len, 2);
	check_str(config_find(&c, "routing.thresholds")->list.ptr[1], "0.7");
	assert_null(config_find(&c, "routing.thresholds")->name.ptr);
	config_release(&c);
	buf_release(&why);
}

static void the_file_is_looked_for_where_people_expect_it(void **state)
{
	static const struct {
		const char *env[4];
		const char *file;
	} cases[] = {
		{ { "WEIR_CONFIG=w.json", "XDG_CONFIG_HOME=/x", "HOME=/h" }, "w.json" },
		{ { "WEIR_CONFIG=", "XDG_CONFIG_HOME=/x", "HOME=/h" }, "/x/weir/config.json" },
		{ { "XDG_CONFIG_HOME=x", "HOME=/h" }, "/h/.config/weir/config.json" },
		{ { "XDG_CONFIG_HOME=", "HOME=/h" }, "/h/.config/weir/config.json" },
		{ { NULL }, NULL },
	};
	struct arena a = ARENA;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str file = config_default_file(
			&a, fixture_env, (void *)(uintptr_t)cases[i].env);

		if (cases[i].file)
			check_str(file, cases[i].file);
		else
			assert_null(file.ptr);
	}
	arena_release(&a);
}

static void only_a_named_file_must_be_there(void **state)
{
	static const char *const home[] = { "HOME=/nowhere", NULL };
	static const char *const named[] = { "WEIR_CONFIG=/nowhere/w.json", NULL };
	struct config_sources sources = { .env = fixture_env };
	struct buf why = BUF(BUF_WHY_MAX);
	struct config c;

	(void)state;
	sources.env_ctx = (void *)(uintptr_t)home;
	check_ok(config_open(&c, &sources, &why));
	check_str(c.file, "/nowhere/.config/weir/config.json");
	assert_false(c.file_found);
	config_release(&c);
	sources.env_ctx = (void *)(uintptr_t)named;
	check_err(config_open(&c, &sources, &why), ERR_CONFIG);
	check_buf(&why, "/nowhere/w.json: there is no such file");
	sources.file = "/";
	check_err(config_open(&c, &sources, &why), ERR_CONFIG);
	check_buf(&why, "/: this is a folder, not a file");
	sources.file = "/dev/zero";
	check_err(config_open(&c, &sources, &why), ERR_CONFIG);
	check_buf(&why, "/dev/zero: larger than a configuration may be (1 MiB)");
	sources.file = "/dev/null";
	check_ok(config_open(&c, &sources, &why));
	config_release(&c);
	sources.shipped = "/nowhere/defaults.json";
	check_err(config_open(&c, &sources, NULL), ERR_CONFIG);
	sources = (struct config_sources){ 0 };
	check_ok(config_open(&c, &sources, NULL));
	config_release(&c);
	buf_release(&why);
}

static void the_starter_sets_nothing_and_is_right_when_uncommented(void **state)
{
	struct buf text = BUF(BUF_TEXT_MAX), plain = BUF(BUF_TEXT_MAX), why = BUF(BUF_WHY_MAX);
	struct arena a = ARENA;
	struct config c;
	struct str rest, line;

	(void)state;
	config_starter(&text);
	check_ok(fixture_open(&c, NULL, text.ptr, NULL, NULL, 0, &why));
	for (size_t i = 0; i < c.count; i++)
		assert_int_equal(c.settings[i].origin.layer, LAYER_BUILT_IN);
	config_release(&c);
	/* Its groups stand one blank deep: take their slashes off. */
	rest = buf_str(&text);
	while (str_cut(&rest, '\n', &line)) {
		bool group = str_starts(line, " \"// ");

		buf_add_str(&plain, group ? STR(" \"") : STR_NONE);
		buf_add_str(&plain, str_part(line, group ? 5 : 0, line.len));
		buf_add_char(&plain, '\n');
	}
	check_ok(fixture_open(&c, fixture_shipped(&a), plain.ptr, NULL, NULL, 0, &why));
	for (size_t i = 0; i < option_count; i++) {
		bool set = false;

		for (size_t j = 0; j < c.count && !set; j++)
			set = c.settings[j].option == &option_table[i] &&
			      c.settings[j].origin.layer == LAYER_FILE;
		if (!set && strcmp(option_table[i].path, "$schema"))
			fail_msg("%s is not in the starter", option_table[i].path);
	}
	config_release(&c);
	arena_release(&a);
	buf_release(&text);
	buf_release(&plain);
	buf_release(&why);
}

static void the_shipped_file_is_right_by_itself(void **state)
{
	struct arena a = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	struct model_map map;
	struct config c;

	(void)state;
	check_ok(fixture_open(&c, fixture_shipped(&a), "", NULL, NULL, 0, &why));
	if (model_map_build(&map, &c, &why))
		fail_msg("%s", why.ptr);
	for (int i = 0; i < TASK_COUNT; i++)
		assert_true(map.tasks[i].count > 0);
	assert_int_equal(map.simulation.count, 3);
	for (size_t i = 0; i < map.provider_count; i++)
		assert_false(map.providers[i].configured);
	config_release(&c);
	arena_release(&a);
	buf_release(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mistake_is_said_with_its_place_and_its_mend),
		cmocka_unit_test(all_mistakes_of_a_file_are_said_at_once),
		cmocka_unit_test(the_higher_layer_wins_key_by_key),
		cmocka_unit_test(a_list_is_replaced_whole),
		cmocka_unit_test(a_set_that_is_wrong_says_so),
		cmocka_unit_test(path_and_value_part_at_the_first_equals_sign),
		cmocka_unit_test(a_base_url_in_the_environment_is_a_provider),
		cmocka_unit_test(values_are_kept_as_the_reader_needs_them),
		cmocka_unit_test(the_file_is_looked_for_where_people_expect_it),
		cmocka_unit_test(only_a_named_file_must_be_there),
		cmocka_unit_test(the_starter_sets_nothing_and_is_right_when_uncommented),
		cmocka_unit_test(the_shipped_file_is_right_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
