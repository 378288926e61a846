/* SPDX-License-Identifier: GPL-3.0-or-later
 * The OpenAI wire: what is asked, and what is understood of answers, whole and cut at every byte.
 */
#include "core/wire/reader.h"
#include "core/wire/wires.h"
#include "tests/check.h"

#define CHUNK(delta, finish)                                                                   \
	"data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0," \
	"\"delta\":{" delta "},\"finish_reason\":" finish "}]}\n\n"
#define SAY(text) CHUNK("\"content\":\"" text "\"", "null")
#define USAGE                                                                            \
	"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5," \
	"\"total_tokens\":17,\"prompt_tokens_details\":{\"cached_tokens\":4},"           \
	"\"completion_tokens_details\":{\"reasoning_tokens\":2}}}\n\n"
#define DONE "data: [DONE]\n\n"

struct expected {
	const char *name, *type;
	int status;
	const char *bytes;
	const char *text, *refusal, *error;
	enum end end;
	int64_t in, cached, out, reasoning;
};

#define NO_USAGE INT_NONE, INT_NONE, INT_NONE, INT_NONE
#define STREAM "text/event-stream; charset=utf-8", 200
#define JSON "application/json", 200

static const struct expected cases[] = {
	{ "a plain stream", STREAM,
		CHUNK("\"role\":\"assistant\",\"content\":\"\"", "null") SAY("Hel") SAY("lo")
			CHUNK("", "\"stop\"") USAGE DONE,
		"Hello", "", "", END_STOP, 12, 4, 5, 2 },
	{ "no usage was sent", STREAM, SAY("Hi") CHUNK("", "\"stop\"") DONE, "Hi", "", "", END_STOP,
		NO_USAGE },
	{ "usage beside the finish reason", STREAM,
		"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":"
		"\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n" DONE,
		"a", "", "", END_STOP, 3, INT_NONE, 1, INT_NONE },
	{ "the limit was reached", STREAM, SAY("ab") CHUNK("", "\"length\"") DONE, "ab", "", "",
		END_LENGTH, NO_USAGE },
	{ "cut in the middle", STREAM, SAY("ab") "data: {\"choices\":[{\"ind", "ab", "", "",
		END_TRUNCATED, NO_USAGE },
	{ "cut between two events", STREAM, SAY("ab"), "ab", "", "", END_TRUNCATED, NO_USAGE },
	{ "the last blank line is missing", STREAM,
		SAY("ab") "data: "
			  "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
		"ab", "", "", END_STOP, NO_USAGE },
	{ "only [DONE] after words", STREAM, SAY("ab") DONE, "ab", "", "", END_STOP, NO_USAGE },
	{ "only [DONE]", STREAM, DONE, "", "", "", END_TRUNCATED, NO_USAGE },
	{ "nothing at all", STREAM, "", "", "", "", END_TRUNCATED, NO_USAGE },
	{ "comments and blank data before it starts", STREAM,
		": OPENROUTER PROCESSING\n\n: keep-alive\n\n" SAY("x") CHUNK("", "\"stop\"") DONE,
		"x", "", "", END_STOP, NO_USAGE },
	{ "CRLF and padding", STREAM,
		"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":"
		"\"stop\"}]}      \r\n\r\ndata: [DONE]\r\n\r\n",
		"x", "", "", END_STOP, NO_USAGE },
	{ "a bad chunk does not end the stream", STREAM,
		SAY("a") "data: {\"choices\":[{]}\n\n" SAY("b") CHUNK("", "\"stop\"") DONE, "ab",
		"", "", END_STOP, NO_USAGE },
	{ "half a surrogate pair", STREAM, SAY("a\\ud83db") CHUNK("", "\"stop\"") DONE,
		"a\xef\xbf\xbd"
		"b",
		"", "", END_STOP, NO_USAGE },
	{ "a number too large for anybody", STREAM,
		"data: {\"created\":99999999999999999999,\"choices\":[{\"index\":0,\"delta\":{"
		"\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n" DONE,
		"x", "", "", END_STOP, NO_USAGE },
	{ "an error inside a 200", STREAM,
		SAY("a") "data: {\"error\":{\"message\":\"the engine is "
			 "overloaded\",\"code\":503}}\n\n" DONE,
		"a", "", "the engine is overloaded", END_HTTP_ERROR, NO_USAGE },
	{ "an error as an SSE field", STREAM,
		"error: {\"code\":500,\"message\":\"slot failed\"}\n\n" DONE, "", "",
		"slot failed", END_HTTP_ERROR, NO_USAGE },
	{ "an error object of its own", STREAM,
		"data: {\"object\":\"error\",\"message\":\"no such adapter\"}\n\n", "", "",
		"no such adapter", END_HTTP_ERROR, NO_USAGE },
	{ "a refusal in its own field", STREAM,
		CHUNK("\"refusal\":\"I cannot \"", "null") CHUNK("\"refusal\":\"help.\"", "null")
			CHUNK("", "\"stop\"") DONE,
		"", "I cannot help.", "", END_REFUSED, NO_USAGE },
	{ "content in parts", STREAM,
		CHUNK("\"content\":[{\"type\":\"text\",\"text\":\"one "
		      "\"},{\"type\":\"text\",\"text\":"
		      "\"two\"}]",
			"null") CHUNK("", "\"stop\"") DONE,
		"one two", "", "", END_STOP, NO_USAGE },
	{ "reasoning is not the answer", STREAM,
		CHUNK("\"reasoning_content\":\"hmm\",\"content\":null", "null") SAY("42")
			CHUNK("", "\"stop\"") DONE,
		"42", "", "", END_STOP, NO_USAGE },
	{ "another choice is not ours", STREAM,
		"data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"no\"}},{\"index\":0,"
		"\"delta\":{\"content\":\"yes\"}}]}\n\n" CHUNK("", "\"stop\"") DONE,
		"yes", "", "", END_STOP, NO_USAGE },
	{ "two finish reasons", STREAM,
		SAY("a") CHUNK("", "\"length\"") CHUNK("", "\"length\"") DONE, "a", "", "",
		END_LENGTH, NO_USAGE },
	{ "words after [DONE] are nobody's", STREAM, SAY("a") CHUNK("", "\"stop\"") DONE SAY("b"),
		"a", "", "", END_STOP, NO_USAGE },
	{ "a whole answer", JSON,
		"{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
		"\"Hello\"},"
		"\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":"
		"1}}",
		"Hello", "", "", END_STOP, 7, INT_NONE, 1, INT_NONE },
	{ "a whole answer that is no JSON", JSON, "<html>gateway</html>", "", "",
		"the answer is not JSON: <html>gateway</html>", END_HTTP_ERROR, NO_USAGE },
	{ "a stream under the wrong name", "application/json", 200,
		SAY("a") CHUNK("", "\"stop\"") DONE, "a", "", "", END_STOP, NO_USAGE },
	{ "unauthorised", "application/json", 401,
		"{\"error\":{\"message\":\"Incorrect API key provided\",\"type\":"
		"\"invalid_request_error\",\"code\":\"invalid_api_key\"}}",
		"", "", "Incorrect API key provided (invalid_api_key)", END_HTTP_ERROR, NO_USAGE },
	{ "too many requests", "application/json", 429,
		"{\"error\":{\"message\":\"Rate limit reached\",\"code\":\"rate_limit_exceeded\"}}",
		"", "", "Rate limit reached (rate_limit_exceeded)", END_RATE_LIMITED, NO_USAGE },
	{ "an error page of a proxy", "text/html", 502, "<h1>Bad Gateway</h1>", "", "",
		"a web page instead of an answer: \"Bad Gateway\"", END_HTTP_ERROR, NO_USAGE },
};

