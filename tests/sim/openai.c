/* SPDX-License-Identifier: GPL-3.0-or-later
 * The server's side of the OpenAI format: what is refused and how, and the bytes that are sent. */
#include "core/sim/openai.h"

#include "core/base/json.h"
#include "core/base/rng.h"
#include "tests/check.h"

#define USER "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
#define GOOD "{\"model\":\"sim-mid\"," USER

static void a_wrong_request_is_refused_by_name(void **state)
{
	static const struct {
		const char *body;
		unsigned status;
		const char *param; /* NULL: none */
	} cases[] = {
		{ "", 400, NULL },
		{ "{", 400, NULL },
		{ "[]", 400, NULL },
		{ "null", 400, NULL },
		{ "\"text\"", 400, NULL },
		{ "{} {}", 400, NULL },
		{ "\xff\xfe", 400, NULL },
		{ GOOD ",\"x\":\"\xc3\"}", 400, NULL },
		{ "{" USER "}", 400, "model" },
		{ "{\"model\":null," USER "}", 400, "model" },
		{ "{\"model\":7," USER "}", 400, "model" },
		{ "{\"model\":[]," USER "}", 400, "model" },
		{ "{\"model\":\"gpt-9\"," USER "}", 404, "model" },
		{ "{\"model\":\"sim-midget\"," USER "}", 404, "model" },
		{ "{\"model\":\"sim-mid\"}", 400, "messages" },
		{ "{\"model\":\"sim-mid\",\"messages\":[]}", 400, "messages" },
		{ "{\"model\":\"sim-mid\",\"messages\":{}}", 400, "messages" },
		{ "{\"model\":\"sim-mid\",\"messages\":\"hi\"}", 400, "messages" },
		{ "{\"model\":\"sim-mid\",\"messages\":[7]}", 400, "messages" },
		{ "{\"model\":\"sim-mid\",\"messages\":[{}]}", 400, "messages" },
		{ "{\"model\":\"sim-mid\",\"messages\":[{\"role\":\"king\"}]}", 400, "messages" },
		{ "{\"model\":\"sim-mid\",\"messages\":[{\"role\":[]}]}", 400, "messages" },
		{ "{\"model\":\"sim-mid\",\"messages\":[{\"role\":\"user\",\"content\":7}]}", 400,
			"messages" },
		{ "{\"model\":\"sim-mid\",\"messages\":[{\"role\":\"user\",\"content\":{}}]}", 400,
			"messages" },
		{ "{\"model\":\"sim-mid\",\"messages\":[{\"role\":\"user\",\"content\":[7]}]}", 400,
			"messages" },
		{ "{\"model\":\"sim-mid\",\"messages\":[{\"role\":\"user\",\"content\":[{}]}]}",
			400, "messages" },
		{ GOOD ",\"stream\":\"yes\"}", 400, "stream" },
		{ GOOD ",\"stream\":1}", 400, "stream" },
		{ GOOD ",\"stream_options\":{}}", 400, "stream_options" },
		{ GOOD ",\"stream\":true,\"stream_options\":[]}", 400, "stream_options" },
		{ GOOD ",\"stream\":true,\"stream_options\":{\"include_usage\":0}}", 400,
			"include_usage" },
		{ GOOD ",\"max_tokens\":\"9\"}", 400, "max_tokens" },
		{ GOOD ",\"max_tokens\":0}", 400, "max_tokens" },
		{ GOOD ",\"max_tokens\":-5}", 400, "max_tokens" },
		{ GOOD ",\"max_completion_tokens\":1.5}", 400, "max_completion_tokens" },
		{ GOOD ",\"n\":2}", 400, "n" },
		{ GOOD ",\"response_format\":\"json\"}", 400, "response_format" },
		{ GOOD ",\"response_format\":{}}", 400, "response_format" },
		{ GOOD ",\"response_format\":{\"type\":\"xml\"}}", 400, "response_format" },
		{ GOOD ",\"response_format\":{\"type\":\"json_schema\"}}", 400,
			"response_format.json_schema" },
		{ GOOD ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":[]}}", 400,
			"response_format.json_schema" },
		{ GOOD ",\"tools\":{}}", 400, "tools" },
		{ GOOD ",\"tools\":[7]}", 400, "tools" },
		{ GOOD ",\"tools\":[{\"function\":{}}]}", 400, "tools" },
		{ GOOD ",\"tools\":[{\"function\":{\"name\":\"x\",\"parameters\":[]}}]}", 400,
			"tools" },
		{ GOOD ",\"tool_choice\":7}", 400, "tool_choice" },
		{ GOOD ",\"tool_choice\":\"sometimes\"}", 400, "tool_choice" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ask ask = { 0 };
		struct ask_error error = { 0 };
		struct buf out = BUF(BUF_LINE_MAX);
		json_t *said = NULL;

		if (openai_read(&ask, str_of(cases[i].body), &error))
			fail_msg("accepted: %s", cases[i].body);
		if (error.status != cases[i].status)
			fail_msg("status %u: %s", error.status, cases[i].body);
		if (!str_eq(str_of(error.param), str_of(cases[i].param)))
			fail_msg("%s named: %s", error.param, cases[i].body);
		openai_write_error(&out, &error);
		check_ok(json_read(buf_str(&out), JSON_READ_STRICT, &said, NULL));
		assert_true(json_get_text(json_object_get(said, "error"), "message").len > 10);
		check_str(json_get_text(json_object_get(said, "error"), "type"),
			"invalid_request_error");
		json_decref(said);
		buf_release(&out);
		ask_release(&ask);
	}
}

static void what_is_unknown_or_null_is_passed_over(void **state)
{
	static const char *const bodies[] = {
		GOOD "}",
		GOOD ",\"temperature\":\"hot\",\"seed\":[1],\"whatever\":{\"deep\":[[]]}}",
		GOOD
		",\"stream\":null,\"max_tokens\":null,\"tools\":null,\"response_format\":null}",
		GOOD ",\"tools\":[],\"tool_choice\":\"auto\",\"n\":1}",
		GOOD ",\"response_format\":{\"type\":\"text\"}}",
		GOOD ",\"model\":\"sim-small\"}", /* the last of two wins */
		"{\"model\":\"sim-mid\",\"messages\":[{\"role\":\"assistant\",\"content\":null},"
		"{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"},"
		"{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}]}]}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct ask ask = { 0 };
		struct ask_error error = { 0 };

		if (!openai_read(&ask, str_of(bodies[i]), &error))
			fail_msg("%s: %s", error.say, bodies[i]);
		check_str(ask.question, "hi");
		assert_false(ask.stream);
		ask_release(&ask);
	}
}

