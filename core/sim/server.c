/* SPDX-License-Identifier: GPL-3.0-or-later
 * One exchange per request, from its first header to its last byte; they stand in a list, so that
 * closing can wake those that sleep (libmicrohttpd insists). */
#include "core/sim/server.h"

#include "core/sim/anthropic.h"
#include "core/sim/openai.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>

/* libmicrohttpd may overlook the end of a request that its client left half-way: such connections
 * go after IDLE_S. Streams that wait for a token do not count as idle. */
enum { BLOCK = 4096, IDLE_S = 60, SLACK_US = 500, OUT_MAX = 64 * 1024 * 1024 };

enum { TOO_LARGE = 413 }; /* its name has changed between versions of libmicrohttpd */

/* A whole answer takes as long as its stream would; this much at most. */
enum { WHOLE_WAIT_MAX_S = 120 };

struct server {
	struct MHD_Daemon *daemon;
	struct loop *loop;
	struct loop_watch *watch;
	const struct answer_world *world;
	bool fast;
	int port;
	struct exchange *exchanges; /* newest first */
	atomic_uint_fast64_t requests;
	atomic_size_t streams;
};

enum stage { STAGE_BODY, STAGE_WAITING, STAGE_ANSWERED };

struct exchange {
	struct exchange *next, **back;
	struct server *server;
	struct MHD_Connection *connection;
	enum stage stage;
	struct buf body, out;
	size_t sent; /* of out */
	struct ask ask;
	struct reply reply;
	struct stream stream;
	const struct dialect *dialect; /* that it is spoken to in */
	uint64_t key; /* of the request, and its name */
	char id[40];
	struct rng pace;
	struct loop_timer *timer;
	int64_t due; /* of the next token */
	bool asleep, streaming;
};

struct route {
	const char *path, *method;
	enum MHD_Result (*serve)(struct exchange *x);
};

static void wake_up(void *ctx)
{
	struct exchange *x = ctx;

	if (!x->asleep)
		return;
	x->asleep = false;
	MHD_resume_connection(x->connection);
}

/* Out of libmicrohttpd's sight until `due`. */
static void fall_asleep(struct exchange *x)
{
	int64_t left = x->due - loop_now(x->server->loop);

	x->asleep = true;
	MHD_suspend_connection(x->connection);
	if (!x->timer)
		x->timer = loop_timer_add(x->server->loop, left > 0 ? left : 0, 0, wake_up, x);
	else
		loop_timer_set(x->timer, left > 0 ? left : 0);
}

static bool is_due(const struct exchange *x)
{
	return x->server->fast || x->due <= loop_now(x->server->loop) + SLACK_US;
}

static enum MHD_Result send_response(
	struct exchange *x, unsigned status, struct MHD_Response *response, const char *type)
{
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, "X-Weir-Simulator", "1");
	MHD_add_response_header(response, x->dialect->id_header, x->id);
	x->stage = STAGE_ANSWERED;
	result = MHD_queue_response(x->connection, status, response);
	MHD_destroy_response(response);
	return result;
}

/* What stands in x->out, as it is. */
static enum MHD_Result send_body(struct exchange *x, unsigned status, const char *allow)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		x->out.len, x->out.ptr, MHD_RESPMEM_PERSISTENT);

	if (response && allow)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, allow);
	return send_response(x, status, response, "application/json");
}

static enum MHD_Result send_error(struct exchange *x, const struct ask_error *error)
{
	x->dialect->write_error(&x->out, error);
	return send_body(x, error->status, NULL);
}

/* Adds the events that are due now; false when the stream is over and all of it was added. */
static bool add_events(struct exchange *x, size_t enough)
{
	while (x->out.len - x->sent < enough && is_due(x)) {
		enum stream_step step = x->dialect->stream_next(&x->stream, &x->out);

		if (step == STREAM_END)
			return false;
		if (step == STREAM_TOKEN)
			x->due += persona_gap_us(x->ask.persona, &x->pace);
	}
	return true;
}

static ssize_t read_stream(void *ctx, uint64_t at, char *out, size_t max)
{
	struct exchange *x = ctx;
	size_t len;
	bool more = true;

	(void)at;
	if (x->sent == x->out.len) {
		buf_clear(&x->out);
		x->sent = 0;
		more = add_events(x, max);
	}
	len = x->out.len - x->sent;
	if (len > max)
		len = max;
	memcpy(out, x->out.ptr + x->sent, len);
	x->sent += len;
	if (len > 0)
		return (ssize_t)len;
	if (!more)
		return MHD_CONTENT_READER_END_OF_STREAM;
	fall_asleep(x);
	return 0;
}

