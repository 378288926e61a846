/* SPDX-License-Identifier: GPL-3.0-or-later
 * Requests and their answers, against a server that does what a script says. */
#include "tests/net/http_stage.h"

static void a_request_says_what_it_was_told_and_nothing_else(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 200 OK\r\nX-Request-Id:  abc \r\nSet: 1\r\nset: 2\r\n"
				"Empty:\r\nContent-Length: 5\r\n\r\nhello"),
		DO(END),
	};
	static const struct http_header headers[] = {
		{ "Content-Type", "application/json" }, { "x-empty", "" }, { "X-Two", "a: b" },
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, script);
	request = request_of(&st);
	request.method = "POST";
	request.body = STR("{\"a\":\0 1}");
	request.headers = headers;
	request.header_count = ARRAY_LEN(headers);
	request.key = "sk-secret";
	c->ask_header = "x-request-ID";
	client_ask(c, &request);
	buf_cut_to(&st.url, 0); /* all of it was copied */
	until_end(c);
	check_err(c->result.err, ERR_OK);
	assert_int_equal(c->result.status, 200);
	assert_int_equal(c->status, 200);
	check_buf(&c->body, "hello");
	check_buf(&c->header, "abc");
	check_buf(&c->say, "");
	assert_false(c->result.reused);
	raw_server_request(st.server, 0, &st.text);
	assert_true(str_starts(buf_str(&st.text), "POST /v1/chat?x=1 HTTP/1.1\r\n"));
	assert_true(holds(&st.text, "\r\nAuthorization: Bearer sk-secret\r\n"));
	assert_true(holds(&st.text, "\r\nUser-Agent: weir/" WEIR_VERSION "\r\n"));
	assert_true(holds(&st.text, "\r\nContent-Type: application/json\r\n"));
	assert_true(holds(&st.text, "\r\nx-empty:\r\n"));
	assert_true(holds(&st.text, "\r\nX-Two: a: b\r\n"));
	assert_true(holds(&st.text, "\r\nHost: 127.0.0.1:"));
	assert_false(holds(&st.text, "Expect"));
	assert_false(holds(&st.text, "Accept-Encoding"));
	assert_true(str_ends(buf_str(&st.text), "}"));
	assert_int_equal(st.text.len - str_find(buf_str(&st.text), STR("\r\n\r\n")) - 4, 9);
	stage_close(&st);
}

static void a_method_makes_its_own_kind_of_request(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(OK_HEAD "ok"), DO(END),
	};
	static const struct raw_step head_script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(OK_HEAD), DO(END),
	};
	static const struct {
		const char *method, *body, *first, *length;
	} cases[] = {
		{ "GET", NULL, "GET /v1", NULL },
		{ "GET", "q", "GET /v1", "Content-Length: 1\r\n" },
		{ "POST", NULL, "POST /v1", "Content-Length: 0\r\n" },
		{ "POST", "q", "POST /v1", "Content-Length: 1\r\n" },
		{ "DELETE", NULL, "DELETE /v1", NULL },
		{ "PUT", "qq", "PUT /v1", "Content-Length: 2\r\n" },
		{ "HEAD", NULL, "HEAD /v1", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool is_head = !strcmp(cases[i].method, "HEAD");
		struct stage st;
		struct http_request request;

		stage_open(&st, is_head ? head_script : script);
		request = request_of(&st);
		request.method = cases[i].method;
		request.body = str_of(cases[i].body);
		client_ask(&st.clients[0], &request);
		until_end(&st.clients[0]);
		check_err(st.clients[0].result.err, ERR_OK);
		check_buf(&st.clients[0].body, is_head ? "" : "ok");
		raw_server_request(st.server, 0, &st.text);
		assert_true(str_starts(buf_str(&st.text), cases[i].first));
		assert_false(holds(&st.text, "Content-Type"));
		if (cases[i].length)
			assert_true(holds(&st.text, cases[i].length));
		else
			assert_false(holds(&st.text, "Content-Length"));
		stage_close(&st);
	}
}

