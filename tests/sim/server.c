/* SPDX-License-Identifier: GPL-3.0-or-later
 * The simulator over real sockets on loopback: answers, errors, many streams, and clients that
 * leave. A slow simulator is only ever cut short here, never waited for. */
#include "core/sim/sim.h"

#include "core/base/arena.h"
#include "core/base/json.h"
#include "tests/check.h"
#include "tests/sim/client.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHAT "/v1/chat/completions"
#define ASK(model, more)                                                                          \
	"{\"model\":\"" model "\",\"messages\":[{\"role\":\"user\",\"content\":"                  \
	"\"how many rows may an import file have?\"}]" more "}"
#define STREAM ",\"stream\":true"
#define USAGE ",\"stream_options\":{\"include_usage\":true}"

static struct sim *open_sim(uint64_t seed, bool fast)
{
	struct arena arena = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	const char *data = getenv("WEIR_DATA");
	struct sim_options options = { .seed = seed, .fast = fast };
	struct sim *sim;

	options.kb_dir = arena_format(&arena, "%s/kb", data ? data : "data").ptr;
	if (sim_open(&sim, &options, &why))
		fail_msg("%s", why.ptr);
	arena_release(&arena);
	return sim;
}

static int open_fast(void **state)
{
	*state = open_sim(7, true);
	return 0;
}

static int close_fast(void **state)
{
	struct sim *sim = *state;

	sim_close(&sim);
	return 0;
}

static bool has(const struct buf *text, const char *piece)
{
	return str_find(buf_str(text), str_of(piece)) < text->len;
}

/* The content of a stream, joined. */
static void join_stream(struct str rest, struct buf *out)
{
	struct str line;

	while (str_cut(&rest, '\n', &line)) {
		json_t *event = NULL;
		const json_t *choice;

		if (!str_starts(line, "data: {"))
			continue;
		check_ok(json_read(str_part(line, 6, line.len), JSON_READ_STRICT, &event, NULL));
		choice = json_array_get(json_object_get(event, "choices"), 0);
		buf_add_str(out, json_get_text(json_object_get(choice, "delta"), "content"));
		json_decref(event);
	}
}

static void whole_and_streamed_say_the_same(void **state)
{
	int port = sim_port(*state);
	struct client_answer whole, streamed;
	struct buf text = BUF(BUF_TEXT_MAX);
	json_t *said = NULL;

	client_ask(port, "POST", CHAT, STR(ASK("sim-large", "")), &whole);
	assert_int_equal(whole.status, 200);
	assert_true(whole.whole);
	assert_true(has(&whole.head, "Content-Type: application/json"));
	assert_true(has(&whole.head, "X-Weir-Simulator: 1"));
	check_ok(json_read(buf_str(&whole.body), JSON_READ_STRICT, &said, NULL));
	client_ask(port, "POST", CHAT, STR(ASK("sim-large", STREAM)), &streamed);
	assert_int_equal(streamed.status, 200);
	assert_true(streamed.whole);
	assert_true(has(&streamed.head, "Content-Type: text/event-stream"));
	assert_true(has(&streamed.head, "X-Weir-Simulator: 1"));
	assert_true(str_ends(buf_str(&streamed.body), "data: [DONE]\n\n"));
	assert_false(has(&streamed.body, "usage"));
	join_stream(buf_str(&streamed.body), &text);
	check_str(json_get_text(json_object_get(json_array_get(json_object_get(said, "choices"), 0),
					"message"), "content"), text.ptr);
	assert_true(has(&text, "5,000 rows"));
	json_decref(said);
	buf_release(&text);
	client_release(&whole);
	client_release(&streamed);
}

static void usage_is_sent_when_asked_for(void **state)
{
	struct client_answer answer;

	client_ask(sim_port(*state), "POST", CHAT, STR(ASK("sim-large", STREAM USAGE)), &answer);
	assert_true(has(&answer.body, "\"choices\":[],\"usage\":{\"prompt_tokens\":"));
	assert_true(has(&answer.body, "\"usage\":null"));
	client_release(&answer);
}

/* The head of a request over the other wire, up to its body. */
static void ask_other(
	int port, const char *version, const char *body, struct client_answer *answer)
{
	struct buf bytes = BUF(BUF_LINE_MAX);
	int fd = client_connect(port);

	buf_addf(&bytes,
		"POST /v1/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-api-key: any\r\n"
		"%sContent-Length: %zu\r\n\r\n%s",
		version, strlen(body), body);
	assert_true(fd >= 0 && client_send(fd, buf_str(&bytes)));
	client_read(fd, answer);
	buf_release(&bytes);
}

