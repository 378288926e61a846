/* SPDX-License-Identifier: GPL-3.0-or-later
 * Each fault of the table, done. */
#include "core/sim/fault_play.h"

#include "core/base/clock.h"
#include "core/sim/fault_wire.h"

#include <inttypes.h>

#define HEAD_FRONT "HTTP/1.1 200 OK\r\nX-Weir-Simulator: 1\r\n"

enum { FILL_PIECE = 16 * 1024, HEADERS_MAX = 1 << 20, GARBAGE_MAX = 1 << 20 };

void fault_play_begin(struct fault_play *p, const struct sim_fault *fault,
	const struct fault_request *request, uint64_t key)
{
	*p = (struct fault_play){ .fault = fault,
		.wire = request->wire,
		.model = request->model,
		.pattern = BUF(BUF_LINE_MAX),
		.fill_tail = "" };
	rng_seed(&p->rng, key);
	if (fault->row->kind == SIM_LATE)
		p->hold_us = fault->ms * US_PER_MS;
	if (fault->row->kind != SIM_DRIP)
		return;
	p->piece_len = (size_t)fault->bytes;
	p->struck = fault->at != AT_ANSWER;
	p->gap_us = p->struck ? fault->ms * US_PER_MS : 0;
}

void fault_play_release(struct fault_play *p)
{
	buf_release(&p->pattern);
}

static enum play_end end_of(const struct fault_play *p)
{
	switch (p->fault->row->kind) {
	case SIM_RESET:
		return PLAY_RESET;
	case SIM_CLOSE:
		return PLAY_CLOSE;
	default:
		return PLAY_HANG;
	}
}

/* At least so many bytes, and the pattern whole to its end. */
static void begin_fill(struct fault_play *p, struct str pattern, int64_t bytes)
{
	buf_clear(&p->pattern);
	buf_add_str(&p->pattern, pattern);
	p->fill_left = ((size_t)bytes + pattern.len - 1) / pattern.len * pattern.len;
}

/* ---- instead of an answer ------------------------------------------------------------------- */

bool fault_play_needs_answer(const struct fault_play *p)
{
	switch (p->fault->row->kind) {
	case SIM_HANG:
	case SIM_RESET:
	case SIM_CLOSE:
		return p->fault->at == AT_ANSWER;
	case SIM_GARBAGE:
	case SIM_BIG_HEAD:
	case SIM_STATUS:
	case SIM_REDIRECT:
	case SIM_PAGE:
	case SIM_PACE:
	case SIM_MONEY:
	case SIM_NEVER_FITS:
	case SIM_OVERLOADED:
		return false;
	default:
		return true;
	}
}

/* By the rules of HTTP. */
static bool has_body(int64_t status)
{
	return status >= 200 && status != 204 && status != 304;
}

static void put_whole(struct buf *out, int status, const char *type, const char *headers,
	const struct buf *body)
{
	buf_addf(out, "HTTP/1.1 %d Simulated\r\nX-Weir-Simulator: 1\r\n%s", status,
		headers ? headers : "");
	if (has_body(status))
		buf_addf(out, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, body->len);
	buf_add_text(out, "\r\n");
	buf_add_str(out, buf_str(body));
}

static void put_garbage(struct fault_play *p, struct buf *out)
{
	for (int64_t i = 0; i < p->fault->bytes && i < GARBAGE_MAX; i++)
		buf_add_char(out, (char)rng_below(&p->rng, 256));
	out->ptr[0] = '\x16'; /* never "HTTP/" by chance: what a TLS server would say */
}

static void begin_big_head(struct fault_play *p, struct buf *out)
{
	buf_add_text(out, HEAD_FRONT "Content-Length: 0\r\n");
	begin_fill(p, STR("X-Padding: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"),
		p->fault->bytes);
	p->fill_tail = "\r\n";
	p->fill_end = PLAY_KEEP;
}

