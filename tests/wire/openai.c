/* SPDX-License-Identifier: GPL-3.0-or-later
 * The OpenAI wire: what is understood of answers, whole, cut at every byte, and byte by byte. The
 * answers stand in tests/wire/openai/, with what is expected of each in front of it:
 *
 *	=== the name of the case
 *	text Hello         as it is, or as a JSON text; so are reasoning, refusal and error
 *	call ID NAME ARGUMENTS      one line for each call; - is nothing
 *	tokens IN CACHED CACHE_WRITE OUT REASONING
 *	end stop           also: fault, skipped, id (of the request), cost (pico-dollars)
 *	status 200         also: type (- is none), max (tokens asked for): what the reader is told
 *	lines crlf         or cr: the line ends of the bytes; bom: a mark in front of them
 *	---
 *	the bytes, up to the next case
 */
#include "core/base/json.h"
#include "tests/check.h"
#include "tests/wire/two_ways.h"

enum { FILE_MAX = 1 << 20, CALLS_MAX = 4 };

struct expected {
	struct str name;
	char type[64];
	int status;
	int64_t max_tokens;
	struct buf bytes;
	struct buf text, reasoning, refusal, error, request_id;
	struct str calls[CALLS_MAX];
	size_t call_count, skipped;
	struct tokens tokens;
	int64_t cost, end;
	struct str fault; /* STR_NONE: not told */
};

struct reading {
	struct wire_reader reader;
	struct buf text;
};

/* ---- the cases -------------------------------------------------------------------------- */

static void read_words(struct buf *out, struct str value)
{
	json_t *text = NULL;

	if (!str_starts(value, "\"")) {
		buf_add_str(out, value);
		return;
	}
	check_ok(json_read(value, JSON_READ_STRICT, &text, NULL));
	buf_add(out, json_string_value(text), json_string_length(text));
	json_decref(text);
}

static int64_t number_of(struct str value)
{
	int64_t number = INT_NONE;

	if (!str_is(value, "-") && !str_to_int(value, &number))
		fail_msg("\"%.*s\" is no number", STR_ARG(value));
	return number;
}

static void read_tokens(struct tokens *t, struct str value)
{
	int64_t *const counts[] = { &t->in, &t->cached, &t->cache_write, &t->out, &t->reasoning };
	struct str word;

	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		assert_true(str_cut(&value, ' ', &word));
		*counts[i] = number_of(word);
	}
}

static int64_t end_named(struct str name)
{
	for (int i = 1; i < END_COUNT; i++)
		if (str_is(name, end_names[i]))
			return i;
	fail_msg("no end is called \"%.*s\"", STR_ARG(name));
	return END_NONE;
}

