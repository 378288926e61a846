/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The world of a decision for tests: a scripted server, a store in memory, a clock that only the
 * test moves.
 */
#ifndef WEIR_TESTS_FLOW_WORLD_H
#define WEIR_TESTS_FLOW_WORLD_H

#include "core/flow/flow.h"
#include "tests/check.h"
#include "tests/net/raw_server.h"

#define HEAD_OF(type)                                                                             \
	"HTTP/1.1 200 OK\r\nContent-Type: " type "\r\nTransfer-Encoding: chunked\r\n\r\n"
#define STREAM_HEAD                                                                               \
	"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
#define PIECE(text)                                                                               \
	"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"}}]}\n\n"
#define FINISH                                                                                    \
	"data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"          \
	"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":500}}\n\n"  \
	"data: [DONE]\n\n"

enum { RUN_TURNS_MAX = 2000, TURN_US = 20000 };

struct world {
	struct config config;
	struct model_map map;
	struct loop *loop;
	struct http *http;
	struct store *store;
	struct flow *flow;
	struct rng rng;
	struct clock_fake time;
	struct env env;
	struct raw_server *server;
	/* What happened. */
	struct buf events;
	struct buf text;
	bool done, cancel_at_text, cancel_at_wait;
	struct buf waits;
	int64_t wait;          /* us that the clock is moved while it waits */
	int retry_max;
	enum err err, record_err;
	struct decision *kept; /* read back from the store */
};

static inline const char *no_environment(void *ctx, const char *name)
{
	(void)ctx;
	return !strcmp(name, "TEST_KEY") ? "sk-test-1234567890" : NULL;
}

/* Two models, a cheap and a dear one, both of one provider on a port of loopback. */
static inline void open_config(struct world *w, int port)
{
	struct buf why = BUF(BUF_LINE_MAX), text = BUF(BUF_LINE_MAX), shipped = BUF(BUF_LINE_MAX);
	struct config_sources sources = { .env = no_environment, .file = "test.json" };

	buf_addf(&text,
		"{\"providers\": {\"test\": {\"wire\": \"openai\", \"key_env\": \"TEST_KEY\","
		" \"base_url\": \"http://127.0.0.1:%d/v1\"},"
		" \"claude\": {\"wire\": \"anthropic\", \"key_env\": \"TEST_KEY\","
		" \"base_url\": \"http://127.0.0.1:%d/v1\"}},"
		" \"models\": {"
		"  \"low\": {\"provider\": \"test\", \"id\": \"low-1\", \"tier\": 1,"
		"   \"price\": [{\"from\": \"2026-01-01\", \"input\": \"1\", \"output\": \"2\"}]},"
		"  \"high\": {\"provider\": \"test\", \"id\": \"high-1\", \"tier\": 3,"
		"   \"price\": [{\"from\": \"2026-01-01\", \"input\": \"10\", \"output\": "
		"\"20\"}]},"
		"  \"opus\": {\"provider\": \"claude\", \"id\": \"c-1\", \"tier\": 2,"
		"   \"price\": [{\"from\": \"2026-01-01\", \"input\": \"1\", \"output\": \"2\"}]},"
		"  \"any\": {\"provider\": \"test\", \"id\": \"*\", \"tier\": 1},"
		"  \"free\": {\"provider\": \"test\", \"id\": \"f\", \"tier\": 1}},"
		" \"retry\": {\"max\": %d},"
		" \"tasks\": {\"chat\": {\"ladder\": [\"low\", \"high\"]}}}",
		port, port, w->retry_max);
	buf_addf(&shipped, "%s/defaults.json", getenv("WEIR_DATA"));
	sources.shipped = shipped.ptr;
	sources.file_text = buf_str(&text);
	if (config_open(&w->config, &sources, &why) ||
		model_map_build(&w->map, &w->config, &why))
		fail_msg("%s", why.ptr);
	buf_release(&why);
	buf_release(&text);
	buf_release(&shipped);
}

