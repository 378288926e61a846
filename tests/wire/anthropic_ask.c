/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Anthropic wire's requests, byte by byte. */
#include "core/wire/wires.h"
#include "tests/check.h"

#define ASK(messages) \
	"{\"model\":\"claude-x\",\"max_tokens\":9,\"messages\":[" messages "],\"stream\":true}"
#define USER(blocks) "{\"role\":\"user\",\"content\":[" blocks "]}"
#define MODEL(blocks) "{\"role\":\"assistant\",\"content\":[" blocks "]}"
#define SAY(text) "{\"type\":\"text\",\"text\":\"" text "\"}"

static const struct tool_call one_call[] = { { STR("toolu_1"), STR("f"), STR("{\"a\": 1}") } };
static const struct tool_call odd_calls[] = {
	{ STR("functions.f:0"), STR("f"), STR("") },
	{ STR_NONE, STR("f"), STR("{\"a\": 1") },
	{ STR("t"), STR("f"), STR("[1]") },
};

#define MESSAGE(kind, words, ...)                                    \
	{                                                            \
		.role = ROLE_##kind, .text = STR(words), __VA_ARGS__ \
	}

static const struct {
	const char *name;
	struct message messages[6];
	const char *body;
} cases[] = {
	{ "a question", { MESSAGE(USER, "line\n\x01 \"x\"") },
		ASK(USER(SAY("line\\n\\u0001 \\\"x\\\""))) },
	{ "system prompts stand apart, wherever they stood",
		{ MESSAGE(SYSTEM, "be brief"), MESSAGE(USER, "hi"), MESSAGE(SYSTEM, "be kind") },
		"{\"model\":\"claude-x\",\"max_tokens\":9,\"system\":\"be brief\\n\\nbe kind\","
		"\"messages\":[" USER(SAY("hi")) "],\"stream\":true}" },
	{ "messages of one side become one",
		{ MESSAGE(USER, "a"), MESSAGE(USER, "b"), MESSAGE(ASSISTANT, "c"),
			MESSAGE(SYSTEM, " "), MESSAGE(ASSISTANT, "d"), MESSAGE(USER, "e") },
		ASK(USER(SAY("a") "," SAY("b")) "," MODEL(SAY("c") "," SAY("d")) "," USER(
			SAY("e"))) },
	{ "a block without words is not sent",
		{ MESSAGE(USER, " \n"), MESSAGE(USER, "a"), MESSAGE(ASSISTANT, ""),
			MESSAGE(USER, "b") },
		ASK(USER(SAY("a") "," SAY("b"))) },
	{ "an image is named where it stood",
		{ MESSAGE(USER, "what is this?", .images = 1), MESSAGE(ASSISTANT, "a cat"),
			MESSAGE(USER, "", .images = 2) },
		ASK(USER(SAY("what is this?\\n[1 image left out: Weir sends text only]")) "," MODEL(
			SAY("a cat")) "," USER(SAY("[2 images left out: Weir sends text only]"))) },
	{ "a call, its result, and a word behind it",
		{ MESSAGE(USER, "q"),
			MESSAGE(ASSISTANT, "Let me look.", .calls = one_call, .call_count = 1),
			MESSAGE(USER, "quick"), MESSAGE(TOOL, "42", .call_id = STR("toolu_1")) },
		ASK(USER(SAY("q")) "," MODEL(SAY(
			"Let me look.") ","
					"{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\","
					"\"input\":{\"a\":1}}") "," USER("{\"type\":\"tool_"
									 "result\",\"tool_use_id\":"
									 "\"toolu_1\",\"content\":"
									 "\"42\"}," SAY(
										 "quick"))) },
	{ "a result that is an error, and one without a word",
		{ MESSAGE(TOOL, "no such policy", .call_id = STR("t"), .failed = true),
			MESSAGE(TOOL, "", .call_id = STR("u")) },
		ASK(USER("{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"no such "
			 "policy\",\"is_error\":true},{\"type\":\"tool_result\",\"tool_use_id\":"
			 "\"u\",\"content\":\"\"}")) },
	{ "thinking goes back as it came, before the call",
		{ MESSAGE(ASSISTANT, "So.", .calls = one_call, .call_count = 1,
			.kept = STR("[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":"
				    "\"S/=\"},{\"type\":\"redacted_thinking\",\"data\":\"x\"}]")) },
		ASK(MODEL("{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"S/=\"},"
			  "{\"type\":\"redacted_thinking\",\"data\":\"x\"}," SAY(
				  "So.") ","
					 "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\","
					 "\"input\":{"
					 "\"a\":1}}")) },
	{ "what was kept of another wire is left out",
		{ MESSAGE(ASSISTANT, "a", .kept = STR("{\"not\":\"an array\"}")),
			MESSAGE(USER, "b"), MESSAGE(ASSISTANT, "c", .kept = STR("[{\"broken")) },
		ASK(MODEL(SAY("a")) "," USER(SAY("b")) "," MODEL(SAY("c"))) },
	{ "calls of other providers, and of models that wrote no object",
		{ MESSAGE(ASSISTANT, "", .calls = odd_calls, .call_count = 3),
			MESSAGE(TOOL, "r", .call_id = STR("functions.f:0")) },
		ASK(
			MODEL(
				"{\"type\":\"tool_use\",\"id\":\"functions_f_0\",\"name\":\"f\","
				"\"input\":{}},{\"type\":\"tool_use\",\"id\":\"call\",\"name\":"
				"\"f\","
				"\"input\":{\"not_an_object\":\"{\\\"a\\\": "
				"1\"}},{\"type\":\"tool_use\","
				"\"id\":\"t\",\"name\":\"f\",\"input\":{\"not_an_object\":\"[1]\"}"
				"}") "," USER("{\"type\":\"tool_result\",\"tool_use_id\":"
					      "\"functions_f_0\","
					      "\"content\":\"r\"}")) },
};