static void put_status(struct fault_play *p, struct buf *out, struct buf *body)
{
	const struct sim_fault *f = p->fault;
	const struct wire_error error = { f->message, f->type, f->code };
	const char *type = "application/json";

	if (!has_body(f->status))
		buf_clear(body);
	else if (f->body)
		buf_add_text(body, f->body);
	else
		wire_put_error(body, p->wire, &error);
	if (body->len && body->ptr[0] != '{')
		type = f->row->kind == SIM_PAGE ? "text/html; charset=utf-8" : "text/plain";
	put_whole(out, (int)f->status, type, f->headers, body);
}

static void put_redirect(struct fault_play *p, struct buf *out, struct buf *headers)
{
	const struct buf nothing = BUF(0);

	buf_addf(headers, "Location: %s\r\n", p->fault->location);
	put_whole(out, (int)p->fault->status, "text/plain", headers->ptr, &nothing);
}

static enum play_end put_answer(struct fault_play *p, struct buf *out)
{
	struct buf headers = BUF(HEADERS_MAX), body = BUF(FAULT_SCRIPT_MAX);
	int status;

	switch (p->fault->row->kind) {
	case SIM_STATUS:
	case SIM_PAGE:
		put_status(p, out, &body);
		break;
	case SIM_REDIRECT:
		put_redirect(p, out, &headers);
		break;
	default:
		status = limit_put(&headers, &body, p->wire, p->fault, p->model);
		put_whole(out, status, "application/json", headers.ptr, &body);
	}
	buf_release(&headers);
	buf_release(&body);
	return PLAY_KEEP;
}

enum play_end fault_play_instead(struct fault_play *p, struct buf *out)
{
	switch (p->fault->row->kind) {
	case SIM_HANG:
	case SIM_RESET:
	case SIM_CLOSE:
		if (p->fault->at == AT_HEAD)
			buf_add_text(out, HEAD_FRONT "Content-Ty");
		return end_of(p);
	case SIM_GARBAGE:
		put_garbage(p, out);
		return PLAY_CLOSE;
	case SIM_BIG_HEAD:
		begin_big_head(p, out);
		return PLAY_ON;
	default:
		return put_answer(p, out);
	}
}

/* ---- the answer, spoiled -------------------------------------------------------------------- */

static void put_length(struct fault_play *p, struct buf *out)
{
	static const char *const lengths[] = {
		[LENGTH_NEGATIVE] = "Content-Length: -5\r\n",
		[LENGTH_WORD] = "Content-Length: many\r\n",
		[LENGTH_TWO] = "Content-Length: 20\r\nContent-Length: 3000\r\n",
	};
	const struct sim_fault *f = p->fault;

	if (f->length == LENGTH_SHORT)
		buf_addf(out, "Content-Length: %" PRId64 "\r\n", f->bytes);
	else if (f->length == LENGTH_LONG)
		buf_addf(out, "Content-Length: %" PRId64 "\r\n", (int64_t)1 << 40);
	else
		buf_add_text(out, lengths[f->length]);
}

enum play_end fault_play_head(
	struct fault_play *p, int status, struct str content_type, struct buf *out)
{
	buf_addf(out, "HTTP/1.1 %d Simulated\r\nX-Weir-Simulator: 1\r\nContent-Type: %.*s\r\n",
		status, STR_ARG(content_type));
	if (p->fault->row->kind == SIM_WRONG_LENGTH) {
		put_length(p, out);
	} else if (p->fault->ends == ENDS_CLOSED) {
		buf_add_text(out, "Connection: close\r\n");
	} else {
		buf_add_text(out, "Transfer-Encoding: chunked\r\n");
		p->chunked = true;
	}
	buf_add_text(out, "\r\n");
	return PLAY_ON;
}

