/* SPDX-License-Identifier: GPL-3.0-or-later
 * The OpenAI wire's requests, byte by byte: what is asked, and what a model or a host would
 * reject is not. */
#include "core/base/json.h"
#include "core/conf/model.h"
#include "core/wire/wires.h"
#include "tests/check.h"

#define SCHEMA                                                                                    \
	"{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},\"required\":[\"n\"]," \
	"\"additionalProperties\":false}"
#define OPEN_SCHEMA "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}"
#define ASK(model, messages) "{\"model\":\"" model "\",\"messages\":[" messages "]"
#define QUESTION "{\"role\":\"user\",\"content\":\"q\"}"
#define STREAM ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}"

static const struct message question = { .role = ROLE_USER, .text = STR("q") };

static void check_body(const struct wire_call *call, const char *want)
{
	struct buf body = BUF(BUF_LINE_MAX);
	json_t *tree = NULL;

	wire_find(STR("openai"))->write_request(call, &body);
	check_buf(&body, want);
	check_ok(json_read(buf_str(&body), JSON_READ_STRICT, &tree, NULL)); /* no key twice */
	json_decref(tree);
	buf_release(&body);
}

/* ---- messages --------------------------------------------------------------------------- */

static const struct tool_call calls[] = {
	{ STR("c1"), STR("look"), STR("{\"a\": 1}") },
	{ STR("c2"), STR("now"), STR("") },
};

static const struct {
	struct message message;
	const char *json;
} messages[] = {
	{ { .role = ROLE_SYSTEM, .text = STR("be \"brief\"") },
		"{\"role\":\"system\",\"content\":\"be \\\"brief\\\"\"}" },
	{ { .role = ROLE_USER, .text = STR("line\n\x01") },
		"{\"role\":\"user\",\"content\":\"line\\n\\u0001\"}" },
	{ { .role = ROLE_USER, .text = STR("look") , .images = 1 },
		"{\"role\":\"user\",\"content\":\"look\\n[1 image left out: Weir sends text "
		"only]\"}" },
	{ { .role = ROLE_USER, .images = 2 },
		"{\"role\":\"user\",\"content\":\"[2 images left out: Weir sends text only]\"}" },
	{ { .role = ROLE_ASSISTANT, .calls = calls, .call_count = 2 },
		"{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":"
		"\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{\\\"a\\\": 1}\"}},"
		"{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"now\","
		"\"arguments\":\"{}\"}}]}" },
	{ { .role = ROLE_ASSISTANT, .text = STR("Wait."), .calls = calls, .call_count = 1 },
		"{\"role\":\"assistant\",\"content\":\"Wait.\",\"tool_calls\":[{\"id\":\"c1\","
		"\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{\\\"a\\\": "
		"1}\"}}]}" },
	{ { .role = ROLE_TOOL, .text = STR("42"), .call_id = STR("c1") },
		"{\"role\":\"tool\",\"content\":\"42\",\"tool_call_id\":\"c1\"}" },
	{ { .role = ROLE_TOOL, .text = STR("no policy"), .call_id = STR("c2"), .failed = true },
		"{\"role\":\"tool\",\"content\":\"The tool failed: no policy\","
		"\"tool_call_id\":\"c2\"}" },
	{ { .role = ROLE_TOOL, .call_id = STR("c2") },
		"{\"role\":\"tool\",\"content\":\"\",\"tool_call_id\":\"c2\"}" },
};

static void each_message_says_what_it_is(void **state)
{
	const struct model model = { .id = STR("m") };
	struct buf want = BUF(BUF_LINE_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		struct wire_call call = { .model = &model,
			.id = STR("m"),
			.messages = &messages[i].message,
			.message_count = 1 };

		buf_clear(&want);
		buf_addf(&want, "{\"model\":\"m\",\"messages\":[%s],\"stream\":false}",
			messages[i].json);
		check_body(&call, want.ptr);
	}
	buf_release(&want);
}

/* ---- models and hosts ------------------------------------------------------------------- */

