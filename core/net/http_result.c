/* SPDX-License-Identifier: GPL-3.0-or-later
 * The end of a transfer: its times, its error, and a sentence that says where, what, and the
 * mend. */
#include "core/net/http_parts.h"

#include <errno.h>
#include <inttypes.h>

/* -1 for what libcurl leaves at nought: it never came. */
static int64_t time_of(const struct transfer *t, CURLINFO info)
{
	curl_off_t us = 0;

	if (curl_easy_getinfo(t->easy, info, &us) || us <= 0)
		return -1;
	return (int64_t)us;
}

int64_t transfer_sent(const struct transfer *t)
{
	return time_of(t, CURLINFO_PRETRANSFER_TIME_T);
}

static void times_make(const struct transfer *t, int64_t now, struct http_result *r)
{
	bool fresh = !r->reused;

	r->times = (struct http_times){
		.name = fresh ? time_of(t, CURLINFO_NAMELOOKUP_TIME_T) : -1,
		.connect = fresh ? time_of(t, CURLINFO_CONNECT_TIME_T) : -1,
		.tls = fresh ? time_of(t, CURLINFO_APPCONNECT_TIME_T) : -1,
		.sent = transfer_sent(t),
		.first_byte = t->first_byte < 0 ? -1 : t->first_byte - t->began,
		.total = now - t->began,
	};
}

static bool was_reused(const struct transfer *t)
{
	long made = 0;

	return transfer_sent(t) >= 0 &&
	       !curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &made) && !made;
}

static void say_mend(const struct transfer *t, struct buf *words)
{
	buf_addf(words, "is the server running, and is base_url right%s?",
		t->direct ? "" : " (and http_proxy or https_proxy, if set)");
}

static void say_unconnected(const struct transfer *t, struct buf *words)
{
	long number = 0;

	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &number);
	buf_add_text(words, number == ENETUNREACH    ? "the network is out of reach: "
			    : number == EHOSTUNREACH ? "the host is out of reach: "
			    : number == ETIMEDOUT    ? "the host does not answer: "
						     : "connection refused: ");
	say_mend(t, words);
}

/* What libcurl has to say, as a remark. */
static void say_detail(const struct transfer *t, CURLcode code, struct buf *words)
{
	buf_addf(words, " (%s)", *t->error ? t->error : curl_easy_strerror(code));
}

static void say_broken(const struct transfer *t, struct buf *words)
{
	if (t->head_done)
		buf_addf(words, "the connection broke after %zu bytes of the answer: try again",
			t->received);
	else if (t->first_byte >= 0)
		buf_add_text(words, "the connection broke in the head of the answer: try again");
	else
		buf_add_text(words, "the connection was closed without an answer: is it an http "
				    "server, and is base_url right?");
}

/* libcurl has one number for a connection that breaks and for chunks that it cannot read. */
static void say_unreadable(const struct transfer *t, struct buf *words)
{
	if (!strstr(t->error, "chunk")) {
		say_broken(t, words);
		return;
	}
	buf_addf(words, "the answer is badly framed after %zu bytes", t->received);
	say_detail(t, CURLE_RECV_ERROR, words);
	buf_add_text(words, ": try again, or use another model");
}

/* A head that began well, or nothing like it. */
static void say_weird(const struct transfer *t, struct buf *words)
{
	if (t->first_byte >= 0) {
		buf_add_text(words, "the head of the answer is malformed");
		say_detail(t, CURLE_WEIRD_SERVER_REPLY, words);
	} else {
		buf_add_text(words, "what came back is not HTTP");
	}
	buf_add_text(words, ": is base_url right?");
}

static void say_ms(struct buf *words, int64_t ms)
{
	if (ms % 1000)
		buf_addf(words, "%" PRId64 " ms", ms);
	else
		buf_addf(words, "%" PRId64 " s", ms / 1000);
}

static void say_limit(const struct transfer *t, enum http_limit limit, struct buf *words)
{
	const struct http_limits *l = &t->limits;

	switch (limit) {
	case LIMIT_CONNECT:
		buf_add_text(words, "no connection after ");
		say_ms(words, l->connect_ms);
		buf_add_text(words, ": ");
		say_mend(t, words);
		break;
	case LIMIT_FIRST_BYTE:
		buf_add_text(words, t->head_done	    ? "a head and no answer after "
				    : t->first_byte >= 0 ? "half a head and no answer after "
							 : "no answer after ");
		say_ms(words, l->first_byte_ms);
		buf_add_text(words, ": the server may be busy: try again, or allow more "
				    "time (first_byte_ms)");
		break;
	case LIMIT_IDLE:
		buf_addf(words, "the answer stood still for ");
		say_ms(words, l->idle_ms);
		buf_addf(words, " after %zu bytes: try again, or allow more time (idle_ms)",
			t->received);
		break;
	case LIMIT_TOTAL:
	case LIMIT_NONE:
		buf_add_text(words, "the answer was not whole after ");
		say_ms(words, l->total_ms);
		buf_add_text(words, ": ask for a shorter one, or allow more time (total_ms)");
		break;
	}
}

