/* SPDX-License-Identifier: GPL-3.0-or-later
 * The listener and its guests. Each guest has a socket, perhaps one to the server behind, and
 * buffers between them that stop the faster side when they are full. */
#include "core/sim/door.h"

#include "core/sim/fault_play.h"
#include "core/sim/request.h"
#include "core/sim/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PIECE = 64 * 1024,
	ENOUGH = 256 * 1024,             /* waiting to be sent: no more is read meanwhile */
	IN_MAX = SERVER_BODY_MAX + 2 * PIECE,
	FROM_MAX = 8 * 1024 * 1024,      /* an event of the server's, far more than it sends */
	PATIENCE_S = 60,                 /* for the rest of a request */
	BREATH_MS = 100,                 /* when no connection can be taken */
	BACKLOG = 1024
};

struct door {
	struct loop *loop;
	struct fault_script *script;
	int fd, port, server_port;
	struct loop_watch *watch;
	struct loop_timer *breath;
	struct guest *guests;
	size_t guest_count;
	atomic_uint_fast64_t faults, instead;
};

enum doing {
	HEARING, /* a request, while the answer to the one before is passed on */
	TUNNEL,  /* whatever comes is passed on, both ways */
	PLAYING, /* a fault */
	HANGING  /* until the guest leaves */
};

/* A socket and what is to be sent to it. */
struct side {
	int fd; /* -1: none */
	struct loop_watch *watch;
	struct buf out;
	size_t sent;
};

struct guest {
	struct guest *next, **back;
	struct door *door;
	struct side client, server;
	struct buf in;   /* from the client: requests */
	struct buf from; /* from the server: an answer to be spoiled */
	bool server_over, head_passed, is_stream;
	bool last;       /* the client wants the connection closed after this request */
	bool more;       /* there is more to be played without waiting for the server */
	enum doing doing;
	enum play_end ending; /* once all is sent */
	struct arena arena;   /* of the request */
	struct fault_play play;
	size_t fast;              /* of the client's bytes: those before a slow play's slow ones */
	struct loop_timer *timer; /* held: until the next piece; else for the rest of a request */
	bool held;
};

/* ---- sockets -------------------------------------------------------------------------------- */

static bool set_up(int fd)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fcntl(fd, F_SETFD, FD_CLOEXEC) >= 0 && fcntl(fd, F_SETFL, O_NONBLOCK) >= 0;
}

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static size_t left_of(const struct side *s)
{
	return s->out.len - s->sent;
}

static void side_close(struct side *s)
{
	loop_watch_free(&s->watch);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	buf_release(&s->out);
	s->sent = 0;
}

static bool would_wait(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOTCONN;
}

/* At most `most` bytes; false when the other side is gone. */
static bool side_send(struct side *s, size_t most)
{
	struct str rest = str_part(buf_str(&s->out), s->sent, most);
	ssize_t sent = rest.len ? send(s->fd, rest.ptr, rest.len, MSG_NOSIGNAL) : 0;

	if (sent < 0)
		return would_wait();
	s->sent += (size_t)sent;
	if (s->sent < s->out.len)
		return true;
	buf_clear(&s->out);
	s->sent = 0;
	return true;
}

/* False when there is nothing more to come. */
static bool side_read(struct side *s, struct buf *into)
{
	char piece[PIECE];
	ssize_t got = recv(s->fd, piece, sizeof(piece), 0);

	if (got < 0)
		return would_wait();
	if (into)
		buf_add(into, piece, (size_t)got);
	return got > 0;
}

/* ---- guests --------------------------------------------------------------------------------- */

static void guest_free(struct guest *g)
{
	*g->back = g->next;
	if (g->next)
		g->next->back = g->back;
	g->door->guest_count--;
	side_close(&g->client);
	side_close(&g->server);
	loop_timer_free(&g->timer);
	fault_play_release(&g->play);
	arena_release(&g->arena);
	buf_release(&g->in);
	buf_release(&g->from);
	memory_free(g);
}