static const struct asked {
	const char *name, *id, *base_url, *params, *limit_as;
	const char *can; /* one thing */
	int64_t max_tokens;
	const char *rest; /* behind the messages */
} asked[] = {
	{ "parameters stand beside ours", "m", "", "{\"temperature\": 0.5, \"seed\": 7}",
		"max_tokens", "", 9,
		",\"max_tokens\":9,\"temperature\":0.5,\"seed\":7" STREAM },
	{ "parameters do not take the place of ours", "m", "",
		"{\"model\": \"x\", \"messages\": [], \"stream\": false, \"stream_options\": null,"
		" \"n\": 3, \"max_tokens\": 1, \"tools\": [], \"tool_choice\": 1, \"top_k\": 4}",
		"max_tokens", "", 9, ",\"max_tokens\":9,\"top_k\":4" STREAM },
	{ "a limit among the parameters is one, where we have none", "m", "",
		"{\"max_tokens\": 1}", "max_tokens", "", 0, ",\"max_tokens\":1" STREAM },
	{ "29: o4-mini rejects what makes answers repeat", "o4-mini", "",
		"{\"temperature\": 0, \"top_p\": 1, \"presence_penalty\": 0,"
		" \"frequency_penalty\": 0, \"stop\": [\"x\"], \"logprobs\": true,"
		" \"top_logprobs\": 2, \"logit_bias\": {},"
		" \"max_tokens\": 5, \"seed\": 7}",
		"max_completion_tokens", "reasoning", 9,
		",\"max_completion_tokens\":9,\"seed\":7" STREAM },
	{ "29: a model of another name that is set up as one of these", "my-deployment", "",
		"{\"temperature\": 0}", "max_completion_tokens", "reasoning", 9,
		",\"max_completion_tokens\":9" STREAM },
	{ "29: one that is not told to be one of these", "o3-mini-2025-01-31", "",
		"{\"temperature\": 0}", "max_tokens", "", 9,
		",\"max_completion_tokens\":9" STREAM },
	{ "29: later ones too", "gpt-6.2-sol", "", "{\"temperature\": 0}",
		"max_completion_tokens", "", 9, ",\"max_completion_tokens\":9" STREAM },
	{ "29: but not when they are told not to reason", "gpt-5.4-mini", "",
		"{\"temperature\": 0, \"reasoning_effort\": \"none\"}", "max_completion_tokens",
		"reasoning", 9,
		",\"max_completion_tokens\":9,\"temperature\":0,"
		"\"reasoning_effort\":\"none\"" STREAM },
	{ "29: a chat variant takes all", "gpt-5-chat-latest", "", "{\"temperature\": 0}",
		"max_completion_tokens", "", 9,
		",\"max_completion_tokens\":9,\"temperature\":0" STREAM },
	{ "29: an older one takes all", "gpt-4o", "", "{\"temperature\": 0}", "max_tokens", "", 9,
		",\"max_tokens\":9,\"temperature\":0" STREAM },
	{ "29: so does a reasoning model of one's own server", "qwen3", "", "{\"temperature\": 0}",
		"max_tokens", "reasoning", 9, ",\"max_tokens\":9,\"temperature\":0" STREAM },
	{ "29: and one that only begins like them", "olmo-2", "", "{\"temperature\": 0}",
		"max_tokens", "", 9, ",\"max_tokens\":9,\"temperature\":0" STREAM },
	{ "OpenAI leaves its padding out", "gpt-4o", "https://api.openai.com/v1", "{}",
		"max_tokens", "", 0,
		",\"stream\":true,\"stream_options\":{\"include_usage\":true,"
		"\"include_obfuscation\":false}}" },
	{ "Mistral rejects options of the stream", "mistral-small", "https://api.mistral.ai/v1",
		"{}", "max_tokens", "", 0, ",\"stream\":true}" },
	{ "a host that only looks like it", "m", "https://api.mistral.ai.example/v1",
		"{}", "max_tokens", "", 0, STREAM },
};

static void nothing_is_asked_that_the_model_or_its_host_rejects(void **state)
{
	struct buf want = BUF(BUF_LINE_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		const struct asked *c = &asked[i];
		struct str can = str_of(c->can);
		const struct provider provider = { .base_url = str_of(c->base_url) };
		const struct model model = { .provider = &provider,
			.params = str_of(c->params),
			.max_tokens_as = str_of(c->limit_as),
			.can = { &can, can.len ? 1 : 0, 1 } };
		const struct wire_call call = { .model = &model,
			.id = str_of(c->id),
			.messages = &question,
			.message_count = 1,
			.max_tokens = c->max_tokens,
			.stream = true };

		buf_clear(&want);
		buf_addf(&want, ASK("%s", QUESTION) "%s", c->id, c->rest);
		check_body(&call, want.ptr);
	}
	buf_release(&want);
}