static void a_large_body_is_sent_without_asking_first(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(OK_HEAD "ok"), DO(END),
	};
	enum { LEN = 1200000 };
	static char body[LEN];
	struct stage st;
	struct http_request request;

	(void)state;
	memset(body, 'b', LEN);
	stage_open(&st, script);
	request = request_of(&st);
	request.method = "POST";
	request.body = (struct str){ body, LEN };
	client_ask(&st.clients[0], &request);
	memset(body, 'z', LEN); /* it was copied */
	until_end(&st.clients[0]);
	raw_server_request(st.server, 0, &st.text);
	assert_int_equal(st.text.len - str_find(buf_str(&st.text), STR("\r\n\r\n")) - 4, LEN);
	assert_false(holds(&st.text, "z"));
	assert_false(holds(&st.text, "100-continue"));
	stage_close(&st);
}

static void times_come_in_order(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(OK_HEAD "ok"),
		DO(REQUEST), SEND(OK_HEAD "ok"), DO(END),
	};
	struct stage st;
	const struct http_times *t = &st.clients[0].result.times;
	struct http_request request;

	(void)state;
	run_simple(&st, script);
	assert_true(t->connect >= 0 && t->name <= t->connect);
	assert_int_equal(t->tls, -1);
	assert_true(t->sent >= t->connect);
	assert_true(t->first_byte >= t->sent);
	assert_true(t->total >= t->first_byte);
	request = request_of(&st);
	client_ask(&st.clients[0], &request);
	until_end(&st.clients[0]);
	assert_true(st.clients[0].result.reused);
	assert_int_equal(t->name, -1);
	assert_int_equal(t->connect, -1);
	assert_true(t->sent >= 0 && t->first_byte >= t->sent && t->total >= t->first_byte);
	stage_close(&st);
}

static void ask_at_the_end(struct client *c)
{
	const char *value = transfer_header(c->transfer, "x-request-id");

	buf_add_text(&c->header, value ? value : "(none)");
}

static void a_chunked_answer_arrives_whole(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 200 OK\r\nTransfer-Enc"),
		SEND("oding: chunked\r\nTrailer: X\r\n\r\n5;ext=1\r\nhel"),
		DO(WAIT),
		SEND("lo\r"),
		SEND("\n6\r\n world\r\n0\r\nX-Request-Id: trailer\r\n\r\n"),
		DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, script);
	request = request_of(&st);
	c->ask_header = "x-request-id";
	c->in_end = ask_at_the_end; /* the trailer is no part of the head */
	client_ask(c, &request);
	until_body(c, 3);
	check_buf(&c->body, "hel"); /* not held back */
	raw_server_go(st.server);
	until_end(c);
	check_err(c->result.err, ERR_OK);
	check_buf(&c->body, "hello world");
	check_buf(&c->header, "(none)(none)");
	assert_int_equal(c->heads, 1);
	stage_close(&st);
}

static void what_comes_before_the_answer_is_no_head(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 100 Continue\r\nX: early\r\n\r\n"),
		SEND("HTTP/1.1 103 Early Hints\r\nX: hint\r\n\r\n"),
		SEND("HTTP/1.1 201 Made\r\nY: late\r\nContent-Length: 2\r\n\r\nok"),
		DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, script);
	request = request_of(&st);
	c->ask_header = "X";
	client_ask(c, &request);
	until_end(c);
	assert_int_equal(c->heads, 1);
	assert_int_equal(c->status, 201);
	check_buf(&c->header, "(none)");
	check_buf(&c->body, "ok");
	stage_close(&st);
}

