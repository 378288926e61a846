/* SPDX-License-Identifier: GPL-3.0-or-later
 * The scripted server of raw_server.h. Every wait also watches a pipe whose closing ends it. */
#include "tests/net/raw_server.h"

#include "core/base/arena.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_MAX = 1 << 22, PIECE = 4096 };

struct raw_server {
	const struct raw_step *script;
	int listener, port;
	int go[2], stop[2];
	int connections[RAW_CONNECTIONS];
	pthread_t thread;
	pthread_mutex_t lock; /* what follows */
	size_t done, accepted, request_count;
	bool ended;
	struct buf requests[RAW_REQUESTS];
};

static int listen_on_loopback(int *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) || listen(fd, 16) ||
		getsockname(fd, (struct sockaddr *)&address, &len))
		abort();
	*port = ntohs(address.sin_port);
	return fd;
}

int raw_free_port(void)
{
	int port;

	close(listen_on_loopback(&port));
	return port;
}

/* False: the server is being closed. */
static bool wait_for(struct raw_server *s, int fd, short what)
{
	struct pollfd fds[] = { { .fd = fd, .events = what }, { .fd = s->stop[0] } };

	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR)
			return false;
	return !fds[1].revents;
}

static bool do_accept(struct raw_server *s, int *connection)
{
	int one = 1;

	if (!wait_for(s, s->listener, POLLIN))
		return false;
	*connection = accept(s->listener, NULL, NULL);
	if (*connection < 0)
		return false;
	setsockopt(*connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	pthread_mutex_lock(&s->lock);
	s->accepted++;
	pthread_mutex_unlock(&s->lock);
	return true;
}

/* The length of the whole request, or 0 while its head is not there yet. */
static size_t request_length(struct str text)
{
	size_t head = str_find(text, STR("\r\n\r\n")), at;
	struct str line;

	if (head == text.len)
		return 0;
	at = str_find(text, STR("Content-Length: "));
	if (at >= head)
		return head + 4;
	line = str_part(text, at + 16, text.len);
	return head + 4 + (size_t)strtoul(line.ptr, NULL, 10);
}

static bool do_request(struct raw_server *s, int fd, bool whole)
{
	struct buf text = BUF(REQUEST_MAX);
	size_t want = 1;
	ssize_t got = 1;

	while (got > 0 && text.len < want) {
		char *room = buf_room(&text, PIECE);

		/* Byte by byte in the head, so as to leave the next request alone. */
		if (!room || !wait_for(s, fd, POLLIN))
			break;
		got = read(fd, room, !whole || want > text.len + PIECE ? PIECE : want - text.len);
		if (got > 0)
			buf_grew(&text, (size_t)got);
		if (whole && (want = request_length(buf_str(&text))) == 0)
			want = text.len + 1;
	}
	pthread_mutex_lock(&s->lock);
	if (s->request_count < RAW_REQUESTS)
		s->requests[s->request_count++] = text;
	else
		buf_release(&text);
	pthread_mutex_unlock(&s->lock);
	return got > 0;
}

static bool do_send(struct raw_server *s, int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t sent;

		if (!wait_for(s, fd, POLLOUT))
			return false;
		sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
		if (sent < 0)
			return true; /* the other end had enough: the script goes on */
		bytes = str_part(bytes, (size_t)sent, bytes.len);
	}
	return true;
}

static bool do_flood(struct raw_server *s, int fd, size_t count)
{
	char piece[PIECE];

	memset(piece, 'x', sizeof(piece));
	for (; count; count -= count < PIECE ? count : PIECE)
		if (!do_send(s, fd, (struct str){ piece, count < PIECE ? count : PIECE }))
			return false;
	return true;
}

static bool do_wait(struct raw_server *s)
{
	char byte;

	return wait_for(s, s->go[0], POLLIN) && read(s->go[0], &byte, 1) == 1;
}

