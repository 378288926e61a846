/* SPDX-License-Identifier: GPL-3.0-or-later
 * A decision from intake to its commit, against a scripted server, a store in memory and a clock
 * that only the test moves. */
#include "tests/flow/world.h"

/* ---- answers ---------------------------------------------------------------------------- */

static void an_answer_is_streamed_costed_and_recorded(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST), SEND(STREAM_HEAD),
		SEND(PIECE("Hel") PIECE("lo") FINISH), DO(CLOSE), DO(END) };
	struct world w;
	struct attempt *a;
	struct buf request = BUF(BUF_LINE_MAX);

	(void)state;
	open_world(&w, script);
	run(&w, ask_for("what is a deductible?"));
	check_ok(w.err);
	check_buf(&w.text, "Hello");
	check_buf(&w.events, "begin step:intake step:route step:discover attempt text text "
			     "attempt_end step:call "
			     "step:settle done");
	assert_non_null(w.kept);
	check_str(w.kept->answer.text, "Hello");
	check_str(w.kept->answer.model, "low");
	assert_false(w.kept->answer.simulated);
	assert_int_equal(w.kept->attempts.len, 1);
	a = &w.kept->attempts.ptr[0];
	assert_int_equal(a->end, END_STOP);
	assert_int_equal(a->status, 200);
	assert_int_equal(a->tokens.in, 1000);
	assert_false(a->tokens.estimated);
	/* 1000 x $1 and 500 x $2 a million; the premium rung is ten times as dear. */
	assert_true(w.kept->cost == INT64_C(2000000000));
	assert_true(w.kept->baseline == INT64_C(20000000000));
	assert_true(w.kept->saved == INT64_C(18000000000));
	raw_server_request(w.server, 0, &request);
	check_has(buf_str(&request), "POST /v1/chat/completions");
	check_has(buf_str(&request), "Authorization: Bearer sk-test-1234567890");
	check_has(buf_str(&request), "\"model\":\"low-1\"");
	buf_release(&request);
	close_world(&w);
}

static void a_tier_or_a_model_may_be_forced(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST), SEND(STREAM_HEAD),
		SEND(PIECE("x") FINISH), DO(CLOSE), DO(END) };
	struct decision *d = ask_for("q");
	struct world w;

	(void)state;
	d->request.forced_tier = 3;
	open_world(&w, script);
	run(&w, d);
	check_str(w.kept->answer.model, "high");
	check_str(w.kept->plan.why, "tier 3 was asked for");
	close_world(&w);

	d = ask_for("q");
	d->request.forced_model = STR("free");
	open_world(&w, script);
	run(&w, d);
	check_str(w.kept->answer.model, "free");
	/* No price is known: nothing is said to cost nothing, and nothing to be saved. */
	assert_true(w.kept->cost == MONEY_UNKNOWN);
	assert_true(w.kept->saved == MONEY_UNKNOWN);
	close_world(&w);
}

static void a_server_is_asked_which_model_it_has(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 200 OK\r\nContent-Length: 40\r\nConnection: close\r\n\r\n"
		     "{\"data\":[{\"id\":\"llama-3\"},{\"id\":\"m\"}]}  "),
		DO(CLOSE), DO_ON(1, ACCEPT), DO_ON(1, REQUEST), SEND_ON(1, STREAM_HEAD),
		SEND_ON(1, PIECE("x") FINISH), DO_ON(1, CLOSE), DO(END) };
	static const struct raw_step silent[] = { DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), DO(CLOSE), DO(END) };
	struct decision *d = ask_for("q");
	struct buf request = BUF(BUF_LINE_MAX);
	struct world w;

	(void)state;
	d->request.forced_model = STR("any");
	open_world(&w, script);
	run(&w, d);
	check_ok(w.err);
	check_str(w.kept->attempts.ptr[0].id, "llama-3");
	raw_server_request(w.server, 0, &request);
	check_has(buf_str(&request), "GET /v1/models");
	buf_clear(&request);
	raw_server_request(w.server, 1, &request);
	check_has(buf_str(&request), "\"model\":\"llama-3\"");
	buf_release(&request);
	close_world(&w);

	d = ask_for("q");
	d->request.forced_model = STR("any");
	open_world(&w, silent);
	run(&w, d);
	check_err(w.err, ERR_PROVIDER);
	check_has(w.kept->error, "WEIR_MODEL");
	close_world(&w);
}

