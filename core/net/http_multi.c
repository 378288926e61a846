/* SPDX-License-Identifier: GPL-3.0-or-later
 * http.h on libcurl's multi interface. It tells us which sockets and which moment it waits for;
 * when one comes we call curl_multi_socket_action, and only then, so it is never entered twice.
 * What its callbacks may not do (remove a handle, add one, close it all) is put off until it has
 * returned. */
#include "core/net/http_parts.h"

#include "core/base/arena.h"

enum {
	CONNECTIONS_KEPT = 256,
	DRAIN_MS = 1000,             /* for what comes after the end that mattered */
	DRAIN_BYTES_MAX = 64 * 1024
};

struct http {
	struct loop *loop;
	CURLM *multi;
	struct loop_timer *timer; /* for libcurl */
	struct transfer *live, *dead;
	size_t unadded; /* of the live: started inside a callback of libcurl's */
	bool in_curl;   /* its callbacks may run */
	bool busy;      /* we are at work above: http_close must wait for us */
	bool closed;
};

struct socket {
	struct http *http;
	struct loop_watch *watch;
	curl_socket_t fd;
};

static void list_add(struct transfer **list, struct transfer *t)
{
	t->prev = NULL;
	t->next = *list;
	if (*list)
		(*list)->prev = t;
	*list = t;
}

static void list_remove(struct transfer **list, struct transfer *t)
{
	if (t->prev)
		t->prev->next = t->next;
	else
		*list = t->next;
	if (t->next)
		t->next->prev = t->prev;
	t->prev = t->next = NULL;
}

/* Not inside libcurl. */
static void transfer_free(struct transfer *t)
{
	if (t->added)
		curl_multi_remove_handle(t->http->multi, t->easy);
	loop_timer_free(&t->timer);
	request_release(t);
	memory_free(t);
}

/* No call comes after this; in_curl or not. */
static void transfer_kill(struct transfer *t)
{
	t->dead = true;
	t->http->unadded -= !t->added;
	list_remove(&t->http->live, t);
	loop_timer_free(&t->timer);
}

/* Takes the transfer out of everything, then makes the last call. Not inside libcurl. */
static void transfer_end(struct transfer *t, CURLcode code)
{
	struct buf words = BUF(BUF_WHY_MAX);
	struct http_result result;

	transfer_kill(t);
	result_make(t, code, loop_now(t->http->loop), &result, &words);
	result.say = buf_str(&words);
	if (t->added)
		curl_multi_remove_handle(t->http->multi, t->easy);
	t->added = false;
	t->sink.end(t->sink.ctx, &result);
	buf_release(&words);
	transfer_free(t);
}

static void http_free(struct http *h)
{
	curl_multi_cleanup(h->multi);
	loop_timer_free(&h->timer);
	curl_global_cleanup();
	memory_free(h);
}

static void add_late(struct http *h)
{
	struct transfer *t = h->live;

	while (h->unadded && t) {
		if (t->added) {
			t = t->next;
			continue;
		}
		if (curl_multi_add_handle(h->multi, t->easy)) {
			transfer_end(t, CURLE_OUT_OF_MEMORY);
			t = h->live; /* the call may have changed anything */
			continue;
		}
		t->added = true;
		h->unadded--;
		t = t->next;
	}
}

static void end_finished(struct http *h)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(h->multi, &left))) {
		CURLcode code = message->data.result;
		char *private = NULL;
		struct transfer *t;

		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		t = (struct transfer *)(void *)private;
		if (!t->dead)
			transfer_end(t, code);
	}
}

/* Everything that had to wait. The http may be gone after it. */
static void settle(struct http *h)
{
	h->busy = true;
	end_finished(h);
	while (h->dead) {
		struct transfer *t = h->dead;

		list_remove(&h->dead, t);
		transfer_free(t);
	}
	add_late(h);
	h->busy = false;
	if (h->closed)
		http_free(h);
}

static void act(struct http *h, curl_socket_t fd, int what)
{
	int running;

	h->busy = h->in_curl = true;
	curl_multi_socket_action(h->multi, fd, what, &running);
	h->in_curl = false;
	settle(h);
}

static void on_timer(void *ctx)
{
	act(ctx, CURL_SOCKET_TIMEOUT, 0);
}

static void on_socket(void *ctx, int ready)
{
	struct socket *s = ctx;

	act(s->http, s->fd,
		(ready & LOOP_READ ? CURL_CSELECT_IN : 0) |
			(ready & LOOP_WRITE ? CURL_CSELECT_OUT : 0));
}

