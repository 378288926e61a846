/* SPDX-License-Identifier: GPL-3.0-or-later
 * The stage of http_stage.h. */
#include "tests/net/http_stage.h"

#include <sched.h>

enum { TEXT_MAX = 1 << 22, PATIENCE_S = 20 };

void stage_open_by(struct stage *st, const struct raw_step *script, bool fake)
{
	*st = (struct stage){ .url = BUF(TEXT_MAX), .text = BUF(TEXT_MAX) };
	st->why = BUF(BUF_WHY_MAX);
	st->is_fake = fake;
	st->fake.steady = US_PER_S;
	st->clock = clock_fake(&st->fake);
	check_ok(loop_open(&st->loop, fake ? &st->clock : &clock_real, NULL));
	check_ok(http_open(&st->http, st->loop, NULL));
	if (script)
		st->server = raw_server_open(script);
	for (size_t i = 0; i < ARRAY_LEN(st->clients); i++) {
		struct client *c = &st->clients[i];

		c->stage = st;
		c->body = BUF(TEXT_MAX);
		c->say = BUF(BUF_WHY_MAX);
		c->header = BUF(TEXT_MAX);
	}
}

void stage_open(struct stage *st, const struct raw_step *script)
{
	stage_open_by(st, script, false);
}

void stage_close(struct stage *st)
{
	http_close(&st->http);
	assert_null(st->http);
	loop_close(&st->loop);
	raw_server_close(&st->server);
	for (size_t i = 0; i < ARRAY_LEN(st->clients); i++) {
		buf_release(&st->clients[i].body);
		buf_release(&st->clients[i].say);
		buf_release(&st->clients[i].header);
	}
	buf_release(&st->url);
	buf_release(&st->text);
	buf_release(&st->why);
}

static void on_head(void *ctx, int status, const struct transfer *t)
{
	struct client *c = ctx;
	const char *value = c->ask_header ? transfer_header(t, c->ask_header) : NULL;

	assert_int_equal(c->ends, 0);
	assert_int_equal(c->body.len, 0);
	c->heads++;
	c->status = status;
	buf_add_text(&c->header, value ? value : "(none)");
	if (c->in_head)
		c->in_head(c);
}

static enum http_verdict on_body(void *ctx, struct str bytes)
{
	struct client *c = ctx;

	assert_int_equal(c->ends, 0);
	assert_int_equal(c->heads, 1);
	assert_true(bytes.len > 0);
	buf_add_str(&c->body, bytes);
	c->pieces++;
	if (c->in_body)
		c->in_body(c);
	return c->stop_after && c->body.len >= c->stop_after ? HTTP_STOP : HTTP_GO_ON;
}

static void on_end(void *ctx, const struct http_result *result)
{
	struct client *c = ctx;

	c->ends++;
	c->result = *result;
	buf_add_str(&c->say, result->say);
	if (c->in_end)
		c->in_end(c);
}

struct http_sink sink_of(struct client *c)
{
	return (struct http_sink){ on_head, on_body, on_end, c };
}

const struct http_limits far_limits = { FAR_MS, FAR_MS, FAR_MS, FAR_MS };

static void client_forget(struct client *c)
{
	buf_clear(&c->body);
	buf_clear(&c->say);
	buf_clear(&c->header);
	c->heads = c->ends = c->status = c->pieces = 0;
}

void client_ask(struct client *c, const struct http_request *request)
{
	client_forget(c);
	check_ok(http_start(c->stage->http, request, sink_of(c), &c->transfer, NULL));
	assert_int_equal(c->heads + c->ends, 0); /* no call from inside */
}

const char *url_of(struct stage *st, const char *scheme, const char *host, int port)
{
	buf_clear(&st->url);
	buf_addf(&st->url, "%s://%s:%d/v1/chat?x=1", scheme, host, port);
	return st->url.ptr;
}

struct http_request request_of(struct stage *st)
{
	return (struct http_request){
		.method = "GET",
		.url = url_of(st, "http", "127.0.0.1",
			st->server ? raw_server_port(st->server) : 9),
		.limits = far_limits,
	};
}

void turn(struct stage *st)
{
	loop_turn(st->loop, 5 * US_PER_MS);
	if (st->is_fake)
		sched_yield();
}

int64_t deadline(void)
{
	return clock_steady(&clock_real) + (int64_t)PATIENCE_S * US_PER_S;
}

void until_end(struct client *c)
{
	int64_t end = deadline();

	while (!c->ends) {
		if (clock_steady(&clock_real) > end)
			fail_msg("the transfer does not end");
		turn(c->stage);
	}
	assert_int_equal(c->ends, 1);
}

void until_done(struct stage *st, size_t steps)
{
	int64_t end = deadline();

	while (raw_server_done(st->server) < steps) {
		if (clock_steady(&clock_real) > end)
			fail_msg("the server hangs after %zu steps",
				raw_server_done(st->server));
		turn(st);
	}
}

void until_script_ends(struct stage *st)
{
	int64_t end = deadline();

	while (!raw_server_ended(st->server)) {
		if (clock_steady(&clock_real) > end)
			fail_msg("the script does not end: %zu steps done",
				raw_server_done(st->server));
		turn(st);
	}
}

void until_body(struct client *c, size_t len)
{
	int64_t end = deadline();

	while (c->body.len < len && !c->ends) {
		if (clock_steady(&clock_real) > end)
			fail_msg("the body does not come");
		turn(c->stage);
	}
	assert_int_equal(c->body.len, len);
}

/* "127.0.0.1:PORT: " and what follows. */
void check_say(struct client *c, const char *want)
{
	struct str say = buf_str(&c->say);

	buf_clear(&c->stage->text);
	buf_addf(&c->stage->text, "127.0.0.1:%d: ", raw_server_port(c->stage->server));
	if (!str_starts(say, c->stage->text.ptr))
		fail_msg("got \"%s\"", c->say.ptr);
	check_str(str_part(say, c->stage->text.len, say.len), want);
}

bool holds(const struct buf *b, const char *part)
{
	return str_find(buf_str(b), str_of(part)) < b->len;
}

void run_simple(struct stage *st, const struct raw_step *script)
{
	struct http_request request;

	stage_open(st, script);
	request = request_of(st);
	client_ask(&st->clients[0], &request);
	until_end(&st->clients[0]);
}

void set_proxies(const char *value)
{
	static const char *const names[] = { "http_proxy", "https_proxy", "HTTPS_PROXY",
		"all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unsetenv(names[i]);
	if (value)
		setenv("http_proxy", value, 1);
}

int no_proxies(void **state)
{
	(void)state;
	set_proxies(NULL);
	return 0;
}
