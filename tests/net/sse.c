/* SPDX-License-Identifier: GPL-3.0-or-later
 * Server-sent events: each stream of the table is fed whole, cut in two at every byte, and byte by
 * byte, and must tell the same story each time. The cases are those of the web platform's tests
 * (eventsource/format-*), of the parsers that got them wrong, and our own. */
#include "core/base/arena.h"
#include "core/net/sse.h"
#include "tests/check.h"

enum { STORY_MAX = 1 << 20 };

/* A stream as it is told: "type|data|id;" for an event, "?field=value;" for an unknown field, at
 * the end "cut" and what is left, the retry time and the comments, where there are any. */
struct story {
	struct buf text;
	size_t stop_after; /* events; 0: never */
	size_t events;
};

static bool tell_event(void *ctx, const struct sse_event *e)
{
	struct story *s = ctx;

	buf_add_str(&s->text, e->type);
	buf_add_char(&s->text, '|');
	buf_add_str(&s->text, e->data);
	buf_add_char(&s->text, '|');
	buf_add_str(&s->text, e->id);
	buf_add_char(&s->text, ';');
	return ++s->events != s->stop_after;
}

static void tell_unknown(void *ctx, struct str field, struct str value)
{
	struct story *s = ctx;

	buf_add_char(&s->text, '?');
	buf_add_str(&s->text, field);
	buf_add_char(&s->text, '=');
	buf_add_str(&s->text, value);
	buf_add_char(&s->text, ';');
}

static struct sse_sink story_sink(struct story *s)
{
	return (struct sse_sink){ tell_event, tell_unknown, s };
}

static void story_end(struct story *story, struct sse *s)
{
	struct buf left = BUF(STORY_MAX);

	if (sse_end(s, &left)) {
		buf_add_text(&story->text, "cut");
		if (left.len)
			buf_addf(&story->text, "(%s)", left.ptr);
	}
	if (s->retry_ms >= 0)
		buf_addf(&story->text, "retry%d", (int)s->retry_ms);
	if (s->comments)
		buf_addf(&story->text, "#%zu", s->comments);
	buf_release(&left);
	sse_release(s);
}

/* Every piece in memory of its own size, so that a read past its end is seen. */
static enum err feed_copy(struct sse *s, struct str piece)
{
	char *copy = memory_new(piece.len);
	enum err err;

	if (piece.len)
		memcpy(copy, piece.ptr, piece.len);
	err = sse_feed(s, (struct str){ copy, piece.len });
	memory_free(copy);
	return err;
}

/* In pieces of `size`, the first one `first` long. */
static void tell(struct story *story, struct str stream, size_t first, size_t size)
{
	struct sse s;
	size_t from = 0, len = first;

	story->text = BUF(STORY_MAX);
	story->events = 0;
	sse_begin(&s, story_sink(story));
	while (from < stream.len) {
		check_ok(feed_copy(&s, str_part(stream, from, len)));
		from += len;
		len = size;
	}
	story_end(story, &s);
}

static void check_story(struct str stream, struct str want, size_t stop_after)
{
	struct story story = { .stop_after = stop_after };

	for (size_t first = 0; first <= stream.len; first++) {
		tell(&story, stream, first, stream.len + 1);
		if (!str_eq(buf_str(&story.text), want))
			fail_msg("\"%.*s\" cut at %zu: got \"%s\", want \"%.*s\"", STR_ARG(stream),
				first, story.text.ptr, STR_ARG(want));
		buf_release(&story.text);
	}
	for (size_t size = 1; size <= 3; size++) {
		tell(&story, stream, size, size);
		if (!str_eq(buf_str(&story.text), want))
			fail_msg("\"%.*s\" in pieces of %zu: got \"%s\", want \"%.*s\"",
				STR_ARG(stream), size, story.text.ptr, STR_ARG(want));
		buf_release(&story.text);
	}
}

#define CASE(stream, want) { STR(stream), STR(want) }

