/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bytes to events or a body, and those to the wire. */
#include "core/wire/reader.h"

enum {
	PEEKED_AT = 6 /* bytes that tell: "event:" */
};

static bool take_event(void *ctx, const struct sse_event *event)
{
	struct wire_reader *r = ctx;

	if (!r->wire->read_event(&r->answer, event->type, event->data, &r->sink))
		r->finished = true;
	return !r->finished;
}

/* Some servers send their error as an SSE field of its own: "error: {...}"; some as a bare line of
 * JSON, which is a field too: "{\"error\"" with what follows the colon as its value. */
static void take_unknown(void *ctx, struct str field, struct str value)
{
	struct wire_reader *r = ctx;
	struct wire_answer *a = &r->answer;
	size_t skipped = a->skipped;
	struct buf line = BUF(SSE_EVENT_MAX);

	if (str_is(field, "error") && !a->error.len) {
		r->wire->read_error(a, r->status, value);
	} else if (str_starts(field, "{") && !r->finished) {
		buf_addf(&line, "%.*s:%.*s", STR_ARG(field), STR_ARG(value));
		r->finished = !r->wire->read_event(a, STR("message"), buf_str(&line), &r->sink);
		a->skipped = skipped;
	}
	buf_release(&line);
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
		.limits = limits_none,
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
		r->peeked = true;
		r->body.max = WIRE_ERROR_MAX;
	} else if (content_type && str_starts_nocase(str_of(content_type), "text/event-stream")) {
		r->mode = READ_STREAM;
	} else {
		r->mode = READ_BODY;
	}
}

static bool feed_stream(struct wire_reader *r, struct str bytes)
{
	if (sse_feed(&r->sse, bytes)) {
		r->answer.fault = FAULT_SERVER;
		buf_clear(&r->answer.error);
		buf_addf(&r->answer.error, "a line of its stream is longer than %d bytes",
			SSE_LINE_MAX);
		r->finished = true;
	}
	return !r->finished;
}

/* As many as fit: the beginning of an error says most. */
static bool feed_body(struct wire_reader *r, struct str bytes)
{
	buf_add_str(&r->body, str_part(bytes, 0, r->body.max - r->body.len));
	return r->mode == READ_ERROR || r->body.len < r->body.max;
}

/* Without the marks and blanks in front of them. */
static struct str first_bytes(const struct wire_reader *r)
{
	struct str bytes = buf_str(&r->body);

	if (str_starts(bytes, "\xEF\xBB\xBF"))
		bytes = str_part(bytes, 3, bytes.len);
	return str_trim(bytes);
}

static bool starts_with_any(struct str bytes, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_starts(bytes, words[i]))
			return true;
	return false;
}

static bool looks_like_events(struct str bytes)
{
	static const char *const fields[] = { "data:", "event:", "id:", "retry:", ":" };

	return starts_with_any(bytes, fields, ARRAY_LEN(fields));
}

static bool looks_like_a_body(struct str bytes)
{
	static const char *const marks[] = { "{", "[", "<" };

	return starts_with_any(bytes, marks, ARRAY_LEN(marks));
}

/* Gathers bytes until they tell what the answer is, or are enough to say that they do not: then
 * the content type holds. */
static bool peek(struct wire_reader *r, struct str bytes)
{
	bool go_on = feed_body(r, bytes);
	struct str first = first_bytes(r);

	if (looks_like_events(first))
		r->mode = READ_STREAM;
	else if (looks_like_a_body(first))
		r->mode = READ_BODY;
	else if (first.len < PEEKED_AT)
		return go_on;
	r->peeked = true;
	return r->mode == READ_STREAM ? feed_stream(r, buf_str(&r->body)) : go_on;
}

bool wire_reader_feed(struct wire_reader *r, struct str bytes)
{
	if (r->finished)
		return false;
	if (!r->peeked)
		return peek(r, bytes);
	return r->mode == READ_STREAM ? feed_stream(r, bytes) : feed_body(r, bytes);
}

/* ---- the end ---------------------------------------------------------------------------- */

static void end_stream(struct wire_reader *r)
{
	struct wire_answer *a = &r->answer;
	struct buf leftover = BUF(SSE_EVENT_MAX);

	if (!r->peeked)
		feed_stream(r, buf_str(&r->body));
	/* A last line whole in itself but without its blank line still counts for its words. */
	if (sse_end(&r->sse, &leftover) && leftover.len && !r->finished)
		r->wire->read_event(a, STR("message"), buf_str(&leftover), &r->sink);
	buf_release(&leftover);
}

/* Some write even the error of a request that failed as an event. */
static void end_error(struct wire_reader *r)
{
	struct str body = first_bytes(r);

	if (looks_like_events(body)) {
		body = str_part(body, str_find(body, STR("data:")), body.len);
		body = str_part(body, strlen("data:"), str_find_char(body, '\n'));
	}
	r->wire->read_error(&r->answer, r->status, body);
}

static bool is_end(const struct wire_answer *a, enum end one, enum end other)
{
	return a->end == (int64_t)one || a->end == (int64_t)other;
}

static void settle_calls(struct wire_answer *a)
{
	if (a->calls.len)
		a->end = wire_calls_are_whole(&a->calls) ? END_TOOL_CALLS : END_TRUNCATED;
	else if (a->end == END_TOOL_CALLS)
		a->end = a->text_bytes ? END_STOP : END_TRUNCATED;
}

static void settle(struct wire_answer *a, int64_t max_tokens)
{
	bool says = a->text_bytes || a->refusal.len || a->calls.len;

	if (a->end == END_NONE)
		a->end = a->closed && says ? END_STOP : END_TRUNCATED;
	if (is_end(a, END_STOP, END_TOOL_CALLS))
		settle_calls(a);
	if (a->end == END_STOP && max_tokens > 0 && a->tokens.out >= max_tokens)
		a->end = END_LENGTH;
	if (a->refusal.len && is_end(a, END_STOP, END_LENGTH))
		a->end = END_REFUSED;
}

void wire_reader_end(struct wire_reader *r)
{
	struct wire_answer *a = &r->answer;

	if (r->mode == READ_NOTHING)
		return;
	if (r->mode == READ_STREAM)
		end_stream(r);
	else if (r->mode == READ_ERROR)
		end_error(r);
	else if (str_trim(buf_str(&r->body)).len) /* nothing at all is no answer, and no error */
		r->wire->read_body(a, buf_str(&r->body), &r->sink);
	if (a->error.len)
		a->end = r->status == 429 || a->fault == FAULT_PACE || a->fault == FAULT_NEVER_FITS
				 ? END_RATE_LIMITED
				 : END_HTTP_ERROR;
	else
		settle(a, r->max_tokens);
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
