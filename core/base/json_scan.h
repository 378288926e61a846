/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An incremental JSON tokenizer (RFC 8259): fed in pieces of any size, it hands out each token as
 * it ends, with line and column, and fails at the first impossible byte. Configuration, traces
 * and eval cases are read through it, and the streaming JSON validator stands on it.
 *
 *	json_scan_begin(&s, &sink);
 *	while (...) if ((err = json_scan_feed(&s, piece))) ... json_scan_why(&s, why)
 *	err = json_scan_end(&s);
 */
#ifndef WEIR_BASE_JSON_SCAN_H
#define WEIR_BASE_JSON_SCAN_H

#include "core/base/buf.h"
#include "core/base/err.h"

enum json_token {
	JSON_TOKEN_OBJECT,     /* { */
	JSON_TOKEN_OBJECT_END, /* } */
	JSON_TOKEN_ARRAY,
	JSON_TOKEN_ARRAY_END,
	JSON_TOKEN_KEY,    /* text: decoded */
	JSON_TOKEN_STRING, /* text: decoded; \u0000 is a NUL byte in it */
	JSON_TOKEN_NUMBER, /* text: as written */
	JSON_TOKEN_TRUE,
	JSON_TOKEN_FALSE,
	JSON_TOKEN_NULL
};

struct json_place {
	size_t byte;      /* from 0 */
	int line, column; /* from 1; columns count code points */
};

struct json_sink {
	/* Where the token began; `text` lives until the call returns. Anything but ERR_OK stops
	 * the scan with that error. */
	enum err (*token)(void *ctx, enum json_token token, struct str text, struct json_place at);
	void *ctx;
};

enum { JSON_SCAN_DEPTH_MAX = 512, JSON_SCAN_STRING_MAX = 16 * 1024 * 1024 };

struct json_scan {
	struct json_sink sink;
	bool lenient;            /* lone surrogates become U+FFFD instead of an error, and control
	                          * characters may stand in texts */
	struct json_place at;    /* the next byte */
	/* private from here */
	struct json_place start; /* the token being read */
	struct json_place mark;  /* the escape or code point in it */
	struct json_place wrong; /* where it failed */
	struct buf text;
	struct buf stack;        /* one byte for each open object or array */
	int state;
	bool is_key;
	int word;                /* true, false or null */
	int taken;               /* bytes of it, of an escape or of a code point */
	char wide[4];            /* a code point in pieces */
	uint32_t unicode, high;  /* an escape in the making, a high surrogate before it */
	enum err err;
	const char *say;
};

void json_scan_begin(struct json_scan *s, struct json_sink sink);
void json_scan_release(struct json_scan *s);
MUST_CHECK enum err json_scan_feed(struct json_scan *s, struct str bytes);
MUST_CHECK enum err json_scan_end(struct json_scan *s); /* ERR_SYNTAX when the text is not whole */

/* "3:14: expected ':' after the key" */
void json_scan_why(const struct json_scan *s, struct buf *why);

#endif