static void a_key_that_the_answer_repeats_does_not_come_out(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST), SEND(STREAM_HEAD),
		SEND(PIECE("you sent sk-te") PIECE("st-12345") PIECE("67890, thanks") FINISH),
		DO(CLOSE), DO(END) };
	struct world w;

	(void)state;
	open_world(&w, script);
	run(&w, ask_for("q"));
	check_ok(w.err);
	check_buf(&w.text, "you sent ******************, thanks");
	check_str(w.kept->answer.text, "you sent ******************, thanks");
	close_world(&w);
}

/* In the names of calls, and in the words of a refusal that is cut off before its end. */
static void a_key_that_is_repeated_elsewhere_does_not_go_on_record(void **state)
{
	static const struct raw_step calls[] = { DO(ACCEPT), DO(REQUEST),
		SEND(STREAM_HEAD "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{"
				 "\"index\":0,\"id\":\"c-sk-test-1234567890\",\"function\":{"
				 "\"name\":\"sk-test-1234567890\"}}]}}]}\n\n" FINISH),
		DO(CLOSE), DO(END) };
	static const struct raw_step refusal[] = { DO(ACCEPT), DO(REQUEST),
		SEND(STREAM_HEAD "data: {\"choices\":[{\"index\":0,\"delta\":{\"refusal\":"
				 "\"not with sk-test-1234567890\"}}]}\n\n"),
		DO(CLOSE), DO(END) };
	struct world w;

	(void)state;
	open_world(&w, calls);
	run(&w, ask_for("q"));
	assert_int_equal(w.kept->tools.len, 1);
	check_str(w.kept->tools.ptr[0].id, "c-******************");
	check_str(w.kept->tools.ptr[0].name, "******************");
	close_world(&w);

	open_world(&w, refusal);
	run(&w, ask_for("q"));
	assert_int_equal(w.kept->attempts.ptr[0].end, END_TRUNCATED);
	check_str(w.kept->answer.text, "not with ******************");
	check_str(w.kept->attempts.ptr[0].text, "not with ******************");
	close_world(&w);
}

static void an_interrupt_keeps_what_came(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST), SEND(STREAM_HEAD),
		SEND(PIECE("half an ans")), DO(GONE), DO(END) };
	struct world w;

	(void)state;
	open_world(&w, script);
	w.cancel_at_text = true;
	run(&w, ask_for("q"));
	check_err(w.err, ERR_CANCELLED);
	assert_non_null(w.kept);
	check_str(w.kept->answer.text, "half an ans");
	check_str(w.kept->attempts.ptr[0].text, "half an ans");
	assert_int_equal(w.kept->attempts.ptr[0].end, END_CANCELLED);
	assert_true(w.kept->attempts.ptr[0].tokens.estimated);
	assert_true(w.kept->cost > 0);
	assert_true(w.kept->saved == MONEY_UNKNOWN);
	close_world(&w);
}

#define COUNTED(text, in, out)                                                                \
	"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"}}],\"usage\":{" \
	"\"prompt_tokens\":" in ",\"completion_tokens\":" out "}}\n\n"