/* Where the lines of a key's value go, besides those that are numbers. */
static struct buf *words_of(struct expected *c, struct str key)
{
	const struct {
		const char *key;
		struct buf *words;
	} rows[] = { { "text", &c->text }, { "reasoning", &c->reasoning },
		{ "refusal", &c->refusal }, { "error", &c->error }, { "id", &c->request_id } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (str_is(key, rows[i].key))
			return rows[i].words;
	return NULL;
}

/* How the bytes stand in the file; true for a key that says it. */
static bool read_form(struct str key, struct str value, const char **line_end, bool *mark)
{
	if (str_is(key, "bom"))
		*mark = true;
	else if (str_is(key, "lines"))
		*line_end = str_is(value, "crlf") ? "\r\n" : "\r";
	else
		return false;
	return true;
}

static void read_key(struct expected *c, struct str key, struct str value)
{
	struct buf *words = words_of(c, key);

	if (words) {
		buf_clear(words);
		read_words(words, value);
	} else if (str_is(key, "call")) {
		assert_true(c->call_count < CALLS_MAX);
		c->calls[c->call_count++] = value;
	} else if (str_is(key, "tokens")) {
		read_tokens(&c->tokens, value);
	} else if (str_is(key, "end")) {
		c->end = end_named(value);
	} else if (str_is(key, "fault")) {
		c->fault = value;
	} else if (str_is(key, "skipped")) {
		c->skipped = (size_t)number_of(value);
	} else if (str_is(key, "cost")) {
		c->cost = number_of(value);
	} else if (str_is(key, "status")) {
		c->status = (int)number_of(value);
	} else if (str_is(key, "max")) {
		c->max_tokens = number_of(value);
	} else if (str_is(key, "type")) {
		snprintf(c->type, sizeof(c->type), "%.*s", STR_ARG(value));
	} else {
		fail_msg("%.*s: what is \"%.*s\"?", STR_ARG(c->name), STR_ARG(key));
	}
}

static void add_bytes(struct buf *out, struct str lines, const char *line_end)
{
	struct str line;

	while (str_cut(&lines, '\n', &line)) {
		buf_add_str(out, line);
		if (lines.ptr)
			buf_add_text(out, line_end);
	}
}

static struct expected case_begin(void)
{
	return (struct expected){ .type = "text/event-stream; charset=utf-8",
		.status = 200,
		.bytes = BUF(FILE_MAX),
		.text = BUF(BUF_LINE_MAX),
		.reasoning = BUF(BUF_LINE_MAX),
		.refusal = BUF(BUF_LINE_MAX),
		.error = BUF(BUF_LINE_MAX),
		.request_id = BUF(BUF_LINE_MAX),
		.tokens = TOKENS_NONE,
		.cost = MONEY_UNKNOWN };
}

static void case_end(struct expected *c)
{
	buf_release(&c->bytes);
	buf_release(&c->text);
	buf_release(&c->reasoning);
	buf_release(&c->refusal);
	buf_release(&c->error);
	buf_release(&c->request_id);
}

/* Takes the case off the front of `rest`; false after the last one. */
static bool case_next(struct str *rest, struct expected *c)
{
	struct str all, line, key;
	const char *line_end = "\n";
	bool mark = false;

	if (!rest->len)
		return false;
	all = str_part(*rest, 0, str_find(*rest, STR("\n=== ")) + 1);
	*rest = str_part(*rest, all.len + strlen("=== "), rest->len);
	*c = case_begin();
	assert_true(str_cut(&all, '\n', &c->name));
	while (str_cut(&all, '\n', &line) && !str_is(line, "---")) {
		assert_true(str_cut(&line, ' ', &key));
		if (!read_form(key, line, &line_end, &mark))
			read_key(c, key, line);
	}
	if (!c->end)
		fail_msg("%.*s: no end is expected", STR_ARG(c->name));
	if (mark)
		buf_add_text(&c->bytes, "\xEF\xBB\xBF");
	add_bytes(&c->bytes, all, line_end);
	return true;
}

static void read_file(const char *name, struct buf *out)
{
	const char *top = getenv("top_srcdir");
	struct buf path = BUF(BUF_LINE_MAX);
	char piece[4096];
	size_t got;
	FILE *f;

	buf_addf(&path, "%s/tests/wire/openai/%s.cases", top ? top : ".", name);
	f = fopen(path.ptr, "rb");
	if (!f)
		fail_msg("cannot read %s", path.ptr);
	while ((got = fread(piece, 1, sizeof(piece), f)))
		buf_add(out, piece, got);
	fclose(f);
	assert_false(buf_is_full(out));
	buf_release(&path);
}

/* ---- what is understood ----------------------------------------------------------------- */

static bool take_text(void *ctx, struct str piece)
{
	assert_true(piece.len > 0);
	buf_add_str(ctx, piece);
	return true;
}

static void begin(struct reading *r, const struct expected *c)
{
	r->text = BUF(BUF_LINE_MAX);
	wire_reader_begin(
		&r->reader, wire_find(STR("openai")), (struct wire_sink){ take_text, &r->text });
	r->reader.max_tokens = c->max_tokens;
	wire_reader_head(&r->reader, c->status, strcmp(c->type, "-") ? c->type : NULL);
}

static void check_words(const struct expected *c, const char *what, const struct buf *got,
	const struct buf *want)
{
	if (!str_eq(buf_str(got), buf_str(want)))
		fail_msg("%.*s: %s \"%s\", want \"%s\"", STR_ARG(c->name), what, got->ptr,
			want->ptr);
}

static void add_or_dash(struct buf *out, struct str text)
{
	buf_add_str(out, text.len ? text : STR("-"));
	buf_add_char(out, ' ');
}

static void check_calls(const struct expected *c, const struct wire_calls *calls)
{
	struct buf got = BUF(BUF_LINE_MAX);

	if (calls->len != c->call_count)
		fail_msg("%.*s: %zu calls, want %zu", STR_ARG(c->name), calls->len, c->call_count);
	for (size_t i = 0; i < calls->len; i++) {
		const struct wire_tool_call *call = &calls->ptr[i];

		buf_clear(&got);
		add_or_dash(&got, buf_str(&call->id));
		add_or_dash(&got, buf_str(&call->name));
		add_or_dash(&got, buf_str(&call->arguments));
		if (!str_eq(str_trim(buf_str(&got)), c->calls[i]))
			fail_msg("%.*s: call \"%s\", want \"%.*s\"", STR_ARG(c->name), got.ptr,
				STR_ARG(c->calls[i]));
	}
	buf_release(&got);
}

static void check_tokens(const struct expected *c, const struct tokens *got)
{
	const struct tokens *want = &c->tokens;

	if (got->in != want->in || got->cached != want->cached ||
		got->cache_write != want->cache_write || got->out != want->out ||
		got->reasoning != want->reasoning)
		fail_msg("%.*s: in %lld cached %lld written %lld out %lld reasoning %lld",
			STR_ARG(c->name), (long long)got->in, (long long)got->cached,
			(long long)got->cache_write, (long long)got->out,
			(long long)got->reasoning);
}

static const char *fault_name(enum wire_fault fault)
{
	static const char *const names[] = { "none",
#define X(code, passes, what, mend) #code,
		WIRE_FAULT_LIST(X)
#undef X
	};

	return names[fault];
}

static void check_end(struct reading *r, const struct expected *c)
{
	const struct wire_answer *a = &r->reader.answer;

	wire_reader_end(&r->reader);
	check_words(c, "text", &r->text, &c->text);
	check_words(c, "reasoning", &a->reasoning, &c->reasoning);
	check_words(c, "refusal", &a->refusal, &c->refusal);
	check_words(c, "error", &a->error, &c->error);
	if (c->request_id.len)
		check_words(c, "id", &a->request_id, &c->request_id);
	check_calls(c, &a->calls);
	check_tokens(c, &a->tokens);
	if (a->end != c->end)
		fail_msg("%.*s: end %s, want %s", STR_ARG(c->name),
			a->end ? end_names[a->end] : "none", end_names[c->end]);
	if (c->cost != MONEY_UNKNOWN && a->cost != c->cost)
		fail_msg("%.*s: cost %lld", STR_ARG(c->name), (long long)a->cost);
	if (a->skipped != c->skipped)
		fail_msg("%.*s: %zu skipped", STR_ARG(c->name), a->skipped);
	if (c->fault.ptr && !str_is(c->fault, fault_name(a->fault)))
		fail_msg("%.*s: fault %s, want %.*s", STR_ARG(c->name), fault_name(a->fault),
			STR_ARG(c->fault));
	wire_reader_release(&r->reader);
	buf_release(&r->text);
}

static void check_case(const struct expected *c)
{
	struct str bytes = buf_str(&c->bytes);
	struct reading r;

	for (size_t cut = 0; cut <= bytes.len; cut++) {
		begin(&r, c);
		if (wire_reader_feed(&r.reader, str_part(bytes, 0, cut)))
			wire_reader_feed(&r.reader, str_part(bytes, cut, bytes.len));
		check_end(&r, c);
	}
	begin(&r, c);
	for (size_t at = 0; at < bytes.len; at++)
		if (!wire_reader_feed(&r.reader, str_part(bytes, at, 1)))
			break;
	check_end(&r, c);
}

static void check_file(const char *name, size_t cases)
{
	struct buf file = BUF(FILE_MAX);
	struct expected c;
	struct str rest;
	size_t count = 0;

	read_file(name, &file);
	rest = buf_str(&file);
	rest = str_part(rest, str_find(rest, STR("=== ")) + strlen("=== "), rest.len);
	for (; case_next(&rest, &c); case_end(&c), count++)
		check_case(&c);
	assert_true(count >= cases);
	buf_release(&file);
}

static void each_trap_of_the_field_is_known(void **state)
{
	(void)state;
	check_file("traps", 50);
}

static void each_provider_is_understood(void **state)
{
	(void)state;
	check_file("providers", 36);
}

static void an_error_says_what_it_is_in_any_shape(void **state)
{
	(void)state;
	check_file("errors", 40);
}

static void counts_are_ours_and_hostile_ones_are_none(void **state)
{
	(void)state;
	check_file("usage", 10);
}

/* ---- what no file can hold -------------------------------------------------------------- */

/* Reads one event between a good one and an end. */
static void read_event(struct reading *r, const struct buf *event)
{
	const struct expected nothing = { .type = "text/event-stream", .status = 200 };

	begin(r, &nothing);
	wire_reader_feed(
		&r->reader, STR("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"));
	wire_reader_feed(&r->reader, buf_str(event));
	wire_reader_feed(&r->reader,
		STR("\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"z\"},"
		    "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"));
	wire_reader_end(&r->reader);
}

static void end_reading(struct reading *r)
{
	wire_reader_release(&r->reader);
	buf_release(&r->text);
}

/* Trap 4. */
static void a_line_of_a_hundred_kilobytes_is_read(void **state)
{
	struct buf event = BUF(FILE_MAX);
	struct reading r;

	(void)state;
	buf_add_text(&event, "data: {\"choices\":[{\"delta\":{\"content\":\"");
	buf_add_repeat(&event, 'x', 60000);
	buf_add_text(&event, "\"}}],\"padding\":\"");
	buf_add_repeat(&event, 'p', 100875 - 60000);
	buf_add_text(&event, "\"}");
	read_event(&r, &event);
	assert_int_equal(r.text.len, 60002);
	assert_int_equal(r.reader.answer.end, END_STOP);
	end_reading(&r);
	buf_release(&event);
}

static void a_line_beyond_all_limits_is_an_error_that_says_so(void **state)
{
	struct buf event = BUF(SSE_LINE_MAX + FILE_MAX);
	struct reading r;

	(void)state;
	buf_add_text(&event, "data: ");
	buf_add_repeat(&event, 'x', SSE_LINE_MAX + 1);
	read_event(&r, &event);
	check_buf(&r.text, "a");
	check_buf(&r.reader.answer.error, "a line of its stream is longer than 8388608 bytes");
	assert_int_equal(r.reader.answer.end, END_HTTP_ERROR);
	end_reading(&r);
	buf_release(&event);
}

/* Trap 6. */
static void a_chunk_that_is_nested_without_end_is_passed_over(void **state)
{
	struct buf event = BUF(FILE_MAX);
	struct reading r;

	(void)state;
	buf_add_text(&event, "data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}],\"deep\":");
	buf_add_repeat(&event, '[', 3000);
	buf_add_repeat(&event, ']', 3000);
	buf_add_text(&event, "}");
	read_event(&r, &event);
	check_buf(&r.text, "az");
	assert_int_equal(r.reader.answer.skipped, 1);
	assert_int_equal(r.reader.answer.end, END_STOP);
	end_reading(&r);
	buf_release(&event);
}

static void bytes_that_are_no_utf8_cost_no_word(void **state)
{
	struct buf event = BUF(FILE_MAX);
	struct reading r;

	(void)state;
	buf_add_text(&event, "data: {\"choices\":[{\"delta\":{\"content\":\"b\xC3");
	buf_add_text(&event, "c\td\xFF\"}}]}");
	read_event(&r, &event);
	check_buf(&r.text, "ab\xEF\xBF\xBD"
			   "c\td\xEF\xBF\xBDz");
	assert_int_equal(r.reader.answer.skipped, 0);
	end_reading(&r);
	buf_release(&event);
}

/* However it comes, its beginning is kept. */
static void an_error_longer_than_the_limit_still_says_what_it_is(void **state)
{
	const struct expected nothing = { .type = "text/plain", .status = 500 };
	struct buf body = BUF(FILE_MAX);

	(void)state;
	buf_add_text(&body, "the database is gone. ");
	buf_add_repeat(&body, '.', 2 * WIRE_ERROR_MAX);
	for (size_t step = 1000; step <= body.len; step += body.len - 1000) {
		struct reading r;

		begin(&r, &nothing);
		for (size_t at = 0; at < body.len; at += step)
			wire_reader_feed(&r.reader, str_part(buf_str(&body), at, step));
		wire_reader_end(&r.reader);
		assert_true(str_starts(buf_str(&r.reader.answer.error), "the database is gone."));
		end_reading(&r);
	}
	buf_release(&body);
}

static void too_many_calls_are_not_taken_for_all(void **state)
{
	struct buf event = BUF(FILE_MAX);
	struct reading r;

	(void)state;
	buf_add_text(&event, "data: {\"choices\":[{\"delta\":{\"tool_calls\":[");
	for (int i = 0; i <= WIRE_CALLS_MAX; i++)
		buf_addf(&event, "%s{\"index\":%d,\"function\":{\"name\":\"f\"}}", i ? "," : "",
			i);
	buf_add_text(&event, "]}}]}");
	read_event(&r, &event);
	assert_int_equal(r.reader.answer.calls.len, WIRE_CALLS_MAX);
	assert_int_equal(r.reader.answer.skipped, 1);
	end_reading(&r);
	buf_release(&event);
}

/* ---- the short way ---------------------------------------------------------------------- */

static bool is_short(struct str chunk, const char *id)
{
	enum two_ways ways = two_ways_read(chunk, id);

	if (ways == WAYS_DIFFER)
		fail_msg("read two ways: %.*s", STR_ARG(chunk));
	return ways == WAYS_SAME;
}

static void the_short_way_is_no_other_way(void **state)
{
	static const char *const files[] = { "traps", "providers", "errors", "usage" };
	size_t shorts = 0, chunks = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct buf file = BUF(FILE_MAX);
		struct str rest, line;

		read_file(files[i], &file);
		rest = buf_str(&file);
		while (str_cut(&rest, '\n', &line)) {
			if (!str_starts(line, "data:"))
				continue;
			line = str_part(line, strlen("data:"), line.len);
			shorts += is_short(line, "");
			shorts += is_short(line, "id-1");
			chunks++;
		}
		buf_release(&file);
	}
	assert_true(shorts > 50 && chunks > shorts / 2);
}