static void parts_are_joined_and_the_last_question_counts(void **state)
{
	static const char body[] =
		"{\"model\":\"sim-small\",\"messages\":[{\"role\":\"developer\",\"content\":"
		"\"rules\"},"
		"{\"role\":\"user\",\"content\":\"first\"},{\"role\":\"tool\",\"content\":\"old\"},"
		"{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
		"{\"type\":\"text\",\"text\":\"b\\u0000c\"}]}]}";
	struct ask ask = { 0 };
	struct ask_error error;

	(void)state;
	assert_true(openai_read(&ask, str_of(body), &error));
	check_str(ask.question, "a\nb\xef\xbf\xbd" "c");
	check_str(ask.before, "first");
	assert_null(ask.result.ptr);
	assert_int_equal(ask.messages.len, 4);
	ask_release(&ask);
}

static void depth_and_junk_do_no_harm(void **state)
{
	struct rng rng;
	struct buf body = BUF(BUF_TEXT_MAX);
	struct ask_error error;

	(void)state;
	buf_add_text(&body, GOOD ",\"x\":");
	buf_add_repeat(&body, '[', 100000);
	{
		struct ask ask = { 0 };

		assert_false(openai_read(&ask, buf_str(&body), &error));
		assert_int_equal(error.status, 400);
		ask_release(&ask);
	}
	rng_seed(&rng, 1);
	for (int i = 0; i < 2000; i++) {
		struct ask ask = { 0 };

		buf_clear(&body);
		buf_add_text(&body,
			GOOD ",\"tools\":[{\"function\":{\"name\":\"x\",\"parameters\":{}}}],"
			     "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
			     "{\"schema\":{}}},\"stream\":true,\"stream_options\":{}}");
		for (int k = 0; k < 3; k++)
			body.ptr[rng_below(&rng, body.len)] =
				"\"{}[]:,7n\x80\\"[rng_below(&rng, 11)];
		if (!openai_read(&ask, buf_str(&body), &error))
			assert_true(error.status == 400 || error.status == 404);
		ask_release(&ask);
	}
	buf_release(&body);
}

