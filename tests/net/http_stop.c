/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a transfer ends before its time: a limit that passes by a clock that is moved by hand, a
 * sink that has had enough, a cancel from wherever one may come. */
#include "tests/net/http_stage.h"

/* Moves the clock in steps that pass no limit by themselves; the transfer must live until `ms`
 * have gone by, and must then end. */
static void pass(struct client *c, int64_t alive_ms, int64_t more_ms)
{
	for (int i = 0; i < 3; i++)
		turn(c->stage);
	clock_fake_move(&c->stage->fake, alive_ms * US_PER_MS);
	for (int i = 0; i < 3; i++)
		turn(c->stage);
	assert_int_equal(c->ends, 0);
	clock_fake_move(&c->stage->fake, more_ms * US_PER_MS);
	until_end(c);
}

/* libcurl is told of the limit of the connection, and goes by the real clock: not 1 ms. */
enum { SOON_MS = 10000 };

#define NO_ANSWER                                                                                 \
	"no answer after 30 s: the server may be busy: try again, or allow more time "            \
	"(first_byte_ms)"
#define STOOD_STILL                                                                               \
	"the answer stood still for 30 s after 3 bytes: try again, or allow more time (idle_ms)"
#define NOT_WHOLE                                                                                 \
	"the answer was not whole after 30 s: ask for a shorter one, or allow more time (total_ms)"

static void each_limit_ends_the_transfer_in_its_own_words(void **state)
{
	static const struct raw_step no_head[] = {
		DO(ACCEPT), DO(REQUEST), DO(GONE), DO(END),
	};
	static const struct raw_step half_head[] = {
		DO(ACCEPT), DO(REQUEST), SEND("HTTP/1.1 200 OK\r\nX: "),
		DO(GONE), DO(END),
	};
	static const struct raw_step no_body[] = {
		DO(ACCEPT), DO(REQUEST), SEND(CHUNKED_HEAD), DO(GONE),
		DO(END),
	};
	static const struct raw_step half_body[] = {
		DO(ACCEPT), DO(REQUEST), SEND(CHUNKED_HEAD "3\r\nabc\r\n"),
		DO(GONE), DO(END),
	};
	static const struct raw_step no_handshake[] = {
		DO(ACCEPT), DO(HEAR), DO(GONE), DO(END),
	};
	static const struct {
		const struct raw_step *script;
		size_t steps; /* until it stands still */
		const char *scheme;
		struct http_limits limits;
		size_t body;
		const char *say;
	} cases[] = {
		{ no_handshake, 2, "https", { FAR_MS / 2, 1, 1, FAR_MS }, 0,
			"no connection after 30 s: is the server running, and is base_url right?" },
		{ no_head, 2, "http", { SOON_MS, FAR_MS / 2, 1, FAR_MS }, 0,
			NO_ANSWER },
		{ half_head, 3, "http", { SOON_MS, FAR_MS / 2, 1, FAR_MS }, 0,
			"half a head and " NO_ANSWER },
		{ no_body, 3, "http", { SOON_MS, FAR_MS / 2, 1, FAR_MS }, 0,
			"a head and " NO_ANSWER },
		{ half_body, 3, "http", { SOON_MS, 1, FAR_MS / 2, FAR_MS }, 3,
			STOOD_STILL },
		{ half_body, 3, "http", { SOON_MS, 1, FAR_MS, FAR_MS / 2 }, 3,
			NOT_WHOLE },
		{ no_head, 2, "http", { 0, 0, 0, FAR_MS / 2 }, 0,
			NOT_WHOLE },
		{ half_body, 3, "http", { 0, 0, FAR_MS / 2, 0 }, 3,
			STOOD_STILL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stage st;
		struct client *c = &st.clients[0];
		struct http_request request;

		stage_open_by(&st, cases[i].script, true);
		request = request_of(&st);
		request.url = url_of(
			&st, cases[i].scheme, "127.0.0.1", raw_server_port(st.server));
		request.limits = cases[i].limits;
		client_ask(c, &request);
		until_done(&st, cases[i].steps);
		until_body(c, cases[i].body);
		/* The short limits belong to phases that are over, or never come. */
		pass(c, FAR_MS / 2 - 2000, 4000);
		check_err(c->result.err, ERR_TIMEOUT);
		check_say(c, cases[i].say);
		until_script_ends(&st); /* the connection was closed */
		assert_false(loop_turn(st.loop, 0));
		stage_close(&st);
	}
}

static void without_limits_nothing_passes(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), DO(WAIT), SEND(CHUNKED_HEAD "1\r\n"),
		DO(WAIT), SEND("a\r\n0\r\n\r\n"), DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open_by(&st, script, true);
	request = request_of(&st);
	request.limits = (struct http_limits){ 0 };
	client_ask(c, &request);
	for (size_t i = 0; i < 2; i++) {
		until_done(&st, 2 + 2 * i);
		clock_fake_move(&st.fake, INT64_C(1000000) * US_PER_S);
		turn(&st);
		raw_server_go(st.server);
	}
	until_end(c);
	check_err(c->result.err, ERR_OK);
	check_buf(&c->body, "a");
	stage_close(&st);
}