static enum MHD_Result send_stream(struct exchange *x)
{
	struct MHD_Response *response =
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_stream, x, NULL);

	if (response)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
	stream_begin(&x->stream, &x->ask, &x->reply, x->server->world->seed);
	buf_clear(&x->out);
	x->streaming = true;
	atomic_fetch_add(&x->server->streams, 1);
	return send_response(x, MHD_HTTP_OK, response, "text/event-stream; charset=utf-8");
}

/* When the whole answer would have been spoken. */
static int64_t whole_us(struct exchange *x)
{
	struct stream stream;
	struct buf out = BUF(OUT_MAX);
	enum stream_step step;
	int64_t wait = 0, most = (int64_t)WHOLE_WAIT_MAX_S * US_PER_S;

	stream_begin(&stream, &x->ask, &x->reply, x->server->world->seed);
	while ((step = x->dialect->stream_next(&stream, &out)) != STREAM_END && wait < most) {
		if (step == STREAM_TOKEN)
			wait += persona_gap_us(x->ask.persona, &x->pace);
		buf_clear(&out);
	}
	buf_release(&out);
	return wait;
}

static enum MHD_Result send_whole(struct exchange *x)
{
	buf_clear(&x->out);
	x->dialect->write_whole(&x->out, &x->ask, &x->reply, x->server->world->seed);
	return send_body(x, MHD_HTTP_OK, NULL);
}

static enum MHD_Result serve_chat(struct exchange *x)
{
	struct ask_error error = { .key = x->key };
	struct server *server = x->server;

	if (!x->dialect->read(&x->ask, buf_str(&x->body), &error))
		return send_error(x, &error);
	answer_make(server->world, &x->ask, &x->reply);
	rng_seed(&x->pace, fail_key(server->world->seed, x->ask.all));
	if (!server->fast)
		x->due = loop_now(server->loop) + persona_first_us(x->ask.persona, &x->pace);
	if (x->ask.stream)
		return send_stream(x);
	if (server->fast)
		return send_whole(x);
	x->due += whole_us(x);
	x->stage = STAGE_WAITING;
	fall_asleep(x);
	return MHD_YES;
}

/* The real server insists on this header, so that it may change what it answers. */
static enum MHD_Result serve_messages(struct exchange *x)
{
	struct ask_error error = { .key = x->key };

	if (MHD_lookup_connection_value(
		    x->connection, MHD_HEADER_KIND, ANTHROPIC_VERSION_HEADER))
		return serve_chat(x);
	ask_refuse(&error, NULL, ANTHROPIC_VERSION_HEADER ": header is required");
	return send_error(x, &error);
}

static enum MHD_Result serve_models(struct exchange *x)
{
	openai_write_models(&x->out);
	return send_body(x, MHD_HTTP_OK, NULL);
}

static enum MHD_Result serve_health(struct exchange *x)
{
	buf_add_text(&x->out, "{\"status\":\"ok\",\"simulated\":true}");
	return send_body(x, MHD_HTTP_OK, NULL);
}

static const struct route routes[] = {
	{ "/v1/chat/completions", "POST", serve_chat },
	{ "/v1/messages", "POST", serve_messages },
	{ "/v1/models", "GET", serve_models },
	{ "/health", "GET", serve_health },
};

static enum MHD_Result refuse(struct exchange *x, unsigned status, const char *code,
	const char *allow, struct str say)
{
	struct ask_error error = { .status = status, .type = "invalid_request_error",
		.code = code, .key = x->key };

	snprintf(error.say, sizeof(error.say), "%.*s", STR_ARG(say));
	x->dialect->write_error(&x->out, &error);
	return send_body(x, status, allow);
}

/* Whose errors are sent, too. */
static void find_dialect(struct exchange *x, const char *path)
{
	x->dialect = str_starts(str_of(path), "/v1/messages") ? &dialect_anthropic
							       : &dialect_openai;
	x->key = fail_key(x->server->world->seed, buf_str(&x->body));
	snprintf(x->id, sizeof(x->id), "req_sim%016llx", (unsigned long long)x->key);
}

