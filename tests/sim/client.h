/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A tiny HTTP/1.1 client on a raw socket, for tests: what it sends is what stands in the test, and
 * it understands chunked bodies. Every read ends after a minute, so that a hang is a failure.
 */
#ifndef WEIR_TESTS_SIM_CLIENT_H
#define WEIR_TESTS_SIM_CLIENT_H

#include "core/base/buf.h"

struct client_answer {
	int status;     /* 0: the connection ended without an answer */
	bool whole;     /* the body ended where its head said it would */
	struct buf head, body;
};

int client_connect(int port); /* -1: refused */
bool client_send(int fd, struct str bytes);

/* Sends a request that asks for the connection to be closed; body may be STR_NONE. */
bool client_request(int fd, const char *method, const char *path, struct str body);

/* Reads until the other side closes, then closes. */
void client_read(int fd, struct client_answer *answer);
void client_release(struct client_answer *answer);

/* All of it at once. */
void client_ask(int port, const char *method, const char *path, struct str body,
	struct client_answer *answer);

#endif