static void a_connection_is_kept_and_used_again(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT),
		DO(REQUEST), SEND(OK_HEAD "ok"),
		DO(REQUEST), SEND(CHUNKED_HEAD "2\r\nok\r\n0\r\n\r\n"),
		DO(REQUEST), SEND("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok"),
		DO(CLOSE),
		DO(ACCEPT), DO(REQUEST), SEND(OK_HEAD "ok"),
		DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, script);
	request = request_of(&st);
	for (int i = 0; i < 4; i++) {
		client_ask(c, &request);
		until_end(c);
		check_err(c->result.err, ERR_OK);
		check_buf(&c->body, "ok");
		assert_int_equal(c->result.reused, i == 1 || i == 2);
		assert_false(loop_turn(st.loop, 0)); /* an idle connection holds nobody up */
	}
	assert_int_equal(raw_server_accepted(st.server), 2);
	stage_close(&st);
}

static void a_connection_that_died_in_the_meantime_is_replaced(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(OK_HEAD "ok"), DO(CLOSE),
		DO(ACCEPT), DO(REQUEST), SEND(OK_HEAD "ok"), DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	run_simple(&st, script);
	until_done(&st, 4);
	request = request_of(&st);
	request.method = "POST";
	request.body = STR("again");
	client_ask(c, &request);
	until_end(c);
	check_err(c->result.err, ERR_OK);
	assert_false(c->result.reused);
	raw_server_request(st.server, 1, &st.text);
	assert_true(holds(&st.text, "\r\n\r\nagain"));
	stage_close(&st);
}

static void several_transfers_go_on_at_once(void **state)
{
	static const struct raw_step script[] = {
		DO_ON(0, ACCEPT), DO_ON(0, REQUEST),
		DO_ON(1, ACCEPT), DO_ON(1, REQUEST),
		DO_ON(2, ACCEPT), DO_ON(2, REQUEST),
		SEND_ON(2, CHUNKED_HEAD "2\r\nab\r\n"),
		SEND_ON(0, CHUNKED_HEAD "2\r\ncd\r\n"),
		SEND_ON(2, "2\r\nef\r\n0\r\n\r\n"),
		SEND_ON(1, OK_HEAD "gh"),
		SEND_ON(0, "2\r\nij\r\n0\r\n\r\n"),
		DO(END),
	};
	struct stage st;
	struct http_request request;

	(void)state;
	stage_open(&st, script);
	request = request_of(&st);
	for (size_t i = 0; i < 3; i++) {
		client_ask(&st.clients[i], &request);
		until_done(&st, 2 * i + 2);
	}
	for (size_t i = 0; i < 3; i++)
		until_end(&st.clients[i]);
	check_buf(&st.clients[0].body, "cdij");
	check_buf(&st.clients[1].body, "gh");
	check_buf(&st.clients[2].body, "abef");
	stage_close(&st);
}

static void an_answer_that_says_no_is_an_answer(void **state)
{
	static const struct raw_step refused[] = {
		DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 12\r\n\r\n"
				"{\"error\":{}}"),
		DO(END),
	};
	static const struct raw_step broken[] = {
		DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 503 Loading\r\nContent-Length: 0\r\n\r\n"), DO(END),
	};
	static const struct raw_step moved[] = {
		DO(ACCEPT), DO(REQUEST),
		SEND("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n"
				"Content-Length: 4\r\n\r\ngone"),
		DO(REQUEST), DO(END),
	};
	static const struct {
		const struct raw_step *script;
		int status;
		const char *ask, *header, *body;
	} cases[] = {
		{ refused, 429, "retry-after", "7", "{\"error\":{}}" },
		{ broken, 503, "Retry-After", "(none)", "" },
		{ moved, 302, "location", "/elsewhere", "gone" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stage st;
		struct client *c = &st.clients[0];
		struct http_request request;

		stage_open(&st, cases[i].script);
		request = request_of(&st);
		c->ask_header = cases[i].ask;
		client_ask(c, &request);
		until_end(c);
		check_err(c->result.err, ERR_OK);
		assert_int_equal(c->result.status, cases[i].status);
		check_buf(&c->header, cases[i].header);
		check_buf(&c->body, cases[i].body);
		assert_int_equal(raw_server_done(st.server) > 3, false); /* nothing followed */
		stage_close(&st);
	}
}

