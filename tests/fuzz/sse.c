/* SPDX-License-Identifier: GPL-3.0-or-later
 * A fuzz target for the parser of server-sent events: any bytes, cut anywhere, must give the events
 * of a second parser, written as the standard's text reads and knowing the whole stream. Built by
 * itself it feeds made-up streams; with -DWEIR_LIBFUZZER -fsanitize=fuzzer it is libFuzzer's. */
#include "core/base/arena.h"
#include "core/base/rng.h"
#include "core/net/sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { TEXT_MAX = 1 << 22 };

static void tell(struct buf *out, struct str type, struct str data, struct str id)
{
	buf_addf(out, "<%zu,%zu,%zu>", type.len, data.len, id.len);
	buf_add_str(out, type);
	buf_add_str(out, data);
	buf_add_str(out, id);
}

static bool on_event(void *ctx, const struct sse_event *e)
{
	tell(ctx, e->type, e->data, e->id);
	return true;
}

/* The second parser. */
struct plain {
	struct buf data, type, id, next_id;
	struct buf *out;
};

static void plain_set(struct buf *b, struct str value)
{
	buf_clear(b);
	buf_add_str(b, value);
}

static void plain_blank(struct plain *p)
{
	plain_set(&p->id, buf_str(&p->next_id));
	if (p->data.len) /* as in the standard: each data line has its LF, the last goes here */
		tell(p->out, p->type.len ? buf_str(&p->type) : STR("message"),
			str_part(buf_str(&p->data), 0, p->data.len - 1), buf_str(&p->id));
	buf_clear(&p->data);
	buf_clear(&p->type);
}

static void plain_line(struct plain *p, struct str line)
{
	struct str name = line, value = STR("");

	if (!line.len) {
		plain_blank(p);
		return;
	}
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] == ':') {
			name = str_part(line, 0, i);
			value = str_part(line, i + 1, line.len);
			break;
		}
	if (str_starts(value, " "))
		value = str_part(value, 1, value.len);
	if (str_is(name, "data")) {
		buf_add_str(&p->data, value);
		buf_add_char(&p->data, '\n');
	} else if (str_is(name, "event")) {
		plain_set(&p->type, value);
	} else if (str_is(name, "id") && str_find(value, (struct str){ "", 1 }) == value.len) {
		plain_set(&p->next_id, value);
	}
}

static void plain_read(struct buf *out, struct str stream)
{
	struct plain p = { BUF(TEXT_MAX), BUF(TEXT_MAX), BUF(TEXT_MAX), BUF(TEXT_MAX), out };
	size_t from = 0;

	if (str_starts(stream, "\xEF\xBB\xBF"))
		stream = str_part(stream, 3, stream.len);
	for (size_t i = 0; i < stream.len; i++) {
		char c = stream.ptr[i];

		if (c != '\n' && c != '\r')
			continue;
		plain_line(&p, str_part(stream, from, i - from));
		if (c == '\r' && i + 1 < stream.len && stream.ptr[i + 1] == '\n')
			i++;
		from = i + 1;
	}
	buf_release(&p.data);
	buf_release(&p.type);
	buf_release(&p.id);
	buf_release(&p.next_id);
}

/* `cuts` gives the lengths of the pieces, again and again. */
static bool pushed_read(struct buf *out, struct str stream, struct str cuts)
{
	struct sse s;
	enum err err = ERR_OK;

	sse_begin(&s, (struct sse_sink){ on_event, NULL, out });
	for (size_t from = 0, i = 0; from < stream.len && !err; i++) {
		size_t len = cuts.len ? (unsigned char)cuts.ptr[i % cuts.len] % 17 : stream.len;

		if (cuts.len && !len && i % 2)
			len = 1; /* empty pieces, but not for ever */
		err = sse_feed(&s, str_part(stream, from, len));
		from += len;
	}
	sse_end(&s, NULL);
	sse_release(&s);
	return !err;
}

/* The first byte says how many of the next ones are cuts. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct str all = { (const char *)bytes, len };
	size_t count = len ? bytes[0] % 16 : 0;
	struct str cuts = str_part(all, 1, count), stream = str_part(all, 1 + count, len);
	struct buf want = BUF(TEXT_MAX), whole = BUF(TEXT_MAX), cut = BUF(TEXT_MAX);

	if (len >= SSE_LINE_MAX)
		return 0;
	plain_read(&want, stream);
	if (!pushed_read(&whole, stream, STR("")) || !pushed_read(&cut, stream, cuts) ||
		!str_eq(buf_str(&want), buf_str(&whole)) ||
		!str_eq(buf_str(&want), buf_str(&cut)))
		abort();
	buf_release(&want);
	buf_release(&whole);
	buf_release(&cut);
	return 0;
}

#ifndef WEIR_LIBFUZZER

#include "tests/check.h"

enum { STREAMS = 20000, PARTS_MAX = 60, SEED = 20261121 };

static const struct str parts[] = {
	STR("data"), STR("data"), STR("data: "), STR("data:"), STR("\ndata: x\n\n"),
	STR("event: x"), STR("event"),
	STR("id:"), STR("id: 7"), STR("id"), STR("retry: 12"), STR(":"), STR(": note"), STR(" "),
	STR("\n"), STR("\n"), STR("\n\n"), STR("\r"), STR("\r\n"), STR("\r\n\r\n"), STR("\r\r"),
	STR("\0"), STR("\xEF\xBB\xBF"), STR("\xEF\xBB"), STR("\xEF"), STR("\xE2\x82\xAC"),
	STR("{\"a\":1}"), STR("[DONE]"), STR("\xFF"), STR("Data: "), STR("error: y"),
};

static void make_stream(struct rng *rng, struct buf *out)
{
	size_t cuts = (size_t)rng_below(rng, 16), count = (size_t)rng_below(rng, PARTS_MAX);

	buf_clear(out);
	buf_add_char(out, (char)cuts);
	while (cuts--)
		buf_add_char(out, (char)rng_below(rng, 256));
	if (!rng_below(rng, 4))
		buf_add_str(out, STR("\xEF\xBB\xBF"));
	while (count--)
		if (rng_below(rng, 8))
			buf_add_str(out, parts[rng_below(rng, ARRAY_LEN(parts))]);
		else
			buf_add_char(out, (char)rng_below(rng, 256));
}

static void made_up_streams_read_as_the_standard_says(void **state)
{
	struct buf stream = BUF(TEXT_MAX);
	struct rng rng;

	(void)state;
	rng_seed(&rng, SEED);
	for (int i = 0; i < STREAMS; i++) {
		make_stream(&rng, &stream);
		assert_int_equal(
			LLVMFuzzerTestOneInput((const uint8_t *)stream.ptr, stream.len), 0);
	}
	buf_release(&stream);
}

static void made_up_streams_do_hold_events(void **state)
{
	struct buf stream = BUF(TEXT_MAX), events = BUF(TEXT_MAX);
	struct rng rng;
	int with = 0;

	(void)state;
	rng_seed(&rng, SEED);
	for (int i = 0; i < STREAMS; i++) {
		make_stream(&rng, &stream);
		buf_clear(&events);
		plain_read(&events, buf_str(&stream));
		with += events.len > 0;
	}
	assert_true(with > STREAMS / 2);
	buf_release(&stream);
	buf_release(&events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(made_up_streams_read_as_the_standard_says),
		cmocka_unit_test(made_up_streams_do_hold_events),
	};

	return cmocka_run_group_tests_name("fuzz sse", tests, NULL, NULL);
}

#endif
