/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every fault of the simulator's table, over both wires, through the whole of the program: http,
 * reader, flow and record. Each ends within its limit in what it is: a success only where the
 * answer is whole, else an error that names the provider, what came and the mend. What had been
 * said is kept, and the next request over the same connections succeeds. */
#include "core/flow/flow.h"
#include "core/sim/fault.h"
#include "core/sim/sim.h"
#include "tests/check.h"

/* Those that end by a limit have a short one; nothing else here depends on how fast it goes. */
enum { SHORT_MS = 120, LONG_MS = 60000, TURN_US = 100000, TURNS_MAX = 600000 };

/* Two lines of ours, and what a provider here says in its own words. */
enum { SENTENCE_MAX = 350 };

enum limit { CALM, FIRST, IDLE, TOTAL };

enum said { NOTHING, FRONT, WHOLE, MORE };

enum wires { OPENAI = 1, ANTHROPIC = 2, BOTH = OPENAI | ANTHROPIC };

static const struct fault_case {
	const char *rule; /* without the braces around it, and ' for " */
	enum wires wires;
	enum limit limit;
	int64_t max_tokens;
	enum err err;
	enum end end;
	enum said said;          /* of the true answer, before it ended */
	const char *came, *mend; /* in the sentence; NULL with ERR_OK */
} cases[] = {
	{ "'fault': 'hang'", BOTH, FIRST, 0, ERR_TIMEOUT, END_TIMEOUT, NOTHING, "no answer after",
		"allow more time" },
	{ "'fault': 'hang', 'at': 'head'", BOTH, FIRST, 0, ERR_TIMEOUT, END_TIMEOUT, NOTHING,
		"half a head and no answer after", "allow more time" },
	{ "'fault': 'hang', 'after_bytes': 0", BOTH, FIRST, 0, ERR_TIMEOUT, END_TIMEOUT, NOTHING,
		"a head and no answer after", "allow more time" },
	{ "'fault': 'hang', 'after_tokens': 2", BOTH, IDLE, 0, ERR_TIMEOUT, END_TRUNCATED, FRONT,
		"stood still", "allow more time" },
	{ "'fault': 'reset'", BOTH, CALM, 0, ERR_NET, END_HTTP_ERROR, NOTHING,
		"closed without an answer", "base_url" },
	{ "'fault': 'reset', 'at': 'head'", BOTH, CALM, 0, ERR_NET, END_HTTP_ERROR, NOTHING,
		"broke in the head", "try again" },
	{ "'fault': 'reset', 'after_bytes': 0", BOTH, CALM, 0, ERR_NET, END_HTTP_ERROR, NOTHING,
		"broke after 0 bytes", "try again" },
	{ "'fault': 'reset', 'after_tokens': 2", BOTH, CALM, 0, ERR_NET, END_TRUNCATED, FRONT,
		"broke after", "try again" },
	{ "'fault': 'close'", BOTH, CALM, 0, ERR_NET, END_HTTP_ERROR, NOTHING,
		"closed without an answer", "base_url" },
	{ "'fault': 'close', 'at': 'head'", BOTH, CALM, 0, ERR_NET, END_HTTP_ERROR, NOTHING,
		"broke in the head", "try again" },
	{ "'fault': 'close', 'after_tokens': 2", BOTH, CALM, 0, ERR_NET, END_TRUNCATED, FRONT,
		"broke after", "try again" },
	{ "'fault': 'close', 'after_tokens': 2, 'ends': 'close'", BOTH, CALM, 0, ERR_PROVIDER,
		END_TRUNCATED, FRONT, "stopped in the middle", "try again" },
	{ "'fault': 'close', 'after_bytes': 700, 'ends': 'close'", BOTH, CALM, 0, ERR_PROVIDER,
		END_TRUNCATED, FRONT, "stopped in the middle", "try again" },
	{ "'fault': 'late', 'ms': 1", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL, NULL },
	{ "'fault': 'late', 'ms': 600000", BOTH, FIRST, 0, ERR_TIMEOUT, END_TIMEOUT, NOTHING,
		"no answer after", "allow more time" },
	{ "'fault': 'drip', 'at': 'start', 'ms': 10", BOTH, FIRST, 0, ERR_TIMEOUT, END_TIMEOUT,
		NOTHING, "no answer after", "allow more time" },
	{ "'fault': 'drip', 'ms': 5", BOTH, TOTAL, 0, ERR_TIMEOUT, END_TRUNCATED, FRONT,
		"not whole after", "allow more time" },
	{ "'fault': 'drip', 'ms': 0, 'bytes': 100", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL,
		NULL },
	{ "'fault': 'crumbs'", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL, NULL },
	{ "'fault': 'garbage'", BOTH, CALM, 0, ERR_NET, END_HTTP_ERROR, NOTHING, "not HTTP",
		"base_url" },
	{ "'fault': 'garbage', 'bytes': 1", BOTH, CALM, 0, ERR_NET, END_HTTP_ERROR, NOTHING,
		"not HTTP", "base_url" },
	{ "'fault': 'big_head'", BOTH, CALM, 0, ERR_TOO_BIG, END_HTTP_ERROR, NOTHING, "head",
		"base_url" },
	{ "'fault': 'bad_framing'", BOTH, CALM, 0, ERR_NET, END_TRUNCATED, FRONT,
		"badly framed after", "try again" },
	{ "'fault': 'bad_framing', 'framing': 'no_line_end'", BOTH, CALM, 0, ERR_NET, END_TRUNCATED,
		FRONT, "badly framed after", "try again" },
	{ "'fault': 'bad_framing', 'framing': 'negative'", BOTH, CALM, 0, ERR_NET, END_TRUNCATED,
		FRONT, "badly framed after", "try again" },
	{ "'fault': 'bad_framing', 'framing': 'huge'", BOTH, CALM, 0, ERR_NET, END_TRUNCATED, FRONT,
		"badly framed after", "try again" },
	{ "'fault': 'bad_framing', 'framing': 'word'", BOTH, CALM, 0, ERR_NET, END_TRUNCATED, FRONT,
		"badly framed after", "try again" },
	{ "'fault': 'wrong_length', 'bytes': 1000", BOTH, CALM, 0, ERR_PROVIDER, END_TRUNCATED,
		FRONT, "stopped in the middle", "try again" },
	/* All of it came, and said so. */
	{ "'fault': 'wrong_length', 'length': 'long'", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL,
		NULL },
	{ "'fault': 'wrong_length', 'length': 'negative'", BOTH, CALM, 0, ERR_NET, END_HTTP_ERROR,
		NOTHING, "the head of the answer is malformed", "base_url" },
	{ "'fault': 'wrong_length', 'length': 'word'", BOTH, CALM, 0, ERR_NET, END_HTTP_ERROR,
		NOTHING, "the head of the answer is malformed", "base_url" },
	{ "'fault': 'wrong_length', 'length': 'two'", BOTH, CALM, 0, ERR_PROVIDER, END_TRUNCATED,
		FRONT, "stopped in the middle", "try again" },
	{ "'fault': 'cut'", BOTH, CALM, 0, ERR_PROVIDER, END_TRUNCATED, FRONT,
		"stopped in the middle", "try again" },
	{ "'fault': 'half_line'", BOTH, CALM, 0, ERR_PROVIDER, END_TRUNCATED, FRONT,
		"stopped in the middle", "try again" },
	{ "'fault': 'big_line'", BOTH, CALM, 0, ERR_PROVIDER, END_HTTP_ERROR, FRONT,
		"a line of its stream is longer than", "another model" },
	{ "'fault': 'big_line', 'bytes': 200000", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL,
		NULL },
	{ "'fault': 'comments'", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL, NULL },
	{ "'fault': 'endless'", BOTH, TOTAL, 0, ERR_TIMEOUT, END_TRUNCATED, MORE, "not whole after",
		"allow more time" },
	{ "'fault': 'bad_chunk'", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL, NULL },
	/* The true pieces, and one more with a sign for what could not be read. */
	{ "'fault': 'bad_utf8'", BOTH, CALM, 0, ERR_OK, END_STOP, MORE, NULL, NULL },
	{ "'fault': 'stream_error', 'message': 'kaput'", BOTH, CALM, 0, ERR_PROVIDER,
		END_HTTP_ERROR, FRONT, "kaput", "try again" },
	{ "'fault': 'stream_error', 'form': 'event', 'message': 'kaput'", BOTH, CALM, 0,
		ERR_PROVIDER, END_HTTP_ERROR, FRONT, "kaput", "try again" },
	{ "'fault': 'stream_error', 'form': 'field', 'message': 'kaput'", BOTH, CALM, 0,
		ERR_PROVIDER, END_HTTP_ERROR, FRONT, "kaput", "try again" },
	{ "'fault': 'stream_error', 'form': 'object', 'message': 'kaput'", OPENAI, CALM, 0,
		ERR_PROVIDER, END_HTTP_ERROR, FRONT, "kaput", "try again" },
	{ "'fault': 'stream_error', 'form': 'beside', 'message': 'kaput'", OPENAI, CALM, 0,
		ERR_PROVIDER, END_HTTP_ERROR, FRONT, "kaput", "try again" },
	{ "'fault': 'no_last'", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL, NULL },
	{ "'fault': 'stays_open'", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL, NULL },
	{ "'fault': 'no_finish'", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL, NULL },
	{ "'fault': 'two_finishes'", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL, NULL },
	{ "'fault': 'lie'", BOTH, CALM, 5, ERR_OK, END_LENGTH, FRONT, NULL, NULL },
	{ "'fault': 'lie', 'reason': 'banana'", BOTH, CALM, 0, ERR_OK, END_STOP, WHOLE, NULL,
		NULL },
	{ "'fault': 'lie', 'reason': 'insufficient_system_resource'", OPENAI, CALM, 0, ERR_PROVIDER,
		END_TRUNCATED, WHOLE, "stopped in the middle", "try again" },
	{ "'fault': 'empty_stream'", BOTH, CALM, 0, ERR_PROVIDER, END_TRUNCATED, NOTHING,
		"sent no answer", "try again" },
	{ "'fault': 'empty_answer'", BOTH, CALM, 0, ERR_PROVIDER, END_STOP, NOTHING,
		"sent an empty answer", "try again" },
	{ "'fault': 'status', 'status': 100", BOTH, FIRST, 0, ERR_TIMEOUT, END_TIMEOUT, NOTHING,
		"no answer after", "allow more time" },
	{ "'fault': 'status', 'status': 204", BOTH, CALM, 0, ERR_PROVIDER, END_TRUNCATED, NOTHING,
		"sent no answer", "try again" },
	{ "'fault': 'status', 'status': 400, 'message': 'kaput'", BOTH, CALM, 0, ERR_PROVIDER,
		END_HTTP_ERROR, NOTHING, "HTTP 400: kaput", "params" },
	{ "'fault': 'status', 'status': 401, 'message': 'kaput'", BOTH, CALM, 0, ERR_PROVIDER,
		END_HTTP_ERROR, NOTHING, "HTTP 401: kaput", "key" },
	{ "'fault': 'status', 'status': 403, 'message': 'kaput'", BOTH, CALM, 0, ERR_PROVIDER,
		END_HTTP_ERROR, NOTHING, "HTTP 403: kaput", "key" },
	{ "'fault': 'status', 'status': 404, 'body': '404 page not found'", BOTH, CALM, 0,
		ERR_PROVIDER, END_HTTP_ERROR, NOTHING, "HTTP 404: 404 page not found", "base_url" },
	{ "'fault': 'status', 'status': 408, 'body': ''", BOTH, CALM, 0, ERR_PROVIDER,
		END_HTTP_ERROR, NOTHING, "HTTP 408", "try again" },
	{ "'fault': 'status', 'status': 418, 'body': {'detail': 'teapot'}", BOTH, CALM, 0,
		ERR_PROVIDER, END_HTTP_ERROR, NOTHING, "HTTP 418: ", "try again" },
	{ "'fault': 'status', 'status': 500", BOTH, CALM, 0, ERR_PROVIDER, END_HTTP_ERROR, NOTHING,
		"HTTP 500", "try again" },
	{ "'fault': 'status', 'status': 502, 'body': '<html>\\n\\u001b[31mbad gateway'", BOTH, CALM,
		0, ERR_PROVIDER, END_HTTP_ERROR, NOTHING, "HTTP 502", "try again" },
	{ "'fault': 'status', 'status': 599, 'message': 'kaput'", BOTH, CALM, 0, ERR_PROVIDER,
		END_HTTP_ERROR, NOTHING, "HTTP 599: kaput", "try again" },
	{ "'fault': 'status', 'status': 999, 'message': 'kaput'", BOTH, CALM, 0, ERR_PROVIDER,
		END_HTTP_ERROR, NOTHING, "HTTP 999: kaput", "try again" },
	{ "'fault': 'redirect'", BOTH, CALM, 0, ERR_PROVIDER, END_HTTP_ERROR, NOTHING, "HTTP 307",
		"base_url" },
	{ "'fault': 'redirect', 'status': 301", BOTH, CALM, 0, ERR_PROVIDER, END_HTTP_ERROR,
		NOTHING, "HTTP 301", "base_url" },
	{ "'fault': 'page'", BOTH, CALM, 0, ERR_PROVIDER, END_HTTP_ERROR, NOTHING,
		"a web page, not JSON: Sign in to the network", "base_url" },
	{ "'fault': 'pace'", BOTH, CALM, 0, ERR_PROVIDER, END_RATE_LIMITED, NOTHING, "HTTP 429",
		"another model" },
	{ "'fault': 'pace', 'retry_after': 3600", BOTH, CALM, 0, ERR_PROVIDER, END_RATE_LIMITED,
		NOTHING, "HTTP 429", "another model" },
	{ "'fault': 'money'", BOTH, CALM, 0, ERR_PROVIDER, END_RATE_LIMITED, NOTHING, "HTTP 429",
		"credit" },
	{ "'fault': 'never_fits'", OPENAI, CALM, 0, ERR_PROVIDER, END_RATE_LIMITED, NOTHING,
		"HTTP 429: Request too large", "shorten the question" },
	{ "'fault': 'never_fits'", ANTHROPIC, CALM, 0, ERR_PROVIDER, END_HTTP_ERROR, NOTHING,
		"HTTP 413: Request exceeds", "shorten the question" },
	{ "'fault': 'overloaded'", OPENAI, CALM, 0, ERR_PROVIDER, END_HTTP_ERROR, NOTHING,
		"HTTP 503", "try again" },
	{ "'fault': 'overloaded'", ANTHROPIC, CALM, 0, ERR_PROVIDER, END_HTTP_ERROR, NOTHING,
		"HTTP 529", "try again" },
};