static enum MHD_Result serve(struct exchange *x, const char *path, const char *method)
{
	find_dialect(x, path);
	if (buf_is_full(&x->body))
		return refuse(x, TOO_LARGE, "request_too_large", NULL,
			STR("The body of your request is too large: at most 4 MiB."));
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (strcmp(path, routes[i].path) != 0)
			continue;
		if (strcmp(method, routes[i].method) == 0 ||
			(strcmp(method, "HEAD") == 0 && strcmp(routes[i].method, "GET") == 0))
			return routes[i].serve(x);
		return refuse(x, MHD_HTTP_METHOD_NOT_ALLOWED, "method_not_allowed",
			routes[i].method,
			arena_format(
				&x->ask.arena, "This address takes %s only.", routes[i].method));
	}
	return refuse(x, MHD_HTTP_NOT_FOUND, "unknown_url", NULL,
		arena_format(&x->ask.arena,
			"Unknown request URL: %.120s. There is POST /v1/chat/completions, and "
			"POST /v1/messages.", path));
}

static struct exchange *exchange_new(struct server *server, struct MHD_Connection *connection)
{
	struct exchange *x = memory_new(sizeof(*x));

	x->server = server;
	x->connection = connection;
	x->body = BUF(SERVER_BODY_MAX);
	x->out = BUF(OUT_MAX);
	x->next = server->exchanges;
	x->back = &server->exchanges;
	if (x->next)
		x->next->back = &x->next;
	server->exchanges = x;
	return x;
}

static void exchange_free(struct exchange *x)
{
	*x->back = x->next;
	if (x->next)
		x->next->back = x->back;
	if (x->streaming)
		atomic_fetch_sub(&x->server->streams, 1);
	loop_timer_free(&x->timer);
	ask_release(&x->ask);
	buf_release(&x->body);
	buf_release(&x->out);
	memory_free(x);
}

/* libmicrohttpd calls for the headers, for each piece of the body, and at its end. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *size, void **own)
{
	struct exchange *x = *own;

	(void)version;
	if (!x) {
		*own = exchange_new(ctx, connection);
		return MHD_YES;
	}
	if (x->stage == STAGE_WAITING)
		return send_whole(x);
	if (x->stage == STAGE_ANSWERED)
		return MHD_YES;
	if (*size > 0) {
		buf_add(&x->body, data, *size);
		*size = 0;
		return MHD_YES;
	}
	return serve(x, url, method);
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **own,
	enum MHD_RequestTerminationCode code)
{
	struct server *server = ctx;
	struct exchange *x = *own;

	(void)connection;
	(void)code;
	if (!x)
		return;
	*own = NULL;
	if (x->stage == STAGE_ANSWERED)
		atomic_fetch_add(&server->requests, 1);
	exchange_free(x);
}

/* The work is done in server_run, after the turn; the watch only ends the wait. */
static void on_ready(void *ctx, int ready)
{
	(void)ctx;
	(void)ready;
}

static enum err watch_daemon(struct server *s, struct buf *why)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	if (!info) {
		why_set(why, "the simulator cannot wait for connections: no epoll here");
		return ERR_IO;
	}
	s->watch = loop_watch_add(s->loop, info->epoll_fd, LOOP_READ, on_ready, s, why);
	if (!s->watch)
		return ERR_IO;
	info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	s->port = info ? info->port : 0;
	return ERR_OK;
}

enum err server_open(struct server **server, struct loop *loop, int port,
	const struct answer_world *world, bool fast, struct buf *why)
{
	struct server *s = memory_new(sizeof(*s));
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	enum err err;

	s->loop = loop;
	s->world = world;
	s->fast = fast;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, (uint16_t)port, NULL,
		NULL, on_request, s, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)SERVER_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_END);
	if (s->daemon) {
		err = watch_daemon(s, why);
	} else {
		why_set(why, "the simulator cannot listen on 127.0.0.1:%d: is the port taken?",
			port);
		err = ERR_NET;
	}
	if (err)
		server_close(&s);
	*server = s;
	return err;
}

void server_close(struct server **server)
{
	struct server *s = *server;

	if (!s)
		return;
	for (struct exchange *x = s->exchanges; x; x = x->next)
		wake_up(x);
	loop_watch_free(&s->watch);
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	memory_free(s);
	*server = NULL;
}

int64_t server_run(struct server *server)
{
	MHD_UNSIGNED_LONG_LONG ms;

	MHD_run(server->daemon);
	if (MHD_get_timeout(server->daemon, &ms) != MHD_YES)
		return -1;
	return ms > IDLE_S * 1000 ? (int64_t)IDLE_S * US_PER_S : (int64_t)ms * US_PER_MS;
}

int server_port(const struct server *server)
{
	return server->port;
}

uint64_t server_requests(const struct server *server)
{
	return atomic_load(&server->requests);
}

size_t server_streams(const struct server *server)
{
	return atomic_load(&server->streams);
}
