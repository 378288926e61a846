/* SPDX-License-Identifier: GPL-3.0-or-later
 * The parser of sse.h. A line that lies whole in the bytes fed is read in place; only what is left
 * over at the end of them is kept. */
#include "core/net/sse.h"

static const char byte_order_mark[] = { '\xEF', '\xBB', '\xBF' };

void sse_begin(struct sse *s, struct sse_sink sink)
{
	*s = (struct sse){
		.sink = sink,
		.retry_ms = -1,
		.line = BUF(SSE_LINE_MAX),
		.data = BUF(SSE_EVENT_MAX),
		.type = BUF(SSE_LINE_MAX),
		.id = BUF(SSE_LINE_MAX),
		.next_id = BUF(SSE_LINE_MAX),
	};
}

void sse_release(struct sse *s)
{
	buf_release(&s->line);
	buf_release(&s->data);
	buf_release(&s->type);
	buf_release(&s->id);
	buf_release(&s->next_id);
}

static void set(struct buf *b, struct str value)
{
	buf_clear(b);
	buf_add_str(b, value);
}

static void dispatch(struct sse *s)
{
	struct sse_event event;

	if (!str_eq(buf_str(&s->id), buf_str(&s->next_id)))
		set(&s->id, buf_str(&s->next_id));
	if (s->has_data) {
		event.type = s->type.len ? buf_str(&s->type) : STR("message");
		event.data = buf_str(&s->data);
		event.id = buf_str(&s->id);
		s->stopped = !s->sink.event(s->sink.ctx, &event);
	}
	buf_clear(&s->type);
	buf_clear(&s->data);
	s->has_data = false;
}

static void add_data(struct sse *s, struct str value)
{
	if (s->has_data)
		buf_add_char(&s->data, '\n');
	buf_add_str(&s->data, value);
	s->has_data = true;
	if (buf_is_full(&s->data))
		s->err = ERR_TOO_BIG;
}

/* ASCII digits and nothing else; what does not fit was not meant. */
static void set_retry(struct sse *s, struct str value)
{
	int64_t ms;

	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] < '0' || value.ptr[i] > '9')
			return;
	if (str_to_int(value, &ms))
		s->retry_ms = ms;
}

static void split_field(struct str line, struct str *field, struct str *value)
{
	size_t colon = str_find_char(line, ':');

	*field = str_part(line, 0, colon);
	*value = str_part(line, colon + 1, line.len);
	if (value->len && value->ptr[0] == ' ')
		*value = str_part(*value, 1, value->len);
}

static void read_field(struct sse *s, struct str line)
{
	struct str field, value;

	split_field(line, &field, &value);
	if (str_is(field, "data"))
		add_data(s, value);
	else if (str_is(field, "event"))
		set(&s->type, value);
	else if (str_is(field, "retry"))
		set_retry(s, value);
	else if (str_is(field, "id")) {
		if (str_find_char(value, '\0') == value.len)
			set(&s->next_id, value);
	} else if (s->sink.unknown)
		s->sink.unknown(s->sink.ctx, field, value);
}

static void read_line(struct sse *s, struct str line)
{
	if (line.len > SSE_LINE_MAX)
		s->err = ERR_TOO_BIG;
	else if (!line.len)
		dispatch(s);
	else if (line.ptr[0] == ':')
		s->comments++;
	else
		read_field(s, line);
}

static void keep(struct sse *s, struct str bytes)
{
	buf_add_str(&s->line, bytes);
	if (buf_is_full(&s->line))
		s->err = ERR_TOO_BIG;
}

/* The end of a line has come; `bytes` is its last part. */
static void end_line(struct sse *s, struct str bytes)
{
	if (!s->line.len) {
		read_line(s, bytes);
		return;
	}
	keep(s, bytes);
	if (!s->err)
		read_line(s, buf_str(&s->line));
	buf_clear(&s->line);
}

/* Swallows the mark, or what is there of it; a false start belongs to the first line. */
static struct str skip_mark(struct sse *s, struct str bytes)
{
	while (s->bom >= 0 && bytes.len) {
		if (s->bom == (int)sizeof(byte_order_mark)) {
			s->bom = -1;
		} else if (bytes.ptr[0] == byte_order_mark[s->bom]) {
			s->bom++;
			bytes = str_part(bytes, 1, bytes.len);
		} else {
			buf_add(&s->line, byte_order_mark, (size_t)s->bom);
			s->bom = -1;
		}
	}
	return bytes;
}

static const char *find(const char *from, const char *end, char c)
{
	const char *found = from < end ? memchr(from, c, (size_t)(end - from)) : NULL;

	return found ? found : end;
}

enum err sse_feed(struct sse *s, struct str bytes)
{
	const char *at, *end, *cr, *lf, *stop;

	if (s->err || s->stopped)
		return s->err;
	bytes = skip_mark(s, bytes);
	if (!bytes.len)
		return ERR_OK;
	at = bytes.ptr;
	end = at + bytes.len;
	if (s->after_cr && *at == '\n')
		at++;
	s->after_cr = false;
	/* Each kind of end is searched anew only when its last one is passed: one pass for each,
	 * however the two are mixed. */
	cr = find(at, end, '\r');
	lf = find(at, end, '\n');
	while (!s->err && !s->stopped && (stop = cr < lf ? cr : lf) < end) {
		end_line(s, (struct str){ at, (size_t)(stop - at) });
		at = stop + 1;
		if (*stop == '\r' && at == end)
			s->after_cr = true;
		else if (*stop == '\r' && *at == '\n')
			at++;
		if (cr < at)
			cr = find(at, end, '\r');
		if (lf < at)
			lf = find(at, end, '\n');
	}
	if (!s->err && !s->stopped && at < end)
		keep(s, (struct str){ at, (size_t)(end - at) });
	return s->err;
}

/* What an unfinished line would have added. */
static void end_in_line(struct sse *s)
{
	struct str field, value;

	split_field(buf_str(&s->line), &field, &value);
	if (str_is(field, "data"))
		add_data(s, value);
}

bool sse_end(struct sse *s, struct buf *leftover)
{
	bool cut;

	if (s->stopped)
		return false;
	s->stopped = true;
	if (s->err)
		return true;
	cut = s->has_data || s->type.len || (s->line.len && s->line.ptr[0] != ':');
	end_in_line(s);
	if (leftover && s->has_data && !s->err)
		buf_add_str(leftover, buf_str(&s->data));
	return cut;
}