/* With tries after the first one, the loop's clock is the test's as well. */
static inline void open_retrying(struct world *w, const struct raw_step *script, int retry_max)
{
	const struct store_options store = { .path = ":memory:", .write_inline = true };
	struct clock fake;

	*w = (struct world){ .events = BUF(BUF_LINE_MAX), .text = BUF(BUF_LINE_MAX) };
	w->waits = BUF(BUF_LINE_MAX);
	w->retry_max = retry_max;
	w->time = (struct clock_fake){ .wall = INT64_C(1795251600123000) };
	rng_seed(&w->rng, 1);
	w->server = script ? raw_server_open(script) : NULL;
	open_config(w, script ? raw_server_port(w->server) : raw_free_port());
	fake = clock_fake(&w->time);
	check_ok(loop_open(&w->loop, retry_max ? &fake : &clock_real, NULL));
	check_ok(http_open(&w->http, w->loop, NULL));
	check_ok(store_open(&w->store, &store, NULL));
	w->env = (struct env){
		.config = &w->config,
		.map = &w->map,
		.http = w->http,
		.loop = w->loop,
		.clock = clock_fake(&w->time),
		.rng = &w->rng,
		.getenv = no_environment,
	};
	w->flow = flow_open(&w->env, w->store);
}

static inline void open_world(struct world *w, const struct raw_step *script)
{
	open_retrying(w, script, 0);
}

static inline void close_world(struct world *w)
{
	flow_close(&w->flow);
	store_close(&w->store);
	http_close(&w->http);
	loop_close(&w->loop);
	raw_server_close(&w->server);
	config_release(&w->config);
	decision_free(&w->kept);
	buf_release(&w->events);
	buf_release(&w->text);
	buf_release(&w->waits);
}

static inline void take_event(void *ctx, const struct event *event)
{
	static const char *const names[] = {
#define X(code, name, say) name,
		EVENT_LIST(X)
#undef X
	};
	struct world *w = ctx;

	buf_addf(&w->events, "%s%s", w->events.len ? " " : "", names[event->kind]);
	if (event->kind == EVENT_STEP)
		buf_addf(&w->events, ":%.*s", STR_ARG(event->text));
	if (event->kind == EVENT_TEXT)
		buf_add_str(&w->text, event->text);
	if (event->kind == EVENT_WAIT)
		buf_addf(&w->waits, "%.*s\n", STR_ARG(event->text));
	clock_fake_move(&w->time, 1000);
}

static inline void take_done(void *ctx, struct decision *d, enum err record_err, struct str say)
{
	struct world *w = ctx;
	char id[ID_TEXT + 1];

	(void)say;
	assert_false(w->done);
	w->done = true;
	w->err = d->err;
	w->record_err = record_err;
	id_write(d->id, id);
	if (store_find(w->store, str_of(id), &w->kept, NULL))
		w->kept = NULL;
}

static inline struct decision *ask_for(const char *question)
{
	struct decision *d = decision_new();
	struct request *r = &d->request;

	r->messages = arena_alloc(&d->arena, sizeof(*r->messages));
	r->messages[0] = (struct message){ .role = ROLE_USER,
		.text = arena_str(&d->arena, str_of(question)) };
	r->message_count = 1;
	r->text = r->messages[0].text;
	return d;
}

static inline void run(struct world *w, struct decision *d)
{
	flow_submit(w->flow, d, (struct flow_watch){ take_event, take_done, w });
	for (int turn = 0; !w->done && turn < RUN_TURNS_MAX; turn++) {
		loop_turn(w->loop, TURN_US);
		if (w->cancel_at_text && w->text.len && !w->done)
			flow_cancel(w->flow, d->id);
	}
	assert_true(w->done);
	check_ok(w->record_err);
}

static inline void check_has(struct str text, const char *part)
{
	if (str_find(text, str_of(part)) == text.len)
		fail_msg("\"%s\" is not in \"%.*s\"", part, STR_ARG(text));
}

#endif
