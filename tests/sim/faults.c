/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fault scripts, and what stands on the wire because of them: raw bytes from a raw socket. Silence
 * is known by a short patience of the reader's. */
#include "core/sim/fault_script.h"

#include "core/base/arena.h"
#include "core/sim/sim.h"
#include "tests/check.h"
#include "tests/sim/client.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define CHAT "/v1/chat/completions"
#define BODY(more)                                                                                \
	"{\"model\":\"sim-large\",\"messages\":[{\"role\":\"user\",\"content\":"                  \
	"\"how many rows may an import file have?\"}]" more "}"
#define STREAM BODY(",\"stream\":true")

/* A silence is this long; so many of them are the end of the patience. */
enum {
	PATIENCE_MS = 20,
	SILENCES_MAX = 1000,
	ANSWER_MAX = 16 * 1024 * 1024,
	MUCH = 8 * 1024 * 1024
};

/* ---- the script ----------------------------------------------------------------------------- */

static const struct {
	const char *text, *says;
} wrong_scripts[] = {
	{ "{", "faults.json:1:" },
	{ "[]", "faults.json:1:1: expected an object such as {\"faults\"" },
	{ "{}", "expected an object such as {\"faults\"" },
	{ "{\"faults\": 3}", "faults.json:1:2: faults: expected a list of faults" },
	{ "{\"faults\": [],\n \"sead\": 3}",
		"faults.json:2:2: sead: unknown key; did you mean \"seed\"?" },
	{ "{\"faults\": [], \"seed\": -1}", "faults.json:1:16: seed: expected a whole number" },
	{ "{\"faults\": [\n  7]}", "faults.json:2:3: faults[0]: expected an object such as" },
	{ "{\"faults\": [{}]}", "faults.json:1:13: faults[0]: expected a key \"fault\"" },
	{ "{\"faults\": [{\"fault\": \"reset\"}, {\"fault\": \"rest\"}]}",
		"faults[1].fault: unknown fault: \"weir sim --list-faults\" lists them; did you "
		"mean \"reset\"?" },
	{ "{\"faults\": [{\"fault\": \"reset\",\n  \"after_token\": 3}]}",
		"faults.json:2:3: faults[0].after_token: unknown key; did you mean "
		"\"after_tokens\"?" },
	{ "{\"faults\": [{\"fault\": \"reset\", \"status\": 500}]}",
		"faults[0].status: the fault \"reset\" does not take this" },
	{ "{\"faults\": [{\"fault\": \"reset\", \"at\": \"hed\"}]}",
		"faults[0].at: expected one of start|head|answer; did you mean \"head\"?" },
	{ "{\"faults\": [{\"fault\": \"status\", \"status\": 7}]}",
		"faults[0].status: expected a whole number from 100 to 999" },
	{ "{\"faults\": [{\"fault\": \"status\", \"status\": 500.5}]}",
		"expected a whole number" },
	{ "{\"faults\": [{\"fault\": \"status\", \"share\": 1.5}]}",
		"faults[0].share: expected a number from 0 to 1" },
	{ "{\"faults\": [{\"fault\": \"status\", \"message\": \"a\\nb\"}]}",
		"faults[0].message: expected a text of one line" },
	{ "{\"faults\": [{\"fault\": \"status\", \"headers\": {\"a\": 3}}]}",
		"faults[0].headers: expected an object of texts" },
	{ "{\"faults\": [{\"fault\": \"status\", \"headers\": {\"a\": \"x\\r\\ny\"}}]}",
		"faults[0].headers: expected an object of texts" },
	{ "{\"faults\": [{\"fault\": \"reset\",\n\"nth\": 1,\n\"nth\": 2}]}",
		"faults.json:3:1: faults[0].nth: this key stands twice" },
};

static void what_is_wrong_in_a_script_is_said_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong_scripts); i++) {
		struct buf why = BUF(BUF_WHY_MAX);
		struct fault_script *script;

		if (fault_script_read(&script, str_of(wrong_scripts[i].text), "faults.json",
			    &why) != ERR_CONFIG ||
			str_find(buf_str(&why), str_of(wrong_scripts[i].says)) == why.len)
			fail_msg("%s: %s", wrong_scripts[i].text, why.ptr);
		assert_null(script);
		buf_release(&why);
	}
}

