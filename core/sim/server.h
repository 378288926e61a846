/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP for the simulator: libmicrohttpd without threads of its own, watched by a loop. A stream
 * that waits for its next token is suspended and costs a timer, nothing else.
 *
 *	POST /v1/chat/completions   an answer, whole or streamed, as OpenAI gives it
 *	POST /v1/messages           the same, as Anthropic gives it
 *	GET  /v1/models             the three models
 *	GET  /health                {"status":"ok"}
 */
#ifndef WEIR_SIM_SERVER_H
#define WEIR_SIM_SERVER_H

#include "core/net/loop.h"
#include "core/sim/answer.h"

enum {
	SERVER_BODY_MAX = 4 * 1024 * 1024, /* larger requests are refused: 413 */
	SERVER_CONNECTIONS_MAX = 8192      /* at once; the limit of open files is the caller's */
};

struct server;

/* Listens on 127.0.0.1 alone; port 0 takes a free one. `world` must outlive the server. */
MUST_CHECK enum err server_open(struct server **server, struct loop *loop, int port,
	const struct answer_world *world, bool fast, struct buf *why);
void server_close(struct server **server); /* streams under way are cut */

/* After each turn of the loop; how long the next one may wait at most, in microseconds. */
int64_t server_run(struct server *server);

int server_port(const struct server *server);
uint64_t server_requests(const struct server *server); /* from any thread */
size_t server_streams(const struct server *server);    /* under way; from any thread */

#endif
