/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir model check against a server that does what a script says, and against the simulator. */
#include "core/engine.h"
#include "tests/check.h"
#include "tests/net/raw_server.h"

#include <stdio.h>
#include <unistd.h>

struct world {
	char config[32];
	struct raw_server *server;
	struct buf out, notes;
};

static bool take(void *ctx, enum engine_stream stream, struct str text)
{
	struct world *w = ctx;

	buf_add_str(stream == ENGINE_OUT ? &w->out : &w->notes, text);
	return true;
}

/* One provider with a key, and a model of it that can do what `can` says. */
static void open_world(struct world *w, const struct raw_step *script, const char *can)
{
	FILE *file;
	int fd;

	*w = (struct world){ .config = "/tmp/weir-test-XXXXXX" };
	w->out = w->notes = BUF(BUF_TEXT_MAX);
	w->server = script ? raw_server_open(script) : NULL;
	fd = mkstemp(w->config);
	assert_int_not_equal(fd, -1);
	file = fdopen(fd, "w");
	fprintf(file,
		"{\"providers\": {\"test\": {\"base_url\": \"http://127.0.0.1:%d/v1\", "
		"\"key_env\": \"CHECK_KEY\"}}, \"models\": {\"m\": {\"provider\": \"test\", "
		"\"id\": \"x\", \"tier\": 1, \"can\": [%s], \"price\": {\"input\": 1, "
		"\"output\": 2}}}}",
		w->server ? raw_server_port(w->server) : raw_free_port(), can);
	fclose(file);
	setenv("CHECK_KEY", "sk-check-1234567890", 1);
}

static void close_world(struct world *w)
{
	raw_server_close(&w->server);
	unlink(w->config);
	buf_release(&w->out);
	buf_release(&w->notes);
}

/* Runs a line; interrupted once the server has done `interrupt_at` steps (0: never). */
static int run(struct world *w, const char *line, size_t interrupt_at)
{
	struct engine_setup setup = { .config_file = w->config, .simulate = !w->server };
	const struct engine_out out = { .write = take, .ctx = w };
	struct buf why = BUF(BUF_WHY_MAX);
	struct command *c;
	struct engine *e;
	int status = -1;

	setup.sets[setup.set_count++] = "sim.speed=fast";
	buf_clear(&w->out);
	buf_clear(&w->notes);
	if (engine_open(&e, &setup, &why))
		fail_msg("%s", why.ptr);
	check_ok(engine_begin_line(e, str_of(line), &out, &c, NULL));
	while (!command_is_done(c, &status)) {
		engine_turn(e, interrupt_at ? 1000 : -1);
		if (interrupt_at && raw_server_done(w->server) >= interrupt_at)
			command_interrupt(c);
	}
	command_free(&c);
	engine_close(&e);
	buf_release(&why);
	return status;
}

static void check_has(const struct buf *text, const char *part)
{
	if (str_find(buf_str(text), str_of(part)) == text->len)
		fail_msg("\"%s\" is not in \"%s\"", part, text->ptr);
}

/* ---- answers ---------------------------------------------------------------------------- */

#define OK_HEAD "HTTP/1.1 200 OK\r\nConnection: close\r\n"
#define SSE_HEAD OK_HEAD "Content-Type: text/event-stream\r\n\r\n"
#define OLD_HEAD \
	OK_HEAD "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/event-stream\r\n\r\n"
#define DELTA(delta) "data: {\"choices\":[{\"index\":0,\"delta\":{" delta "}}]}\n\n"
#define SAYS(text) DELTA("\"content\":\"" text "\"")
#define ENDS(reason) \
	"data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" reason "\"}]}\n\n"