/* ---- the world ------------------------------------------------------------------------------ */

struct world {
	struct config config;
	struct model_map map;
	struct loop *loop;
	struct http *http;
	struct store *store;
	struct flow *flow;
	struct rng rng;
	struct env env;
	struct sim *sim;
	struct buf text;
	bool done;
	enum err err;
	struct decision *kept; /* as the store has it */
};

static const char *environment(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "TEST_KEY") == 0 ? "sk-test-1234567890" : NULL;
}

static void open_sim(struct world *w, const char *rule)
{
	struct arena arena = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	struct sim_options options = { .seed = 1, .fast = true };
	struct str script;

	options.kb_dir = arena_format(&arena, "%s/kb", getenv("WEIR_DATA")).ptr;
	script = arena_format(&arena, "{'faults': [{%s, 'model': 'sim-mid'}]}", rule);
	for (char *at = (char *)script.ptr; *at; at++)
		*at = *at == '\'' ? '"' : *at;
	options.faults = script;
	if (sim_open(&w->sim, &options, &why))
		fail_msg("%s", why.ptr);
	arena_release(&arena);
}

/* One model that meets the fault, and one of the same server that does not. */
static void open_config(struct world *w, const char *wire, enum limit limit)
{
	struct arena arena = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	struct config_sources sources = { .env = environment, .file = "test.json" };
	struct str url = arena_format(&arena, "\"wire\": \"%s\", \"key_env\": \"TEST_KEY\", "
					      "\"base_url\": \"http://127.0.0.1:%d/v1\"",
		wire, sim_port(w->sim));

	sources.shipped = arena_format(&arena, "%s/defaults.json", getenv("WEIR_DATA")).ptr;
	sources.file_text = arena_format(&arena,
		"{\"providers\": {\"faulty\": {%s, \"first_byte_ms\": %d, \"idle_ms\": %d, "
		"\"total_ms\": %d}, \"steady\": {%s}},"
		" \"models\": {\"bad\": {\"provider\": \"faulty\", \"id\": \"sim-mid\", "
		"\"tier\": 1},"
		" \"good\": {\"provider\": \"steady\", \"id\": \"sim-large\", \"tier\": 1}},"
		" \"retry\": {\"max\": 0},"
		" \"tasks\": {\"chat\": {\"ladder\": [\"bad\"]}}}",
		url.ptr, limit == FIRST ? SHORT_MS : LONG_MS, limit == IDLE ? SHORT_MS : LONG_MS,
		limit == TOTAL ? 2 * SHORT_MS : LONG_MS, url.ptr);
	if (config_open(&w->config, &sources, &why) ||
		model_map_build(&w->map, &w->config, &why))
		fail_msg("%s", why.ptr);
	arena_release(&arena);
}