static const struct {
	struct str stream, want;
} cases[] = {
	/* The web platform's. */
	CASE("\xEF\xBB\xBF" "data:1\n\ndata:2\n\n", "message|1|;message|2|;"),
	CASE("\xEF\xBB\xBF\xEF\xBB\xBF" "data:1\n\ndata:2\n\ndata:3\n\n",
		"?\xEF\xBB\xBF" "data=1;message|2|;message|3|;"),
	CASE("data:1\n\n\xEF\xBB\xBF" "data:2\n\ndata:3\n\n",
		"message|1|;?\xEF\xBB\xBF" "data=2;message|3|;"),
	CASE("data:1\r:\0\n:\r\ndata:2\n:xxx\rdata:3\n:data:fail\r:xxx\ndata:4\n\n",
		"message|1\n2\n3\n4|;#5"),
	CASE("retry:1000\ndata:test1\n\nid:test\ndata:test2", "message|test1|;cut(test2)retry1000"),
	CASE("data:\n\ndata\ndata\n\ndata:test\n\n", "message||;message|\n|;message|test|;"),
	CASE("data:test\n\ndata\ndata:test2\n\nevent:test", "message|test|;message|\ntest2|;cut"),
	CASE("retry:2000\nretry:1000x\ndata:x\n\n", "message|x|;retry2000"),
	CASE("retry:1000\nretry\ndata:test\n\n", "message|test|;retry1000"),
	CASE("data: a\rdata: b\r\r", "message|a\nb|;"),
	CASE("data:test\r\ndata\ndata:test2\r\n\r\n", "message|test\n\ntest2|;"),
	CASE("data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\n\n",
		"? data=;?foobar=xxx;?justsometext=;message|test\n|;#1"),
	CASE("data:\0test\n\n", "message|\0test|;"),
	CASE("data\0:test\ndata:x\n\n", "?data\0=test;message|x|;"),
	CASE("Data:test\n\ndata:x\n\n", "?Data=test;message|x|;"),
	CASE("data:\ttest\rdata: \ndata:test\n\n", "message|\ttest\n\ntest|;"),
	CASE("data:  two\n\n", "message| two|;"),
	CASE("event:test\ndata:x\n\ndata:x\n\n", "test|x|;message|x|;"),
	CASE("event:test\n\ndata:data\n\n", "message|data|;"),
	CASE("event:\ndata:x\n\n", "message|x|;"),
	CASE("event:a\nevent:b\ndata:x\n\n", "b|x|;"),
	CASE("event:a\nevent\ndata:x\n\n", "message|x|;"),
	CASE("id:1\ndata:x\n\ndata:y\n\nid\ndata:z\n\n", "message|x|1;message|y|1;message|z|;"),
	CASE("id:a\0b\ndata:x\n\n", "message|x|;"),
	CASE("id:1\n\ndata:x\n\n", "message|x|1;"),
	CASE("id:1\ndata:x\n\nid:2\nid:3\0\ndata:y\n\n", "message|x|1;message|y|2;"),
	CASE("id: \xE2\x80\xA6\ndata:x\n\n", "message|x|\xE2\x80\xA6;"),
	/* What providers send. */
	CASE(": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\ndata: {}\n\n",
		"message|{}|;#2"),
	CASE("error: {\"code\":500}\n\ndata: [DONE]\n\n",
		"?error={\"code\":500};message|[DONE]|;"),
	CASE("event: ping\r\ndata: {\"type\": \"ping\"}\r\n\r\n", "ping|{\"type\": \"ping\"}|;"),
	CASE("data:{\"a\":\"\xF0\x9F\x98\x80\xE2\x82\xAC\"}\n\n",
		"message|{\"a\":\"\xF0\x9F\x98\x80\xE2\x82\xAC\"}|;"),
	CASE("data: {\"a\":1}  \n\n", "message|{\"a\":1}  |;"),
	CASE("data: {\"a\":\n", "cut({\"a\":)"),
	CASE("data: {\"a\":1}", "cut({\"a\":1})"),
	CASE("data: {\ndata: }", "cut({\n})"),
	CASE("data: a: b\n\n", "message|a: b|;"),
	/* Ends of lines and of streams. */
	CASE("", ""),
	CASE("\n", ""),
	CASE("\r\n\r\n\r\r\n\n", ""),
	CASE("\xEF\xBB\xBF", ""),
	CASE("\xEF\xBB", ""),
	CASE("\xEF\xBB\xBF\n", ""),
	CASE("\xEF\xBB\xBF\xEF\xBB\xBF\n", "?\xEF\xBB\xBF=;"),
	CASE("\xEF\xBB" "data:x\ndata:y\n\n", "?\xEF\xBB" "data=x;message|y|;"),
	CASE("\xEF\xEF\xBB\xBF:x\n", "?\xEF\xEF\xBB\xBF=x;"),
	CASE("\n\xEF\xBB\xBF" "data:x\n\n", "?\xEF\xBB\xBF" "data=x;"),
	CASE("data:a\r\n\r\ndata:b\r\n\r\n", "message|a|;message|b|;"),
	CASE("data:a\n\rdata:b\r\n\n", "message|a|;message|b|;"),
	CASE("data:a\r\rdata:b\n\n", "message|a|;message|b|;"),
	CASE("data:a\r\n\rdata:b\n\r\n", "message|a|;message|b|;"),
	CASE("data:a\r\n", "cut(a)"),
	CASE("data:a\n\r", "message|a|;"),
	CASE("data", "cut"),
	CASE("dat", "cut"),
	CASE("datax", "cut"),
	CASE(": half a comm", ""),
	CASE("event: message_stop\n", "cut"),
	CASE("event: message_stop\n: x\n", "cut#1"),
	CASE("id: 7\n", ""),
	CASE("retry: 5", "cut"),
	CASE("retry: 5\n", "retry5"),
	CASE("retry: -5\nretry:+5\nretry: 5 \nretry:0x5\nretry:\n", ""),
	CASE("retry:99999999999999999999999999999999999999999999\nretry:0\n", "retry0"),
	CASE(":\n::\n: \n", "#3"),
	CASE("::data:x\ndata::\n\n", "message|:|;#1"),
	CASE(" \n \n", "? =;? =;"),
	CASE("data: \n\n", "message||;"),
	CASE("data\n\n", "message||;"),
	CASE("data\r\ndata\r\n\r\n", "message|\n|;"),
	CASE("\0\n\0\0:\0\n\n", "?\0=;?\0\0=\0;"),
	CASE("data:\xFF\xFE\xC0\xAF\n\n", "message|\xFF\xFE\xC0\xAF|;"),
	CASE("data:x\n\ndata:y\n", "message|x|;cut(y)"),
	CASE("event:e\ndata:x\nid:9\n\ndata:y\n\n", "e|x|9;message|y|9;"),
	CASE("id:9\ndata:x", "cut(x)"),
};