#define USAGE "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2}}\n\n"
#define LAST "data: [DONE]\n\n"
#define CALLS(name, arguments)                                                                 \
	DELTA("\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":{" \
	      "\"name\":\"" name "\",\"arguments\":\"" arguments "\"}}]")

#define ANSWER(number, bytes) \
	DO_ON(number, ACCEPT), DO_ON(number, REQUEST), SEND_ON(number, bytes), DO_ON(number, CLOSE)

#define PLAIN ANSWER(0, SSE_HEAD SAYS("ready") ENDS("stop") USAGE LAST)
#define TOOL(call) ANSWER(1, SSE_HEAD call ENDS("tool_calls") USAGE LAST)
#define CHOSEN(text) ANSWER(1, SSE_HEAD SAYS(text) ENDS("stop") USAGE LAST)

static const struct showing {
	const char *name;
	struct raw_step script[16];
	const char *can, *options;
	int status;
	const char *json[3], *words;
} showings[] = {
	{ "all is well",
		{ PLAIN, TOOL(CALLS("get_local_time", "{\\\"city\\\":\\\"Paris\\\"}")),
			ANSWER(2, SSE_HEAD SAYS("{\\\"colour\\\":\\\"red\\\",\\\"count\\\":3}")
					  ENDS("stop") USAGE LAST),
			DO(END) },
		"\"tools\", \"json\"", "", 0,
		{ "\"result\":\"ok\",\"status\":200,\"reached\":true,\"key_accepted\":true,"
		  "\"streams\":true,\"usage_sent\":true,\"tools\":true,\"schema_obeyed\":true",
			/* three times 10 x $1 and 2 x $2 a million */
			"\"cost_usd\":\"0.000042000\",\"cost_estimated\":false,\"calls\":3,"
			"\"error\":null",
			"\"clock_skew_s\":null" },
		NULL },
	{ "what is not promised is not asked", { PLAIN, DO(END) }, "", "", 0,
		{ "\"tools\":null,\"schema_obeyed\":null", "\"calls\":1", "\"result\":\"ok\"" },
		NULL },
	{ "a key that is refused",
		{ ANSWER(0,
			  "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 48\r\n"
			  "\r\n{\"error\":{\"message\":\"no sk-check-1234567890 !\"}}"),
			DO(END) },
		"\"tools\"", "", 1,
		{ "\"result\":\"failed\",\"status\":401,\"reached\":true,\"key_accepted\":false,"
		  "\"streams\":null,\"usage_sent\":null,\"tools\":null",
			"\"cost_usd\":\"0.000000000\"", "is the key in $CHECK_KEY right" },
		"is the key in $CHECK_KEY right" },
	{ "no usage", { ANSWER(0, SSE_HEAD SAYS("ready") ENDS("stop") LAST), DO(END) }, "", "", 0,
		{ "\"usage_sent\":false", "\"cost_estimated\":true", "\"result\":\"ok\"" },
		"m: it does not count tokens: its costs are estimates" },
	{ "limits in the head",
		{ ANSWER(0, OK_HEAD "x-ratelimit-limit-requests: 500\r\nx-ratelimit-remaining-"
				    "requests: 499\r\nx-ratelimit-reset-requests: 120ms\r\n"
				    "x-ratelimit-limit-tokens: 30000\r\n"
				    "Content-Type: text/event-stream\r\n\r\n" SAYS("ready")
					    ENDS("stop") USAGE LAST),
			DO(END) },
		"", "", 0,
		{ "\"limits\":[{\"of\":\"requests\",\"limit\":500,\"left\":499,\"reset_s\":0.120},"
		  "{\"of\":\"tokens\",\"limit\":30000,\"left\":null,\"reset_s\":null}]",
			"\"result\":\"ok\"", "" },
		"m: its limits: 500 requests (499 left), 30000 tokens" },
	{ "a clock of 1994", { ANSWER(0, OLD_HEAD SAYS("ready") ENDS("stop") USAGE LAST), DO(END) },
		"", "", 0, { "\"clock_skew_s\":-", "\"result\":\"ok\"", "" },
		"s behind ours: one of them" },
	{ "an answer that does not stream",
		{ ANSWER(0, OK_HEAD "Content-Type: application/json\r\n\r\n"
				    "{\"choices\":[{\"message\":{\"content\":\"ready\"},"
				    "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":10,"
				    "\"completion_tokens\":2}}"),
			DO(END) },
		"", "", 1, { "\"streams\":false,\"usage_sent\":true", "answers whole", "" },
		"m: it answers whole" },
	{ "a stream that is cut", { ANSWER(0, SSE_HEAD SAYS("rea")), DO(END) }, "\"json\"", "", 1,
		{ "\"result\":\"failed\"", "stopped in the middle", "\"schema_obeyed\":null" },
		"m stopped in the middle" },
	{ "a tool that is not called", { PLAIN, CHOSEN("It is late."), DO(END) }, "\"tools\"", "",
		1, { "\"tools\":false", "did not call the tool", "\"calls\":2" }, NULL },
	{ "another tool than was offered", { PLAIN, TOOL(CALLS("rm", "{}")), DO(END) }, "\"tools\"",
		"", 1, { "\"tools\":false", "called a tool that it was not offered", "" }, NULL },
	{ "arguments that are none", { PLAIN, TOOL(CALLS("get_local_time", "{}")), DO(END) },
		"\"tools\"", "", 1,
		{ "\"tools\":false", "arguments that are not as described", "" }, NULL },
	{ "words where JSON was asked for", { PLAIN, CHOSEN("Three red apples."), DO(END) },
		"\"json\"", "", 1, { "\"schema_obeyed\":false", "does not obey the schema", "" },
		"m: its answer does not obey the schema" },
	{ "a field too many",
		{ PLAIN, CHOSEN("{\\\"colour\\\":\\\"red\\\",\\\"count\\\":3,\\\"note\\\":1}"),
			DO(END) },
		"\"json\"", "", 1, { "\"schema_obeyed\":false", "", "" }, NULL },
	{ "a colour that is none",
		{ PLAIN, CHOSEN("{\\\"colour\\\":\\\"pink\\\",\\\"count\\\":3}"), DO(END) },
		"\"json\"", "", 1, { "\"schema_obeyed\":false", "", "" }, NULL },
	{ "a count that is none",
		{ PLAIN, CHOSEN("{\\\"colour\\\":\\\"red\\\",\\\"count\\\":\\\"3\\\"}"), DO(END) },
		"\"json\"", "", 1, { "\"schema_obeyed\":false", "", "" }, NULL },
	{ "nobody answers", { DO(ACCEPT), DO(REQUEST), DO(GONE), DO(END) }, "\"tools\"",
		"--timeout 0.05", 1,
		{ "\"result\":\"failed\"", "the time limit of the check passed", "\"tools\":null" },
		"the time limit of the check passed: raise --timeout" },
	{ "a connection that is reset", { DO(ACCEPT), DO(REQUEST), DO(RESET), DO(END) }, "", "", 1,
		{ "\"reached\":false", "\"status\":null", "127.0.0.1" }, NULL },
};

static void a_model_is_shown_as_it_is(void **state)
{
	struct buf line = BUF(BUF_LINE_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(showings); i++) {
		const struct showing *s = &showings[i];
		struct world w;
		int status;

		open_world(&w, s->script, s->can);
		buf_clear(&line);
		buf_addf(&line, "model check m --json %s", s->options);
		status = run(&w, line.ptr, 0);
		if (status != s->status)
			fail_msg("%s: %d: %s", s->name, status, w.out.ptr);
		for (size_t k = 0; k < ARRAY_LEN(s->json); k++)
			check_has(&w.out, s->json[k]);
		assert_true(str_find(buf_str(&w.out), STR("sk-check")) == w.out.len);
		close_world(&w);
		if (!s->words)
			continue;
		open_world(&w, s->script, s->can);
		buf_clear(&line);
		buf_addf(&line, "model check m %s", s->options);
		assert_int_equal(run(&w, line.ptr, 0), s->status);
		check_has(&w.out, s->words);
		close_world(&w);
	}
	buf_release(&line);
}

static void it_is_asked_as_every_other_call_is(void **state)
{
	struct buf request = BUF(BUF_LINE_MAX);
	struct world w;

	(void)state;
	open_world(&w, showings[0].script, showings[0].can);
	assert_int_equal(run(&w, "model check m", 0), 0);
	raw_server_request(w.server, 0, &request);
	check_has(&request, "POST /v1/chat/completions");
	check_has(&request, "Authorization: Bearer sk-check-1234567890");
	check_has(&request, "\"max_tokens\":64");
	buf_clear(&request);
	raw_server_request(w.server, 1, &request);
	check_has(&request, "get_local_time");
	buf_clear(&request);
	raw_server_request(w.server, 2, &request);
	check_has(&request, "colour");
	check_has(&request, "\"response_format\"");
	buf_release(&request);
	close_world(&w);
}

/* The first call was answered, the second hangs when the interrupt comes. */
static void an_interrupt_keeps_what_came(void **state)
{
	static const struct raw_step script[] = { PLAIN, DO_ON(1, ACCEPT), DO_ON(1, REQUEST),
		DO_ON(1, GONE), DO(END) };
	struct world w;

	(void)state;
	open_world(&w, script, "\"tools\"");
	assert_int_equal(run(&w, "model check m --json", 6), 130);
	check_has(&w.out, "\"result\":\"interrupted\",\"status\":200,\"reached\":true");
	check_has(&w.out, "\"tools\":null");
	close_world(&w);
}

static void a_dry_run_calls_nobody_and_says_the_most_it_may_cost(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(END) };
	struct world w;

	(void)state;
	open_world(&w, script, "\"tools\", \"json\"");
	assert_int_equal(run(&w, "model check m --dry-run", 0), 0);
	check_has(&w.out, "all of it at most: $0.000");
	assert_int_equal(raw_server_accepted(w.server), 0);
	assert_int_equal(run(&w, "model check m --dry-run --json", 0), 0);
	check_has(&w.out, "{\"model\":\"m\",\"provider\":\"test\",\"id\":\"x\",\"calls\":3,"
			  "\"most_usd\":\"0.000");
	close_world(&w);
}