#define API_VERSION "anthropic-version: 2023-06-01\r\n"

static void the_other_wire_is_served_at_the_same_address(void **state)
{
	static const struct {
		const char *version, *body;
		int status;
		const char *type, *says[3];
	} cases[] = {
		{ API_VERSION, ASK("sim-large", ",\"max_tokens\":900"), 200, "application/json",
			{ "{\"id\":\"msg_sim", "5,000 rows", "\"stop_reason\":\"end_turn\"" } },
		{ API_VERSION, ASK("sim-large", ",\"max_tokens\":900" STREAM), 200,
			"text/event-stream",
			{ "event: message_start\ndata: ", "\"text_delta\"",
				"event: message_stop\ndata: " } },
		{ API_VERSION, ASK("sim-large", ",\"max_tokens\":2"), 200, "application/json",
			{ "\"stop_reason\":\"max_tokens\"", "\"output_tokens\":2", "" } },
		{ API_VERSION, ASK("sim-large", ""), 400, "application/json",
			{ "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\"",
				"max_tokens: Field required", "\"request_id\":\"req_sim" } },
		{ API_VERSION, ASK("nobody", ""), 404, "application/json",
			{ "\"not_found_error\"", "model: nobody", "" } },
		{ "", ASK("sim-large", ",\"max_tokens\":9"), 400, "application/json",
			{ "anthropic-version: header is required", "", "" } },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct client_answer answer;

		ask_other(sim_port(*state), cases[i].version, cases[i].body, &answer);
		assert_int_equal(answer.status, cases[i].status);
		assert_true(answer.whole);
		assert_true(has(&answer.head, cases[i].type));
		assert_true(has(&answer.head, "request-id: req_sim"));
		assert_true(has(&answer.head, "X-Weir-Simulator: 1"));
		for (size_t k = 0; k < ARRAY_LEN(cases[i].says); k++)
			if (!has(&answer.body, cases[i].says[k]))
				fail_msg("no %s in %s", cases[i].says[k], answer.body.ptr);
		client_release(&answer);
	}
}