static void every_stream_reads_the_same_however_it_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_story(cases[i].stream, cases[i].want, 0);
}

static void a_sink_that_had_enough_hears_no_more(void **state)
{
	(void)state;
	check_story(STR("data:1\n\ndata:2\n\nx:y\nretry:7\n:c\ndata:3\n\ndata:4"),
		STR("message|1|;message|2|;"), 2);
	check_story(STR("data:1\r\r\n\n"), STR("message|1|;"), 1);
}

static void an_unknown_field_needs_no_ear(void **state)
{
	struct story story = { .text = BUF(STORY_MAX) };
	struct sse_sink sink = story_sink(&story);
	struct sse s;

	(void)state;
	sink.unknown = NULL;
	sse_begin(&s, sink);
	check_ok(sse_feed(&s, STR("error: x\ndata: y\n\n")));
	assert_false(sse_end(&s, NULL));
	check_buf(&story.text, "message|y|;");
	sse_release(&s);
	buf_release(&story.text);
}

/* How long the events were, and whether every byte was the expected one. */
struct lengths {
	size_t count, len[8];
	char want;
	bool all_wanted;
};

static bool measure(void *ctx, const struct sse_event *e)
{
	struct lengths *l = ctx;

	if (l->count < ARRAY_LEN(l->len))
		l->len[l->count] = e->data.len;
	l->count++;
	for (size_t i = 0; i < e->data.len; i++)
		l->all_wanted &= e->data.ptr[i] == l->want || e->data.ptr[i] == '\n';
	return true;
}