static void read_good(struct ask *ask, const char *more)
{
	struct buf body = BUF(BUF_LINE_MAX);
	struct ask_error error;

	*ask = (struct ask){ 0 };
	buf_addf(&body, GOOD "%s}", more);
	if (!openai_read(ask, buf_str(&body), &error))
		fail_msg("%s", error.say);
	buf_release(&body);
}

/* Everything of a line but id and time, which are numbers of no meaning. */
static void check_tail(struct str line, const char *want)
{
	size_t at = str_find(line, STR("\"model\""));

	check_str(str_part(line, at, line.len), want);
}

static void stream_all(const struct ask *ask, const struct reply *reply, struct buf *out)
{
	struct stream stream;

	stream_begin(&stream, ask, reply, 5);
	while (openai_stream_next(&stream, out) != STREAM_END)
		;
}

#define CHUNK "\"model\":\"sim-mid\",\"system_fingerprint\":\"weir-simulator\",\"choices\":["
#define END_CHUNK ",\"logprobs\":null,\"finish_reason\":"

static void check_lines(struct buf *out, const char *const *want, size_t count)
{
	struct str rest = buf_str(out), line;

	for (size_t i = 0; i < count; i++) {
		assert_true(str_cut(&rest, '\n', &line));
		if (want[i][0] == '"')
			check_tail(line, want[i]);
		else
			check_str(line, want[i]);
		assert_true(str_cut(&rest, '\n', &line));
		check_str(line, "");
	}
	assert_int_equal(rest.len, 0);
}

static void a_stream_is_written_byte_by_byte_as_openai_does(void **state)
{
	static const char *const plain[] = {
		CHUNK "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}" END_CHUNK
		      "null}]}",
		CHUNK "{\"index\":0,\"delta\":{\"content\":\"It\"}" END_CHUNK "null}]}",
		CHUNK "{\"index\":0,\"delta\":{\"content\":\" \\\"\"}" END_CHUNK "null}]}",
		CHUNK "{\"index\":0,\"delta\":{\"content\":\"is\"}" END_CHUNK "null}]}",
		CHUNK "{\"index\":0,\"delta\":{\"content\":\"\\\"\"}" END_CHUNK "null}]}",
		CHUNK "{\"index\":0,\"delta\":{}" END_CHUNK "\"stop\"}]}",
		"data: [DONE]",
	};
	struct reply reply = { .text = STR("It \"is\""), .finish = "stop" };
	struct buf out = BUF(BUF_TEXT_MAX);
	struct ask ask;

	(void)state;
	read_good(&ask, ",\"stream\":true");
	stream_all(&ask, &reply, &out);
	assert_true(str_starts(buf_str(&out), "data: {\"id\":\"chatcmpl-sim"));
	check_lines(&out, plain, ARRAY_LEN(plain));
	buf_release(&out);
	ask_release(&ask);
}

static size_t count_of(struct str text, const char *piece)
{
	size_t count = 0, at;

	while ((at = str_find(text, str_of(piece))) < text.len) {
		text = str_part(text, at + 1, text.len);
		count++;
	}
	return count;
}