static void addresses_and_methods_are_checked(void **state)
{
	static const struct {
		const char *method, *path;
		int status;
		const char *says;
	} cases[] = {
		{ "GET", "/health", 200, "\"status\":\"ok\"" },
		{ "HEAD", "/health", 200, "" },
		{ "GET", "/v1/models", 200, "\"sim-small\"" },
		{ "GET", "/v1/models?limit=1", 200, "\"sim-large\"" },
		{ "POST", "/v1/models", 405, "\"method_not_allowed\"" },
		{ "GET", CHAT, 405, "POST only" },
		{ "DELETE", CHAT, 405, "POST only" },
		{ "BREW", "/health", 405, "GET only" },
		{ "GET", "/", 404, "\"unknown_url\"" },
		{ "GET", "/v1/chat/completions/", 404, "\"unknown_url\"" },
		{ "POST", "/v1/embeddings", 404, "\"unknown_url\"" },
		{ "GET", "/%00%ff\"<x>", 404, "\"unknown_url\"" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct client_answer answer;

		client_ask(sim_port(*state), cases[i].method, cases[i].path, STR_NONE, &answer);
		if (answer.status != cases[i].status ||
			(cases[i].says[0] && !has(&answer.body, cases[i].says)))
			fail_msg("%s %s: %d %s", cases[i].method, cases[i].path, answer.status,
				answer.body.ptr);
		assert_true(has(&answer.head, "X-Weir-Simulator: 1"));
		if (answer.status == 405)
			assert_true(has(&answer.head, "Allow: "));
		client_release(&answer);
	}
}

static void bad_bodies_get_an_error_in_openais_form(void **state)
{
	static const struct {
		struct str body;
		int status;
	} cases[] = {
		{ { "", 0 }, 400 }, { { "nonsense", 8 }, 400 }, { { "{\"a\":\0}", 7 }, 400 },
		{ { "\xff\xfe\xfd", 3 }, 400 }, { { "{}", 2 }, 400 },
		{ { "{\"model\":\"gpt-9\",\"messages\":[{}]}", 33 }, 404 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct client_answer answer;
		json_t *said = NULL;

		client_ask(sim_port(*state), "POST", CHAT, cases[i].body, &answer);
		assert_int_equal(answer.status, cases[i].status);
		check_ok(json_read(buf_str(&answer.body), JSON_READ_STRICT, &said, NULL));
		assert_true(json_get_text(json_object_get(said, "error"), "message").len > 0);
		json_decref(said);
		client_release(&answer);
	}
}

static void a_body_over_four_megabytes_is_refused(void **state)
{
	static const size_t sizes[] = { 4 * 1024 * 1024 + 1, 10 * 1024 * 1024 };
	struct client_answer answer;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct buf body = BUF(BUF_TEXT_MAX);

		buf_add_repeat(&body, ' ', sizes[i]);
		client_ask(sim_port(*state), "POST", CHAT, buf_str(&body), &answer);
		assert_int_equal(answer.status, 413);
		assert_true(has(&answer.body, "request_too_large"));
		client_release(&answer);
		buf_release(&body);
	}
	client_ask(sim_port(*state), "GET", "/health", STR_NONE, &answer);
	assert_int_equal(answer.status, 200);
	client_release(&answer);
}

static void a_large_and_twisted_request_costs_little(void **state)
{
	struct buf body = BUF(BUF_TEXT_MAX);
	struct client_answer answer;

	buf_add_text(
		&body, "{\"model\":\"sim-large\",\"messages\":[{\"role\":\"user\",\"content\":\"");
	for (int i = 0; i < 100000; i++)
		buf_addf(&body, "summarize claim %d: #a#1 \xe2\x82\xac%d. ", i, i);
	buf_add_text(&body, "\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
			    "{\"schema\":{\"type\":\"object\",\"required\":[\"x\"");
	for (int i = 0; i < 5000; i++)
		buf_addf(&body, ",\"k%d\"", i);
	buf_add_text(&body, "],\"properties\":{\"x\":{\"$ref\":\"#\"}");
	for (int i = 0; i < 5000; i++)
		buf_addf(&body, ",\"k%d\":{\"enum\":[\"a\",\"b\"]}", i);
	buf_add_text(&body, "}}}}}");
	client_ask(sim_port(*state), "POST", CHAT, buf_str(&body), &answer);
	assert_int_equal(answer.status, 200);
	client_release(&answer);
	buf_release(&body);
}

static void the_same_seed_sends_the_same_bytes(void **state)
{
	struct sim *again = open_sim(7, true), *other = open_sim(8, true);
	struct client_answer a, b, c;
	struct str body = STR(ASK("sim-mid", STREAM USAGE));

	client_ask(sim_port(*state), "POST", CHAT, body, &a);
	client_ask(sim_port(again), "POST", CHAT, body, &b);
	client_ask(sim_port(other), "POST", CHAT, body, &c);
	assert_true(str_eq(buf_str(&a.body), buf_str(&b.body)));
	assert_false(str_eq(buf_str(&a.body), buf_str(&c.body)));
	client_release(&a);
	client_release(&b);
	client_release(&c);
	sim_close(&again);
	sim_close(&other);
}

/* As many open files as the system grants. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static void two_hundred_streams_at_once_all_complete(void **state)
{
	enum { STREAMS = 200 };
	int fds[STREAMS];
	uint64_t before = sim_requests(*state);
	size_t cut = 0;

	for (size_t i = 0; i < STREAMS; i++) {
		fds[i] = client_connect(sim_port(*state));
		assert_true(fds[i] >= 0);
	}
	for (size_t i = 0; i < STREAMS; i++)
		assert_true(client_request(fds[i], "POST", CHAT,
			i % 2 ? STR(ASK("sim-large", STREAM)) : STR(ASK("sim-mid", STREAM USAGE))));
	for (size_t i = 0; i < STREAMS; i++) {
		struct client_answer answer;

		client_read(fds[i], &answer);
		assert_int_equal(answer.status, 200);
		cut += !answer.whole || !str_ends(buf_str(&answer.body), "[DONE]\n\n");
		client_release(&answer);
	}
	assert_int_equal(cut, 0);
	assert_true(
		sim_requests(*state) >= before + STREAMS - 1); /* the last may still be counted */
}