static bool do_gone(struct raw_server *s, int fd)
{
	char piece[PIECE];

	for (;;) {
		if (!wait_for(s, fd, POLLIN))
			return false;
		if (read(fd, piece, sizeof(piece)) <= 0)
			return true;
	}
}

static bool do_close(int *fd, bool reset)
{
	const struct linger at_once = { .l_onoff = 1 };

	if (reset)
		setsockopt(*fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(*fd);
	*fd = -1;
	return true;
}

static bool do_step(struct raw_server *s, const struct raw_step *step)
{
	int *fd = &s->connections[step->connection];

	switch (step->what) {
	case RAW_END:
		return false;
	case RAW_ACCEPT:
		return do_accept(s, fd);
	case RAW_REQUEST:
		return do_request(s, *fd, true);
	case RAW_HEAR:
		return do_request(s, *fd, false);
	case RAW_SEND:
		return do_send(s, *fd, step->bytes);
	case RAW_FLOOD:
		return do_flood(s, *fd, step->count);
	case RAW_WAIT:
		return do_wait(s);
	case RAW_CLOSE:
	case RAW_RESET:
		return do_close(fd, step->what == RAW_RESET);
	case RAW_GONE:
		return do_gone(s, *fd);
	}
	return false;
}

static void *serve(void *ctx)
{
	struct raw_server *s = ctx;
	const struct raw_step *step = s->script;

	for (; do_step(s, step); step++) {
		pthread_mutex_lock(&s->lock);
		s->done++;
		pthread_mutex_unlock(&s->lock);
	}
	pthread_mutex_lock(&s->lock);
	s->ended = step->what == RAW_END;
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

struct raw_server *raw_server_open(const struct raw_step *script)
{
	struct raw_server *s = memory_new(sizeof(*s));

	s->script = script;
	s->listener = listen_on_loopback(&s->port);
	for (int i = 0; i < RAW_CONNECTIONS; i++)
		s->connections[i] = -1;
	for (int i = 0; i < RAW_REQUESTS; i++)
		s->requests[i] = BUF(REQUEST_MAX);
	if (pipe(s->go) || pipe(s->stop) || pthread_mutex_init(&s->lock, NULL) ||
		pthread_create(&s->thread, NULL, serve, s))
		abort();
	return s;
}

void raw_server_close(struct raw_server **server)
{
	struct raw_server *s = *server;

	*server = NULL;
	if (!s)
		return;
	close(s->stop[1]);
	pthread_join(s->thread, NULL);
	close(s->stop[0]);
	close(s->go[0]);
	close(s->go[1]);
	close(s->listener);
	for (int i = 0; i < RAW_CONNECTIONS; i++)
		if (s->connections[i] >= 0)
			close(s->connections[i]);
	for (int i = 0; i < RAW_REQUESTS; i++)
		buf_release(&s->requests[i]);
	pthread_mutex_destroy(&s->lock);
	memory_free(s);
}

int raw_server_port(const struct raw_server *s)
{
	return s->port;
}

void raw_server_go(struct raw_server *s)
{
	if (write(s->go[1], "g", 1) != 1)
		abort();
}

static size_t read_locked(struct raw_server *s, const size_t *number)
{
	size_t copy;

	pthread_mutex_lock(&s->lock);
	copy = *number;
	pthread_mutex_unlock(&s->lock);
	return copy;
}

size_t raw_server_done(struct raw_server *s)
{
	return read_locked(s, &s->done);
}

size_t raw_server_accepted(struct raw_server *s)
{
	return read_locked(s, &s->accepted);
}

bool raw_server_ended(struct raw_server *s)
{
	bool ended;

	pthread_mutex_lock(&s->lock);
	ended = s->ended;
	pthread_mutex_unlock(&s->lock);
	return ended;
}

void raw_server_request(struct raw_server *s, size_t number, struct buf *out)
{
	buf_clear(out);
	pthread_mutex_lock(&s->lock);
	if (number < s->request_count)
		buf_add_str(out, buf_str(&s->requests[number]));
	pthread_mutex_unlock(&s->lock);
}