static struct fault_script *script_of(const char *text)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct fault_script *script;

	if (fault_script_read(&script, str_of(text), "faults.json", &why))
		fail_msg("%s", why.ptr);
	return script;
}

/* Who is struck among `count` requests: 'r' for reset, 'h' for hang, '.' for nobody. */
static void strikes(const char *text, const struct fault_request *request, size_t count, char *out)
{
	struct fault_script *script = script_of(text);

	for (size_t i = 0; i < count; i++) {
		const struct sim_fault *f = fault_script_pick(script, request);

		out[i] = f ? f->row->name[0] : '.';
	}
	out[count] = '\0';
	fault_script_free(&script);
}

static const struct {
	const char *rules, *struck;
} turns[] = {
	{ "{\"fault\": \"reset\"}", "rrrrrrrr" },
	{ "{\"fault\": \"reset\", \"nth\": 3}", "..r....." },
	{ "{\"fault\": \"reset\", \"every\": 3}", "..r..r.." },
	{ "{\"fault\": \"reset\", \"times\": 2}", "rr......" },
	{ "{\"fault\": \"reset\", \"every\": 2, \"times\": 2}", ".r.r...." },
	{ "{\"fault\": \"reset\", \"share\": 0}", "........" },
	{ "{\"fault\": \"reset\", \"every\": 2}, {\"fault\": \"hang\", \"every\": 4}", ".r.r.r.r" },
	{ "{\"fault\": \"hang\", \"nth\": 4}, {\"fault\": \"reset\", \"every\": 2}", ".r.h.r.r" },
	{ "{\"fault\": \"reset\", \"model\": \"m\"}", "rrrrrrrr" },
	{ "{\"fault\": \"reset\", \"model\": \"n\"}", "........" },
	{ "{\"fault\": \"reset\", \"wire\": \"anthropic\"}", "rrrrrrrr" },
	{ "{\"fault\": \"reset\", \"wire\": \"openai\"}", "........" },
	{ "{\"fault\": \"reset\", \"path\": \"/v1/messages\"}", "rrrrrrrr" },
	{ "{\"fault\": \"reset\", \"path\": \"/v1/models\"}", "........" },
	{ "{\"//\": \"words\", \"fault\": \"reset\", \"// why\": [1, {\"a\": 2}], \"nth\": 1}",
		"r......." },
	/* A request that wants no stream cannot have its stream cut. */
	{ "{\"fault\": \"cut\"}", "........" },
};

static void a_fault_strikes_when_its_turn_has_come(void **state)
{
	const struct fault_request request = {
		STR("/v1/messages"), STR("m"), SIM_ANTHROPIC, false
	};
	struct arena arena = ARENA;
	char struck[9];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(turns); i++) {
		strikes(arena_format(&arena, "{\"faults\": [%s]}", turns[i].rules).ptr, &request,
			8, struck);
		if (strcmp(struck, turns[i].struck) != 0)
			fail_msg("%s: %s", turns[i].rules, struck);
	}
	arena_release(&arena);
}

static size_t count_of(const char *text, char c)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == c;
	return count;
}

static void a_share_is_that_of_the_seed(void **state)
{
	const struct fault_request request = { STR(CHAT), STR("m"), SIM_OPENAI, true };
	char first[1001], again[1001], other[1001];

	(void)state;
	strikes("{\"seed\": 5, \"faults\": [{\"fault\": \"reset\", \"share\": 0.3}]}", &request,
		1000, first);
	strikes("{\"seed\": 5, \"faults\": [{\"fault\": \"reset\", \"share\": 0.3}]}", &request,
		1000, again);
	strikes("{\"seed\": 6, \"faults\": [{\"fault\": \"reset\", \"share\": 0.3}]}", &request,
		1000, other);
	assert_string_equal(first, again);
	assert_string_not_equal(first, other);
	assert_in_range(count_of(first, 'r'), 250, 350);
}

