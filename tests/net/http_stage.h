/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of http.h share: a loop, connections, a scripted server, and clients that write
 * down what they hear. Nothing here waits for ever: a test that would hang fails.
 */
#ifndef WEIR_TESTS_NET_HTTP_STAGE_H
#define WEIR_TESTS_NET_HTTP_STAGE_H

#include "core/net/http.h"
#include "tests/check.h"
#include "tests/net/raw_server.h"

enum { FAR_MS = 60000 }; /* a limit that no test meets */

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
#define CHUNKED_HEAD "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

struct stage;

/* One request and all that was heard of it. */
struct client {
	struct stage *stage;
	struct transfer *transfer;
	struct buf body, say, header;
	const char *ask_header; /* looked up in head */
	size_t stop_after;      /* bytes of body; 0: never */
	void (*in_head)(struct client *c);
	void (*in_body)(struct client *c);
	void (*in_end)(struct client *c);
	int heads, ends, status, pieces;
	struct http_result result;
};

struct stage {
	struct clock_fake fake;
	struct clock clock;
	bool is_fake;
	struct loop *loop;
	struct http *http;
	struct raw_server *server;
	struct client clients[3];
	struct buf url, text, why;
};

extern const struct http_limits far_limits;

/* `script` may be NULL: no server. With a fake clock the test moves st->fake. */
void stage_open_by(struct stage *st, const struct raw_step *script, bool fake);
void stage_open(struct stage *st, const struct raw_step *script);
void stage_close(struct stage *st);

const char *url_of(struct stage *st, const char *scheme, const char *host, int port);
struct http_request request_of(struct stage *st); /* a GET from the server of the stage */
struct http_sink sink_of(struct client *c);
void client_ask(struct client *c, const struct http_request *request);
void run_simple(struct stage *st, const struct raw_step *script); /* one GET to its end */

/* One turn of the loop; turns until something has come about. */
void turn(struct stage *st);
void until_end(struct client *c);
void until_body(struct client *c, size_t len);
void until_done(struct stage *st, size_t steps);
void until_script_ends(struct stage *st);
int64_t deadline(void); /* on the real clock */

/* The words of the end: "127.0.0.1:PORT: " and what follows. */
void check_say(struct client *c, const char *want);
bool holds(const struct buf *b, const char *part);

/* Empties the environment of proxies; then sets http_proxy unless NULL. */
void set_proxies(const char *http_proxy);
int no_proxies(void **state); /* the set-up of each group */

#endif
