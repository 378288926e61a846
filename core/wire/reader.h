/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the bytes of an HTTP answer to a wire_answer: finds out from the status, the first bytes and
 * the content type whether they are a stream of events, a whole answer or an error, and reads them
 * as such. Servers mistake the content type, and leave it out; the first bytes tell.
 *
 *	wire_reader_begin(&r, wire, sink);
 *	r.max_tokens = ...;           (if some were asked for)
 *	wire_reader_head(&r, status, content_type);
 *	while (...) go_on = wire_reader_feed(&r, bytes);
 *	wire_reader_end(&r);          (then r.answer is final, as far as the wire can tell)
 *	wire_reader_release(&r);
 */
#ifndef WEIR_WIRE_READER_H
#define WEIR_WIRE_READER_H

#include "core/net/sse.h"
#include "core/wire/wire.h"

struct wire_reader {
	const struct wire *wire;
	struct wire_sink sink;
	struct wire_answer answer;
	int64_t max_tokens; /* that the call asked for; 0: it said none */
	/* private */
	struct sse sse;
	struct buf body;
	int status;
	enum { READ_NOTHING, READ_STREAM, READ_BODY, READ_ERROR } mode;
	bool peeked;   /* at the first bytes */
	bool finished; /* nothing that follows matters */
};

void wire_reader_begin(struct wire_reader *r, const struct wire *wire, struct wire_sink sink);
void wire_reader_head(struct wire_reader *r, int status, const char *content_type);

/* False when the rest of the bytes does not matter. */
bool wire_reader_feed(struct wire_reader *r, struct str bytes);

/* No more bytes will come. Settles answer.end by the rules of wire.h. */
void wire_reader_end(struct wire_reader *r);
void wire_reader_release(struct wire_reader *r);

#endif