static void say_slow(const struct transfer *t, struct buf *words)
{
	say_limit(t, LIMIT_CONNECT, words);
}

#define NOT_TRUSTED "its certificate is not trusted", "is ca_file right?"
#define NO_CERTIFICATES "the trusted certificates cannot be read", "is ca_file right?"

static const struct {
	CURLcode code;
	enum err err;
	void (*say)(const struct transfer *t, struct buf *words); /* or: */
	const char *what, *mend;
} code_table[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, ERR_NET, NULL, "the name has no address",
		"is base_url spelled right, and is the network up?" },
	{ CURLE_COULDNT_RESOLVE_PROXY, ERR_NET, NULL, "the proxy's name has no address",
		"are http_proxy and https_proxy right?" },
	{ CURLE_COULDNT_CONNECT, ERR_NET, say_unconnected, NULL, NULL },
	{ CURLE_OPERATION_TIMEDOUT, ERR_TIMEOUT, say_slow, NULL, NULL },
	{ CURLE_GOT_NOTHING, ERR_NET, say_broken, NULL, NULL },
	{ CURLE_RECV_ERROR, ERR_NET, say_unreadable, NULL, NULL },
	{ CURLE_SEND_ERROR, ERR_NET, say_broken, NULL, NULL },
	{ CURLE_PARTIAL_FILE, ERR_NET, say_broken, NULL, NULL },
	{ CURLE_HTTP2, ERR_NET, say_broken, NULL, NULL },
	{ CURLE_HTTP2_STREAM, ERR_NET, say_broken, NULL, NULL },
	{ CURLE_WEIRD_SERVER_REPLY, ERR_NET, say_weird, NULL, NULL },
	{ CURLE_UNSUPPORTED_PROTOCOL, ERR_NET, say_weird, NULL, NULL },
	{ CURLE_SSL_CONNECT_ERROR, ERR_TLS, NULL, "no secure connection",
		"does it speak https, or is it http?" },
	{ CURLE_SSL_CIPHER, ERR_TLS, NULL, "no secure connection", "is the server very old?" },
	{ CURLE_PEER_FAILED_VERIFICATION, ERR_TLS, NULL, NOT_TRUSTED },
	{ CURLE_SSL_ISSUER_ERROR, ERR_TLS, NULL, NOT_TRUSTED },
	{ CURLE_SSL_INVALIDCERTSTATUS, ERR_TLS, NULL, NOT_TRUSTED },
	{ CURLE_SSL_CACERT_BADFILE, ERR_TLS, NULL, NO_CERTIFICATES },
	{ CURLE_SSL_CERTPROBLEM, ERR_TLS, NULL, NO_CERTIFICATES },
};

static enum err say_code(const struct transfer *t, CURLcode code, struct buf *words)
{
	for (size_t i = 0; i < ARRAY_LEN(code_table); i++) {
		if (code_table[i].code != code)
			continue;
		if (code_table[i].say) {
			code_table[i].say(t, words);
			return code_table[i].err;
		}
		buf_add_text(words, code_table[i].what);
		if (code_table[i].err == ERR_TLS)
			say_detail(t, code, words);
		buf_addf(words, ": %s", code_table[i].mend);
		return code_table[i].err;
	}
	buf_add_text(words, "the transfer failed");
	say_detail(t, code, words);
	buf_add_text(words, ": try again");
	return ERR_NET;
}

static void say_verdict(const struct transfer *t, struct buf *words)
{
	if (t->verdict == ERR_TIMEOUT)
		say_limit(t, t->limit, words);
	else if (t->verdict == ERR_CANCELLED)
		buf_addf(words, "stopped after %zu bytes of the answer", t->received);
	else if (!t->head_done)
		buf_addf(words, "the head of the answer is larger than %d bytes: is base_url "
				"right?", HTTP_HEAD_MAX);
	else
		buf_addf(words, "the answer is larger than %zu bytes: ask for a shorter one",
			t->body_max);
}

void result_make(const struct transfer *t, CURLcode code, int64_t now, struct http_result *result,
	struct buf *words)
{
	*result = (struct http_result){ .err = t->verdict, .status = t->status };
	result->reused = was_reused(t);
	times_make(t, now, result);
	if (!t->verdict && code == CURLE_OK && t->head_done)
		return;
	buf_addf(words, "%s: ", t->place.ptr);
	if (t->verdict)
		say_verdict(t, words);
	else if (code == CURLE_OK) /* to libcurl, half a head is as good as one */
		result->err = say_code(t, CURLE_GOT_NOTHING, words);
	else
		result->err = say_code(t, code, words);
}