static void a_connection_serves_one_request_after_another(void **state)
{
	int fd = client_connect(sim_port(*state));
	struct buf bytes = BUF(BUF_LINE_MAX);
	struct client_answer answer;

	buf_addf(&bytes, "POST " CHAT " HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s",
		strlen(ASK("sim-mid", "")), ASK("sim-mid", ""));
	buf_add_text(&bytes, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	assert_true(client_send(fd, buf_str(&bytes)));
	client_read(fd, &answer);
	assert_int_equal(answer.status, 200);
	assert_true(has(&answer.body, "chat.completion"));
	assert_true(has(&answer.body, "HTTP/1.1 200 OK"));
	assert_true(str_ends(buf_str(&answer.body), "\"simulated\":true}"));
	client_release(&answer);
	buf_release(&bytes);
}

/* Reads until something of the body is there. */
static void wait_for_stream(int fd)
{
	struct buf got = BUF(BUF_TEXT_MAX);
	char piece[4096];

	while (!has(&got, "data: ")) {
		ssize_t len = recv(fd, piece, sizeof(piece), 0);

		if (len <= 0)
			fail_msg("the stream ended early");
		buf_add(&got, piece, (size_t)len);
	}
	buf_release(&got);
}

/* At a model's real pace, so that the streams are asleep between two tokens when they are cut. */
static void closing_cuts_streams_that_are_under_way(void **state)
{
	enum { STREAMS = 20 };
	struct sim *sim = open_sim(7, false);
	int fds[STREAMS];

	(void)state;
	for (size_t i = 0; i < STREAMS; i++) {
		fds[i] = client_connect(sim_port(sim));
		assert_true(client_request(fds[i], "POST", CHAT,
			i % 4 ? STR(ASK("sim-small", STREAM)) : STR(ASK("sim-large", ""))));
	}
	wait_for_stream(fds[1]);
	sim_close(&sim);
	assert_null(sim);
	for (size_t i = 0; i < STREAMS; i++) {
		struct client_answer answer;

		client_read(fds[i], &answer);
		assert_false(answer.whole);
		client_release(&answer);
	}
}

static void clients_that_leave_do_not_disturb_those_that_stay(void **state)
{
	enum { LEAVE = 30 };
	struct sim *sim = open_sim(7, false);
	struct client_answer answer;

	(void)state;
	for (size_t i = 0; i < LEAVE; i++) {
		int fd = client_connect(sim_port(sim));

		assert_true(client_request(fd, "POST", CHAT, STR(ASK("sim-small", STREAM))));
		if (i == 0)
			wait_for_stream(fd);
		close(fd);
	}
	for (size_t i = 0; i < LEAVE; i++) { /* in the middle of a request */
		int fd = client_connect(sim_port(sim));

		assert_true(client_send(
			fd, STR("POST " CHAT " HTTP/1.1\r\nContent-Length: 99\r\n\r\n{")));
		close(fd);
	}
	client_ask(sim_port(sim), "GET", "/health", STR_NONE, &answer);
	assert_int_equal(answer.status, 200);
	client_release(&answer);
	sim_close(&sim);
}

static void garbage_on_the_line_is_survived(void **state)
{
	static const char *const bytes[] = {
		"\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02", "GET / HTTP/9.9\r\n\r\n",
		"POST " CHAT " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"POST " CHAT " HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
		"POST " CHAT " HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
	};
	struct client_answer answer;

	for (size_t i = 0; i < ARRAY_LEN(bytes); i++) {
		int fd = client_connect(sim_port(*state));

		client_send(fd, str_of(bytes[i]));
		close(fd);
	}
	client_ask(sim_port(*state), "GET", "/health", STR_NONE, &answer);
	assert_int_equal(answer.status, 200);
	client_release(&answer);
}

static void a_taken_port_and_missing_documents_are_said(void **state)
{
	struct arena arena = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	struct sim_options options = { .port = sim_port(*state), .fast = true };
	const char *data = getenv("WEIR_DATA");
	struct sim *sim;

	options.kb_dir = "/nowhere";
	check_err(sim_open(&sim, &options, &why), ERR_NOT_FOUND);
	assert_null(sim);
	options.kb_dir = arena_format(&arena, "%s/kb", data ? data : "data").ptr;
	check_err(sim_open(&sim, &options, &why), ERR_NET);
	assert_null(sim);
	assert_true(has(&why, "is the port taken?"));
	sim_close(&sim);
	buf_release(&why);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_and_streamed_say_the_same),
		cmocka_unit_test(usage_is_sent_when_asked_for),
		cmocka_unit_test(the_other_wire_is_served_at_the_same_address),
		cmocka_unit_test(addresses_and_methods_are_checked),
		cmocka_unit_test(bad_bodies_get_an_error_in_openais_form),
		cmocka_unit_test(a_body_over_four_megabytes_is_refused),
		cmocka_unit_test(a_large_and_twisted_request_costs_little),
		cmocka_unit_test(the_same_seed_sends_the_same_bytes),
		cmocka_unit_test(two_hundred_streams_at_once_all_complete),
		cmocka_unit_test(a_connection_serves_one_request_after_another),
		cmocka_unit_test(closing_cuts_streams_that_are_under_way),
		cmocka_unit_test(clients_that_leave_do_not_disturb_those_that_stay),
		cmocka_unit_test(garbage_on_the_line_is_survived),
		cmocka_unit_test(a_taken_port_and_missing_documents_are_said),
	};

	raise_file_limit();
	return cmocka_run_group_tests(tests, open_fast, close_fast);
}