static void a_slow_drip_lives_as_long_as_it_drips(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(CHUNKED_HEAD "1\r\na\r\n"),
		DO(WAIT), SEND("1\r\nb\r\n"), DO(WAIT),
		SEND("1\r\nc\r\n"), DO(WAIT), SEND("1\r\nd\r\n"),
		DO(GONE), DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open_by(&st, script, true);
	request = request_of(&st);
	request.limits = (struct http_limits){ 1000, 1000, 1000, 0 };
	client_ask(c, &request);
	for (size_t len = 1; len <= 4; len++) {
		until_body(c, len);
		clock_fake_move(&st.fake, 900 * US_PER_MS);
		for (int i = 0; i < 3; i++)
			turn(&st);
		assert_int_equal(c->ends, 0);
		raw_server_go(st.server);
	}
	pass(c, 50, 60);
	check_err(c->result.err, ERR_TIMEOUT);
	check_buf(&c->body, "abcd");
	assert_true(c->result.times.total >= 3600 * US_PER_MS);
	until_script_ends(&st);
	stage_close(&st);
}

static void a_limit_passes_by_the_real_clock_too(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), DO(GONE), DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, script);
	request = request_of(&st);
	request.limits.first_byte_ms = 50;
	client_ask(c, &request);
	until_end(c);
	check_err(c->result.err, ERR_TIMEOUT);
	check_say(c,
		"no answer after 50 ms: the server may be busy: try again, or allow more "
		"time (first_byte_ms)");
	assert_true(c->result.times.total >= 50 * US_PER_MS);
	stage_close(&st);
}

/* Streams until told otherwise. */
static const struct raw_step stream_script[] = {
	DO(ACCEPT), DO(REQUEST), SEND(CHUNKED_HEAD "5\r\nhello\r\n"),
	DO(GONE), DO(END),
};

static void a_sink_stops_the_transfer(void **state)
{
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, stream_script);
	request = request_of(&st);
	c->stop_after = 5;
	client_ask(c, &request);
	until_end(c);
	check_err(c->result.err, ERR_CANCELLED);
	assert_int_equal(c->result.status, 200);
	assert_int_equal(c->pieces, 1);
	check_say(c, "stopped after 5 bytes of the answer");
	until_script_ends(&st);
	assert_int_equal(c->ends, 1);
	assert_false(loop_turn(st.loop, 0));
	stage_close(&st);
}

static void cancel_and_measure(struct client *c, const char *when)
{
	int64_t began = clock_steady(&clock_real);

	transfer_cancel(&c->transfer);
	print_message("# cancelled %s in %d us\n", when,
		(int)(clock_steady(&clock_real) - began));
	assert_null(c->transfer);
	transfer_cancel(&c->transfer);
}