/* Some count on every chunk: what was counted before a cut is not all that was said. */
static void counts_that_came_before_a_cut_are_a_floor(void **state)
{
	static const struct {
		struct raw_step script[6];
		int64_t in, out;
		bool estimated;
	} cases[] = {
		{ { DO(ACCEPT), DO(REQUEST),
			  SEND(STREAM_HEAD COUNTED("a", "70", "1")
					  PIECE("b b b b b b b b b b b b")),
			  DO(CLOSE), DO(END) },
			70, 12, true },
		{ { DO(ACCEPT), DO(REQUEST), SEND(STREAM_HEAD COUNTED("a", "70", "99")), DO(CLOSE),
			  DO(END) },
			70, 99, true },
		/* Cut after the end: the count is whole. */
		{ { DO(ACCEPT), DO(REQUEST),
			  SEND(STREAM_HEAD PIECE("a b c d e f") COUNTED("", "70", "2")
				  "data: {\"choices\":[{\"index\":0,\"delta\":{},"
				  "\"finish_reason\":\"stop\"}]}\n\n"),
			  DO(CLOSE), DO(END) },
			70, 2, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct tokens *t;
		struct world w;

		open_world(&w, cases[i].script);
		run(&w, ask_for("q"));
		t = &w.kept->attempts.ptr[0].tokens;
		if (t->in != cases[i].in || t->estimated != cases[i].estimated ||
			(t->estimated ? t->out < cases[i].out : t->out != cases[i].out))
			fail_msg("%zu: %lld in, %lld out", i, (long long)t->in, (long long)t->out);
		assert_true(w.kept->cost == t->in * 1000000 + t->out * 2000000);
		close_world(&w);
	}
}

/* A tool call that nobody offered, whole; and a second one with half its arguments. */
#define CALL(index, id, arguments)                                                                \
	"data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":" index           \
	",\"id\":\"" id "\",\"function\":{\"name\":\"look\",\"arguments\":\"" arguments          \
	"\"}}]}}]}\n\n"

static void calls_of_tools_go_on_record(void **state)
{
	static const struct raw_step whole[] = { DO(ACCEPT), DO(REQUEST),
		SEND(STREAM_HEAD CALL("0", "c1", "{\\\"q\\\": \\\"sk-test-1234567890\\\"}")
				CALL("1", "c2", "") FINISH),
		DO(CLOSE), DO(END) };
	static const struct raw_step half[] = { DO(ACCEPT), DO(REQUEST),
		SEND(STREAM_HEAD CALL("0", "", "{\\\"q\\\":") FINISH), DO(CLOSE), DO(END) };
	const struct tool_run *runs;
	struct world w;

	(void)state;
	open_world(&w, whole);
	run(&w, ask_for("q"));
	check_err(w.err, ERR_PROVIDER);
	check_has(w.kept->error, "called a tool although none was offered");
	assert_int_equal(w.kept->attempts.ptr[0].end, END_TOOL_CALLS);
	assert_int_equal(w.kept->tools.len, 2);
	runs = w.kept->tools.ptr;
	check_str(runs[0].id, "c1");
	check_str(runs[0].name, "look");
	check_str(runs[0].arguments, "{\"q\":\"******************\"}");
	assert_true(runs[0].span == SPAN_NONE && runs[0].ok == INT_NONE);
	check_str(runs[1].id, "c2");
	check_str(runs[1].arguments, "{}");
	close_world(&w);

	open_world(&w, half);
	run(&w, ask_for("q"));
	assert_int_equal(w.kept->attempts.ptr[0].end, END_TRUNCATED);
	assert_int_equal(w.kept->tools.len, 1);
	assert_null(w.kept->tools.ptr[0].id.ptr);
	check_str(w.kept->tools.ptr[0].arguments, "\"{\\\"q\\\":\"");
	close_world(&w);
}

static void an_answer_that_lost_a_piece_says_so(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST),
		SEND(STREAM_HEAD PIECE("a") "data: {\"choices\":[{\"ind\n\n" PIECE("b") FINISH),
		DO(CLOSE), DO(END) };
	const struct attempt *a;
	struct world w;

	(void)state;
	open_world(&w, script);
	run(&w, ask_for("q"));
	check_ok(w.err);
	check_str(w.kept->answer.text, "ab");
	a = &w.kept->attempts.ptr[0];
	assert_int_equal(a->verdicts.len, 1);
	check_str(a->verdicts.ptr[0].validator, "stream");
	assert_int_equal(a->verdicts.ptr[0].result, VERDICT_WARN);
	check_has(a->verdicts.ptr[0].say, "1 event could not be read");
	close_world(&w);
}

static void a_refusal_in_the_middle_stands_beside_what_was_said(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST),
		SEND(STREAM_HEAD PIECE("First,") "data: {\"choices\":[{\"index\":0,\"delta\":{"
			"\"refusal\":\"no, not sk-test-1234567890\"}}]}\n\n" FINISH),
		DO(CLOSE), DO(END) };
	const struct attempt *a;
	struct world w;

	(void)state;
	open_world(&w, script);
	run(&w, ask_for("q"));
	check_str(w.kept->answer.text, "First,");
	a = &w.kept->attempts.ptr[0];
	assert_int_equal(a->end, END_REFUSED);
	assert_int_equal(a->verdicts.len, 1);
	check_str(a->verdicts.ptr[0].validator, "refusal");
	assert_int_equal(a->verdicts.ptr[0].result, VERDICT_FAIL);
	check_str(a->verdicts.ptr[0].say, "no, not ******************");
	close_world(&w);
}

