/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir model prices: a table is read, its changes are shown, and written only when that is asked
 * for; what was written is in force in the next run. */
#include "core/engine.h"
#include "tests/check.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct world {
	char folder[32];
	struct arena arena;
	struct buf out, notes;
};

static bool take(void *ctx, enum engine_stream stream, struct str text)
{
	struct world *w = ctx;

	buf_add_str(stream == ENGINE_OUT ? &w->out : &w->notes, text);
	return true;
}

static const char *place(struct world *w, const char *name)
{
	return arena_format(&w->arena, "%s/%s", w->folder, name).ptr;
}

static void put(struct world *w, const char *name, const char *text)
{
	FILE *file = fopen(place(w, name), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static struct str get(struct world *w, const char *name)
{
	FILE *file = fopen(place(w, name), "r");
	char text[8192];
	size_t len;

	if (!file)
		return STR_NONE;
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	return arena_str(&w->arena, (struct str){ text, len });
}

/* A fresh engine for each, as a fresh run would be. */
static int run(struct world *w, const char *line)
{
	struct engine_setup setup = { .config_file = place(w, "config.json"), .throw_away = true };
	const struct engine_out out = { .write = take, .ctx = w };
	struct buf why = BUF(BUF_WHY_MAX);
	struct command *c;
	struct engine *e;
	int status = -1;

	buf_clear(&w->out);
	buf_clear(&w->notes);
	if (engine_open(&e, &setup, &why))
		fail_msg("%s", why.ptr);
	check_ok(engine_begin_line(e, str_of(line), &out, &c, NULL));
	while (!command_is_done(c, &status))
		engine_turn(e, -1);
	command_free(&c);
	engine_close(&e);
	buf_release(&why);
	return status;
}

static const char *import(struct world *w, const char *options)
{
	return arena_format(&w->arena, "model prices import %s %s", place(w, "table.json"), options)
		.ptr;
}

static void check_has(const struct buf *text, const char *part)
{
	if (str_find(buf_str(text), str_of(part)) == text->len)
		fail_msg("\"%s\" is not in \"%s\"", part, text->ptr);
}

static void check_has_not(const struct buf *text, const char *part)
{
	if (str_find(buf_str(text), str_of(part)) < text->len)
		fail_msg("\"%s\" is in \"%s\"", part, text->ptr);
}

static const char config[] =
	"{\"// mine\": \"keep this\", \"providers\": {\"p\": {\"base_url\": "
	"\"https://p.example\"}},"
	"\"models\": {\"m\": {\"provider\": \"p\", \"id\": \"x\", \"tier\": 1},"
	"\"mine\": {\"provider\": \"p\", \"id\": \"y\", \"tier\": 1, \"price\": {\"input\": 7}}}}";

static const char table[] =
	"{\"p/x\": {\"litellm_provider\": \"p\", \"input_cost_per_token\": 2.8e-09, "
	"\"output_cost_per_token\": 5e-07},\n"
	"\"p/y\": {\"litellm_provider\": \"p\", \"input_cost_per_token\": 1e-06},\n"
	"\"p/z\": {\"litellm_provider\": \"p\", \"input_cost_per_token\": 1e-06},\n"
	"\"p/\\u001b[2J\": {\"litellm_provider\": \"p\", \"input_cost_per_token\": \"1\"}}";

static void open_world(struct world *w)
{
	*w = (struct world){ .folder = "/tmp/weir-test-XXXXXX" };
	w->out = w->notes = BUF(BUF_TEXT_MAX);
	assert_non_null(mkdtemp(w->folder));
	put(w, "config.json", config);
	put(w, "table.json", table);
}

static void close_world(struct world *w)
{
	static const char *const names[] = { "config.json", "table.json", "config.prices.json",
		"config.prices.json.bak", "config.prices.json.new" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(place(w, names[i]));
	rmdir(w->folder);
	arena_release(&w->arena);
	buf_release(&w->out);
	buf_release(&w->notes);
}

static void nothing_is_written_unless_asked_for(void **state)
{
	struct world w;

	(void)state;
	open_world(&w);
	assert_int_equal(run(&w, import(&w, "")), 0);
	check_has(&w.out, "litellm, 4 rows");
	check_has(&w.out, "0.0028/?/?/0.5");
	check_has(&w.out, "mine kept: yours, set in ");
	check_has(&w.out, "config.json:1:");
	check_has(&w.out, "input_cost_per_token is no number");
	check_has_not(&w.out, "\x1b");
	check_has(&w.out, "1 new, 0 changed, 1 kept, 0 the same; 1 of models that are not "
			  "configured; 1 left out");
	check_has(&w.out, "nothing is written yet");
	check_has_not(&w.out, "p/z");
	assert_null(get(&w, "config.prices.json").ptr);
	assert_int_equal(run(&w, import(&w, "--all")), 0);
	check_has(&w.out, "not configured: p/z");
	close_world(&w);
}

static void what_was_written_is_in_force(void **state)
{
	struct stat info;
	struct world w;

	(void)state;
	open_world(&w);
	assert_int_equal(run(&w, "model prices --json"), 0);
	check_has(&w.out, "{\"model\":\"m\",\"provider\":\"p\",\"id\":\"x\",\"price\":[],"
			  "\"from\":null}");
	assert_int_equal(run(&w, import(&w, "--write")), 0);
	check_has(&w.out, "config.prices.json: written");
	check_str(get(&w, "config.json"), config);
	assert_int_equal(stat(place(&w, "config.prices.json"), &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(run(&w, "model prices"), 0);
	check_has(&w.out, "0.0028");
	check_has(&w.out, "litellm p/x, 20");
	assert_int_equal(run(&w, "config check"), 0);
	/* Again: the same, and nothing to write. */
	assert_int_equal(run(&w, import(&w, "--write --json")), 0);
	check_has(&w.out, "\"result\": \"same\"");
	check_has(&w.out, "\"written\": null");
	/* Another table: what it does not know stays, and the file before is kept. */
	put(&w, "table.json",
		"{\"p/x\": {\"litellm_provider\": \"p\", \"input_cost_per_token\": "
		"9e-06, \"output_cost_per_token\": 5e-07}}");
	assert_int_equal(run(&w, import(&w, "--write --json")), 0);
	check_has(&w.out, "\"result\": \"changed\"");
	assert_non_null(get(&w, "config.prices.json.bak").ptr);
	assert_int_equal(run(&w, "model prices"), 0);
	check_has_not(&w.out, "0.0028");
	close_world(&w);
}

static void imported_prices_are_of_the_model_they_were_imported_for(void **state)
{
	struct world w;

	(void)state;
	open_world(&w);
	assert_int_equal(run(&w, import(&w, "--write")), 0);
	/* Another id: unknown. Gone from the configuration: no error. */
	put(&w, "config.json",
		"{\"providers\": {\"p\": {\"rpm\": 1}}, \"models\": {\"m\": "
		"{\"provider\": \"p\", \"id\": \"x2\", \"tier\": 1}}}");
	assert_int_equal(run(&w, "model prices"), 0);
	check_has(&w.out, "unknown: its prices are another model's");
	put(&w, "config.json", "{}");
	assert_int_equal(run(&w, "config check"), 0);
	close_world(&w);
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
	static const struct {
		const char *file, *text, *line, *words;
		int status;
	} cases[] = {
		{ "table.json", "{\"a\": ]", "", "table.json:1:7: ", 2 },
		{ "table.json", "{}", "", "table.json:1:1: no table of prices", 2 },
		{ "table.json", "{}", "nobody", "there is no model \"nobody\"", 2 },
		{ "config.prices.json", "{\"models\": {\"m\": {\"tier\": 2}}}", "",
			"config.prices.json:1:27: models.m.tier: this file holds prices and "
			"nothing "
			"else",
			2 },
		{ "config.prices.json", "{\"models\": {\"m\": {\"price\": 1}}}", "",
			"config.prices.json:1:28: models.m.price: expected a list of objects", 2 },
	};
	struct world w;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		open_world(&w);
		put(&w, cases[i].file, cases[i].text);
		assert_int_equal(run(&w, import(&w, cases[i].line)), cases[i].status);
		check_has(&w.notes, cases[i].words);
		close_world(&w);
	}
	open_world(&w);
	assert_int_equal(run(&w, "model prices import /nowhere/at/all"), 1);
	check_has(&w.notes, "/nowhere/at/all: there is no such file");
	assert_int_equal(run(&w, "model prices export x"), 2);
	check_has(&w.notes, "import FILE");
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_written_unless_asked_for),
		cmocka_unit_test(what_was_written_is_in_force),
		cmocka_unit_test(imported_prices_are_of_the_model_they_were_imported_for),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