static void a_broken_answer_is_an_error_that_says_how_far_it_came(void **state)
{
	static const struct {
		struct raw_step steps[6];
		enum err err;
		int status;
		const char *body, *say;
	} cases[] = {
		{ { DO(ACCEPT), DO(REQUEST),
			  SEND("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ndata: {"),
			  DO(CLOSE) },
			ERR_NET, 200, "data: {",
			"the connection broke after 7 bytes of the answer: try again" },
		{ { DO(ACCEPT), DO(REQUEST),
			  SEND(CHUNKED_HEAD "7\r\ndata: {\r\n"), DO(CLOSE) },
			ERR_NET, 200, "data: {",
			"the connection broke after 7 bytes of the answer: try again" },
		{ { DO(ACCEPT), DO(REQUEST), SEND(CHUNKED_HEAD),
			  DO(CLOSE) },
			ERR_NET, 200, "",
			"the connection broke after 0 bytes of the answer: try again" },
		/* Only its end says where it ends: that it is half a line is for others to see. */
		{ { DO(ACCEPT), DO(REQUEST),
			  SEND("HTTP/1.1 200 OK\r\n\r\ndata: {"), DO(CLOSE) },
			ERR_OK, 200, "data: {", NULL },
		{ { DO(ACCEPT), DO(REQUEST), DO(CLOSE) }, ERR_NET, 0, "",
			"the connection was closed without an answer: is it an http server, and is "
			"base_url right?" },
		{ { DO(ACCEPT), DO(REQUEST), DO(RESET) }, ERR_NET, 0, "",
			"the connection was closed without an answer: is it an http server, and is "
			"base_url right?" },
		{ { DO(ACCEPT), DO(REQUEST), SEND("220 mail ready\r\n\r\n"),
			  DO(CLOSE) },
			ERR_NET, 0, "", "what came back is not HTTP: is base_url right?" },
		{ { DO(ACCEPT), DO(REQUEST), SEND("HTTP/1.1 200 OK\r\nContent-Ty"), DO(CLOSE) },
			ERR_NET, 0, "",
			"the connection broke in the head of the answer: try again" },
		{ { DO(ACCEPT), DO(REQUEST), SEND("HTTP/1.1 200 OK\r\nContent-Type: a\r\n"),
			  DO(CLOSE) },
			ERR_NET, 0, "",
			"the connection broke in the head of the answer: try again" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stage st;
		struct client *c = &st.clients[0];

		run_simple(&st, cases[i].steps);
		check_err(c->result.err, cases[i].err);
		assert_int_equal(c->result.status, cases[i].status);
		check_buf(&c->body, cases[i].body);
		if (cases[i].say)
			check_say(c, cases[i].say);
		stage_close(&st);
	}
}

/* libcurl's own remark stands in brackets, in the words of its version. */
static void an_answer_that_cannot_be_read_is_told_from_a_connection_that_broke(void **state)
{
	static const struct {
		struct raw_step steps[6];
		const char *body, *front, *mend;
	} cases[] = {
		{ { DO(ACCEPT), DO(REQUEST),
			  SEND("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"), DO(CLOSE) },
			"", "the head of the answer is malformed (", "): is base_url right?" },
		{ { DO(ACCEPT), DO(REQUEST), SEND(CHUNKED_HEAD "4\r\nabcd\r\nmany\r\n"),
			  DO(CLOSE) },
			"abcd", "the answer is badly framed after 4 bytes (",
			"): try again, or use another model" },
		{ { DO(ACCEPT), DO(REQUEST), SEND(CHUNKED_HEAD "4\r\nabcdefgh\r\n"),
			  DO(CLOSE) },
			"abcd", "the answer is badly framed after 4 bytes (",
			"): try again, or use another model" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stage st;
		struct client *c = &st.clients[0];
		struct str say;

		run_simple(&st, cases[i].steps);
		check_err(c->result.err, ERR_NET);
		check_buf(&c->body, cases[i].body);
		say = buf_str(&c->say);
		say = str_part(say, str_find(say, str_of(cases[i].front)), say.len);
		if (!say.len || !str_ends(say, cases[i].mend))
			fail_msg("%s: \"%s\"", cases[i].front, c->say.ptr);
		stage_close(&st);
	}
}

static void a_reset_in_the_body_is_an_error(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), SEND(CHUNKED_HEAD "4\r\nabcd\r\n"),
		DO(WAIT), DO(RESET), DO(END),
	};
	struct stage st;
	struct client *c = &st.clients[0];
	struct http_request request;

	(void)state;
	stage_open(&st, script);
	request = request_of(&st);
	client_ask(c, &request);
	until_body(c, 4);
	raw_server_go(st.server);
	until_end(c);
	check_err(c->result.err, ERR_NET);
	check_say(c, "the connection broke after 4 bytes of the answer: try again");
	stage_close(&st);
}