static void open_world(struct world *w, const struct fault_case *c, const char *wire)
{
	const struct store_options store = { .path = ":memory:", .write_inline = true };

	*w = (struct world){ .text = BUF(BUF_TEXT_MAX) };
	rng_seed(&w->rng, 1);
	open_sim(w, c->rule);
	open_config(w, wire, c->limit);
	check_ok(loop_open(&w->loop, &clock_real, NULL));
	check_ok(http_open(&w->http, w->loop, NULL));
	check_ok(store_open(&w->store, &store, NULL));
	w->env = (struct env){
		.config = &w->config,
		.map = &w->map,
		.http = w->http,
		.loop = w->loop,
		.clock = clock_real,
		.rng = &w->rng,
		.getenv = environment,
	};
	w->flow = flow_open(&w->env, w->store);
}

static void close_world(struct world *w)
{
	flow_close(&w->flow);
	store_close(&w->store);
	http_close(&w->http);
	loop_close(&w->loop);
	config_release(&w->config);
	decision_free(&w->kept);
	buf_release(&w->text);
	sim_close(&w->sim);
}

static void take_event(void *ctx, const struct event *event)
{
	struct world *w = ctx;

	if (event->kind == EVENT_TEXT)
		buf_add_str(&w->text, event->text);
}

static void take_done(void *ctx, struct decision *d, enum err record_err, struct str say)
{
	struct world *w = ctx;
	char id[ID_TEXT + 1];

	(void)say;
	check_ok(record_err);
	assert_false(w->done);
	w->done = true;
	w->err = d->err;
	id_write(d->id, id);
	check_ok(store_find(w->store, str_of(id), &w->kept, NULL));
}