/* libcurl wants to be called after `ms`; it may be in the midst of things, so never from here. */
static int set_timer(CURLM *multi, long ms, void *ctx)
{
	struct http *h = ctx;

	(void)multi;
	loop_timer_set(h->timer, ms < 0 ? -1 : (int64_t)ms * US_PER_MS);
	return 0;
}

static void socket_free(struct http *h, struct socket *s)
{
	if (!s)
		return;
	curl_multi_assign(h->multi, s->fd, NULL);
	loop_watch_free(&s->watch);
	memory_free(s);
}

static int set_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
	struct http *h = ctx;
	struct socket *s = known;
	int ready = (what & CURL_POLL_IN ? LOOP_READ : 0) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		socket_free(h, s);
		return 0;
	}
	if (!s) {
		s = memory_new(sizeof(*s));
		s->http = h;
		s->fd = fd;
		s->watch = loop_watch_add(h->loop, fd, ready, on_socket, s, NULL);
		if (!s->watch) {
			memory_free(s);
			return -1;
		}
		curl_multi_assign(h->multi, fd, s);
	}
	loop_watch_set(s->watch, ready);
	return 0;
}

enum err http_open(struct http **http, struct loop *loop, struct buf *why)
{
	struct http *h;
	CURLM *multi;

	*http = NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT)) { /* it counts */
		why_set(why, "no requests can be made: libcurl does not start");
		return ERR_NET;
	}
	multi = curl_multi_init();
	if (!multi) {
		curl_global_cleanup();
		why_set(why, "no requests can be made: libcurl has no memory");
		return ERR_NET;
	}
	h = memory_new(sizeof(*h));
	h->loop = loop;
	h->multi = multi;
	h->timer = loop_timer_add(loop, -1, 0, on_timer, h);
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, h);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
	*http = h;
	return ERR_OK;
}

void http_close(struct http **http)
{
	struct http *h = *http;

	*http = NULL;
	if (!h || h->closed)
		return;
	while (h->live) {
		struct transfer *t = h->live;

		transfer_cancel(&t);
	}
	h->closed = true;
	if (!h->busy)
		http_free(h);
}

/* A name and a value, each terminated; what is no field (a folded line, nonsense) is left out. */
static void head_add(struct transfer *t, struct str line)
{
	size_t colon = str_find_char(line, ':');

	if (!colon || colon == line.len || line.ptr[0] == ' ' || line.ptr[0] == '\t')
		return;
	buf_add_str(&t->head, str_part(line, 0, colon));
	buf_add_char(&t->head, '\0');
	buf_add_str(&t->head, str_trim(str_part(line, colon + 1, line.len)));
	buf_add_char(&t->head, '\0');
	if (buf_is_full(&t->head))
		t->verdict = ERR_TOO_BIG;
}

static void head_end(struct transfer *t)
{
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status / 100 == 1)
		return; /* "100 Continue" and the like come before the answer */
	t->status = (int)status;
	t->head_done = true;
	if (t->sink.head)
		t->sink.head(t->sink.ctx, t->status, t);
}

static size_t on_head(char *bytes, size_t size, size_t count, void *ctx)
{
	struct transfer *t = ctx;
	struct str line = { bytes, size * count };

	if (t->dead)
		return 0;
	if (t->first_byte < 0)
		t->first_byte = loop_now(t->http->loop);
	if (t->head_done)
		return line.len; /* a trailer */
	if (str_starts(line, "HTTP/"))
		buf_clear(&t->head);
	else if (!str_trim(line).len)
		head_end(t);
	else
		head_add(t, line);
	return t->dead || t->verdict ? 0 : line.len;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
	struct transfer *t = ctx;
	struct str piece = { bytes, size * count };
	size_t room = t->body_max - t->received;

	if (t->dead)
		return 0;
	t->heard = loop_now(t->http->loop);
	if (piece.len > room)
		t->verdict = ERR_TOO_BIG;
	piece = str_part(piece, 0, room);
	t->received += piece.len;
	if (piece.len && t->sink.body(t->sink.ctx, piece) == HTTP_STOP && !t->verdict)
		t->verdict = ERR_CANCELLED;
	return t->dead || t->verdict ? 0 : size * count;
}

/* When each limit began to run (-1: not yet) and whether it has had its day. */
static void limit_state(const struct transfer *t, enum http_limit limit, int64_t *since, bool *over)
{
	int64_t sent = transfer_sent(t);

	*over = false;
	*since = t->began;
	switch (limit) {
	case LIMIT_CONNECT:
		*over = sent >= 0;
		break;
	case LIMIT_FIRST_BYTE:
		*since = sent < 0 ? -1 : t->began + sent;
		*over = t->heard >= 0;
		break;
	case LIMIT_IDLE:
		*since = t->heard;
		break;
	case LIMIT_TOTAL:
	case LIMIT_NONE:
		break;
	}
}