static void put_chunk(struct fault_play *p, struct str bytes, struct buf *out)
{
	if (!bytes.len)
		return;
	if (p->chunked)
		buf_addf(out, "%zx\r\n", bytes.len);
	buf_add_str(out, bytes);
	if (p->chunked)
		buf_add_text(out, "\r\n");
}

static enum play_end put_end(struct fault_play *p, struct buf *out)
{
	if (!p->chunked)
		return PLAY_CLOSE;
	buf_add_text(out, "0\r\n\r\n");
	return PLAY_KEEP;
}

static enum play_end strike_framing(struct fault_play *p, struct str event, struct buf *out)
{
	static const char *const sizes[] = { "5", "", "-5", "fffffffffffffffff", "many" };

	if (p->fault->framing == FRAMING_NO_LINE_END) {
		buf_addf(out, "%zx\r\n", event.len);
		buf_add_str(out, event);
		put_chunk(p, event, out);
	} else {
		buf_addf(out, "%s\r\n", sizes[p->fault->framing]);
		buf_add_str(out, event);
		buf_add_text(out, "\r\n");
	}
	return PLAY_CLOSE;
}

static void strike_line(struct fault_play *p, struct buf *out)
{
	put_chunk(p, STR("data: "), out);
	begin_fill(p, STR("                                                                "),
		p->fault->bytes);
	p->fill_tail = p->chunked ? "4\r\n{}\n\n\r\n" : "{}\n\n";
}

static void put_error(struct fault_play *p, struct buf *out)
{
	const struct sim_fault *f = p->fault;
	const struct wire_error error = { f->message, f->type, f->code };
	struct buf event = BUF(FAULT_SCRIPT_MAX);

	wire_put_stream_error(&event, p->wire, (enum fault_form)f->form, &error);
	put_chunk(p, buf_str(&event), out);
	buf_release(&event);
}

static void put_ill(struct fault_play *p, struct str event, struct buf *out)
{
	struct buf ill = BUF(BUF_TEXT_MAX);

	event_put_ill(&ill, p->wire, event);
	put_chunk(p, buf_str(&ill), out);
	buf_release(&ill);
}

static void put_bad_chunk(struct fault_play *p, struct buf *out)
{
	struct buf event = BUF(FAULT_SCRIPT_MAX * 8);

	buf_addf(&event, "data: %s\n\n", p->fault->body);
	put_chunk(p, buf_str(&event), out);
	buf_release(&event);
}

/* The moment has come; `event` is the next one. PLAY_ON: the answer goes on with it. */
static enum play_end strike(struct fault_play *p, struct str event, struct buf *out)
{
	p->struck = true;
	switch (p->fault->row->kind) {
	case SIM_HANG:
	case SIM_RESET:
	case SIM_CLOSE:
		return end_of(p);
	case SIM_DRIP:
		p->gap_us = p->fault->ms * US_PER_MS;
		p->fast = out->len;
		return PLAY_ON;
	case SIM_BAD_FRAMING:
		return strike_framing(p, event, out);
	case SIM_CUT:
		return put_end(p, out);
	case SIM_HALF_LINE:
		put_chunk(p, str_part(event, 0, event.len / 2), out);
		return put_end(p, out);
	case SIM_BIG_LINE:
		strike_line(p, out);
		return PLAY_ON;
	case SIM_COMMENTS:
		begin_fill(p, STR(": keep-alive\n\n"), p->fault->bytes);
		return PLAY_ON;
	case SIM_ENDLESS:
		p->fill_left = SIZE_MAX;
		return PLAY_ON;
	case SIM_BAD_CHUNK:
		put_bad_chunk(p, out);
		return PLAY_ON;
	case SIM_BAD_UTF8:
		put_ill(p, event, out);
		return PLAY_ON;
	case SIM_STREAM_ERROR:
		put_error(p, out);
		return put_end(p, out);
	default:
		return PLAY_ON;
	}
}