static void a_cancel_while_waiting_closes_the_connection(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), DO(GONE), DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, script);
	request = request_of(&st);
	client_ask(c, &request);
	until_done(&st, 2);
	cancel_and_measure(c, "while waiting");
	until_script_ends(&st);
	assert_int_equal(c->heads + c->ends, 0);
	assert_false(loop_turn(st.loop, 0));
	stage_close(&st);
}

static void a_cancel_while_streaming_closes_the_connection(void **state)
{
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, stream_script);
	request = request_of(&st);
	client_ask(c, &request);
	until_body(c, 5);
	cancel_and_measure(c, "while streaming");
	until_script_ends(&st);
	assert_int_equal(c->ends, 0);
	assert_false(loop_turn(st.loop, 0));
	stage_close(&st);
}

static void a_cancel_before_the_first_turn_leaves_nothing(void **state)
{
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, stream_script);
	request = request_of(&st);
	client_ask(c, &request);
	cancel_and_measure(c, "before the first turn");
	assert_false(loop_turn(st.loop, 0));
	assert_int_equal(c->ends, 0);
	assert_int_equal(raw_server_accepted(st.server), 0);
	stage_close(&st);
}

static void cancel_self(struct client *c)
{
	transfer_cancel(&c->transfer);
}

static void a_sink_may_cancel_its_own_transfer(void **state)
{
	(void)state;
	for (int where = 0; where < 2; where++) {
		struct stage st;
		struct client *c = &st.clients[0];
		struct http_request request;

		stage_open(&st, stream_script);
		request = request_of(&st);
		if (where)
			c->in_body = cancel_self;
		else
			c->in_head = cancel_self;
		client_ask(c, &request);
		until_script_ends(&st);
		assert_int_equal(c->heads, 1);
		assert_int_equal(c->pieces, where);
		assert_int_equal(c->ends, 0);
		assert_false(loop_turn(st.loop, 0));
		stage_close(&st);
	}
}

static void cancel_all(struct client *c)
{
	for (size_t i = 0; i < ARRAY_LEN(c->stage->clients); i++)
		transfer_cancel(&c->stage->clients[i].transfer);
}

/* In body: inside libcurl. In end: outside it, its own transfer being gone already. */
static void a_sink_may_cancel_all_the_others(void **state)
{
	static const struct raw_step script[] = {
		DO_ON(0, ACCEPT), DO_ON(0, REQUEST),
		DO_ON(1, ACCEPT), DO_ON(1, REQUEST),
		DO_ON(2, ACCEPT), DO_ON(2, REQUEST),
		SEND_ON(0, CHUNKED_HEAD "2\r\nab\r\n"),
		SEND_ON(2, CHUNKED_HEAD "2\r\nab\r\n"),
		SEND_ON(1, OK_HEAD "ok"),
		DO_ON(0, GONE), DO_ON(2, GONE), DO(END),
	};

	(void)state;
	for (int where = 0; where < 2; where++) {
		struct stage st;
		struct http_request request;

		stage_open(&st, script);
		request = request_of(&st);
		if (where)
			st.clients[1].in_end = cancel_all;
		else
			st.clients[1].in_body = cancel_all;
		for (size_t i = 0; i < 3; i++) {
			client_ask(&st.clients[i], &request);
			until_done(&st, 2 * i + 2);
		}
		until_script_ends(&st);
		assert_int_equal(st.clients[0].ends + st.clients[2].ends, 0);
		assert_int_equal(st.clients[1].ends, where);
		check_buf(&st.clients[1].body, "ok");
		assert_false(loop_turn(st.loop, 0));
		stage_close(&st);
	}
}

static void start_second(struct client *c)
{
	struct stage *st = c->stage;
	struct http_request request = request_of(st);

	if (!st->clients[1].transfer)
		client_ask(&st->clients[1], &request);
}

