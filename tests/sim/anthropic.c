/* SPDX-License-Identifier: GPL-3.0-or-later
 * The server's side of the Anthropic format: what is refused and how, the bytes that are sent, and
 * that the client's side, which shares no code with it, understands them. */
#include "core/sim/anthropic.h"

#include "core/base/json.h"
#include "core/base/rng.h"
#include "core/wire/reader.h"
#include "core/wire/wires.h"
#include "tests/check.h"

#define STR_INIT(literal)                       \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}
#define HEAD "{\"model\":\"sim-mid\",\"max_tokens\":99"
#define USER(content) "{\"role\":\"user\",\"content\":" content "}"
#define MODEL(content) "{\"role\":\"assistant\",\"content\":" content "}"
#define TALK(list) HEAD ",\"messages\":[" list "]}"
#define GOOD HEAD ",\"messages\":[" USER("\"hi\"") "]"
#define USE(id) "{\"type\":\"tool_use\",\"id\":\"" id "\",\"name\":\"f\",\"input\":{}}"
#define RESULT(id) "{\"type\":\"tool_result\",\"tool_use_id\":\"" id "\",\"content\":\"r\"}"

static void a_wrong_request_is_refused_by_name(void **state)
{
	static const struct {
		const char *body;
		const char *say; /* how it begins */
	} cases[] = {
		{ "", "We could not parse" },
		{ "[]", "The JSON body" },
		{ "{\"max_tokens\":9}", "model: Field required" },
		{ "{\"model\":7}", "model: Input should be a valid string" },
		{ "{\"model\":\"sim-mid\"}", "max_tokens: Field required" },
		{ "{\"model\":\"sim-mid\",\"max_tokens\":\"9\"}", "max_tokens: Input" },
		{ "{\"model\":\"sim-mid\",\"max_tokens\":0}",
			"max_tokens: Input should be greater" },
		{ HEAD "}", "messages: at least one message" },
		{ TALK(""), "messages: at least one message" },
		{ TALK("7"), "messages.0: role" },
		{ TALK("{\"role\":\"system\",\"content\":\"x\"}"), "messages.0: role" },
		{ TALK(MODEL("\"x\"")), "messages: roles must alternate" },
		{ TALK(USER("\"x\"") "," USER("\"y\"")), "messages: roles must alternate" },
		{ TALK(USER("\" \"")), "messages.0: text content blocks must be non-empty" },
		{ TALK(USER("[]")), "messages.0: messages must have non-empty content" },
		{ TALK(USER("[{\"type\":\"text\",\"text\":\"\"}]")), "messages.0: text content" },
		{ TALK(USER("[{\"type\":\"sound\"}]")), "messages.0: content: Input tag" },
		{ TALK(USER("[" USE("t") "]")), "messages.0: content: Input tag" },
		{ TALK(USER("\"x\"") "," MODEL("[" USE("f:0") "]")), "messages.1: tool_use.id" },
		{ TALK(USER("\"x\"") "," MODEL("[" USE("t") "]") "," USER("\"y\"")),
			"messages.2: `tool_use` ids were found without" },
		{ TALK(USER("[" RESULT("t") "]")), "messages.0: unexpected `tool_use_id`" },
		{ TALK(USER("\"x\"") "," MODEL("[{\"type\":\"thinking\",\"thinking\":\"h\"}]")),
			"messages.1: thinking.signature" },
		{ GOOD ",\"system\":7}", "system: Input" },
		{ GOOD ",\"stream\":1}", "stream: Input" },
		{ GOOD ",\"tools\":{}}", "tools: Input" },
		{ GOOD ",\"tools\":[{\"name\":\"f\"}]}", "tools.0: name and input_schema" },
		{ GOOD ",\"tool_choice\":\"auto\"}", "tool_choice: Input tag" },
		{ GOOD ",\"output_config\":{\"format\":{\"type\":\"json\"}}}", "output_config" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ask ask = { 0 };
		struct ask_error error = { 0 };
		struct buf out = BUF(BUF_LINE_MAX);
		json_t *said = NULL;

		if (anthropic_read(&ask, str_of(cases[i].body), &error))
			fail_msg("accepted: %s", cases[i].body);
		if (error.status != 400 || !str_starts(str_of(error.say), cases[i].say))
			fail_msg("%u %s: %s", error.status, error.say, cases[i].body);
		anthropic_write_error(&out, &error);
		check_ok(json_read(buf_str(&out), JSON_READ_STRICT, &said, NULL));
		check_str(json_get_text(said, "type"), "error");
		check_str(json_get_text(json_object_get(said, "error"), "type"),
			"invalid_request_error");
		check_str(json_get_text(said, "request_id"), "req_sim0000000000000000");
		json_decref(said);
		buf_release(&out);
		ask_release(&ask);
	}
}

static void a_model_that_is_not_there_is_not_found(void **state)
{
	struct ask ask = { 0 };
	struct ask_error error = { 0 };

	(void)state;
	assert_false(anthropic_read(&ask, STR("{\"model\":\"claude-9\"}"), &error));
	assert_int_equal(error.status, 404);
	assert_string_equal(error.type, "not_found_error");
	assert_string_equal(error.say, "model: claude-9");
	ask_release(&ask);
}

#define FIRST USER("\"first\"")
#define THINKS                                                                          \
	"{\"type\":\"thinking\",\"thinking\":\"h\",\"signature\":\"s\"},{\"type\":\"text\"," \
	"\"text\":\"see\"}"
#define SECOND MODEL("[" THINKS "," USE("t1") "," USE("t2") "]")
#define WORDS "{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}"
#define THIRD USER("[" RESULT("t1") "," RESULT("t2") "," WORDS "]")

static void a_conversation_is_understood(void **state)
{
	static const char body[] =
		HEAD ",\"system\":[{\"type\":\"text\",\"text\":\"rules\"}],\"stream\":true,"
		"\"temperature\":0,\"messages\":[" FIRST "," SECOND "," THIRD "],"
		"\"tools\":[{\"type\":\"web_search_1\",\"name\":\"web\"},{\"name\":\"f\","
		"\"description\":\"d\",\"input_schema\":{\"type\":\"object\"}}],"
		"\"tool_choice\":{\"type\":\"tool\",\"name\":\"f\"},"
		"\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{}}}}";
	static const enum ask_role roles[] = { ASK_SYSTEM, ASK_USER, ASK_ASSISTANT, ASK_TOOL,
		ASK_TOOL, ASK_USER };
	struct ask ask = { 0 };
	struct ask_error error = { 0 };
	const json_t *function;

	(void)state;
	if (!anthropic_read(&ask, str_of(body), &error))
		fail_msg("%s", error.say);
	assert_int_equal(ask.messages.len, ARRAY_LEN(roles));
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		assert_int_equal(ask.messages.ptr[i].role, roles[i]);
	check_str(ask.question, "a\nb");
	check_str(ask.before, "first");
	check_str(ask.rules, "rules");
	assert_true(ask.stream);
	assert_int_equal(ask.max_tokens, 99);
	assert_int_equal(json_array_size(ask.tools), 1);
	function = json_object_get(json_array_get(ask.tools, 0), "function");
	check_str(json_get_text(function, "name"), "f");
	assert_true(json_is_object(json_object_get(function, "parameters")));
	check_str(ask.tool_forced, "f");
	assert_int_equal(ask.format, FORMAT_SCHEMA);
	ask_release(&ask);
}

static void junk_does_no_harm(void **state)
{
	struct rng rng;
	struct buf body = BUF(BUF_LINE_MAX);

	(void)state;
	rng_seed(&rng, 1);
	for (int i = 0; i < 2000; i++) {
		struct ask ask = { 0 };
		struct ask_error error = { 0 };

		buf_clear(&body);
		buf_add_text(&body, TALK(USER("\"x\"") "," MODEL("[" USE("t") "]") "," USER(
					    "[" RESULT("t") "]")));
		for (int k = 0; k < 3; k++)
			body.ptr[rng_below(&rng, body.len)] =
				"\"{}[]:,7n\x80\\"[rng_below(&rng, 11)];
		if (!anthropic_read(&ask, buf_str(&body), &error))
			assert_true(error.status == 400 || error.status == 404);
		ask_release(&ask);
	}
	buf_release(&body);
}

static void read_good(struct ask *ask)
{
	struct ask_error error;

	*ask = (struct ask){ 0 };
	if (!anthropic_read(ask, STR(GOOD "}"), &error))
		fail_msg("%s", error.say);
}

static void stream_all(const struct ask *ask, const struct reply *reply, struct buf *out)
{
	struct stream stream;

	stream_begin(&stream, ask, reply, 5);
	while (anthropic_stream_next(&stream, out) != STREAM_END)
		;
}

/* Without the padding, whose length is a number of no meaning, and the id. */
static void check_events(struct str rest, const char *const *want, size_t count)
{
	struct str line;
	size_t i = 0;

	while (str_cut(&rest, '\n', &line)) {
		if (!str_starts(line, "data: "))
			continue;
		assert_true(i < count);
		line = str_trim(str_part(line, strlen("data: "), line.len));
		if (str_find(str_of(want[i]), STR("message_start")) < strlen(want[i]))
			assert_true(str_starts(line, want[i]));
		else
			check_str(line, want[i]);
		i++;
	}
	assert_int_equal(i, count);
}

#define DELTA(delta) "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{" delta "}}"
#define USAGE(out)                                                                 \
	"\"usage\":{\"input_tokens\":5,\"cache_creation_input_tokens\":0,\"cache_" \
	"read_input_tokens\":0,\"output_tokens\":" out "}"

static void a_stream_is_written_as_anthropic_does(void **state)
{
	static const char *const want[] = {
		"{\"type\":\"message_start\",\"message\":{\"id\":\"msg_sim",
		"{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":"
		"\"text\","
		"\"text\":\"\"}}",
		"{\"type\":\"ping\"}",
		DELTA("\"type\":\"text_delta\",\"text\":\"It\""),
		DELTA("\"type\":\"text_delta\",\"text\":\" is\""),
		"{\"type\":\"content_block_stop\",\"index\":0}",
		"{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\","
		"\"stop_sequence\":null}," USAGE("2") "}",
		"{\"type\":\"message_stop\"}",
	};
	struct reply reply = { .text = STR("It is"), .finish = "length" };
	struct buf out = BUF(BUF_TEXT_MAX);
	struct ask ask;

	(void)state;
	read_good(&ask);
	stream_all(&ask, &reply, &out);
	check_events(buf_str(&out), want, ARRAY_LEN(want));
	assert_true(str_starts(buf_str(&out), "event: message_start\ndata: "));
	ask_release(&ask);
	buf_release(&out);
}

static bool take_text(void *ctx, struct str piece)
{
	buf_add_str(ctx, piece);
	return true;
}

/* Reads what the simulator wrote with the wire that the program reads providers with. */
static void read_back(struct wire_reader *r, const char *type, struct str bytes, struct buf *text)
{
	buf_clear(text);
	wire_reader_begin(r, wire_find(STR("anthropic")), (struct wire_sink){ take_text, text });
	wire_reader_head(r, 200, type);
	wire_reader_feed(r, bytes);
	wire_reader_end(r);
}

static void the_clients_side_understands_it(void **state)
{
	static const struct {
		struct reply reply;
		const char *text, *arguments;
		enum end end;
	} cases[] = {
		{ { .text = STR_INIT("one \xff two"), .finish = "stop" }, "one \xef\xbf\xbd two",
			NULL, END_STOP },
		{ { .text = STR_INIT("one two"), .finish = "length" }, "one two", NULL,
			END_LENGTH },
		{ { .text = STR_INIT("one two") }, "one two", NULL, END_TRUNCATED },
		{ { .text = STR_INIT("{\"a\":\"b c\"}"),
			  .tool = STR_INIT("f"),
			  .finish = "tool_calls" },
			"", "{\"a\":\"b c\"}", END_TOOL_CALLS },
	};
	struct buf out = BUF(BUF_TEXT_MAX), text = BUF(BUF_TEXT_MAX);
	struct ask ask;

	(void)state;
	read_good(&ask);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (int whole = 0; whole < 2; whole++) {
			struct wire_reader r;

			if (whole && !cases[i].reply.finish)
				continue; /* a connection that just closes has no whole answer */
			buf_clear(&out);
			if (whole)
				anthropic_write_whole(&out, &ask, &cases[i].reply, 5);
			else
				stream_all(&ask, &cases[i].reply, &out);
			read_back(&r, whole ? "application/json" : "text/event-stream",
				buf_str(&out), &text);
			check_buf(&text, cases[i].text);
			assert_int_equal(r.answer.end, cases[i].end);
			assert_int_equal(r.answer.error.len, 0);
			assert_int_equal(r.answer.tokens.in, 5);
			assert_int_equal(r.answer.calls.len, cases[i].arguments ? 1 : 0);
			if (cases[i].arguments)
				check_buf(&r.answer.calls.ptr[0].arguments, cases[i].arguments);
			wire_reader_release(&r);
		}
	ask_release(&ask);
	buf_release(&out);
	buf_release(&text);
}

/* A conversation with all that a message can hold: the strict server takes what the client writes.
 */
static void it_understands_the_clients_side(void **state)
{
	static const struct tool_call calls[] = {
		{ STR_INIT("functions.f:0"), STR_INIT("f"), STR_INIT("{\"a\":1}") },
		{ STR_INIT("t2"), STR_INIT("f"), STR_INIT("no JSON") },
	};
	static const struct message messages[] = {
		{ .role = ROLE_SYSTEM, .text = STR_INIT("rules") },
		{ .role = ROLE_USER, .text = STR_INIT("a") },
		{ .role = ROLE_USER, .text = STR_INIT(""), .images = 1 },
		{ .role = ROLE_ASSISTANT,
			.text = STR_INIT(" "),
			.calls = calls,
			.call_count = 2,
			.kept = STR_INIT("[{\"type\":\"thinking\",\"thinking\":\"h\",\"signature\":"
					 "\"s\"}]") },
		{ .role = ROLE_TOOL, .text = STR_INIT("r"), .call_id = STR_INIT("functions.f:0") },
		{ .role = ROLE_TOOL,
			.text = STR_INIT(""),
			.call_id = STR_INIT("t2"),
			.failed = true },
		{ .role = ROLE_USER, .text = STR_INIT("b") },
	};
	static const struct wire_tool tool = { STR_INIT("f"), STR_INIT("d"), { NULL, 0 } };
	const struct model model = { .max_output = 100 };
	const struct wire_call call = { .model = &model,
		.id = STR("sim-small"),
		.messages = messages,
		.message_count = ARRAY_LEN(messages),
		.stream = true,
		.tools = &tool,
		.tool_count = 1,
		.schema = STR("{\"type\":\"object\"}") };
	struct buf body = BUF(BUF_LINE_MAX);
	struct ask ask = { 0 };
	struct ask_error error = { 0 };

	(void)state;
	wire_find(STR("anthropic"))->write_request(&call, &body);
	if (!anthropic_read(&ask, buf_str(&body), &error))
		fail_msg("%s: %s", error.say, body.ptr);
	check_str(ask.question, "b");
	check_str(ask.before, "a\n[1 image left out: Weir sends text only]");
	assert_int_equal(ask.max_tokens, 100);
	ask_release(&ask);
	buf_release(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_request_is_refused_by_name),
		cmocka_unit_test(a_model_that_is_not_there_is_not_found),
		cmocka_unit_test(a_conversation_is_understood),
		cmocka_unit_test(junk_does_no_harm),
		cmocka_unit_test(a_stream_is_written_as_anthropic_does),
		cmocka_unit_test(the_clients_side_understands_it),
		cmocka_unit_test(it_understands_the_clients_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
