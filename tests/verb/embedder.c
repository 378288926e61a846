/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir embed and weir model embedder, with a small model of words on a scripted hub and a home that
 * nobody has lived in. */
#include "core/engine.h"

#include "core/base/arena.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/sha256.h"
#include "tests/check.h"
#include "tests/embed/tensors.h"
#include "tests/net/raw_server.h"

#include <ftw.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEPS_MAX = 64, PIECES_MAX = 8 };

/* ---- a model ---------------------------------------------------------------------------- */

static const char config_json[] = "{\"architectures\": [\"StaticModel\"]}";
static const char tokenizer_json[] =
	"{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"[UNK]\": 0, \"red\": 1, \"blue\": 2, "
	"\"green\": 3}}, \"normalizer\": {\"type\": \"BertNormalizer\"}, \"pre_tokenizer\": "
	"{\"type\": \"BertPreTokenizer\"}}";
static const float rows[4][4] = { { 0 }, { 2, 0, 0, 0 }, { 0, 2, 0, 0 }, { 0, 0, 1, 1 } };

static void make_weights(struct buf *out)
{
	struct tensor_file f = TENSOR_FILE;

	tensor_file_add(&f, "embeddings", "F32", "[4, 4]", rows, sizeof(rows));
	tensor_file_end(&f, out);
}

/* ---- a world ---------------------------------------------------------------------------- */

struct world {
	struct arena arena;
	char home[64];
	const char *dir, *config; /* where embedders are; the configuration file */
	struct buf weights;
	char sum[SHA256_HEX + 1];
	struct raw_step script[STEPS_MAX];
	size_t steps;
	struct raw_server *hub;
	const char *pieces[PIECES_MAX]; /* of stdin */
	size_t piece;
	struct buf words[2], progress;
	bool deaf, on_terminal;
	int lines; /* of progress */
};

static bool take(void *ctx, enum engine_stream stream, struct str text)
{
	struct world *w = ctx;

	buf_add_str(&w->words[stream], text);
	return !(w->deaf && stream == ENGINE_OUT);
}

static enum err give(void *ctx, struct buf *text, struct buf *why)
{
	struct world *w = ctx;

	if (w->piece < PIECES_MAX && w->pieces[w->piece])
		buf_add_text(text, w->pieces[w->piece++]);
	if (!buf_is_full(text))
		return ERR_OK;
	why_set(why, "too much");
	return ERR_TOO_BIG;
}

static void take_progress(void *ctx, struct str line)
{
	struct world *w = ctx;

	w->lines++;
	buf_clear(&w->progress);
	buf_add_str(&w->progress, line);
}