static void what_the_short_way_may_not_pass_over_goes_the_long_one(void **state)
{
	static const struct {
		const char *chunk;
		bool is_short;
	} cases[] = {
		{ "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}", true },
		{ "{\"id\":\"x\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}", true },
		{ "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}", true },
		{ "{\"choices\":[{\"index\":0,\"delta\":{}}]}", true },
		{ "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\ud800\"}}]}", true },
		{ "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"a\"}}]}", false },
		{ "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\u0000\"}}]}", false },
		{ "{\"choices\":[{\"delta\":{\"content\":\"a\",\"content\":\"b\"}}]}", false },
		{ "{\"choices\":[{\"delta\":{\"content\":\"a\"},\"delta\":null}]}", false },
		{ "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"choices\":[]}", false },
		{ "{\"choices\":[{\"delta\":{\"content\":\"a\"}},{\"delta\":{}}]}", false },
		{ "{\"choices\":[{\"delta\":{\"content\":\"a\",\"refusal\":\"b\"}}]}", false },
		{ "{\"choices\":[{\"delta\":{\"content\":[\"a\"]}}]}", false },
		{ "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}", false },
		{ "{\"choices\":[{\"delta\":{}}],\"error\":\"no\"}", false },
		{ "{\"choices\":[{\"delta\":{}}],\"error\":true}", false },
		{ "{\"choices\":[{\"delta\":{}}],\"object\":\"Error\"}", false },
		{ "{\"choices\":[{\"delta\":{}}],\"type\":\"error\"}", false },
		{ "{\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":1}}", false },
		{ "{\"choices\":[{\"index\":0}]}", false },
		{ "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]", false },
		{ "{\"choices\":[null]}", false },
		{ "null", false },
		{ "[]", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (is_short(str_of(cases[i].chunk), "id-1") != cases[i].is_short)
			fail_msg("%s", cases[i].chunk);
}

static void an_unknown_wire_is_not_found(void **state)
{
	(void)state;
	assert_null(wire_find(STR("smoke")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_trap_of_the_field_is_known),
		cmocka_unit_test(each_provider_is_understood),
		cmocka_unit_test(an_error_says_what_it_is_in_any_shape),
		cmocka_unit_test(counts_are_ours_and_hostile_ones_are_none),
		cmocka_unit_test(a_line_of_a_hundred_kilobytes_is_read),
		cmocka_unit_test(a_line_beyond_all_limits_is_an_error_that_says_so),
		cmocka_unit_test(a_chunk_that_is_nested_without_end_is_passed_over),
		cmocka_unit_test(bytes_that_are_no_utf8_cost_no_word),
		cmocka_unit_test(an_error_longer_than_the_limit_still_says_what_it_is),
		cmocka_unit_test(too_many_calls_are_not_taken_for_all),
		cmocka_unit_test(the_short_way_is_no_other_way),
		cmocka_unit_test(what_the_short_way_may_not_pass_over_goes_the_long_one),
		cmocka_unit_test(an_unknown_wire_is_not_found),
	};

	return cmocka_run_group_tests_name("wire/openai", tests, NULL, NULL);
}