static void check_request(const struct wire_call *call, const char *name, const char *expected)
{
	struct buf body = BUF(BUF_LINE_MAX);

	wire_find(STR("anthropic"))->write_request(call, &body);
	if (!str_is(buf_str(&body), expected))
		fail_msg("%s:\n%s\n-- expected:\n%s", name, body.ptr, expected);
	buf_release(&body);
}

static void a_conversation_takes_the_form_that_the_api_wants(void **state)
{
	const struct model model = { .id = STR("claude-x") };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct wire_call call = { .model = &model,
			.id = STR("claude-x"),
			.messages = cases[i].messages,
			.max_tokens = 9,
			.stream = true };

		while (call.message_count < ARRAY_LEN(cases[i].messages) &&
			cases[i].messages[call.message_count].role)
			call.message_count++;
		check_request(&call, cases[i].name, cases[i].body);
	}
}

static void there_is_a_limit_always(void **state)
{
	const struct message hi[] = { MESSAGE(USER, "hi") };
	struct model model = { .max_output = 0 };
	struct wire_call call = {
		.model = &model, .id = STR("m"), .messages = hi, .message_count = 1
	};

#define LIMITED(n)                                                                             \
	"{\"model\":\"m\",\"max_tokens\":" n ",\"messages\":[" USER(SAY("hi")) "],\"stream\":" \
									       "false}"
	(void)state;
	check_request(&call, "nobody says", LIMITED("4096"));
	model.max_output = 700;
	check_request(&call, "the model says", LIMITED("700"));
	call.max_tokens = 50;
	check_request(&call, "the caller says", LIMITED("50"));
	model.params = STR("{\"max_tokens\": 9, \"stream\": true, \"model\": \"other\"}");
	check_request(&call, "params do not say it twice", LIMITED("50"));
}