struct reading {
	struct wire_reader reader;
	struct buf text;
};

static bool take_text(void *ctx, struct str piece)
{
	buf_add_str(ctx, piece);
	return true;
}

static void begin(struct reading *r, const struct expected *c)
{
	r->text = BUF(BUF_LINE_MAX);
	wire_reader_begin(
		&r->reader, wire_find(STR("openai")), (struct wire_sink){ take_text, &r->text });
	wire_reader_head(&r->reader, c->status, c->type);
}

static void check_end(struct reading *r, const struct expected *c)
{
	const struct wire_answer *a = &r->reader.answer;

	wire_reader_end(&r->reader);
	if (!str_is(buf_str(&r->text), c->text) || a->end != (int64_t)c->end ||
		!str_is(buf_str(&a->refusal), c->refusal) ||
		!str_is(buf_str(&a->error), c->error) || a->tokens.in != c->in ||
		a->tokens.cached != c->cached || a->tokens.out != c->out ||
		a->tokens.reasoning != c->reasoning)
		fail_msg("%s: text \"%s\" end %s refusal \"%s\" error \"%s\" in %lld out %lld",
			c->name, r->text.ptr, a->end ? end_names[a->end] : "none", a->refusal.ptr,
			a->error.ptr, (long long)a->tokens.in, (long long)a->tokens.out);
	wire_reader_release(&r->reader);
	buf_release(&r->text);
}