static void what_cannot_be_asked_is_said_with_the_mend(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(END) };
	struct world w;

	(void)state;
	unsetenv("OPENAI_API_KEY");
	open_world(&w, script, "");
	assert_int_equal(run(&w, "model check o3 gpt-4", 0), 0);
	check_has(&w.out, "not asked: openai, ");
	check_has(&w.out, "set OPENAI_API_KEY");
	assert_int_equal(run(&w, "model check o3 --json", 0), 0);
	check_has(&w.out, "{\"model\":\"o3\",\"provider\":\"openai\",\"result\":\"not_asked\","
			  "\"mend\":\"set OPENAI_API_KEY\"}");
	assert_int_equal(run(&w, "model check nobody", 0), 2);
	check_has(&w.notes, "there is no model \"nobody\"");
	assert_int_equal(run(&w, "model check --timeout never", 0), 2);
	check_has(&w.notes, "--timeout: expected seconds");
	assert_int_equal(raw_server_accepted(w.server), 0);
	close_world(&w);
}

static void the_simulator_does_all_that_is_expected(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, NULL, "");
	assert_int_equal(run(&w, "model check --json", 0), 0);
	check_has(&w.out, "{\"model\":\"sim-large\"");
	check_has(&w.out, "{\"model\":\"sim-mid\"");
	check_has(&w.out, "{\"model\":\"sim-small\",\"provider\":\"sim\",\"id\":\"sim-small\","
			  "\"result\":\"ok\",\"status\":200,\"reached\":true,\"key_accepted\":null,"
			  "\"streams\":true,\"usage_sent\":true,\"tools\":true,\"schema_obeyed\":"
			  "true");
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_model_is_shown_as_it_is),
		cmocka_unit_test(it_is_asked_as_every_other_call_is),
		cmocka_unit_test(an_interrupt_keeps_what_came),
		cmocka_unit_test(a_dry_run_calls_nobody_and_says_the_most_it_may_cost),
		cmocka_unit_test(what_cannot_be_asked_is_said_with_the_mend),
		cmocka_unit_test(the_simulator_does_all_that_is_expected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