static void usage_comes_when_asked_for_and_in_one_chunk(void **state)
{
	struct reply reply = { .text = STR("one two three"), .finish = "stop" };
	struct buf out = BUF(BUF_TEXT_MAX);
	struct ask ask;

	(void)state;
	read_good(&ask, ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
	stream_all(&ask, &reply, &out);
	assert_int_equal(count_of(buf_str(&out), "\"usage\":null"), 5);
	assert_int_equal(count_of(buf_str(&out), "\"choices\":[],\"usage\":{\"prompt_tokens\":5,"
						 "\"completion_tokens\":3,\"total_tokens\":8,"), 1);
	ask_release(&ask);
	buf_clear(&out);
	read_good(&ask, ",\"stream\":true,\"stream_options\":{\"include_usage\":false}");
	stream_all(&ask, &reply, &out);
	assert_int_equal(count_of(buf_str(&out), "usage"), 0);
	ask_release(&ask);
	buf_release(&out);
}

static void a_silent_end_has_neither_reason_nor_done(void **state)
{
	struct reply reply = { .text = STR("one two") };
	struct buf out = BUF(BUF_TEXT_MAX);
	struct ask ask;

	(void)state;
	read_good(&ask, ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
	stream_all(&ask, &reply, &out);
	assert_int_equal(count_of(buf_str(&out), "\"finish_reason\":\""), 0);
	assert_int_equal(count_of(buf_str(&out), "[DONE]"), 0);
	assert_int_equal(count_of(buf_str(&out), "\"prompt_tokens\""), 0);
	assert_int_equal(count_of(buf_str(&out), "data: "), 3);
	ask_release(&ask);
	buf_release(&out);
}

static void a_tool_call_goes_in_pieces_that_join(void **state)
{
	struct reply reply = { .text = STR("{\"policy_id\":\"48213\"}"),
		.tool = STR("policy_lookup"),
		.finish = "tool_calls" };
	struct buf out = BUF(BUF_TEXT_MAX), arguments = BUF(BUF_LINE_MAX);
	struct str rest, line;
	struct ask ask;
	size_t names = 0;

	(void)state;
	read_good(&ask, ",\"stream\":true");
	stream_all(&ask, &reply, &out);
	rest = buf_str(&out);
	while (str_cut(&rest, '\n', &line)) {
		json_t *event = NULL;
		const json_t *call;

		if (!str_starts(line, "data: {"))
			continue;
		check_ok(json_read(str_part(line, 6, line.len), JSON_READ_STRICT, &event, NULL));
		call = json_array_get(json_object_get(json_object_get(json_array_get(
			json_object_get(event, "choices"), 0), "delta"), "tool_calls"), 0);
		call = json_object_get(call, "function");
		names += json_get_text(call, "name").len > 0;
		buf_add_str(&arguments, json_get_text(call, "arguments"));
		json_decref(event);
	}
	assert_int_equal(names, 1);
	check_buf(&arguments, "{\"policy_id\":\"48213\"}");
	assert_int_equal(count_of(buf_str(&out), "\"finish_reason\":\"tool_calls\""), 1);
	ask_release(&ask);
	buf_release(&arguments);
	buf_release(&out);
}

static void a_whole_answer_is_one_object(void **state)
{
	struct reply reply = { .text = STR("one \xff two"), .finish = "length" };
	struct buf out = BUF(BUF_TEXT_MAX);
	struct ask ask;
	json_t *said = NULL;
	const json_t *choice;

	(void)state;
	read_good(&ask, "");
	openai_write_whole(&out, &ask, &reply, 5);
	check_ok(json_read(buf_str(&out), JSON_READ_STRICT, &said, NULL));
	check_str(json_get_text(said, "object"), "chat.completion");
	check_str(json_get_text(said, "model"), "sim-mid");
	check_str(json_get_text(said, "system_fingerprint"), "weir-simulator");
	choice = json_array_get(json_object_get(said, "choices"), 0);
	check_str(json_get_text(choice, "finish_reason"), "length");
	check_str(json_get_text(json_object_get(choice, "message"), "content"),
		"one \xef\xbf\xbd two");
	assert_int_equal(json_get_int(json_object_get(said, "usage"), "prompt_tokens", 0), 5);
	json_decref(said);
	ask_release(&ask);
	buf_release(&out);
}

static void ids_follow_the_seed_and_the_request_but_not_the_form(void **state)
{
	struct reply reply = { .text = STR("x"), .finish = "stop" };
	struct buf a = BUF(BUF_LINE_MAX), b = BUF(BUF_LINE_MAX), c = BUF(BUF_LINE_MAX);
	struct ask one, two;

	(void)state;
	read_good(&one, "");
	read_good(&two, ",\"user\":\"somebody\"");
	openai_write_whole(&a, &one, &reply, 5);
	openai_write_whole(&b, &two, &reply, 5);
	openai_write_whole(&c, &one, &reply, 6);
	assert_true(str_eq(buf_str(&a), buf_str(&b)));
	assert_false(str_eq(buf_str(&a), buf_str(&c)));
	ask_release(&one);
	ask_release(&two);
	buf_release(&a);
	buf_release(&b);
	buf_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_request_is_refused_by_name),
		cmocka_unit_test(what_is_unknown_or_null_is_passed_over),
		cmocka_unit_test(parts_are_joined_and_the_last_question_counts),
		cmocka_unit_test(depth_and_junk_do_no_harm),
		cmocka_unit_test(a_stream_is_written_byte_by_byte_as_openai_does),
		cmocka_unit_test(usage_comes_when_asked_for_and_in_one_chunk),
		cmocka_unit_test(a_silent_end_has_neither_reason_nor_done),
		cmocka_unit_test(a_tool_call_goes_in_pieces_that_join),
		cmocka_unit_test(a_whole_answer_is_one_object),
		cmocka_unit_test(ids_follow_the_seed_and_the_request_but_not_the_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