static int setup(void **state)
{
	struct world *w = memory_new(sizeof(*w));
	struct sha256 sum;

	*w = (struct world){ .weights = BUF(BUF_TEXT_MAX), .progress = BUF(BUF_LINE_MAX) };
	w->words[0] = w->words[1] = BUF(BUF_TEXT_MAX);
	snprintf(w->home, sizeof(w->home), "/tmp/weir-embedder-XXXXXX");
	if (!mkdtemp(w->home))
		return -1;
	setenv("HOME", w->home, 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_DATA_HOME");
	unsetenv("XDG_STATE_HOME");
	unsetenv("WEIR_CONFIG");
	w->dir = arena_format(&w->arena, "%s/.local/share/weir/embedders", w->home).ptr;
	w->config = arena_format(&w->arena, "%s/.config/weir/config.json", w->home).ptr;
	make_weights(&w->weights);
	sha256_begin(&sum);
	sha256_feed(&sum, buf_str(&w->weights));
	sha256_end(&sum, w->sum);
	*state = w;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int teardown(void **state)
{
	struct world *w = *state;

	nftw(w->home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	raw_server_close(&w->hub);
	buf_release(&w->weights);
	buf_release(&w->words[0]);
	buf_release(&w->words[1]);
	buf_release(&w->progress);
	arena_release(&w->arena);
	memory_free(w);
	return 0;
}

/* ---- the hub ---------------------------------------------------------------------------- */

static void step(struct world *w, enum raw_do what, struct str bytes)
{
	w->script[w->steps++] = (struct raw_step){ .what = what, .bytes = bytes };
}

/* Its beginning only, where the length is to say more than comes. */
static void answer(struct world *w, const char *head, struct str body, size_t come)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	buf_addf(&text, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n", head, body.len);
	buf_add_str(&text, str_part(body, 0, come));
	step(w, RAW_REQUEST, STR_NONE);
	step(w, RAW_SEND, arena_str(&w->arena, buf_str(&text)));
	buf_release(&text);
}

/* What a model's folder begins with: two files, and five that it does without. */
static void answer_small(struct world *w)
{
	step(w, RAW_ACCEPT, STR_NONE);
	answer(w, "200 OK", str_of(config_json), SIZE_MAX);
	answer(w, "200 OK", str_of(tokenizer_json), SIZE_MAX);
	for (int i = 0; i < 5; i++)
		answer(w, "404 No", STR("none"), SIZE_MAX);
}

static void answer_all(struct world *w)
{
	answer_small(w);
	answer(w, "200 OK", buf_str(&w->weights), SIZE_MAX);
	step(w, RAW_CLOSE, STR_NONE);
}

static void hub_open(struct world *w)
{
	step(w, RAW_END, STR_NONE);
	w->hub = raw_server_open(w->script);
}

static bool hub_was_asked(struct world *w, size_t number, const char *text)
{
	struct buf request = BUF(BUF_LINE_MAX);
	bool found;

	raw_server_request(w->hub, number, &request);
	found = str_find(buf_str(&request), str_of(text)) < request.len;
	buf_release(&request);
	return found;
}

static void hub_close(struct world *w)
{
	raw_server_close(&w->hub);
	w->steps = 0;
}

/* ---- commands --------------------------------------------------------------------------- */

static struct engine *open_engine(struct world *w)
{
	struct engine_setup setup = { 0 };
	struct buf why = BUF(BUF_WHY_MAX);
	struct engine *e;

	if (w->hub)
		setup.sets[setup.set_count++] = arena_format(
			&w->arena, "embedder.hub_url=http://127.0.0.1:%d", raw_server_port(w->hub))
							.ptr;
	if (engine_open(&e, &setup, &why))
		fail_msg("%s", why.ptr);
	return e;
}

static struct command *begin(struct world *w, struct engine *e, const char *line)
{
	const struct engine_out out = { .write = take,
		.ctx = w,
		.read_piece = give,
		.progress = take_progress,
		.terminal = { false, w->on_terminal } };
	struct command *c;

	buf_clear(&w->words[ENGINE_OUT]);
	buf_clear(&w->words[ENGINE_NOTE]);
	w->piece = 0;
	check_ok(engine_begin_line(e, str_of(line), &out, &c, NULL));
	return c;
}

/* In an engine of its own, as a command line of the program has. */
static int run(struct world *w, const char *line)
{
	struct engine *e = open_engine(w);
	struct command *c = begin(w, e, line);
	int status = -1;

	while (!command_is_done(c, &status))
		engine_turn(e, -1);
	command_free(&c);
	engine_close(&e);
	return status;
}

static bool says(struct world *w, enum engine_stream stream, const char *part)
{
	return str_find(buf_str(&w->words[stream]), str_of(part)) < w->words[stream].len;
}

static void expect(
	struct world *w, const char *line, int status, enum engine_stream stream, const char *part)
{
	int got = run(w, line);

	if (got != status || !says(w, stream, part))
		fail_msg("%s: status %d, out \"%s\", notes \"%s\"", line, got, w->words[0].ptr,
			w->words[1].ptr);
}

/* Whether DIR/NAME is there. */
static bool here(struct world *w, const char *name)
{
	return access(arena_format(&w->arena, "%s/%s", w->dir, name).ptr, F_OK) == 0;
}

#define FETCH "model embedder fetch some/tiny"

static void fetch_tiny(struct world *w)
{
	answer_all(w);
	hub_open(w);
	expect(w, FETCH, 0, ENGINE_OUT, "tiny: fetched");
	hub_close(w);
}

/* ---- fetching --------------------------------------------------------------------------- */

static void a_model_is_fetched_chosen_and_used(void **state)
{
	struct world *w = *state;
	struct buf text = BUF(BUF_LINE_MAX);

	answer_all(w);
	hub_open(w);
	expect(w, FETCH, 0, ENGINE_OUT, "tiny: fetched");
	assert_true(says(w, ENGINE_NOTE, w->sum)); /* nobody vouched for it: it is told */
	assert_true(hub_was_asked(w, 0, "GET /some/tiny/resolve/main/config.json HTTP/1.1\r\n"));
	assert_true(hub_was_asked(w, 4, "GET /some/tiny/resolve/main/1_Pooling/config.json "));
	assert_true(hub_was_asked(w, 7, "GET /some/tiny/resolve/main/model.safetensors "));
	assert_false(hub_was_asked(w, 7, "Authorization"));
	hub_close(w);
	assert_true(here(w, "tiny/model.safetensors") && here(w, "tiny/tokenizer.json"));
	assert_false(here(w, "tiny.part") || here(w, "tiny.lock") || here(w, "tiny/1_Pooling"));
	assert_int_equal(w->lines, 0); /* no terminal, no progress */

	expect(w, "model embedder list", 0, ENGINE_OUT, "tiny");
	expect(w, "model embedder check tiny", 0, ENGINE_OUT, "dims       4\n");
	expect(w, "model embedder use tiny", 0, ENGINE_OUT, "embedder.name is tiny now");
	assert_int_equal(file_read(w->config, &text), 0);
	check_buf(&text, "{\n \"embedder\": {\"name\": \"tiny\"}\n}\n");
	expect(w, "embed 'Red, red!'", 0, ENGINE_OUT, "1.0000 0.0000 0.0000 0.0000");
	expect(w, "embed red --with 'red blue'", 0, ENGINE_OUT, "cosine    0.7071");
	expect(w, "model embedder list --json", 0, ENGINE_OUT,
		"{\"name\":\"tiny\",\"chosen\":true,\"dims\":4,");
	buf_release(&text);
}

static void only_the_promised_sum_is_taken(void **state)
{
	struct world *w = *state;
	const char *right = arena_format(&w->arena, FETCH " --sha256 %s", w->sum).ptr;

	answer_all(w);
	hub_open(w);
	expect(w,
		FETCH " --sha256 0000000000000000000000000000000000000000000000000000000000000000",
		1, ENGINE_NOTE, "not the file that was meant");
	assert_true(says(w, ENGINE_NOTE, w->sum));
	hub_close(w);
	assert_false(here(w, "tiny") || here(w, "tiny.part/model.safetensors") ||
		     here(w, "tiny.part/model.safetensors.part") || here(w, "tiny.lock"));
	answer_all(w);
	hub_open(w);
	expect(w, right, 0, ENGINE_OUT, "tiny: fetched");
	assert_false(says(w, ENGINE_NOTE, "no sum"));
}

/* Half of the weights, and the connection is gone. */
static void answer_half(struct world *w, enum raw_do last)
{
	answer_small(w);
	answer(w, "200 OK", buf_str(&w->weights), w->weights.len / 2);
	step(w, last, STR_NONE);
}

static void answer_rest(struct world *w)
{
	struct str rest = str_part(buf_str(&w->weights), w->weights.len / 2, SIZE_MAX / 2);
	const char *head =
		arena_format(&w->arena, "206 Partial Content\r\nContent-Range: bytes %zu-%zu/%zu",
			w->weights.len / 2, w->weights.len - 1, w->weights.len)
			.ptr;

	answer_small(w);
	answer(w, head, rest, SIZE_MAX);
	step(w, RAW_CLOSE, STR_NONE);
}

static void a_cut_is_gone_on_from(void **state)
{
	struct world *w = *state;
	const char *line = arena_format(&w->arena, FETCH " --sha256 %s", w->sum).ptr;

	answer_half(w, RAW_CLOSE);
	hub_open(w);
	expect(w, line, 1, ENGINE_NOTE, "the same command goes on from there");
	hub_close(w);
	assert_false(here(w, "tiny"));
	assert_true(here(w, "tiny.part/model.safetensors.part"));
	answer_rest(w);
	hub_open(w);
	expect(w, line, 0, ENGINE_OUT, "tiny: fetched");
	assert_true(hub_was_asked(
		w, 7, arena_format(&w->arena, "Range: bytes=%zu-\r\n", w->weights.len / 2).ptr));
}

static size_t part_size(struct world *w)
{
	struct stat st;

	return stat(arena_format(&w->arena, "%s/tiny.part/model.safetensors.part", w->dir).ptr, &st)
		       ? 0
		       : (size_t)st.st_size;
}

static void an_interrupt_is_gone_on_from(void **state)
{
	struct world *w = *state;
	const char *line = arena_format(&w->arena, FETCH " --sha256 %s", w->sum).ptr;
	struct command *c;
	struct engine *e;
	int status = -1;

	w->on_terminal = true;
	answer_half(w, RAW_GONE);
	hub_open(w);
	e = open_engine(w);
	c = begin(w, e, line);
	while (part_size(w) < w->weights.len / 2 || !w->lines)
		engine_turn(e, 5000);
	assert_true(str_find(buf_str(&w->progress), STR(" MB")) < w->progress.len);
	command_interrupt(c);
	assert_true(command_is_done(c, &status));
	assert_int_equal(status, 130);
	check_buf(&w->progress, ""); /* taken away again */
	assert_true(says(w, ENGINE_NOTE, "the same command goes on from there"));
	command_free(&c);
	engine_close(&e);
	hub_close(w);
	assert_false(here(w, "tiny") || here(w, "tiny.lock"));
	answer_rest(w);
	hub_open(w);
	expect(w, line, 0, ENGINE_OUT, "tiny: fetched");
}

static void what_does_not_open_never_comes_into_its_place(void **state)
{
	struct world *w = *state;

	step(w, RAW_ACCEPT, STR_NONE);
	answer(w, "200 OK", STR("{\"architectures\": [\"GPT2\"]}"), SIZE_MAX);
	answer(w, "200 OK", str_of(tokenizer_json), SIZE_MAX);
	for (int i = 0; i < 5; i++)
		answer(w, "404 No", STR(""), SIZE_MAX);
	answer(w, "200 OK", buf_str(&w->weights), SIZE_MAX);
	step(w, RAW_CLOSE, STR_NONE);
	hub_open(w);
	expect(w, FETCH, 1, ENGINE_NOTE, "GPT2");
	assert_false(here(w, "tiny") || here(w, "tiny.part") || here(w, "tiny.lock"));
	hub_close(w);

	step(w, RAW_ACCEPT, STR_NONE);
	answer(w, "404 No", STR(""), SIZE_MAX);
	step(w, RAW_CLOSE, STR_NONE);
	hub_open(w);
	expect(w, FETCH, 1, ENGINE_NOTE, "does not have it (status 404)");
	assert_false(here(w, "tiny"));
}

static void what_is_here_is_replaced_only_by_force_and_only_whole(void **state)
{
	struct world *w = *state;

	fetch_tiny(w);
	expect(w, FETCH, 3, ENGINE_NOTE, "it is here already: --force");
	answer_half(w, RAW_CLOSE);
	hub_open(w);
	assert_int_equal(run(w, FETCH " --force"), 1);
	hub_close(w);
	expect(w, "embed --embedder tiny blue", 0, ENGINE_OUT, "0.0000 1.0000 0.0000 0.0000");
	answer_all(w);
	hub_open(w);
	expect(w, FETCH " --force", 0, ENGINE_OUT, "tiny: fetched");
	assert_false(here(w, "tiny.old") || here(w, "tiny.part"));
	expect(w, "embed --embedder tiny blue", 0, ENGINE_OUT, "0.0000 1.0000 0.0000 0.0000");
}

static void a_place_that_cannot_be_made_is_said(void **state)
{
	struct world *w = *state;
	FILE *file = fopen(arena_format(&w->arena, "%s/.local", w->home).ptr, "w");

	assert_non_null(file);
	fclose(file);
	expect(w, FETCH, 1, ENGINE_NOTE, "a part of the path is not a folder");
}

static void wrong_words_are_told(void **state)
{
	static const struct {
		const char *line;
		int status;
		const char *words;
	} cases[] = {
		{ "model embedder fetch", 2, "expected one name" },
		{ "model embedder fetch a b", 2, "expected one name" },
		{ "model embedder fetch nonsense", 2, "ORG/NAME" },
		{ "model embedder fetch ../..", 2, "ORG/NAME" },
		{ "model embedder fetch a/b/c", 2, "ORG/NAME" },
		{ "model embedder fetch a/.b", 2, "ORG/NAME" },
		{ "model embedder fetch a/b?x", 2, "ORG/NAME" },
		{ "model embedder fetch weir", 2, "built in" },
		{ "model embedder fetch a/b --sha256 abc", 2, "64 digits" },
		{ "model embedder list a", 2, "\"a\" is one word too many" },
		{ "model embedder check a b", 2, "\"b\" is one word too many" },
		{ "model embedder lst", 2, "there is no \"lst\"" },
		{ "model embedder use all-MiniLM-L6-v2", 1,
			"not here yet: weir model embedder fetch all-MiniLM-L6-v2" },
		{ "model embedder use all-MiniLM-L6-v", 1, "did you mean \"all-MiniLM-L6-v2\"" },
		{ "model embedder check ..", 1, "there is no embedder \"..\"" },
		{ "embed -e nothing x", 1, "there is no embedder \"nothing\"" },
		{ "embed -e ./nothing x", 1, "./nothing" },
		{ "embed --role poet x", 2, "query or passage" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect(*state, cases[i].line, cases[i].status, ENGINE_NOTE, cases[i].words);
}

/* ---- lines of stdin --------------------------------------------------------------------- */

/* Takes the next line of what was printed: its text, and the vector's numbers. */
static void check_line(struct str *rest, const char *text, const double *vector)
{
	struct buf why = BUF(BUF_WHY_MAX);
	json_t *json = NULL, *numbers;
	struct str line;

	assert_true(str_cut(rest, '\n', &line));
	if (json_read(line, JSON_READ_STRICT, &json, &why))
		fail_msg("%s: %.*s", why.ptr, STR_ARG(line));
	check_str(json_get_text(json, "text"), text);
	numbers = json_object_get(json, "vector");
	assert_int_equal(json_array_size(numbers), 4);
	for (size_t i = 0; i < 4; i++)
		assert_true(fabs(json_number_value(json_array_get(numbers, i)) - vector[i]) < 1e-6);
	json_decref(json);
	buf_release(&why);
}

static void every_line_gives_one_in_order_however_it_comes(void **state)
{
	static const double red[] = { 1, 0, 0, 0 }, blue[] = { 0, 1, 0, 0 }, none[4];
	static const char *const pieces[] = { "re", "d\nblue\r\n\nre", "d\xFF", "\nunknown\n",
		"blue" };
	struct world *w = *state;
	struct str rest;

	fetch_tiny(w);
	memcpy(w->pieces, pieces, sizeof(pieces));
	assert_int_equal(run(w, "embed --json --embedder tiny -"), 0);
	rest = buf_str(&w->words[ENGINE_OUT]);
	check_line(&rest, "red", red);
	check_line(&rest, "blue", blue);
	check_line(&rest, "", none);
	check_line(&rest, "red\xEF\xBF\xBD", red);
	check_line(&rest, "unknown", none);
	check_line(&rest, "blue", blue);
	assert_int_equal(rest.len, 0);
	check_buf(&w->words[ENGINE_NOTE], "");

	expect(w, "embed --embedder tiny --with red -", 0, ENGINE_OUT,
		"1.0000  red\n0.0000  blue\n0.0000  \n");
}

static void long_lines_are_taken_and_endless_ones_are_not(void **state)
{
	struct world *w = *state;
	struct buf line = BUF(BUF_TEXT_MAX);

	fetch_tiny(w);
	while (line.len < 1 << 20)
		buf_add_text(&line, "red blue ");
	buf_add_char(&line, '\n');
	w->pieces[0] = line.ptr;
	w->pieces[1] = "red\n";
	assert_int_equal(run(w, "embed --json --embedder tiny"), 0);
	assert_true(says(w, ENGINE_OUT, "{\"text\":\"red\",\"vector\":[1,0,0,0]}\n"));
	assert_true(w->words[ENGINE_OUT].len > line.len);

	buf_clear(&line);
	buf_add_repeat(&line, 'x', 9 << 20);
	w->pieces[0] = "red\n";
	w->pieces[1] = w->pieces[2] = line.ptr;
	expect(w, "embed --embedder tiny", 1, ENGINE_NOTE, "embed: line 2 is longer than 16 MiB");
	buf_release(&line);
}

static void it_ends_when_nobody_reads_any_more(void **state)
{
	struct world *w = *state;

	fetch_tiny(w);
	for (int i = 0; i < PIECES_MAX; i++)
		w->pieces[i] = "red\nblue\n";
	w->deaf = true;
	assert_int_equal(run(w, "embed --json --embedder tiny"), 0);
	assert_int_equal(w->piece, 1);
	check_buf(&w->words[ENGINE_OUT], "{\"text\":\"red\",\"vector\":[1,0,0,0]}\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_model_is_fetched_chosen_and_used),
		TEST(only_the_promised_sum_is_taken),
		TEST(a_cut_is_gone_on_from),
		TEST(an_interrupt_is_gone_on_from),
		TEST(what_does_not_open_never_comes_into_its_place),
		TEST(what_is_here_is_replaced_only_by_force_and_only_whole),
		TEST(a_place_that_cannot_be_made_is_said),
		TEST(wrong_words_are_told),
		TEST(every_line_gives_one_in_order_however_it_comes),
		TEST(long_lines_are_taken_and_endless_ones_are_not),
		TEST(it_ends_when_nobody_reads_any_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
