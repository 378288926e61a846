/* SPDX-License-Identifier: GPL-3.0-or-later
 * The OpenAI wire: what is understood of answers, whole, cut at every byte, and byte by byte. The
 * answers stand in tests/wire/openai/, with what is expected of each in front of it:
 *
 *	=== the name of the case
 *	text Hello         as it is, or as a JSON text; so are reasoning, refusal and error
 *	call ID NAME ARGUMENTS      one line for each call; - is nothing
 *	tokens IN CACHED CACHE_WRITE OUT REASONING
 *	end stop           also: fault, skipped, id (of the request)
 *	status 200         also: type (- is none), max (tokens asked for): what the reader is told
 *	lines crlf         or cr: the line ends of the bytes; bom: a mark in front of them
 *	---
 *	the bytes, up to the next case
 */
#include "core/base/json.h"
#include "core/wire/reader.h"
#include "core/wire/wires.h"
#include "tests/check.h"

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
	int64_t end;
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
		.tokens = TOKENS_NONE };
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
#define X(code, passes, mend) #code,
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

static void the_request_says_what_is_asked_and_no_more(void **state)
{
	const struct message messages[] = {
		{ .role = ROLE_SYSTEM, .text = STR("be \"brief\"") },
		{ .role = ROLE_USER, .text = STR("line\n\x01") },
	};
	struct model model = { .id = STR("gpt-x"), .params = STR("{\"temperature\": 0.5}") };
	struct wire_call call = { .model = &model,
		.id = STR("gpt-x"),
		.messages = messages,
		.message_count = 2,
		.max_tokens = 9,
		.stream = true };
	struct buf body = BUF(BUF_LINE_MAX);

	(void)state;
	wire_find(STR("openai"))->write_request(&call, &body);
	check_buf(&body, "{\"model\":\"gpt-x\",\"messages\":[{\"role\":\"system\",\"content\":\"be "
			 "\\\"brief\\\"\"},{\"role\":\"user\",\"content\":\"line\\n\\u0001\"}],"
			 "\"max_tokens\":9,\"temperature\":0.5,\"stream\":true,"
			 "\"stream_options\":{\"include_usage\":true}}");
	model.max_tokens_as = STR("max_completion_tokens");
	model.params = STR_NONE;
	call.stream = false;
	buf_clear(&body);
	wire_find(STR("openai"))->write_request(&call, &body);
	check_buf(&body, "{\"model\":\"gpt-x\",\"messages\":[{\"role\":\"system\",\"content\":\"be "
			 "\\\"brief\\\"\"},{\"role\":\"user\",\"content\":\"line\\n\\u0001\"}],"
			 "\"max_completion_tokens\":9,\"stream\":false}");
	buf_release(&body);
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
		cmocka_unit_test(the_request_says_what_is_asked_and_no_more),
		cmocka_unit_test(an_unknown_wire_is_not_found),
	};

	return cmocka_run_group_tests_name("wire/openai", tests, NULL, NULL);
}