/* The limit that has passed; if none has, *next is the first moment at which one could. A limit
 * that does not run yet cannot pass before its length from now: so nothing need be set when a
 * phase begins or a piece comes, and a long stream costs one timer per idle limit. */
static enum http_limit limit_passed(const struct transfer *t, int64_t now, int64_t *next)
{
	const int64_t length_ms[] = {
		[LIMIT_NONE] = 0,
		[LIMIT_CONNECT] = t->limits.connect_ms,
		[LIMIT_FIRST_BYTE] = t->limits.first_byte_ms,
		[LIMIT_IDLE] = t->limits.idle_ms,
		[LIMIT_TOTAL] = t->limits.total_ms,
	};

	*next = INT64_MAX;
	for (int i = LIMIT_CONNECT; i <= LIMIT_TOTAL; i++) {
		int64_t since, due;
		bool over;

		limit_state(t, (enum http_limit)i, &since, &over);
		if (over || length_ms[i] <= 0 || length_ms[i] > INT64_MAX / US_PER_MS / 2)
			continue;
		due = (since < 0 ? now : since) + length_ms[i] * US_PER_MS;
		if (since >= 0 && due <= now)
			return (enum http_limit)i;
		if (due < *next)
			*next = due;
	}
	return LIMIT_NONE;
}

static void check_limits(void *ctx)
{
	struct transfer *t = ctx;
	struct http *h = t->http;
	int64_t now = loop_now(h->loop), next;

	t->limit = limit_passed(t, now, &next);
	if (t->limit == LIMIT_NONE) {
		loop_timer_set(t->timer, next == INT64_MAX ? -1 : next - now);
		return;
	}
	t->verdict = ERR_TIMEOUT;
	h->busy = true;
	transfer_end(t, CURLE_OK);
	settle(h);
}

static struct transfer *transfer_new(
	struct http *h, const struct http_request *request, struct http_sink sink)
{
	struct transfer *t = memory_new(sizeof(*t));

	t->http = h;
	t->sink = sink;
	t->limits = request->limits;
	t->body_max = request->body_max ? request->body_max : BUF_TEXT_MAX;
	t->place = BUF(HTTP_PLACE_MAX);
	t->head = BUF(HTTP_HEAD_MAX);
	t->began = loop_now(h->loop);
	t->first_byte = t->heard = -1;
	return t;
}

static void set_calls(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_head);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
}

enum err http_start(struct http *http, const struct http_request *request, struct http_sink sink,
	struct transfer **transfer, struct buf *why)
{
	struct transfer *t = transfer_new(http, request, sink);
	enum err err = request_build(t, request, why);

	*transfer = NULL;
	if (!err) {
		set_calls(t);
		t->added = !http->in_curl;
		if (t->added && curl_multi_add_handle(http->multi, t->easy)) {
			t->added = false;
			why_set(why, "%s: the request cannot be made: libcurl has no memory",
				t->place.ptr);
			err = ERR_NET;
		}
	}
	if (err) {
		transfer_free(t);
		return err;
	}
	http->unadded += !t->added;
	list_add(&http->live, t);
	t->timer = loop_timer_add(http->loop, 0, 0, check_limits, t);
	*transfer = t;
	return ERR_OK;
}

void transfer_cancel(struct transfer **transfer)
{
	struct transfer *t = *transfer;

	*transfer = NULL;
	if (!t || t->dead)
		return;
	transfer_kill(t);
	if (t->http->in_curl)
		list_add(&t->http->dead, t);
	else
		transfer_free(t);
}

static enum http_verdict drop(void *ctx, struct str bytes)
{
	(void)ctx;
	(void)bytes;
	return HTTP_GO_ON;
}

static void forget(void *ctx, const struct http_result *result)
{
	(void)ctx;
	(void)result;
}

void transfer_finish(struct transfer **transfer)
{
	struct transfer *t = *transfer;
	int64_t past_us;

	*transfer = NULL;
	if (!t || t->dead)
		return;
	past_us = loop_now(t->http->loop) - t->began;
	t->sink = (struct http_sink){ .body = drop, .end = forget };
	t->body_max = t->received + DRAIN_BYTES_MAX;
	t->limits.total_ms = past_us / US_PER_MS + DRAIN_MS;
	loop_timer_set(t->timer, (int64_t)DRAIN_MS * US_PER_MS);
}

const char *transfer_header(const struct transfer *t, const char *name)
{
	const char *at = t->head.ptr, *end = at + t->head.len;

	while (at < end) {
		const char *value = at + strlen(at) + 1;

		if (str_is_nocase(str_of(at), name))
			return value;
		at = value + strlen(value) + 1;
	}
	return NULL;
}
