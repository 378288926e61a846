/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Server-sent events, pushed in pieces of any size (WHATWG HTML, 9.2.5 and 9.2.6): one leading
 * BOM, LF, CR and CRLF, comments, several data lines in one event, id and retry. What is
 * unfinished at the end of the stream is no event. Bytes are handed on as they are: ill-formed
 * UTF-8 is for the reader to judge. Each byte is looked at a fixed number of times.
 */
#ifndef WEIR_NET_SSE_H
#define WEIR_NET_SSE_H

#include "core/base/buf.h"
#include "core/base/err.h"

enum {
	SSE_LINE_MAX = 8 * 1024 * 1024, /* a line; 100,875 bytes were seen in the field */
	SSE_EVENT_MAX = 16 * 1024 * 1024
};

struct sse_event {
	struct str type; /* "message" where the stream names none */
	struct str data;
	struct str id;   /* the last one the stream set; empty at first */
};

struct sse_sink {
	/* One event; the texts live until the call returns. False stops the parser: later bytes
	 * are ignored. */
	bool (*event)(void *ctx, const struct sse_event *event);
	/* A field that the standard does not know ("error: {...}" of some servers); may be NULL. */
	void (*unknown)(void *ctx, struct str field, struct str value);
	void *ctx;
};

struct sse {
	struct sse_sink sink;
	int64_t retry_ms; /* -1: never set */
	size_t comments;  /* comment lines seen: a sign of life */
	bool stopped;     /* by the sink, or at the end */
	enum err err;
	/* private */
	struct buf line; /* of the unfinished one, what came so far */
	struct buf data, type, id, next_id;
	bool has_data, after_cr;
	int bom; /* bytes of it seen; -1: past the place where it may stand */
};

void sse_begin(struct sse *s, struct sse_sink sink);
void sse_release(struct sse *s);
/* ERR_TOO_BIG past a ceiling, and from then on; what came whole before it was delivered. */
MUST_CHECK enum err sse_feed(struct sse *s, struct str bytes);
/* True when an event was under way (a type, data, or part of a line that is no comment): the
 * stream was cut in it. `leftover` (may be NULL) gets its data, an unfinished data line included,
 * for a caller that knows how to tell a whole document from half of one. False once stopped. */
bool sse_end(struct sse *s, struct buf *leftover);

#endif