static void a_sink_may_start_another_transfer(void **state)
{
	static const struct raw_step script[] = {
		DO_ON(0, ACCEPT), DO_ON(0, REQUEST),
		SEND_ON(0, CHUNKED_HEAD "1\r\na\r\n"),
		DO_ON(1, ACCEPT), DO_ON(1, REQUEST),
		SEND_ON(1, OK_HEAD "ok"),
		SEND_ON(0, "1\r\nb\r\n0\r\n\r\n"), DO(END),
	};
	static const struct raw_step end_script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(CHUNKED_HEAD "2\r\nab\r\n0\r\n\r\n"),
		DO(REQUEST), SEND(OK_HEAD "ok"), DO(END),
	};

	(void)state;
	for (int where = 0; where < 3; where++) {
		struct stage st;
		struct client *c = &st.clients[0];
		struct http_request request;

		stage_open(&st, where < 2 ? script : end_script);
		request = request_of(&st);
		*(where == 0 ? &c->in_head : where == 1 ? &c->in_body : &c->in_end) = start_second;
		client_ask(c, &request);
		until_end(c);
		assert_non_null(st.clients[1].transfer);
		until_end(&st.clients[1]);
		check_buf(&c->body, "ab");
		check_buf(&st.clients[1].body, "ok");
		assert_int_equal(st.clients[1].result.reused, where == 2);
		stage_close(&st);
	}
}

static void start_and_cancel(struct client *c)
{
	start_second(c);
	transfer_cancel(&c->stage->clients[1].transfer);
}

static void what_a_sink_starts_and_cancels_never_was(void **state)
{
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, stream_script);
	request = request_of(&st);
	c->in_body = start_and_cancel;
	c->stop_after = 5;
	client_ask(c, &request);
	until_end(c);
	until_script_ends(&st);
	assert_int_equal(raw_server_accepted(st.server), 1);
	assert_int_equal(st.clients[1].ends, 0);
	assert_false(loop_turn(st.loop, 0));
	stage_close(&st);
}

static void close_http(struct client *c)
{
	http_close(&c->stage->http);
}

static void everything_may_be_closed_inside_a_call(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(OK_HEAD "ok"), DO(GONE),
		DO(END),
	};

	(void)state;
	for (int where = 0; where < 4; where++) {
		struct stage st;
		struct client *c = &st.clients[0];
		struct http_request request;

		stage_open(&st, where < 3 ? script : stream_script);
		request = request_of(&st);
		if (where == 3) /* in the end that a limit makes */
			request.limits.total_ms = 50;
		*(where == 0 ? &c->in_head : where == 1 ? &c->in_body : &c->in_end) = close_http;
		client_ask(c, &request);
		until_script_ends(&st);
		assert_null(st.http);
		assert_int_equal(c->ends, where >= 2);
		assert_false(loop_turn(st.loop, 0));
		stage_close(&st);
	}
}

static void what_is_under_way_at_the_close_ends_without_a_call(void **state)
{
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, stream_script);
	request = request_of(&st);
	client_ask(c, &request);
	until_body(c, 5);
	http_close(&st.http);
	until_script_ends(&st);
	assert_int_equal(c->ends, 0);
	assert_false(loop_turn(st.loop, 0));
	stage_close(&st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_limit_ends_the_transfer_in_its_own_words),
		cmocka_unit_test(without_limits_nothing_passes),
		cmocka_unit_test(a_slow_drip_lives_as_long_as_it_drips),
		cmocka_unit_test(a_limit_passes_by_the_real_clock_too),
		cmocka_unit_test(a_sink_stops_the_transfer),
		cmocka_unit_test(a_cancel_while_waiting_closes_the_connection),
		cmocka_unit_test(a_cancel_while_streaming_closes_the_connection),
		cmocka_unit_test(a_cancel_before_the_first_turn_leaves_nothing),
		cmocka_unit_test(a_sink_may_cancel_its_own_transfer),
		cmocka_unit_test(a_sink_may_cancel_all_the_others),
		cmocka_unit_test(a_sink_may_start_another_transfer),
		cmocka_unit_test(what_a_sink_starts_and_cancels_never_was),
		cmocka_unit_test(everything_may_be_closed_inside_a_call),
		cmocka_unit_test(what_is_under_way_at_the_close_ends_without_a_call),
	};

	return cmocka_run_group_tests_name("http stop", tests, no_proxies, NULL);
}