/* ---- raw bytes ------------------------------------------------------------------------------ */

static struct sim *open_sim(const char *rules)
{
	struct arena arena = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	struct sim_options options = { .fast = true, .faults_name = "faults.json" };
	struct sim *sim;

	options.kb_dir = arena_format(&arena, "%s/kb", getenv("WEIR_DATA")).ptr;
	options.faults = arena_format(&arena, "{\"seed\": 3, \"faults\": [%s]}", rules);
	if (sim_open(&sim, &options, &why))
		fail_msg("%s", why.ptr);
	arena_release(&arena);
	return sim;
}

enum ends { CLOSED, RESET, SILENT };

static const char *const end_names[] = { "closed", "reset", "silent" };

static int connect_to(const struct sim *sim)
{
	const struct timeval patience = { .tv_usec = PATIENCE_MS * 1000 };
	int fd = client_connect(sim_port(sim));

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static void ask(int fd, const char *path, const char *body)
{
	struct arena arena = ARENA;

	assert_true(client_send(fd, arena_format(&arena, "POST %s HTTP/1.1\r\nHost: a\r\n"
							 "Content-Length: %zu\r\n\r\n%s",
						    path, strlen(body), body)));
	arena_release(&arena);
}

#define OK_HEAD "HTTP/1.1 200 "
#define FINISH "\"finish_reason\":\"stop\""
#define DONE "data: [DONE]\n\n"
#define LAST_CHUNK "\r\n0\r\n\r\n"

/* A keep-alive answer that is complete is followed by silence. */
static const struct raw {
	const char *rule; /* without the braces around it */
	const char *body;
	enum ends ends;
	const char *has[4], *lacks[3];
	size_t least, most; /* bytes of all; 0: any */
} raws[] = {
	{ "\"fault\": \"hang\"", STREAM, SILENT, { NULL }, { OK_HEAD }, 0, 0 },
	{ "\"fault\": \"hang\", \"at\": \"head\"", STREAM, SILENT, { OK_HEAD }, { "\r\n\r\n" }, 20,
		200 },
	{ "\"fault\": \"hang\", \"after_bytes\": 0", STREAM, SILENT, { OK_HEAD, "\r\n\r\n" },
		{ "data:" }, 20, 0 },
	{ "\"fault\": \"hang\", \"after_tokens\": 1", STREAM, SILENT, { OK_HEAD, "data:" },
		{ DONE }, 100, 0 },
	{ "\"fault\": \"reset\"", STREAM, RESET, { NULL }, { OK_HEAD }, 0, 0 },
	{ "\"fault\": \"reset\", \"at\": \"head\"", STREAM, RESET, { OK_HEAD }, { "\r\n\r\n" }, 20,
		200 },
	{ "\"fault\": \"reset\", \"after_tokens\": 1", STREAM, RESET, { "data:" }, { DONE }, 100,
		0 },
	{ "\"fault\": \"close\"", STREAM, CLOSED, { NULL }, { OK_HEAD }, 0, 0 },
	{ "\"fault\": \"close\", \"at\": \"head\"", STREAM, CLOSED, { OK_HEAD }, { "\r\n\r\n" }, 20,
		200 },
	{ "\"fault\": \"close\", \"after_tokens\": 1", STREAM, CLOSED,
		{ "Transfer-Encoding: chunked", "data:" }, { DONE, LAST_CHUNK }, 100, 0 },
	{ "\"fault\": \"close\", \"after_tokens\": 1, \"ends\": \"close\"", STREAM, CLOSED,
		{ "Connection: close", "\r\n\r\ndata:" }, { DONE, "chunked" }, 100, 0 },
	{ "\"fault\": \"close\", \"after_bytes\": 10", STREAM, CLOSED, { "a\r\ndata: {\"id\r\n" },
		{ "choices" }, 100, 0 },
	{ "\"fault\": \"close\", \"after_bytes\": 10", BODY(""), CLOSED,
		{ "a\r\n{\"id\":\"cha\r\n" }, { "choices" }, 100, 0 },
	{ "\"fault\": \"late\", \"ms\": 1", STREAM, SILENT, { OK_HEAD, FINISH, DONE, LAST_CHUNK },
		{ NULL }, 0, 0 },
	{ "\"fault\": \"late\", \"ms\": 60000", STREAM, SILENT, { NULL }, { OK_HEAD }, 0, 0 },
	{ "\"fault\": \"drip\", \"ms\": 1000, \"at\": \"head\"", STREAM, SILENT, { "H" }, { "HT" },
		1, 1 },
	{ "\"fault\": \"drip\", \"ms\": 0, \"bytes\": 7", STREAM, SILENT,
		{ FINISH, DONE, LAST_CHUNK }, { NULL }, 0, 0 },
	{ "\"fault\": \"drip\", \"ms\": 1000, \"bytes\": 5", STREAM, SILENT, { OK_HEAD },
		{ DONE }, 5, 0 },
	{ "\"fault\": \"crumbs\"", STREAM, SILENT,
		{ "1\r\nd\r\n1\r\na\r\n1\r\nt\r\n1\r\na\r\n", LAST_CHUNK }, { DONE }, 0, 0 },
	{ "\"fault\": \"garbage\", \"bytes\": 500", STREAM, CLOSED, { "\x16" }, { "HTTP" }, 500,
		500 },
	{ "\"fault\": \"big_head\", \"bytes\": 500000", STREAM, SILENT,
		{ OK_HEAD, "xxxx\r\n\r\n" }, { NULL }, 500000, 502000 },
	{ "\"fault\": \"bad_framing\"", STREAM, CLOSED, { "\r\n5\r\ndata: {" }, { LAST_CHUNK }, 0,
		0 },
	{ "\"fault\": \"bad_framing\", \"framing\": \"no_line_end\"", STREAM, CLOSED, { "data: {" },
		{ LAST_CHUNK }, 0, 0 },
	{ "\"fault\": \"bad_framing\", \"framing\": \"negative\"", STREAM, CLOSED,
		{ "\r\n-5\r\n" }, { LAST_CHUNK }, 0, 0 },
	{ "\"fault\": \"bad_framing\", \"framing\": \"huge\"", STREAM, CLOSED,
		{ "\r\nfffffffffffffffff\r\n" }, { LAST_CHUNK }, 0, 0 },
	{ "\"fault\": \"bad_framing\", \"framing\": \"word\"", STREAM, CLOSED,
		{ "\r\nmany\r\n" }, { LAST_CHUNK }, 0, 0 },
	{ "\"fault\": \"wrong_length\", \"bytes\": 40", STREAM, CLOSED,
		{ "Content-Length: 40\r\n", "\r\n\r\ndata:", DONE }, { "chunked" }, 500, 0 },
	{ "\"fault\": \"wrong_length\", \"length\": \"long\"", STREAM, CLOSED,
		{ "Content-Length: 1099511627776\r\n", DONE }, { "chunked" }, 500, 0 },
	{ "\"fault\": \"wrong_length\", \"length\": \"negative\"", STREAM, CLOSED,
		{ "Content-Length: -5\r\n" }, { "chunked" }, 500, 0 },
	{ "\"fault\": \"wrong_length\", \"length\": \"word\"", STREAM, CLOSED,
		{ "Content-Length: many\r\n" }, { "chunked" }, 500, 0 },
	{ "\"fault\": \"wrong_length\", \"length\": \"two\"", STREAM, CLOSED,
		{ "Content-Length: 20\r\nContent-Length: 3000\r\n" }, { "chunked" }, 500, 0 },
	{ "\"fault\": \"cut\", \"after_tokens\": 2", STREAM, SILENT, { "data:", LAST_CHUNK },
		{ DONE, FINISH }, 100, 0 },
	{ "\"fault\": \"half_line\", \"after_tokens\": 2", STREAM, SILENT, { "data:", LAST_CHUNK },
		{ DONE, FINISH, "\n\n\r\n0\r\n" }, 100, 0 },
	{ "\"fault\": \"big_line\", \"bytes\": 100000", STREAM, SILENT,
		{ "data: \r\n", "    \r\n4\r\n{}\n\n\r\n", FINISH, DONE }, { NULL }, 100000,
		150000 },
	{ "\"fault\": \"comments\", \"bytes\": 100000", STREAM, SILENT,
		{ ": keep-alive\n\n: keep-alive\n\n", FINISH, DONE }, { NULL }, 100000, 150000 },
	{ "\"fault\": \"bad_chunk\"", STREAM, SILENT,
		{ "data: {\"choices\":[{\"index\":0,\"delta\":\n\n", FINISH, DONE }, { NULL }, 0,
		0 },
	{ "\"fault\": \"bad_chunk\", \"body\": \"hello\"", STREAM, SILENT,
		{ "data: hello\n\n", FINISH, DONE }, { NULL }, 0, 0 },
	{ "\"fault\": \"bad_utf8\"", STREAM, SILENT,
		{ "\"content\":\"\xff\xc3(\xed\xa0\x80", FINISH, DONE }, { NULL }, 0, 0 },
	{ "\"fault\": \"stream_error\"", STREAM, SILENT,
		{ "data: {\"error\":{\"message\":\"The server had an error", LAST_CHUNK },
		{ FINISH, DONE, "event:" }, 0, 0 },
	{ "\"fault\": \"stream_error\", \"form\": \"event\", \"code\": \"c\", \"message\": \"m\"",
		STREAM, SILENT,
		{ "event: error\ndata: {\"error\":{\"message\":\"m\",", "\"code\":\"c\"}}\n\n" },
		{ FINISH, DONE }, 0, 0 },
	{ "\"fault\": \"stream_error\", \"form\": \"field\"", STREAM, SILENT,
		{ "\nerror: {\"error\":{", DONE, LAST_CHUNK }, { FINISH }, 0, 0 },
	{ "\"fault\": \"stream_error\", \"form\": \"object\"", STREAM, SILENT,
		{ "data: {\"object\":\"error\",\"message\":", DONE }, { FINISH }, 0, 0 },
	{ "\"fault\": \"stream_error\", \"form\": \"beside\"", STREAM, SILENT,
		{ "\"finish_reason\":\"error\"}],\"error\":{", DONE }, { FINISH }, 0, 0 },
	{ "\"fault\": \"no_last\"", STREAM, SILENT, { FINISH, LAST_CHUNK }, { DONE }, 0, 0 },
	{ "\"fault\": \"stays_open\"", STREAM, SILENT, { FINISH, DONE }, { LAST_CHUNK }, 0, 0 },
	{ "\"fault\": \"no_finish\"", STREAM, SILENT, { DONE, LAST_CHUNK }, { FINISH }, 0, 0 },
	{ "\"fault\": \"two_finishes\"", STREAM, SILENT, { FINISH, DONE, LAST_CHUNK }, { NULL }, 0,
		0 },
	{ "\"fault\": \"lie\"", BODY(",\"stream\":true,\"max_tokens\":3"), SILENT,
		{ FINISH, DONE, LAST_CHUNK }, { "\"length\"" }, 0, 0 },
	{ "\"fault\": \"lie\", \"reason\": \"banana\"", STREAM, SILENT,
		{ "\"finish_reason\":\"banana\"", DONE, LAST_CHUNK }, { FINISH }, 0, 0 },
	{ "\"fault\": \"empty_stream\"", STREAM, SILENT, { OK_HEAD, "\r\n\r\n0\r\n\r\n" },
		{ "data" }, 0, 0 },
	{ "\"fault\": \"empty_answer\"", STREAM, SILENT, { FINISH, DONE, LAST_CHUNK }, { "rows" },
		0, 0 },
	{ "\"fault\": \"status\", \"status\": 418, \"message\": \"m\", \"code\": \"c\", \"type\": "
	  "\"t\", \"headers\": {\"X-One\": \"1\", \"X-Two\": \"2\"}", STREAM, SILENT,
		{ "HTTP/1.1 418 ", "X-One: 1\r\nX-Two: 2\r\n",
			"{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,"
			"\"code\":\"c\"}}" },
		{ NULL }, 0, 0 },
	{ "\"fault\": \"status\", \"status\": 503, \"body\": {\"detail\": [1]}", BODY(""), SILENT,
		{ "HTTP/1.1 503 ", "Content-Length: 14\r\n", "\r\n\r\n{\"detail\":[1]}" }, { NULL },
		0, 0 },
	{ "\"fault\": \"status\", \"status\": 502, \"body\": \"Bad gateway\"", STREAM, SILENT,
		{ "HTTP/1.1 502 ", "text/plain", "\r\n\r\nBad gateway" }, { NULL }, 0, 0 },
	{ "\"fault\": \"redirect\", \"status\": 301, \"location\": \"http://a.invalid/\"", STREAM,
		SILENT, { "HTTP/1.1 301 ", "Location: http://a.invalid/\r\n" }, { NULL }, 0, 0 },
	{ "\"fault\": \"page\"", STREAM, SILENT, { OK_HEAD, "text/html", "<!DOCTYPE html>" },
		{ NULL }, 0, 0 },
	{ "\"fault\": \"pace\", \"retry_ms\": 69696", STREAM, SILENT,
		{ "HTTP/1.1 429 ", "retry-after-ms: 69696\r\n", "Please try again in 1m9.696s.",
			"\"code\":\"rate_limit_exceeded\"" },
		{ "retry-after:" }, 0, 0 },
	{ "\"fault\": \"pace\", \"limit\": \"rpm\", \"retry_after\": 7", STREAM, SILENT,
		{ "retry-after: 7\r\n", "requests per min (RPM)", "x-ratelimit-limit-requests:" },
		{ "retry-after-ms" }, 0, 0 },
	{ "\"fault\": \"pace\", \"retry_date\": 5", STREAM, SILENT,
		{ "retry-after: ", " GMT\r\n", "(TPM)" }, { "retry-after-ms" }, 0, 0 },
	{ "\"fault\": \"money\"", STREAM, SILENT,
		{ "HTTP/1.1 429 ", "\"code\":\"insufficient_quota\"" }, { NULL }, 0, 0 },
	{ "\"fault\": \"money\", \"status\": 402, \"code\": \"credit_balance_exhausted\"", STREAM,
		SILENT, { "HTTP/1.1 402 ", "\"code\":\"credit_balance_exhausted\"" }, { NULL }, 0,
		0 },
	{ "\"fault\": \"never_fits\"", STREAM, SILENT,
		{ "HTTP/1.1 429 ", "Request too large for sim-large", "Requested 36055" }, { NULL },
		0, 0 },
	{ "\"fault\": \"overloaded\"", STREAM, SILENT, { "HTTP/1.1 503 ", "overloaded" }, { NULL },
		0, 0 },
	{ "\"fault\": \"endless\", \"after_tokens\": 1", STREAM, SILENT, { NULL }, { DONE },
		8000000, 0 },
};

static const struct raw anthropic_raws[] = {
	{ "\"fault\": \"overloaded\"", STREAM, SILENT,
		{ "HTTP/1.1 529 ", "\r\n\r\n{\"type\":\"error\",\"error\":{",
			"\"type\":\"overloaded_error\"" },
		{ NULL }, 0, 0 },
	{ "\"fault\": \"pace\"", STREAM, SILENT,
		{ "HTTP/1.1 429 ", "anthropic-ratelimit-input-tokens-reset: 20",
			"\"type\":\"rate_limit_error\"" },
		{ "x-ratelimit" }, 0, 0 },
	{ "\"fault\": \"money\"", STREAM, SILENT,
		{ "HTTP/1.1 429 ", "\"error_code\":\"enforced_spend_limit_reached\"" }, { NULL }, 0,
		0 },
	{ "\"fault\": \"never_fits\"", STREAM, SILENT,
		{ "HTTP/1.1 413 ", "\"type\":\"request_too_large\"" }, { NULL }, 0, 0 },
	{ "\"fault\": \"status\", \"status\": 401, \"type\": \"authentication_error\"", STREAM,
		SILENT,
		{ "HTTP/1.1 401 ", "\"error\":{\"type\":\"authentication_error\"" }, { NULL }, 0,
		0 },
};

static bool has(const struct buf *text, const char *piece)
{
	return str_find(buf_str(text), str_of(piece)) < text->len;
}

/* All that is wanted is there, whatever may still come. */
static bool has_all(const struct raw *r, const struct buf *raw)
{
	bool ok = raw->len >= r->least;

	for (size_t i = 0; i < ARRAY_LEN(r->has) && r->has[i]; i++)
		ok = ok && has(raw, r->has[i]);
	return ok;
}

/* Until it ends, or is silent with all that is wanted, or has said far more than that. */
static enum ends hear(int fd, struct buf *raw, const struct raw *wanted)
{
	static char piece[65536];
	int silences = 0;

	for (;;) {
		ssize_t got = recv(fd, piece, sizeof(piece), 0);

		if (!got)
			return CLOSED;
		if (got > 0)
			buf_add(raw, piece, (size_t)got);
		else if (errno == ECONNRESET)
			return RESET;
		else if (wanted->ends == SILENT && has_all(wanted, raw))
			return SILENT;
		else if (++silences > SILENCES_MAX)
			return SILENT;
		if (raw->len > MUCH)
			return SILENT;
	}
}

static void check_raw(const struct raw *r, enum ends ends, const struct buf *raw)
{
	bool ok = ends == r->ends && has_all(r, raw) && (!r->most || raw->len <= r->most);

	for (size_t i = 0; i < ARRAY_LEN(r->lacks) && r->lacks[i]; i++)
		ok = ok && !has(raw, r->lacks[i]);
	if (!ok)
		fail_msg("%s: %s after %zu bytes:\n%.2000s", r->rule, end_names[ends], raw->len,
			raw->ptr);
}

static void mark(bool *seen, const char *rule)
{
	for (size_t i = 0; i < SIM_FAULT_COUNT; i++)
		if (strncmp(rule + strlen("\"fault\": \""), fault_rows[i].name,
			    strlen(fault_rows[i].name)) == 0)
			seen[i] = true;
}

static void check_rows(const struct raw *rows, size_t count, const char *path)
{
	struct arena arena = ARENA;

	for (size_t i = 0; i < count; i++) {
		struct sim *sim = open_sim(arena_format(&arena, "{%s}", rows[i].rule).ptr);
		struct buf raw = BUF(ANSWER_MAX);
		int fd = connect_to(sim);

		ask(fd, path, rows[i].body);
		check_raw(&rows[i], hear(fd, &raw, &rows[i]), &raw);
		close(fd);
		buf_release(&raw);
		sim_close(&sim);
	}
	arena_release(&arena);
}

static void each_fault_puts_on_the_wire_what_it_claims(void **state)
{
	bool seen[SIM_FAULT_COUNT] = { false };

	(void)state;
	check_rows(raws, ARRAY_LEN(raws), CHAT);
	for (size_t i = 0; i < ARRAY_LEN(raws); i++)
		mark(seen, raws[i].rule);
	for (size_t i = 0; i < SIM_FAULT_COUNT; i++)
		if (!seen[i])
			fail_msg("no test of \"%s\"", fault_rows[i].name);
}

static void errors_over_the_other_wire_have_its_shape(void **state)
{
	(void)state;
	check_rows(anthropic_raws, ARRAY_LEN(anthropic_raws), "/v1/messages");
}

/* ---- one address for both ------------------------------------------------------------------- */

static void one_connection_meets_answers_and_faults_in_turn(void **state)
{
	static const char *const lines[] = { "HTTP/1.1 200 OK", "HTTP/1.1 429 ", "HTTP/1.1 200 OK",
		"HTTP/1.1 200 Simulated", "HTTP/1.1 200 OK" };
	static const char *const ends[] = { LAST_CHUNK, "}}", LAST_CHUNK, LAST_CHUNK, LAST_CHUNK };
	struct sim *sim = open_sim("{\"fault\": \"pace\", \"nth\": 2}, "
				   "{\"fault\": \"crumbs\", \"nth\": 4}");
	int fd = connect_to(sim);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct buf raw = BUF(ANSWER_MAX);

		struct raw wanted = { .ends = SILENT, .has = { lines[i], ends[i] } };

		ask(fd, CHAT, STREAM);
		assert_int_equal(hear(fd, &raw, &wanted), SILENT);
		if (!str_starts(buf_str(&raw), lines[i]))
			fail_msg("%zu: %.100s", i, raw.ptr);
		assert_true(has(&raw, "X-Weir-Simulator: 1\r\n"));
		buf_release(&raw);
	}
	close(fd);
	assert_int_equal(sim_faults(sim), 2);
	assert_int_equal(sim_requests(sim), 5);
	sim_close(&sim);
}