static void run(struct world *w, const char *model, int64_t max_tokens)
{
	struct decision *d = decision_new();
	struct request *r = &d->request;

	decision_free(&w->kept);
	buf_clear(&w->text);
	w->done = false;
	r->messages = arena_alloc(&d->arena, sizeof(*r->messages));
	*r->messages = (struct message){ .role = ROLE_USER,
		.text = STR("how many rows may an import file have?") };
	r->message_count = 1;
	r->text = r->messages[0].text;
	r->forced_model = str_of(model);
	r->max_tokens = max_tokens;
	flow_submit(w->flow, d, (struct flow_watch){ take_event, take_done, w });
	for (int turn = 0; !w->done && turn < TURNS_MAX; turn++)
		loop_turn(w->loop, TURN_US);
	assert_true(w->done);
	assert_non_null(w->kept);
}

/* ---- what is looked at ---------------------------------------------------------------------- */

static bool has(struct str text, const char *part)
{
	return str_find(text, str_of(part)) < text.len || !*part;
}

static bool is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 127)
			return false;
	return true;
}

/* Provider, what came, mend; on one line, short, and without a byte that could do harm. */
static bool is_clear(const struct fault_case *c, struct str error)
{
	return has(error, "faulty") && has(error, c->came) && has(error, c->mend) &&
	       is_plain(error) && error.len <= SENTENCE_MAX;
}