static void a_connection_that_breaks_after_the_end_takes_nothing_away(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST),
		SEND(HEAD_OF("text/event-stream") "71\r\ndata: {\"id\":\"r1\",\"choices\":[{"
			"\"index\":0,\"delta\":{\"content\":\"whole\"},"
			"\"finish_reason\":\"stop\"}]}\n\n"),
		DO(CLOSE), DO(END) };
	struct world w;

	(void)state;
	open_world(&w, script);
	run(&w, ask_for("q"));
	check_ok(w.err);
	check_str(w.kept->answer.text, "whole");
	check_str(w.kept->attempts.ptr[0].request_id, "r1");
	assert_int_equal(w.kept->attempts.ptr[0].end, END_STOP);
	close_world(&w);
}

static void what_is_left_at_closing_is_recorded_as_cancelled(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST), SEND(STREAM_HEAD),
		SEND(PIECE("part")), DO(GONE), DO(END) };
	struct world w;

	(void)state;
	open_world(&w, script);
	flow_submit(w.flow, ask_for("q"), (struct flow_watch){ take_event, take_done, &w });
	for (int turn = 0; !w.text.len && turn < RUN_TURNS_MAX; turn++)
		loop_turn(w.loop, TURN_US);
	assert_int_equal(flow_in_flight(w.flow), 1);
	flow_close(&w.flow);
	assert_true(w.done);
	check_err(w.err, ERR_CANCELLED);
	check_str(w.kept->answer.text, "part");
	close_world(&w);
}

/* ---- the other wire --------------------------------------------------------------------- */

#define CLAUDE_HEAD                                                                               \
	"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nrequest-id: req_head\r\n"          \
	"Connection: close\r\n\r\n"
#define CLAUDE_START                                                                              \
	"data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":400,"         \
	"\"cache_read_input_tokens\":600,\"output_tokens\":1}}}\n\n"
#define CLAUDE_PIECE                                                                              \
	"data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\","             \
	"\"text\":\"Hello\"}}\n\n"
#define CLAUDE_STOP(reason)                                                                       \
	"data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" reason "\"},"           \
	"\"usage\":{\"output_tokens\":500}}\n\ndata: {\"type\":\"message_stop\"}\n\n"

static void the_other_wire_is_asked_and_read_as_well(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST), SEND(CLAUDE_HEAD),
		SEND(CLAUDE_START CLAUDE_PIECE CLAUDE_STOP("end_turn")), DO(CLOSE), DO(END) };
	struct decision *d = ask_for("q");
	struct buf request = BUF(BUF_LINE_MAX);
	struct attempt *a;
	struct world w;

	(void)state;
	d->request.forced_model = STR("opus");
	open_world(&w, script);
	run(&w, d);
	check_ok(w.err);
	check_buf(&w.text, "Hello");
	a = &w.kept->attempts.ptr[0];
	assert_int_equal(a->end, END_STOP);
	assert_int_equal(a->tokens.in, 1000);
	assert_int_equal(a->tokens.cached, 600);
	assert_int_equal(a->tokens.out, 500);
	check_str(a->request_id, "req_head");
	raw_server_request(w.server, 0, &request);
	check_has(buf_str(&request), "POST /v1/messages HTTP/1.1\r\n");
	check_has(buf_str(&request), "\r\nx-api-key: sk-test-1234567890\r\n");
	check_has(buf_str(&request), "\r\nanthropic-version: 2023-06-01\r\n");
	check_has(buf_str(&request), "{\"model\":\"c-1\",\"max_tokens\":");
	buf_release(&request);
	close_world(&w);
}

static void a_stop_at_the_limit_is_not_whole(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST), SEND(CLAUDE_HEAD),
		SEND(CLAUDE_START CLAUDE_PIECE CLAUDE_STOP("end_turn")), DO(CLOSE), DO(END) };
	struct decision *d = ask_for("q");
	struct world w;

	(void)state;
	d->request.forced_model = STR("opus");
	d->request.max_tokens = 500;
	open_world(&w, script);
	run(&w, d);
	check_ok(w.err);
	assert_int_equal(w.kept->attempts.ptr[0].end, END_LENGTH);
	close_world(&w);
}

