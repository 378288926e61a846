/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bytes to events or a body, and those to the wire. */
#include "core/wire/reader.h"

static bool take_event(void *ctx, const struct sse_event *event)
{
	struct wire_reader *r = ctx;

	if (!r->wire->read_event(&r->answer, event->type, event->data, &r->sink))
		r->finished = true;
	return !r->finished;
}

/* Some servers send their error as an SSE field of its own: "error: {...}". */
static void take_unknown(void *ctx, struct str field, struct str value)
{
	struct wire_reader *r = ctx;

	if (str_is(field, "error") && !r->answer.error.len)
		r->wire->read_error(&r->answer, r->status, value);
}

void wire_reader_begin(struct wire_reader *r, const struct wire *wire, struct wire_sink sink)
{
	*r = (struct wire_reader){ .wire = wire, .sink = sink };
	r->answer = (struct wire_answer){
		.tokens = TOKENS_NONE,
		.cost = MONEY_UNKNOWN,
		.kept = BUF(BUF_TEXT_MAX),
		.request_id = BUF(WIRE_ID_MAX),
		.refusal = BUF(WIRE_ERROR_MAX),
		.reasoning = BUF(BUF_TEXT_MAX),
		.error = BUF(WIRE_ERROR_MAX),
	};
	wire_blocks_init(&r->answer.blocks);
	r->body = BUF(WIRE_BODY_MAX);
	sse_begin(&r->sse, (struct sse_sink){ take_event, take_unknown, r });
}

void wire_reader_head(struct wire_reader *r, int status, const char *content_type)
{
	r->status = status;
	if (status < 200 || status > 299) {
		r->mode = READ_ERROR;
		r->body.max = WIRE_ERROR_MAX;
	} else if (content_type && str_starts_nocase(str_of(content_type), "text/event-stream")) {
		r->mode = READ_STREAM;
	} else {
		r->mode = READ_BODY;
	}
}

/* Servers that stream without saying so are known by their first bytes. */
static bool looks_like_events(struct str bytes)
{
	return str_starts(bytes, "data:") || str_starts(bytes, "event:") || str_starts(bytes, ":");
}

static bool feed_stream(struct wire_reader *r, struct str bytes)
{
	if (sse_feed(&r->sse, bytes)) {
		r->answer.fault = FAULT_OTHER;
		buf_add_text(&r->answer.error, "a line of the stream is longer than the limit");
		r->finished = true;
	}
	return !r->finished;
}

static bool feed_body(struct wire_reader *r, struct str bytes)
{
	buf_add_str(&r->body, bytes);
	if (r->mode == READ_BODY && !r->peeked && r->body.len >= strlen("event:")) {
		r->peeked = true;
		if (looks_like_events(buf_str(&r->body))) {
			r->mode = READ_STREAM;
			return feed_stream(r, buf_str(&r->body));
		}
	}
	return r->mode == READ_ERROR || !buf_is_full(&r->body);
}

bool wire_reader_feed(struct wire_reader *r, struct str bytes)
{
	if (r->finished)
		return false;
	return r->mode == READ_STREAM ? feed_stream(r, bytes) : feed_body(r, bytes);
}

static void end_stream(struct wire_reader *r)
{
	struct wire_answer *a = &r->answer;
	struct buf leftover = BUF(SSE_EVENT_MAX);

	/* A last line whole in itself but without its blank line still counts for its words. */
	if (sse_end(&r->sse, &leftover) && leftover.len && !r->finished)
		r->wire->read_event(a, STR("message"), buf_str(&leftover), &r->sink);
	buf_release(&leftover);
	if (a->end == END_NONE && !a->error.len)
		a->end = a->closed && a->text_bytes ? END_STOP : END_TRUNCATED;
}

static void end_body(struct wire_reader *r)
{
	struct wire_answer *a = &r->answer;

	r->wire->read_body(a, buf_str(&r->body), &r->sink);
	if (a->end == END_NONE && !a->error.len)
		a->end = a->text_bytes ? END_STOP : END_TRUNCATED;
}

void wire_reader_end(struct wire_reader *r)
{
	switch (r->mode) {
	case READ_STREAM:
		end_stream(r);
		break;
	case READ_BODY:
		end_body(r);
		break;
	case READ_ERROR:
		r->wire->read_error(&r->answer, r->status, buf_str(&r->body));
		if (!r->answer.error.len)
			buf_add_text(&r->answer.error, WIRE_NO_WORDS);
		break;
	case READ_NOTHING:
		break;
	}
	if (r->answer.error.len)
		r->answer.end = r->status == 429 || r->answer.fault == FAULT_PACE
					? END_RATE_LIMITED
					: END_HTTP_ERROR;
}

void wire_reader_release(struct wire_reader *r)
{
	sse_release(&r->sse);
	buf_release(&r->body);
	buf_release(&r->answer.refusal);
	buf_release(&r->answer.reasoning);
	buf_release(&r->answer.kept);
	buf_release(&r->answer.request_id);
	wire_calls_release(&r->answer.calls);
	wire_blocks_release(&r->answer.blocks);
	buf_release(&r->answer.error);
}