static void begin_measure(struct sse *s, struct lengths *l, char want)
{
	*l = (struct lengths){ .want = want, .all_wanted = true };
	sse_begin(s, (struct sse_sink){ measure, NULL, l });
}

static enum err feed_many(struct sse *s, char c, size_t len, size_t piece)
{
	char *many = memory_new(piece);
	enum err err = ERR_OK;

	memset(many, c, piece);
	for (size_t from = 0; from < len && !err; from += piece)
		err = sse_feed(s, (struct str){ many, len - from < piece ? len - from : piece });
	memory_free(many);
	return err;
}

static void a_line_of_100875_bytes_is_an_ordinary_line(void **state)
{
	static const size_t pieces[] = { 1, 1369, 16384, 100875 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct lengths l;
		struct sse s;

		begin_measure(&s, &l, 'x');
		for (int again = 0; again < 3; again++) {
			check_ok(sse_feed(&s, STR("data: ")));
			check_ok(feed_many(&s, 'x', 100875 - 6, pieces[i]));
			check_ok(sse_feed(&s, STR("\n\n")));
		}
		assert_int_equal(l.count, 3);
		assert_int_equal(l.len[0], 100869);
		assert_int_equal(l.len[2], 100869);
		assert_true(l.all_wanted);
		sse_release(&s);
	}
}

/* Between two pieces of a 4 MB line everything that was kept of it is turned into line ends. Who
 * searches it again finds them; who does not, does not. */
static void what_was_searched_is_not_searched_again(void **state)
{
	const size_t len = 4 * 1024 * 1024, piece = 100;
	struct lengths l;
	struct sse s;
	char x[100];

	(void)state;
	memset(x, 'x', sizeof(x));
	begin_measure(&s, &l, 'x');
	check_ok(sse_feed(&s, STR("data:")));
	for (size_t fed = 0; fed < len; fed += piece) {
		memset(s.line.ptr + (fed ? 5 + fed - piece : 0), '\n', fed ? piece : 5);
		check_ok(sse_feed(&s, (struct str){ x, len - fed < piece ? len - fed : piece }));
	}
	assert_int_equal(l.count, 0);
	assert_int_equal(s.line.len, len + 5);
	memset(s.line.ptr, 'x', s.line.len);
	memcpy(s.line.ptr, "data:", 5);
	check_ok(sse_feed(&s, STR("\n\n")));
	assert_int_equal(l.count, 1);
	assert_int_equal(l.len[0], len);
	assert_true(l.all_wanted);
	sse_release(&s);
}

/* Millions of lines of one kind in one piece: a search for the other kind at each of them would
 * not come to an end. */
static void many_short_lines_are_one_pass(void **state)
{
	static const char kinds[] = { '\n', '\r' };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct lengths l;
		struct sse s;

		begin_measure(&s, &l, 'x');
		check_ok(sse_feed(&s, STR("data:x\n")));
		check_ok(feed_many(&s, kinds[i], 4 * 1024 * 1024, 4 * 1024 * 1024));
		check_ok(sse_feed(&s, STR("data:x\n\n")));
		assert_int_equal(l.count, 2);
		sse_release(&s);
	}
}

static void a_line_may_reach_its_ceiling_but_not_pass_it(void **state)
{
	static const size_t pieces[] = { 65536, SSE_LINE_MAX + 1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct lengths l;
		struct sse s;

		begin_measure(&s, &l, 'x');
		check_ok(sse_feed(&s, STR("\xEF\xBB\xBF" "data:")));
		check_ok(feed_many(&s, 'x', SSE_LINE_MAX - 5, pieces[i]));
		check_ok(sse_feed(&s, STR("\n\ndata:")));
		assert_int_equal(l.count, 1);
		assert_int_equal(l.len[0], SSE_LINE_MAX - 5);
		check_err(feed_many(&s, 'x', SSE_LINE_MAX - 4, pieces[i]), ERR_TOO_BIG);
		check_err(sse_feed(&s, STR("\n\ndata:1\n\n")), ERR_TOO_BIG);
		check_err(sse_feed(&s, STR("")), ERR_TOO_BIG);
		assert_int_equal(l.count, 1);
		assert_true(sse_end(&s, NULL));
		sse_release(&s);
	}
}