static void an_error_names_the_request(void **state)
{
	static const struct {
		struct raw_step script[6];
		const char *words, *id;
	} cases[] = {
		{ { DO(ACCEPT), DO(REQUEST),
			  SEND("HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n"
			       "Connection: close\r\n\r\n{\"type\":\"error\",\"error\":{\"type\":"
			       "\"authentication_error\",\"message\":\"invalid x-api-key\"},"
			       "\"request_id\":\"req_body\"}"),
			  DO(CLOSE), DO(END) },
			"claude: HTTP 401: invalid x-api-key (request req_body): ", "req_body" },
		{ { DO(ACCEPT), DO(REQUEST), SEND(CLAUDE_HEAD CLAUDE_START "event: error\ndata: "
								  "{\"type\":\"error\","
								  "\"error\":{\"type\":"
								  "\"overloaded_error\","
								  "\"message\":\"Busy\"}}\n\n"),
			  DO(CLOSE), DO(END) },
			"claude: Busy (request req_head): ", "req_head" },
		/* A key is no name of a request. */
		{ { DO(ACCEPT), DO(REQUEST),
			  SEND("HTTP/1.1 400 Bad\r\nx-request-id: sk-test-1234567890\r\n"
			       "Connection: close\r\n\r\nno"),
			  DO(CLOSE), DO(END) },
			"claude: HTTP 400: no (request ******************): ",
			"******************" },
		{ { DO(ACCEPT), DO(REQUEST),
			  SEND(CLAUDE_HEAD CLAUDE_START CLAUDE_STOP("refusal")), DO(CLOSE),
			  DO(END) },
			"opus refused to answer", "req_head" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct decision *d = ask_for("q");
		struct world w;

		d->request.forced_model = STR("opus");
		open_world(&w, cases[i].script);
		run(&w, d);
		check_err(w.err, ERR_PROVIDER);
		check_has(w.kept->error, cases[i].words);
		check_str(w.kept->attempts.ptr[0].request_id, cases[i].id);
		close_world(&w);
	}
}

/* ---- trouble ---------------------------------------------------------------------------- */

static const struct trouble {
	const char *name;
	struct raw_step script[6];
	enum err err;
	enum end end;
	const char *words, *text;
} troubles[] = {
	{ "a wrong key, which the provider repeats",
		{ DO(ACCEPT), DO(REQUEST),
			SEND("HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n"
			     "Content-Length: 67\r\n\r\n"
			     "{\"error\":{\"message\":\"Incorrect API key sk-test-1234567890 "
			     "given\"}}   "),
			DO(CLOSE), DO(END) },
		ERR_PROVIDER, END_HTTP_ERROR,
		"test: HTTP 401: Incorrect API key ****************** given: is the key in "
		"$TEST_KEY right, and still valid?",
		NULL },
	{ "too many requests",
		{ DO(ACCEPT), DO(REQUEST),
			SEND("HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n"), DO(CLOSE),
			DO(END) },
		ERR_PROVIDER, END_RATE_LIMITED, "HTTP 429", NULL },
	{ "a stream that stops in the middle",
		{ DO(ACCEPT), DO(REQUEST), SEND(STREAM_HEAD PIECE("so far")), DO(CLOSE), DO(END) },
		ERR_PROVIDER, END_TRUNCATED, "low stopped in the middle", "so far" },
	{ "a connection that breaks in the middle",
		{ DO(ACCEPT), DO(REQUEST), SEND(HEAD_OF("text/event-stream") "5\r\ndata:"),
			DO(CLOSE), DO(END) },
		ERR_NET, END_HTTP_ERROR, "127.0.0.1", NULL },
	{ "an empty answer",
		{ DO(ACCEPT), DO(REQUEST), SEND(STREAM_HEAD FINISH), DO(CLOSE), DO(END) },
		ERR_PROVIDER, END_STOP, "low sent an empty answer", NULL },
	{ "all tokens spent on reasoning",
		{ DO(ACCEPT), DO(REQUEST),
			SEND(STREAM_HEAD
				"data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":"
				"\"hmm\"},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n"),
			DO(CLOSE), DO(END) },
		ERR_PROVIDER, END_LENGTH, "raise --max-tokens", NULL },
	{ "an error inside a 200",
		{ DO(ACCEPT), DO(REQUEST),
			SEND(STREAM_HEAD PIECE("a") "data: {\"error\":{\"message\":\"overloaded\"}}"
						    "\n\n"),
			DO(CLOSE), DO(END) },
		ERR_PROVIDER, END_HTTP_ERROR, "test: overloaded", "a" },
	{ "no answer at all",
		{ DO(ACCEPT), DO(REQUEST), DO(CLOSE), DO(END) }, ERR_NET, END_HTTP_ERROR,
		"127.0.0.1", NULL },
};

static void trouble_ends_in_a_clear_error_and_on_record(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
		const struct trouble *t = &troubles[i];
		struct world w;

		open_world(&w, t->script);
		run(&w, ask_for("q"));
		if (w.err != t->err || !w.kept || !w.kept->error.ptr ||
			w.kept->attempts.ptr[0].end != (int64_t)t->end)
			fail_msg("%s: %s, \"%.*s\"", t->name, err_name(w.err),
				STR_ARG(w.kept ? w.kept->error : STR("not recorded")));
		check_has(w.kept->error, t->words);
		if (t->text)
			check_str(w.kept->answer.text, t->text);
		else
			assert_null(w.kept->answer.text.ptr);
		close_world(&w);
	}
}