/* What was said stands on record, and is as much of the true answer as it should be. */
static bool is_kept(const struct world *w, enum said want, struct str whole)
{
	struct str said = buf_str(&w->text);

	if (!said.len)
		return want == NOTHING && !w->kept->answer.text.ptr;
	if (!str_eq(w->kept->answer.text, said))
		return false;
	if (want == FRONT)
		return said.len < whole.len && str_starts(whole, said.ptr);
	return want == WHOLE ? str_eq(said, whole) : want == MORE && said.len > whole.len;
}

static void check_case(
	const struct world *w, const struct fault_case *c, const char *wire, struct str whole)
{
	const struct decision *d = w->kept;
	const struct attempt *a = &d->attempts.ptr[d->attempts.len - 1];
	bool ok = w->err == c->err && a->end == (int64_t)c->end && is_kept(w, c->said, whole) &&
		  (c->err ? is_clear(c, d->error) : !d->error.len);

	if (!ok)
		fail_msg("%s: {%s}: %s, end %d, %zu bytes said, \"%.*s\"", wire, c->rule,
			err_name(w->err), (int)a->end, w->text.len, STR_ARG(d->error));
}

static const struct fault_case no_fault = { .rule = "'fault': 'reset', 'nth': 2" };

static void play_all(const char *wire, enum wires which)
{
	struct buf whole = BUF(BUF_TEXT_MAX);
	struct world clean;

	open_world(&clean, &no_fault, wire);
	run(&clean, "bad", 0);
	check_ok(clean.err);
	assert_true(clean.text.len > 100);
	buf_add_str(&whole, buf_str(&clean.text));
	close_world(&clean);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w;

		if (!(cases[i].wires & which))
			continue;
		open_world(&w, &cases[i], wire);
		run(&w, "bad", cases[i].max_tokens);
		check_case(&w, &cases[i], wire, buf_str(&whole));
		run(&w, "good", 0);
		if (w.err || w.kept->attempts.ptr[0].end != END_STOP)
			fail_msg("%s: after {%s}: %.*s", wire, cases[i].rule,
				STR_ARG(w.kept->error));
		close_world(&w);
	}
	buf_release(&whole);
}

static void every_fault_over_the_openai_wire_ends_as_what_it_is(void **state)
{
	(void)state;
	play_all("openai", OPENAI);
}

static void every_fault_over_the_anthropic_wire_ends_as_what_it_is(void **state)
{
	(void)state;
	play_all("anthropic", ANTHROPIC);
}

static bool has_case(const char *fault, enum wires wire)
{
	size_t front = strlen("'fault': '"), len = strlen(fault);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (strncmp(cases[i].rule + front, fault, len) == 0 &&
			cases[i].rule[front + len] == '\'' && (cases[i].wires & wire))
			return true;
	return false;
}

static void no_fault_of_the_table_is_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIM_FAULT_COUNT; i++)
		if (!has_case(fault_rows[i].name, OPENAI) ||
			!has_case(fault_rows[i].name, ANTHROPIC))
			fail_msg("no case of \"%s\"", fault_rows[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_fault_of_the_table_is_left_out),
		cmocka_unit_test(every_fault_over_the_openai_wire_ends_as_what_it_is),
		cmocka_unit_test(every_fault_over_the_anthropic_wire_ends_as_what_it_is),
	};

	return cmocka_run_group_tests_name("flow faults", tests, NULL, NULL);
}
