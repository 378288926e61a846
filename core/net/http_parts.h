/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the three files of http.h share: a transfer, how it becomes a request of libcurl's
 * (http_request.c), and how its end becomes words (http_result.c). Nobody else includes this.
 */
#ifndef WEIR_NET_HTTP_PARTS_H
#define WEIR_NET_HTTP_PARTS_H

#include "core/net/http.h"

#include <curl/curl.h>

enum {
	HTTP_HEAD_MAX = 256 * 1024, /* the fields of a head */
	HTTP_PLACE_MAX = 1024       /* "host:port" */
};

/* The limit that ended a transfer. */
enum http_limit { LIMIT_NONE, LIMIT_CONNECT, LIMIT_FIRST_BYTE, LIMIT_IDLE, LIMIT_TOTAL };

struct transfer {
	struct http *http;
	struct transfer *prev, *next; /* among those of its http, or among the dead */
	CURL *easy;
	struct curl_slist *headers; /* the key is in it: wiped */
	struct http_sink sink;
	struct http_limits limits;
	struct loop_timer *timer;
	size_t body_max, received;
	int64_t began, first_byte, heard; /* steady us; -1: not yet; heard: the body, last */
	struct buf place;                 /* "host:port", for words */
	struct buf head;                  /* "name\0value\0" and so on */
	int status;
	bool added; /* to libcurl */
	bool dead;  /* cancelled or ended: no more calls */
	bool head_done;
	bool direct;       /* to this machine, past any proxy */
	enum err verdict;  /* why we ended it */
	enum http_limit limit;
	char error[CURL_ERROR_SIZE];
};

/* Makes t->easy, t->headers, t->place; callbacks are the caller's. On failure what was made is
 * released with request_release, as ever. */
MUST_CHECK enum err request_build(
	struct transfer *t, const struct http_request *request, struct buf *why);
void request_release(struct transfer *t); /* wipes, frees */

/* When the request went out, us after the start; -1: not yet. */
int64_t transfer_sent(const struct transfer *t);

/* `say` goes into `words`; the caller joins them. */
void result_make(const struct transfer *t, CURLcode code, int64_t now, struct http_result *result,
	struct buf *words);

#endif