static void other_addresses_are_left_alone(void **state)
{
	struct sim *sim = open_sim("{\"fault\": \"reset\"}");
	struct client_answer answer;

	(void)state;
	client_ask(sim_port(sim), "GET", "/v1/models", STR_NONE, &answer);
	assert_int_equal(answer.status, 200);
	assert_true(has(&answer.body, "sim-large"));
	client_release(&answer);
	client_ask(sim_port(sim), "GET", CHAT, STR_NONE, &answer);
	assert_int_equal(answer.status, 405);
	client_release(&answer);
	sim_close(&sim);

	sim = open_sim("{\"fault\": \"status\", \"status\": 401, \"path\": \"/v1/models\"}");
	client_ask(sim_port(sim), "GET", "/v1/models?limit=1", STR_NONE, &answer);
	assert_int_equal(answer.status, 401);
	client_release(&answer);
	sim_close(&sim);
}

/* In pieces, as a script of bytes, larger than may be, or no HTTP at all. */
static void strange_requests_get_what_the_server_says(void **state)
{
	static const struct {
		const char *bytes, *says;
	} cases[] = {
		{ "POST " CHAT " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "5\r\nhello\r\n0\r\n\r\n",
			"HTTP/1.1 400 " },
		{ "POST " CHAT " HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
			"HTTP/1.1 400 " },
		{ "GET /health HTTP/1.0\r\n\r\n", "\"simulated\":true" },
	};
	struct sim *sim = open_sim("{\"fault\": \"reset\"}");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf raw = BUF(ANSWER_MAX);
		int fd = connect_to(sim);

		for (const char *at = cases[i].bytes; *at; at++)
			assert_true(client_send(fd, (struct str){ at, 1 }));
		hear(fd, &raw, &(struct raw){ .ends = SILENT, .has = { cases[i].says } });
		if (!has(&raw, cases[i].says))
			fail_msg("%s: %s", cases[i].bytes, raw.ptr);
		close(fd);
		buf_release(&raw);
	}
	sim_close(&sim);
}

static void the_simulator_closes_while_guests_hang(void **state)
{
	struct sim *sim = open_sim("{\"fault\": \"hang\", \"every\": 2},"
				   "{\"fault\": \"drip\", \"at\": \"start\"}");
	int fds[50];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = connect_to(sim);
		if (i % 3)
			ask(fds[i], CHAT, STREAM);
		else
			assert_true(client_send(fds[i], STR("POST " CHAT " HTT")));
	}
	sim_close(&sim);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		close(fds[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_wrong_in_a_script_is_said_with_its_place),
		cmocka_unit_test(a_fault_strikes_when_its_turn_has_come),
		cmocka_unit_test(a_share_is_that_of_the_seed),
		cmocka_unit_test(each_fault_puts_on_the_wire_what_it_claims),
		cmocka_unit_test(errors_over_the_other_wire_have_its_shape),
		cmocka_unit_test(one_connection_meets_answers_and_faults_in_turn),
		cmocka_unit_test(other_addresses_are_left_alone),
		cmocka_unit_test(strange_requests_get_what_the_server_says),
		cmocka_unit_test(the_simulator_closes_while_guests_hang),
	};

	return cmocka_run_group_tests_name("sim faults", tests, NULL, NULL);
}