static void answers_are_understood_whole_and_cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str bytes = str_of(cases[i].bytes);

		for (size_t cut = 0; cut <= bytes.len; cut++) {
			struct reading r;

			begin(&r, &cases[i]);
			wire_reader_feed(&r.reader, str_part(bytes, 0, cut));
			wire_reader_feed(&r.reader, str_part(bytes, cut, bytes.len));
			check_end(&r, &cases[i]);
		}
	}
}

static void answers_are_understood_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str bytes = str_of(cases[i].bytes);
		struct reading r;

		begin(&r, &cases[i]);
		for (size_t at = 0; at < bytes.len; at++)
			wire_reader_feed(&r.reader, str_part(bytes, at, 1));
		check_end(&r, &cases[i]);
	}
}

static void the_request_says_what_is_asked_and_no_more(void **state)
{
	const struct message messages[] = {
		{ .role = ROLE_SYSTEM, .text = STR("be \"brief\"") },
		{ .role = ROLE_USER, .text = STR("line\n\x01") },
	};
	struct model model = { .id = STR("gpt-x"), .params = STR("{\"temperature\": 0.5}") };
	struct wire_call call = { .model = &model,
		.id = STR("gpt-x"),
		.messages = messages,
		.message_count = 2,
		.max_tokens = 9,
		.stream = true };
	struct buf body = BUF(BUF_LINE_MAX);

	(void)state;
	wire_find(STR("openai"))->write_request(&call, &body);
	check_buf(&body, "{\"model\":\"gpt-x\",\"messages\":[{\"role\":\"system\",\"content\":\"be "
			 "\\\"brief\\\"\"},{\"role\":\"user\",\"content\":\"line\\n\\u0001\"}],"
			 "\"max_tokens\":9,\"temperature\":0.5,\"stream\":true,"
			 "\"stream_options\":{\"include_usage\":true}}");
	model.max_tokens_as = STR("max_completion_tokens");
	model.params = STR_NONE;
	call.stream = false;
	buf_clear(&body);
	wire_find(STR("openai"))->write_request(&call, &body);
	check_buf(&body, "{\"model\":\"gpt-x\",\"messages\":[{\"role\":\"system\",\"content\":\"be "
			 "\\\"brief\\\"\"},{\"role\":\"user\",\"content\":\"line\\n\\u0001\"}],"
			 "\"max_completion_tokens\":9,\"stream\":false}");
	buf_release(&body);
}

static void an_unknown_wire_is_not_found(void **state)
{
	(void)state;
	assert_null(wire_find(STR("smoke")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_understood_whole_and_cut_anywhere),
		cmocka_unit_test(answers_are_understood_byte_by_byte),
		cmocka_unit_test(the_request_says_what_is_asked_and_no_more),
		cmocka_unit_test(an_unknown_wire_is_not_found),
	};

	return cmocka_run_group_tests_name("wire/openai", tests, NULL, NULL);
}