static void nobody_listening_is_said_with_the_place(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, NULL);
	run(&w, ask_for("q"));
	check_err(w.err, ERR_NET);
	check_has(w.kept->error, "test: 127.0.0.1:");
	check_has(w.kept->error, "refused");
	assert_true(w.kept->cost == 0);
	close_world(&w);
}

static const char *nothing_is_set(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

static void a_key_that_is_missing_is_said_in_one_sentence(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, NULL);
	w.env.getenv = nothing_is_set;
	run(&w, ask_for("q"));
	check_err(w.err, ERR_KEY);
	check_str(w.kept->error, "test: no API key: set $TEST_KEY, or name a file in "
				 "providers.test.key_file");
	close_world(&w);
}

static void what_cannot_be_asked_is_refused_before_a_call(void **state)
{
	struct decision *d;
	struct world w;

	(void)state;
	open_world(&w, NULL);
	run(&w, ask_for(" \n "));
	check_err(w.err, ERR_USAGE);
	close_world(&w);

	d = ask_for("q");
	d->request.forced_model = STR("hihg");
	open_world(&w, NULL);
	run(&w, d);
	check_err(w.err, ERR_USAGE);
	check_has(w.kept->error, "did you mean \"high\"");
	close_world(&w);

	d = ask_for("q");
	d->request.forced_tier = 2;
	open_world(&w, NULL);
	run(&w, d);
	check_err(w.err, ERR_CONFIG);
	assert_int_equal(w.kept->attempts.len, 0);
	close_world(&w);

	d = ask_for("q");
	d->request.max_tokens = 1000;
	d->request.budget = 1;
	open_world(&w, NULL);
	run(&w, d);
	check_err(w.err, ERR_REFUSED);
	check_has(w.kept->error, "budget");
	close_world(&w);
}

static void a_dry_run_calls_nobody_and_records_nothing(void **state)
{
	struct decision *d = ask_for("q");
	struct world w;

	(void)state;
	d->request.dry_run = true;
	open_world(&w, NULL);
	run(&w, d);
	check_ok(w.err);
	check_buf(&w.events, "begin step:intake step:route step:settle done");
	assert_null(w.kept);
	assert_int_equal(store_count(w.store), 0);
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_streamed_costed_and_recorded),
		cmocka_unit_test(a_tier_or_a_model_may_be_forced),
		cmocka_unit_test(a_server_is_asked_which_model_it_has),
		cmocka_unit_test(a_key_that_the_answer_repeats_does_not_come_out),
		cmocka_unit_test(a_key_that_is_repeated_elsewhere_does_not_go_on_record),
		cmocka_unit_test(an_interrupt_keeps_what_came),
		cmocka_unit_test(counts_that_came_before_a_cut_are_a_floor),
		cmocka_unit_test(calls_of_tools_go_on_record),
		cmocka_unit_test(an_answer_that_lost_a_piece_says_so),
		cmocka_unit_test(a_refusal_in_the_middle_stands_beside_what_was_said),
		cmocka_unit_test(a_connection_that_breaks_after_the_end_takes_nothing_away),
		cmocka_unit_test(what_is_left_at_closing_is_recorded_as_cancelled),
		cmocka_unit_test(the_other_wire_is_asked_and_read_as_well),
		cmocka_unit_test(a_stop_at_the_limit_is_not_whole),
		cmocka_unit_test(an_error_names_the_request),
		cmocka_unit_test(trouble_ends_in_a_clear_error_and_on_record),
		cmocka_unit_test(nobody_listening_is_said_with_the_place),
		cmocka_unit_test(a_key_that_is_missing_is_said_in_one_sentence),
		cmocka_unit_test(what_cannot_be_asked_is_refused_before_a_call),
		cmocka_unit_test(a_dry_run_calls_nobody_and_records_nothing),
	};

	return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