static void what_is_not_sent_is_told(void **state)
{
	static const struct {
		const char *id, *params, *names;
	} cases[] = {
		{ "o4-mini", "{\"temperature\": 0, \"seed\": 7, \"stop\": [\"x\"]}",
			"temperature, stop" },
		{ "gpt-4o", "{\"temperature\": 0.1, \"logit_bias\": {\"5\": -1}}", "" },
		{ "gpt-4o", "{\"stream\": true}", "" },
		{ "gpt-4o", "{\"stream\": false}", "stream" },
		{ "gpt-4o", "{}", "" },
	};
	const struct provider provider = { .wire = STR("openai"), .base_url = STR("") };
	struct buf names = BUF(BUF_LINE_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct model model = { .provider = &provider,
			.id = str_of(cases[i].id),
			.params = str_of(cases[i].params) };

		buf_clear(&names);
		wire_left_out(&model, &names);
		check_buf(&names, cases[i].names);
	}
	buf_release(&names);
}

/* ---- tools and schemas ------------------------------------------------------------------ */

static void tools_are_offered_with_their_schemas(void **state)
{
	static const struct wire_tool tools[] = {
		{ STR("look"), STR("Looks a policy up."), STR(SCHEMA) },
		{ STR("now"), STR(""), STR("") },
	};
	const struct model model = { .params = STR("{\"tool_choice\": \"auto\", \"tools\": 1}") };
	const struct wire_call call = { .model = &model,
		.id = STR("m"),
		.messages = &question,
		.message_count = 1,
		.stream = true,
		.tools = tools,
		.tool_count = 2 };

	(void)state;
	check_body(&call,
		ASK("m", QUESTION) ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":"
		"\"look\",\"description\":\"Looks a policy up.\",\"parameters\":" SCHEMA "}},"
		"{\"type\":\"function\",\"function\":{\"name\":\"now\",\"parameters\":{\"type\":"
		"\"object\",\"properties\":{}}}}],\"tool_choice\":\"auto\"" STREAM);
}

#define IN_WORDS(schema)                                                                          \
	"{\"role\":\"system\",\"content\":\"Answer with JSON alone, no other words, no fence "     \
	"around it. It must obey this JSON Schema:\\n" schema "\"}," QUESTION

static void a_schema_is_asked_for_in_the_way_that_the_model_can(void **state)
{
	static const struct {
		const char *can, *schema, *messages, *format;
	} cases[] = {
		{ "schema", SCHEMA, QUESTION,
			",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":"
			"\"answer\",\"strict\":true,\"schema\":" SCHEMA "}}" },
		{ "schema", OPEN_SCHEMA, QUESTION,
			",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":"
			"\"answer\",\"strict\":false,\"schema\":" OPEN_SCHEMA "}}" },
		{ "json", "{\"type\":1}", IN_WORDS("{\\\"type\\\":1}"),
			",\"response_format\":{\"type\":\"json_object\"}" },
		{ "tools", "{}", IN_WORDS("{}"), "" },
	};
	struct buf want = BUF(BUF_LINE_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str can = str_of(cases[i].can);
		const struct model model = {
			.params = STR("{\"response_format\": {\"type\": \"text\"}}"),
			.can = { &can, 1, 1 }
		};
		const struct wire_call call = { .model = &model,
			.id = STR("m"),
			.messages = &question,
			.message_count = 1,
			.stream = true,
			.schema = str_of(cases[i].schema) };

		buf_clear(&want);
		buf_addf(&want, "{\"model\":\"m\",\"messages\":[%s]%s" STREAM, cases[i].messages,
			cases[i].format);
		check_body(&call, want.ptr);
	}
	buf_release(&want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_message_says_what_it_is),
		cmocka_unit_test(nothing_is_asked_that_the_model_or_its_host_rejects),
		cmocka_unit_test(what_is_not_sent_is_told),
		cmocka_unit_test(tools_are_offered_with_their_schemas),
		cmocka_unit_test(a_schema_is_asked_for_in_the_way_that_the_model_can),
	};

	return cmocka_run_group_tests_name("wire/openai_ask", tests, NULL, NULL);
}