static void guest_reset(struct guest *g)
{
	const struct linger at_once = { .l_onoff = 1 };

	setsockopt(g->client.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	guest_free(g);
}

static void on_server(void *ctx, int ready);

static void server_leave(struct guest *g)
{
	side_close(&g->server);
	buf_clear(&g->from);
	g->server_over = g->head_passed = g->is_stream = false;
}

/* False: it cannot be reached, as when this process has no more files. */
static bool server_reach(struct guest *g)
{
	struct sockaddr_in address = loopback(g->door->server_port);
	struct side *s = &g->server;

	s->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (s->fd < 0 || !set_up(s->fd))
		return false;
	if (connect(s->fd, (const struct sockaddr *)&address, sizeof(address)) &&
		errno != EINPROGRESS)
		return false;
	s->watch = loop_watch_add(g->door->loop, s->fd, LOOP_READ, on_server, g, NULL);
	return s->watch;
}

/* ---- a fault under way ---------------------------------------------------------------------- */

static void begin_play(struct guest *g, const struct sim_fault *fault,
	const struct fault_request *request, struct str bytes)
{
	struct door *d = g->door;

	atomic_fetch_add(&d->faults, 1);
	server_leave(g);
	fault_play_begin(&g->play, fault, request, fault_script_key(d->script));
	g->doing = PLAYING;
	if (g->play.hold_us) {
		g->held = true;
		loop_timer_set(g->timer, g->play.hold_us);
	}
	if (!fault_play_needs_answer(&g->play)) {
		atomic_fetch_add(&d->instead, 1);
		g->ending = fault_play_instead(&g->play, &g->client.out);
	} else if (server_reach(g)) {
		request_put_old(&g->server.out, bytes);
	} else {
		g->ending = PLAY_CLOSE;
	}
}

/* The head of the server's answer: status and type, and where its body begins. */
static enum play_end play_head(struct guest *g, size_t len)
{
	struct str rest = str_part(buf_str(&g->from), 0, len), line, type = STR_NONE;
	int64_t status = 0;
	enum play_end end;

	str_cut(&rest, '\n', &line);
	str_to_int(str_part(line, 9, 3), &status);
	while (str_cut(&rest, '\n', &line))
		if (str_starts_nocase(line, "Content-Type:"))
			type = str_trim(str_part(line, strlen("Content-Type:"), line.len));
	g->is_stream = str_starts(type, "text/event-stream");
	g->head_passed = true;
	end = fault_play_head(&g->play, (int)status, type, &g->client.out);
	buf_drop(&g->from, len);
	return end;
}

/* The length of what can be played now: an event, or all of what is no stream; 0: wait. */
static size_t event_length(const struct guest *g)
{
	struct str from = buf_str(&g->from);
	size_t end = g->is_stream ? str_find(from, STR("\n\n")) : from.len;

	if (end < from.len)
		return end + 2;
	return g->server_over || from.len >= FROM_MAX - PIECE ? from.len : 0;
}

/* One step; false when it has to wait for the server. */
static bool play_step(struct guest *g)
{
	struct buf *out = &g->client.out;
	size_t len;

	if (fault_play_fill(&g->play, out, &g->ending))
		return true;
	if (!g->head_passed) {
		len = str_find(buf_str(&g->from), STR("\r\n\r\n"));
		if (len < g->from.len)
			g->ending = play_head(g, len + 4);
		else if (g->server_over)
			g->ending = PLAY_CLOSE;
		return len < g->from.len || g->server_over;
	}
	len = event_length(g);
	if (len) {
		size_t used = 0;

		g->ending = fault_play_event(
			&g->play, str_part(buf_str(&g->from), 0, len), &used, out);
		buf_drop(&g->from, used);
	} else if (g->server_over) {
		g->ending = fault_play_over(&g->play, out);
	}
	return len || g->server_over;
}

static void play(struct guest *g)
{
	bool slow = g->play.gap_us > 0;

	g->more = true;
	while (g->ending == PLAY_ON && left_of(&g->client) < ENOUGH && g->more)
		g->more = play_step(g);
	if (!slow && g->play.gap_us > 0)
		g->fast = g->play.fast;
}

/* ---- requests ------------------------------------------------------------------------------- */

static void pass_on(struct guest *g, struct str bytes)
{
	if (g->server.fd < 0 && !server_reach(g))
		g->ending = PLAY_CLOSE;
	buf_add_str(&g->server.out, bytes);
}

/* Takes the next request, if there is one; false when there is none yet. */
static bool take_request(struct guest *g)
{
	const struct sim_fault *fault;
	struct fault_request request;
	struct str bytes;
	size_t len = 0;

	switch (request_measure(buf_str(&g->in), &len)) {
	case REQUEST_PART:
		loop_timer_set(g->timer, g->in.len ? (int64_t)PATIENCE_S * US_PER_S : -1);
		return false;
	case REQUEST_STRANGE:
		g->doing = TUNNEL;
		pass_on(g, buf_str(&g->in));
		buf_clear(&g->in);
		break;
	case REQUEST_WHOLE:
		arena_release(&g->arena);
		bytes = str_part(buf_str(&g->in), 0, len);
		request = request_look(bytes, &g->arena);
		fault = fault_script_pick(g->door->script, &request);
		loop_timer_set(g->timer, -1);
		g->last = request_is_last(bytes);
		if (fault)
			begin_play(g, fault, &request, bytes);
		else
			pass_on(g, bytes);
		buf_drop(&g->in, len);
	}
	return true;
}

/* ---- what is sent, and how it ends ---------------------------------------------------------- */

/* False: the guest is gone. */
static bool flush_client(struct guest *g)
{
	struct side *s = &g->client;
	size_t fast = g->fast > s->sent ? g->fast - s->sent : 0;
	bool slow = g->play.gap_us > 0 && !fast;

	if (g->held || !left_of(s))
		return true;
	if (!side_send(s, slow ? g->play.piece_len : fast ? fast : s->out.len)) {
		guest_free(g);
		return false;
	}
	if (!s->sent)
		g->fast = 0;
	if (slow) {
		g->held = true;
		loop_timer_set(g->timer, g->play.gap_us);
	}
	return true;
}

/* What was to come after the last byte; false: the guest is gone. */
static bool perform_end(struct guest *g)
{
	enum play_end end = g->ending == PLAY_KEEP && g->last ? PLAY_CLOSE : g->ending;

	g->ending = PLAY_ON;
	switch (end) {
	case PLAY_ON:
		break;
	case PLAY_KEEP:
		fault_play_release(&g->play);
		g->play = (struct fault_play){ 0 };
		server_leave(g);
		loop_timer_set(g->timer, -1);
		g->held = false;
		g->doing = HEARING;
		break;
	case PLAY_HANG:
		server_leave(g);
		g->doing = HANGING;
		break;
	case PLAY_CLOSE:
		guest_free(g);
		return false;
	case PLAY_RESET:
		guest_reset(g);
		return false;
	}
	return true;
}

static void set_watches(struct guest *g)
{
	bool full = g->doing == TUNNEL ? left_of(&g->server) >= ENOUGH
				       : g->in.len >= IN_MAX - PIECE;
	bool slow = left_of(&g->client) >= ENOUGH || g->from.len >= FROM_MAX - PIECE;
	bool more = g->doing == PLAYING && g->ending == PLAY_ON && g->more;

	loop_watch_set(g->client.watch, (full ? 0 : LOOP_READ) |
			((left_of(&g->client) || more) && !g->held ? LOOP_WRITE : 0));
	if (g->server.watch)
		loop_watch_set(g->server.watch, (slow || g->server_over ? 0 : LOOP_READ) |
				(left_of(&g->server) ? LOOP_WRITE : 0));
}

/* Whatever can be done now. The guest may be gone after it. */
static void advance(struct guest *g)
{
	for (;;) {
		while (g->doing == HEARING && g->ending == PLAY_ON && take_request(g))
			;
		if (g->doing == PLAYING)
			play(g);
		if (g->server.fd >= 0 && !side_send(&g->server, g->server.out.len))
			g->server_over = true;
		if (g->server_over && g->doing != PLAYING)
			g->ending = PLAY_CLOSE;
		if (!flush_client(g))
			return;
		if (left_of(&g->client) || g->ending == PLAY_ON)
			break;
		if (!perform_end(g))
			return;
	}
	set_watches(g);
}

static void on_client(void *ctx, int ready)
{
	struct guest *g = ctx;
	struct buf *into = g->doing == HANGING  ? NULL
			   : g->doing == TUNNEL ? &g->server.out
						: &g->in;

	if ((ready & LOOP_READ) && !side_read(&g->client, into))
		guest_free(g);
	else
		advance(g);
}

static void on_server(void *ctx, int ready)
{
	struct guest *g = ctx;

	if ((ready & LOOP_READ) && !g->server_over)
		g->server_over = !side_read(
			&g->server, g->doing == PLAYING ? &g->from : &g->client.out);
	advance(g);
}

static void on_timer(void *ctx)
{
	struct guest *g = ctx;

	if (!g->held) {
		guest_free(g);
		return;
	}
	g->held = false;
	advance(g);
}

/* ---- the door ------------------------------------------------------------------------------- */

static void guest_new(struct door *d, int fd)
{
	struct guest *g = memory_new(sizeof(*g));

	*g = (struct guest){ .door = d,
		.client = { .fd = fd, .out = BUF(BUF_TEXT_MAX) },
		.server = { .fd = -1, .out = BUF(2 * IN_MAX) },
		.in = BUF(IN_MAX),
		.from = BUF(FROM_MAX) };
	g->next = d->guests;
	g->back = &d->guests;
	if (g->next)
		g->next->back = &g->next;
	d->guests = g;
	d->guest_count++;
	g->timer = loop_timer_add(d->loop, -1, 0, on_timer, g);
	g->client.watch = loop_watch_add(d->loop, fd, LOOP_READ, on_client, g, NULL);
	if (!g->client.watch || !set_up(fd))
		guest_free(g);
}

static void on_breath(void *ctx)
{
	struct door *d = ctx;

	loop_watch_set(d->watch, LOOP_READ);
}

/* A guest above the limit is sent away at once. */
static void on_knock(void *ctx, int ready)
{
	struct door *d = ctx;
	int fd = accept(d->fd, NULL, NULL);

	(void)ready;
	if (fd >= 0 && d->guest_count < DOOR_GUESTS_MAX) {
		guest_new(d, fd);
	} else if (fd >= 0) {
		close(fd);
	} else if (!would_wait() && errno != ECONNABORTED) {
		loop_watch_set(d->watch, 0);
		loop_timer_set(d->breath, (int64_t)BREATH_MS * US_PER_MS);
	}
}

static bool listen_at(struct door *d, int port)
{
	struct sockaddr_in address = loopback(port);
	socklen_t len = sizeof(address);
	int one = 1;

	d->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (d->fd < 0 || !set_up(d->fd))
		return false;
	setsockopt(d->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(d->fd, (const struct sockaddr *)&address, len) || listen(d->fd, BACKLOG) ||
		getsockname(d->fd, (struct sockaddr *)&address, &len))
		return false;
	d->port = ntohs(address.sin_port);
	return true;
}

enum err door_open(struct door **door, struct loop *loop, int port, int server_port,
	struct fault_script *script, struct buf *why)
{
	struct door *d = memory_new(sizeof(*d));
	enum err err = ERR_OK;

	d->loop = loop;
	d->script = script;
	d->server_port = server_port;
	if (!listen_at(d, port)) {
		why_set(why, "the simulator cannot listen on 127.0.0.1:%d: is the port taken?",
			port);
		err = ERR_NET;
	}
	d->breath = loop_timer_add(loop, -1, 0, on_breath, d);
	if (!err) {
		d->watch = loop_watch_add(loop, d->fd, LOOP_READ, on_knock, d, why);
		err = d->watch ? ERR_OK : ERR_IO;
	}
	if (err)
		door_close(&d);
	*door = d;
	return err;
}

void door_close(struct door **door)
{
	struct door *d = *door;

	if (!d)
		return;
	while (d->guests)
		guest_free(d->guests);
	loop_watch_free(&d->watch);
	loop_timer_free(&d->breath);
	if (d->fd >= 0)
		close(d->fd);
	memory_free(d);
	*door = NULL;
}

int door_port(const struct door *door)
{
	return door->port;
}

uint64_t door_faults(const struct door *door)
{
	return atomic_load(&door->faults);
}

uint64_t door_instead(const struct door *door)
{
	return atomic_load(&door->instead);
}