static bool is_due(const struct fault_play *p, enum event_kind kind, struct str event)
{
	const struct sim_fault *f = p->fault;

	if (p->struck)
		return false;
	if (f->after_bytes >= 0)
		return p->bytes + (int64_t)event.len > f->after_bytes;
	if (kind == EVENT_PIECE)
		return p->tokens >= f->after_tokens;
	return kind == EVENT_FINISH || kind == EVENT_LAST;
}

static void put_crumbs(struct fault_play *p, struct str event, struct buf *out)
{
	for (size_t i = 0; i < event.len; i++)
		put_chunk(p, str_part(event, i, 1), out);
}

static void put_lie(struct fault_play *p, struct str event, struct buf *out)
{
	const char *reason = p->fault->reason ? p->fault->reason : wire_whole(p->wire);
	struct buf lie = BUF(BUF_TEXT_MAX);

	event_put_reason(&lie, p->wire, event, reason);
	put_chunk(p, buf_str(&lie), out);
	buf_release(&lie);
}

/* Some faults are about events of one kind, wherever they stand. */
static void pass(struct fault_play *p, enum event_kind kind, struct str event, struct buf *out)
{
	enum sim_fault_kind fault = p->fault->row->kind;

	if (fault == SIM_EMPTY_STREAM || (fault == SIM_EMPTY_ANSWER && kind == EVENT_PIECE) ||
		(fault == SIM_NO_LAST && kind == EVENT_LAST) ||
		(fault == SIM_NO_FINISH && kind == EVENT_FINISH))
		return;
	if (fault == SIM_TWO_FINISHES && kind == EVENT_FINISH)
		put_chunk(p, event, out);
	if (fault == SIM_LIE && kind == EVENT_FINISH)
		put_lie(p, event, out);
	else if (fault == SIM_CRUMBS)
		put_crumbs(p, event, out);
	else
		put_chunk(p, event, out);
}

enum play_end fault_play_event(
	struct fault_play *p, struct str event, size_t *used, struct buf *out)
{
	enum event_kind kind = event_kind_of(p->wire, event);

	if (p->fault->row->kind == SIM_ENDLESS && kind == EVENT_PIECE) {
		buf_clear(&p->pattern);
		buf_add_str(&p->pattern, event);
	}
	if (is_due(p, kind, event)) {
		*used = p->fault->after_bytes < 0 ? 0 : (size_t)(p->fault->after_bytes - p->bytes);
		put_chunk(p, str_part(event, 0, *used), out);
		p->bytes += (int64_t)*used;
		return strike(p, str_part(event, *used, event.len), out);
	}
	*used = event.len;
	p->tokens += kind == EVENT_PIECE;
	p->bytes += (int64_t)event.len;
	pass(p, kind, event, out);
	return PLAY_ON;
}

enum play_end fault_play_over(struct fault_play *p, struct buf *out)
{
	enum play_end end = PLAY_ON;

	if (p->fault->row->kind == SIM_STAYS_OPEN)
		return PLAY_HANG;
	if (!p->struck)
		end = strike(p, STR_NONE, out);
	return end == PLAY_ON && !p->fill_left ? put_end(p, out) : end;
}

bool fault_play_fill(struct fault_play *p, struct buf *out, enum play_end *end)
{
	struct buf piece = BUF(BUF_LINE_MAX + FILL_PIECE);

	if (!p->fill_left)
		return false;
	if (!p->pattern.len)
		p->fill_left = 0;
	while (piece.len < FILL_PIECE && p->fill_left) {
		struct str part = str_part(buf_str(&p->pattern), 0, p->fill_left);

		buf_add_str(&piece, part);
		p->fill_left -= p->fill_left == SIZE_MAX ? 0 : part.len;
	}
	put_chunk(p, buf_str(&piece), out);
	buf_release(&piece);
	if (p->fill_left)
		return true;
	buf_add_text(out, p->fill_tail);
	*end = p->fill_end;
	return true;
}
