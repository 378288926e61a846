/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP requests on the loop: libcurl's multi interface driven by sockets and timers
 * (curl_multi_socket_action). Connections are kept and reused, HTTP/2 where the server has it,
 * certificates verified, proxies from the environment honoured except for loopback, redirects
 * never followed (a key would travel with them).
 */
#ifndef WEIR_NET_HTTP_H
#define WEIR_NET_HTTP_H

#include "core/base/err.h"
#include "core/net/loop.h"

struct http;     /* the connections */
struct transfer; /* one request under way */

MUST_CHECK enum err http_open(struct http **http, struct loop *loop, struct buf *why);
/* Transfers under way end as cancelled, without a call. Also from inside a call. */
void http_close(struct http **http);

struct http_header {
	const char *name, *value;
};

struct http_limits {
	int64_t connect_ms;    /* name, connection and TLS */
	int64_t first_byte_ms; /* from sending to the first byte of the body: servers send the head
				* before the model has begun */
	int64_t idle_ms;       /* between two pieces of the body */
	int64_t total_ms;      /* the whole; 0 anywhere: no limit */
};

struct http_request {
	const char *method;    /* "GET", "POST" */
	const char *url;       /* http or https, nothing else is spoken */
	struct str body;       /* copied */
	const struct http_header *headers; /* copied */
	size_t header_count;
	const char *key;       /* copied, wiped after; may be NULL */
	const char *key_header; /* that carries it, copied; NULL: "Authorization", which carries it
				 * as "Bearer ..." */
	const char *ca_file;   /* NULL: the system's */
	struct http_limits limits;
	size_t body_max;       /* bytes of answer after which it is ERR_TOO_BIG (they are still
				* delivered); 0: BUF_TEXT_MAX */
};

/* Microseconds from the start; -1 where it never came (name, connect and tls of a connection that
 * is used again, too). first_byte is that of the head; total is by the loop's clock. */
struct http_times {
	int64_t name, connect, tls, sent, first_byte, total;
};

struct http_result {
	/* OK also for 3xx, 4xx and 5xx: they are answers. NET, TLS, TIMEOUT, TOO_BIG; CANCELLED
	 * after a stop. */
	enum err err;
	int status;         /* 0: no head came */
	struct http_times times;
	struct str say;     /* words for err, fit to show: what, where, mend; lives for the call */
	bool reused;        /* the connection had been used before */
};

enum http_verdict { HTTP_GO_ON, HTTP_STOP };

/* Called from turns of the loop, never from inside http_start or transfer_cancel. Each call may
 * start and cancel transfers, this one included. */
struct http_sink {
	/* The head is whole; transfer_header looks at it. May be NULL. */
	void (*head)(void *ctx, int status, const struct transfer *t);
	enum http_verdict (*body)(void *ctx, struct str bytes);
	/* Exactly once, last; the transfer is gone after it. Not called after transfer_cancel. */
	void (*end)(void *ctx, const struct http_result *result);
	void *ctx;
};

/* ERR_CONFIG for a URL, a header or a key that cannot be sent; the words never hold any of them. */
MUST_CHECK enum err http_start(struct http *http, const struct http_request *request,
	struct http_sink sink, struct transfer **transfer, struct buf *why);

/* Ends it at once (the connection is closed where the protocol has no other way); no call comes
 * after. The pointer is cleared. */
void transfer_cancel(struct transfer **transfer);

/* No call comes after this either, but what the server still sends is read and dropped for a
 * moment, so that the connection can be used again. The pointer is cleared. */
void transfer_finish(struct transfer **transfer);


/* A field of the head, without regard to case, its first line where it has several; NULL: absent,
 * or no head yet. Lives as long as the transfer. */
const char *transfer_header(const struct transfer *t, const char *name);

#endif