/* Whole in the piece that is fed, the line is measured all the same, and what stood before it is
 * delivered. */
static void a_line_fed_whole_has_the_same_ceiling(void **state)
{
	static const char before[] = "data:xx\n\ndata:";

	(void)state;
	for (size_t over = 0; over < 2; over++) {
		size_t len = sizeof(before) - 1 + SSE_LINE_MAX - 5 + over;
		char *text = memory_new(len + 2);
		struct lengths l;
		struct sse s;

		memset(text, 'x', len);
		memcpy(text, before, sizeof(before) - 1);
		memcpy(text + len, "\n\n", 2);
		begin_measure(&s, &l, 'x');
		check_err(sse_feed(&s, (struct str){ text, len + 2 }), over ? ERR_TOO_BIG : ERR_OK);
		assert_int_equal(l.count, over ? 1 : 2);
		assert_int_equal(l.len[0], 2);
		sse_release(&s);
		memory_free(text);
	}
}

static void a_comment_has_the_ceiling_of_a_line(void **state)
{
	struct lengths l;
	struct sse s;

	(void)state;
	begin_measure(&s, &l, 'x');
	check_err(feed_many(&s, ':', SSE_LINE_MAX + 1, 65536), ERR_TOO_BIG);
	assert_true(s.line.cap <= 2 * (size_t)SSE_LINE_MAX);
	sse_release(&s);
}

/* 16 lines of 1 MB less one byte each: with the 15 joints between them, one byte short. */
static void an_event_of_many_lines_has_a_ceiling_too(void **state)
{
	const size_t line = 1024 * 1024 - 1;

	(void)state;
	for (size_t over = 0; over < 3; over++) {
		struct lengths l;
		struct sse s;
		enum err err = ERR_OK;

		begin_measure(&s, &l, 'x');
		for (int i = 0; i < 16 && !err; i++) {
			check_ok(sse_feed(&s, STR("data:")));
			check_ok(feed_many(&s, 'x', i < 15 ? line : line + over, 65536));
			err = sse_feed(&s, STR("\n"));
		}
		check_err(err, over < 2 ? ERR_OK : ERR_TOO_BIG);
		check_err(sse_feed(&s, STR("\n")), over < 2 ? ERR_OK : ERR_TOO_BIG);
		assert_int_equal(l.count, over < 2 ? 1 : 0);
		if (over < 2)
			assert_int_equal(l.len[0], SSE_EVENT_MAX - 1 + over);
		sse_release(&s);
	}
}

static void buffers_are_kept_from_event_to_event(void **state)
{
	struct lengths l;
	struct sse s;
	char *line, *data;

	(void)state;
	begin_measure(&s, &l, 'x');
	check_ok(sse_feed(&s, STR("data: xxxx")));
	check_ok(sse_feed(&s, STR("xxxx\n\ndata")));
	line = s.line.ptr;
	data = s.data.ptr;
	for (int i = 0; i < 100; i++) {
		check_ok(sse_feed(&s, STR(": xxxx")));
		check_ok(sse_feed(&s, STR("xxxx\n\ndata")));
	}
	assert_int_equal(l.count, 101);
	assert_ptr_equal(s.line.ptr, line);
	assert_ptr_equal(s.data.ptr, data);
	sse_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_stream_reads_the_same_however_it_is_cut),
		cmocka_unit_test(a_sink_that_had_enough_hears_no_more),
		cmocka_unit_test(an_unknown_field_needs_no_ear),
		cmocka_unit_test(a_line_of_100875_bytes_is_an_ordinary_line),
		cmocka_unit_test(what_was_searched_is_not_searched_again),
		cmocka_unit_test(many_short_lines_are_one_pass),
		cmocka_unit_test(a_line_may_reach_its_ceiling_but_not_pass_it),
		cmocka_unit_test(a_line_fed_whole_has_the_same_ceiling),
		cmocka_unit_test(a_comment_has_the_ceiling_of_a_line),
		cmocka_unit_test(an_event_of_many_lines_has_a_ceiling_too),
		cmocka_unit_test(buffers_are_kept_from_event_to_event),
	};

	return cmocka_run_group_tests_name("sse", tests, NULL, NULL);
}