static void tools_a_schema_and_params_stand_beside_it(void **state)
{
	static const struct wire_tool tools[] = {
		{ STR("f"), STR("Looks up."), STR("{\"type\":\"object\",\"properties\":{}}") },
		{ STR("g"), STR_NONE, STR_NONE },
	};
	const struct message hi[] = { MESSAGE(USER, "hi") };
	struct model model = { .params = STR("{\"top_k\": 5, \"tools\": [1], \"output_config\": "
					     "{\"effort\": \"low\"}}") };
	struct wire_call call = { .model = &model,
		.id = STR("m"),
		.messages = hi,
		.message_count = 1,
		.max_tokens = 9,
		.tools = tools,
		.tool_count = 2,
		.schema =
			STR("{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"object\"},"
			    "\"b\": {\"type\": \"object\", \"additionalProperties\": true}}}") };

#define HEAD "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[" USER(SAY("hi")) "],"
	(void)state;
	check_request(&call, "all of it",
		HEAD "\"tools\":[{\"name\":\"f\",\"description\":\"Looks up.\",\"input_schema\":"
		     "{\"type\":\"object\",\"properties\":{}}},{\"name\":\"g\",\"input_schema\":"
		     "{\"type\":\"object\"}}],\"output_config\":{\"effort\":\"low\",\"format\":"
		     "{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\",\"properties\":"
		     "{\"a\":{\"type\":\"object\",\"additionalProperties\":false},\"b\":{\"type\":"
		     "\"object\",\"additionalProperties\":true}},\"additionalProperties\":false}}},"
		     "\"top_k\":5,\"stream\":false}");
	call.tool_count = 0;
	call.schema = STR_NONE;
	check_request(&call, "tools that the provider runs come from params",
		HEAD "\"output_config\":{\"effort\":\"low\"},\"top_k\":5,\"tools\":[1],"
		     "\"stream\":false}");
}

/* claude-opus-4-7 was the first that answers temperature with a 400. */
static void what_a_model_rejects_is_not_sent(void **state)
{
	static const struct {
		const char *id, *params;
		bool sent;
	} models[] = {
		{ "claude-3-5-sonnet-20241022", "", true },
		{ "claude-opus-4-20250514", "", true },
		{ "claude-opus-4-1", "", true },
		{ "claude-haiku-4-5-20251001", "", true },
		{ "claude-opus-4-7", "", false },
		{ "claude-opus-4-8-20260901", "", false },
		{ "claude-sonnet-5", "", false },
		{ "claude-haiku-5-5", "", false },
		{ "anthropic/claude-fable-5-1", "", false },
		{ "claude-mythos-preview", "", true },
		{ "deepseek-flash", "", true },
		{ "claude-opus-4-1", ", \"thinking\": {\"type\": \"disabled\"}", true },
		{ "claude-opus-4-1", ", \"thinking\": {\"type\": \"adaptive\"}", false },
	};
	const struct message hi[] = { MESSAGE(USER, "hi") };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(models); i++) {
		struct buf body = BUF(BUF_LINE_MAX), params = BUF(BUF_LINE_MAX);
		struct model model = { .id = str_of(models[i].id) };
		const struct wire_call call = {
			.model = &model, .id = model.id, .messages = hi, .message_count = 1
		};

		buf_addf(&params, "{\"temperature\": 0, \"top_p\": 1, \"top_k\": 5%s}",
			models[i].params);
		model.params = buf_str(&params);
		wire_find(STR("anthropic"))->write_request(&call, &body);
		for (const char *const *name = (const char *const[]){ "\"temperature\"",
			     "\"top_p\"", "\"top_k\"", NULL };
			*name; name++)
			if ((str_find(buf_str(&body), str_of(*name)) < body.len) != models[i].sent)
				fail_msg("%s %s: %s", models[i].id, *name, body.ptr);
		buf_release(&params);
		buf_release(&body);
	}
}

static void the_key_goes_into_a_header_of_its_own(void **state)
{
	const struct wire *wire = wire_find(STR("anthropic"));

	(void)state;
	assert_string_equal(wire->path, "/messages");
	assert_string_equal(wire->key_header, "x-api-key");
	assert_int_equal(wire->header_count, 1);
	assert_string_equal(wire->headers[0].name, "anthropic-version");
	assert_string_equal(wire->headers[0].value, "2023-06-01");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_takes_the_form_that_the_api_wants),
		cmocka_unit_test(there_is_a_limit_always),
		cmocka_unit_test(tools_a_schema_and_params_stand_beside_it),
		cmocka_unit_test(what_a_model_rejects_is_not_sent),
		cmocka_unit_test(the_key_goes_into_a_header_of_its_own),
	};

	return cmocka_run_group_tests_name("wire/anthropic_ask", tests, NULL, NULL);
}
