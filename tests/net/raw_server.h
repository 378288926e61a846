/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A server on loopback that does what a script says, byte by byte, in a thread of its own: what no
 * real server could be talked into. It ends when the script does or when it is closed, whatever it
 * waits for.
 */
#ifndef WEIR_TESTS_NET_RAW_SERVER_H
#define WEIR_TESTS_NET_RAW_SERVER_H

#include "core/base/buf.h"

enum { RAW_CONNECTIONS = 4, RAW_REQUESTS = 8 };

enum raw_do {
	RAW_END,     /* of the script: the zero of an array's tail */
	RAW_ACCEPT,  /* the next connection to come */
	RAW_REQUEST, /* read one, its body (by Content-Length) included */
	RAW_HEAR,    /* read something, anything */
	RAW_SEND,    /* `bytes` */
	RAW_FLOOD,   /* `count` times 'x'; what the other end no longer takes is let go */
	RAW_WAIT,    /* for raw_server_go */
	RAW_CLOSE,   /* in order */
	RAW_RESET,   /* with a RST */
	RAW_GONE     /* wait until the other end has closed */
};

struct raw_step {
	enum raw_do what;
	struct str bytes;
	size_t count;
	int connection; /* which, where there are several */
};

/* Steps, as a script reads: DO(ACCEPT), DO(REQUEST), SEND("..."), DO(CLOSE), DO(END). */
#define DO(step) { .what = RAW_##step }
#define DO_ON(number, step) { .what = RAW_##step, .connection = (number) }
#define SEND(text) { .what = RAW_SEND, .bytes = STR_INIT(text) }
#define SEND_ON(number, text)                                                                     \
	{ .what = RAW_SEND, .bytes = STR_INIT(text), .connection = (number) }
#define FLOOD(times) { .what = RAW_FLOOD, .count = (times) }
#define STR_INIT(literal) { "" literal, sizeof(literal) - 1 }

struct raw_server;

struct raw_server *raw_server_open(const struct raw_step *script);
void raw_server_close(struct raw_server **server);

int raw_server_port(const struct raw_server *s);
void raw_server_go(struct raw_server *s);       /* one RAW_WAIT may pass */
size_t raw_server_done(struct raw_server *s);   /* steps of the script */
bool raw_server_ended(struct raw_server *s);    /* the whole script */
size_t raw_server_accepted(struct raw_server *s);
void raw_server_request(struct raw_server *s, size_t number, struct buf *out);

/* A port of loopback where nobody listens. */
int raw_free_port(void);

#endif
