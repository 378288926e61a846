/* SPDX-License-Identifier: GPL-3.0-or-later
 * The child knows nothing but sockets and the clock: what it costs must not be ours. Requests are
 * waited for with poll; streams under way are only written to, when their chunk is due. */
#include "core/eval/pacer.h"

#include "core/base/arena.h"
#include "core/base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	STREAMS_MAX = 16384,
	BACKLOG = 4096,
	TICK_US = 1000,
	REQUEST_PIECE = 16384,
	CHUNK_MAX = 512
};

#define HEAD                                                                                      \
	"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: "               \
	"chunked\r\nConnection: close\r\n\r\n"
#define EVENT_FRONT                                                                               \
	"data: {\"id\":\"chatcmpl-0123456789\",\"object\":\"chat.completion.chunk\",\"choices\":" \
	"[{\"index\":0,\"delta\":"
#define LAST                                                                                      \
	EVENT_FRONT                                                                               \
	"{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":"    \
	"100}}\n\ndata: [DONE]\n\n"

struct stream {
	int fd;
	int64_t due;    /* of the next chunk; 0: its request has not come */
	int64_t left;   /* chunks */
	char tail[4];   /* the last bytes of the request's head */
};

struct child {
	int listener;
	int64_t gap_us, chunks;
	struct stream *streams;
	struct pollfd *polls;
	size_t count;
	uint64_t began; /* streams so far: spreads their moments */
};

static void drop(struct child *c, size_t i)
{
	close(c->streams[i].fd);
	c->streams[i] = c->streams[--c->count];
}

static void accept_all(struct child *c)
{
	int fd, one = 1;

	while (c->count < STREAMS_MAX && (fd = accept(c->listener, NULL, NULL)) >= 0) {
		fcntl(fd, F_SETFL, O_NONBLOCK);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		c->streams[c->count++] = (struct stream){ .fd = fd };
	}
}

/* A chunk is far smaller than the room of a socket: what does not go out whole is given up. */
static bool put(const struct stream *s, const char *bytes, size_t len)
{
	return send(s->fd, bytes, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static bool put_chunk(const struct stream *s, const char *event, size_t len)
{
	char out[CHUNK_MAX];
	int size = snprintf(out, sizeof(out), "%zx\r\n%s\r\n", len, event);

	return put(s, out, (size_t)size);
}

/* Once the blank line of its head is there: its small body is of no interest. */
static bool hear(struct child *c, struct stream *s)
{
	char bytes[REQUEST_PIECE];
	ssize_t got = recv(s->fd, bytes, sizeof(bytes), 0);

	if (got <= 0)
		return got < 0 && errno == EAGAIN;
	for (ssize_t i = 0; i < got && !s->due; i++) {
		memmove(s->tail, s->tail + 1, 3);
		s->tail[3] = bytes[i];
		if (memcmp(s->tail, "\r\n\r\n", 4))
			continue;
		s->left = c->chunks;
		s->due = clock_steady(&clock_real) +
			 (int64_t)(c->began++ * 7919 % (uint64_t)c->gap_us);
		return put(s, HEAD, strlen(HEAD));
	}
	return true;
}

static bool speak(const struct child *c, struct stream *s, int64_t now)
{
	char event[CHUNK_MAX];
	char rest[CHUNK_MAX];
	int len;

	if (!s->left) {
		recv(s->fd, rest, sizeof(rest), 0); /* unread bytes would make the close a reset */
		len = snprintf(event, sizeof(event), LAST);
		if (put_chunk(s, event, (size_t)len))
			put(s, "0\r\n\r\n", 5);
		return false;
	}
	len = snprintf(event, sizeof(event), EVENT_FRONT "{\"content\":\" %0*lld\"}}]}\n\n",
		PACER_DIGITS, (long long)now);
	s->left--;
	s->due += c->gap_us;
	return put_chunk(s, event, (size_t)len);
}

static void speak_all(struct child *c)
{
	for (size_t i = 0; i < c->count;) {
		int64_t now = clock_steady(&clock_real);
		struct stream *s = &c->streams[i];

		if (s->due && s->due <= now && !speak(c, s, now))
			drop(c, i);
		else
			i++;
	}
}

static void hear_all(struct child *c)
{
	size_t waiting = 0;

	c->polls[waiting++] = (struct pollfd){ .fd = c->listener, .events = POLLIN };
	for (size_t i = 0; i < c->count; i++)
		if (!c->streams[i].due)
			c->polls[waiting++] = (struct pollfd){ c->streams[i].fd, POLLIN, 0 };
	poll(c->polls, (nfds_t)waiting, TICK_US / US_PER_MS);
	for (size_t i = 0; i < c->count;)
		if (!c->streams[i].due && !hear(c, &c->streams[i]))
			drop(c, i);
		else
			i++;
	accept_all(c);
}

/* Until the other end of `lifeline` is gone, however that came about. */
static void serve(struct child *c, int lifeline)
{
	struct pollfd life = { lifeline, POLLIN, 0 };

	c->streams = memory_new(STREAMS_MAX * sizeof(*c->streams));
	c->polls = memory_new((STREAMS_MAX + 1) * sizeof(*c->polls));
	while (!poll(&life, 1, 0)) {
		hear_all(c);
		speak_all(c);
	}
	_exit(0);
}

static int listen_on_loopback(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, BACKLOG) ||
		getsockname(fd, (struct sockaddr *)&at, &len) ||
		fcntl(fd, F_SETFL, O_NONBLOCK)) {
		close(fd);
		return -1;
	}
	*port = ntohs(at.sin_port);
	return fd;
}

enum err pacer_start(struct pacer *pacer, int64_t gap_us, int64_t chunks, struct buf *why)
{
	struct child c = { .gap_us = gap_us, .chunks = chunks };
	int lifeline[2] = { -1, -1 };

	*pacer = (struct pacer){ -1, 0, -1 };
	c.listener = listen_on_loopback(&pacer->port);
	if (c.listener >= 0 && !pipe(lifeline))
		pacer->pid = fork();
	if (pacer->pid == 0) {
		close(lifeline[1]);
		serve(&c, lifeline[0]);
	}
	if (c.listener >= 0)
		close(c.listener);
	if (lifeline[0] >= 0)
		close(lifeline[0]);
	pacer->lifeline = lifeline[1];
	if (pacer->pid > 0)
		return ERR_OK;
	pacer_stop(pacer);
	why_set(why, "no server can be started on 127.0.0.1: %s", strerror(errno));
	return ERR_IO;
}

void pacer_stop(struct pacer *pacer)
{
	if (pacer->lifeline >= 0)
		close(pacer->lifeline);
	if (pacer->pid > 0)
		waitpid(pacer->pid, NULL, 0);
	*pacer = (struct pacer){ -1, 0, -1 };
}

int64_t pacer_age(struct str content, int64_t now_us)
{
	int64_t sent;

	return str_to_int(str_trim(content), &sent) ? now_us - sent : -1;
}