static void an_answer_may_reach_its_ceiling_but_not_pass_it(void **state)
{
	static const struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), SEND("HTTP/1.1 200 OK\r\n\r\n"),
		FLOOD(100000), DO(CLOSE), DO(END),
	};
	static const struct {
		size_t max, got;
		enum err err;
	} cases[] = {
		{ 100000, 100000, ERR_OK },
		{ 0, 100000, ERR_OK },
		{ 99999, 99999, ERR_TOO_BIG },
		{ 1, 1, ERR_TOO_BIG },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stage st;
		struct client *c = &st.clients[0];
		struct http_request request;

		stage_open(&st, script);
		request = request_of(&st);
		request.body_max = cases[i].max;
		client_ask(c, &request);
		until_end(c);
		check_err(c->result.err, cases[i].err);
		assert_int_equal(c->body.len, cases[i].got);
		if (cases[i].err && cases[i].max == 1)
			check_say(c, "the answer is larger than 1 bytes: ask for a shorter one");
		stage_close(&st);
	}
}

static void a_head_without_end_is_cut_off(void **state)
{
	enum { LINES = 8000 };
	static char head[LINES * 51 + 64];
	static struct raw_step script[] = {
		DO(ACCEPT), DO(REQUEST), DO(SEND), DO(GONE), DO(END),
	};
	struct buf text = BUF(sizeof(head));
	struct stage st;

	(void)state;
	buf_add_text(&text, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < LINES; i++)
		buf_addf(&text, "X-Header-Number-%05d: abcdefghijklmnopqrstuvwxy\r\n", i);
	assert_false(buf_is_full(&text));
	script[2].bytes = buf_str(&text);
	run_simple(&st, script);
	check_err(st.clients[0].result.err, ERR_TOO_BIG);
	check_say(&st.clients[0],
		"the head of the answer is larger than 262144 bytes: is base_url right?");
	assert_int_equal(st.clients[0].heads, 0);
	until_script_ends(&st);
	stage_close(&st);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_says_what_it_was_told_and_nothing_else),
		cmocka_unit_test(a_method_makes_its_own_kind_of_request),
		cmocka_unit_test(a_large_body_is_sent_without_asking_first),
		cmocka_unit_test(times_come_in_order),
		cmocka_unit_test(a_chunked_answer_arrives_whole),
		cmocka_unit_test(what_comes_before_the_answer_is_no_head),
		cmocka_unit_test(a_connection_is_kept_and_used_again),
		cmocka_unit_test(a_connection_that_died_in_the_meantime_is_replaced),
		cmocka_unit_test(several_transfers_go_on_at_once),
		cmocka_unit_test(an_answer_that_says_no_is_an_answer),
		cmocka_unit_test(a_broken_answer_is_an_error_that_says_how_far_it_came),
		cmocka_unit_test(
			an_answer_that_cannot_be_read_is_told_from_a_connection_that_broke),
		cmocka_unit_test(a_reset_in_the_body_is_an_error),
		cmocka_unit_test(an_answer_may_reach_its_ceiling_but_not_pass_it),
		cmocka_unit_test(a_head_without_end_is_cut_off),
	};

	return cmocka_run_group_tests_name("http", tests, no_proxies, NULL);
}
