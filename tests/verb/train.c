/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir train through the door: what it says, how it is stopped, what it measures. */
#include "core/engine.h"
#include "tests/eval/folder.h"

struct face {
	struct buf words[2], progress;
};

static bool take(void *ctx, enum engine_stream stream, struct str text)
{
	struct face *face = ctx;

	buf_add_str(&face->words[stream], text);
	return true;
}

static void take_progress(void *ctx, struct str line)
{
	struct face *face = ctx;

	if (line.len)
		buf_add_str(&face->progress, line);
}

static struct engine *open_engine(void)
{
	struct engine_setup setup = { .simulate = true, .throw_away = true };
	struct buf why = BUF(BUF_WHY_MAX);
	struct engine *e;

	if (engine_open(&e, &setup, &why))
		fail_msg("%s", why.ptr);
	return e;
}

/* Runs a line with "@" for the folder; after so many turns it is interrupted (0: never). */
static int run(struct engine *e, struct folder *f, struct face *face, const char *line, int turns)
{
	const struct engine_out out = {
		.write = take, .progress = take_progress, .ctx = face, .terminal = { false, true }
	};
	struct buf text = BUF(BUF_LINE_MAX);
	struct command *c;
	int status = -1;

	*face = (struct face){ { BUF(BUF_TEXT_MAX), BUF(BUF_TEXT_MAX) }, BUF(BUF_TEXT_MAX) };
	for (; *line; line++)
		if (*line == '@')
			buf_add_text(&text, f->path);
		else
			buf_add_char(&text, *line);
	check_ok(engine_begin_line(e, buf_str(&text), &out, &c, NULL));
	for (int i = 0; !command_is_done(c, &status); i++) {
		if (turns && i == turns)
			command_interrupt(c);
		engine_turn(e, -1);
	}
	command_free(&c);
	buf_release(&text);
	return status;
}

static void forget(struct face *face)
{
	buf_release(&face->words[ENGINE_OUT]);
	buf_release(&face->words[ENGINE_NOTE]);
	buf_release(&face->progress);
}

static bool says(const struct buf *text, const char *part)
{
	return str_find(buf_str(text), str_of(part)) < text->len;
}

static const char recipe[] = "{\"dims\":16,\"grams\":64,\"steps\":40,\"changed\":8,\"pairs\":8,"
			     "\"distil_steps\":4,\"distil_texts\":32,\"data\":[{\"file\":"
			     "\"intents.jsonl\",\"test\":true},"
			     "{\"file\":\"pairs.jsonl\",\"measure\":true}]}";

static struct folder make_folder(void)
{
	struct folder f = folder_make();

	folder_put_intents(&f);
	folder_put(&f, "recipe.json", str_of(recipe));
	folder_put(&f, "pairs.jsonl",
		STR("{\"a\":\"rain\",\"b\":\"snow\",\"score\":4}\n"
		    "{\"a\":\"rain\",\"b\":\"salary\",\"score\":0}\n"
		    "{\"a\":\"freeze\",\"b\":\"lock it\",\"score\":3}\n"));
	return f;
}

static void it_trains_and_measures(void **state)
{
	struct folder f = make_folder();
	struct engine *e = open_engine();
	struct face face;

	(void)state;
	assert_int_equal(run(e, &f, &face,
				 "train embedder --recipe @/recipe.json --data @ "
				 "--teacher none --out @/a.safetensors",
				 0),
		0);
	assert_true(says(&face.words[ENGINE_OUT], "held back: nearest text has the same intent"));
	assert_true(says(&face.words[ENGINE_OUT], "a.safetensors: 0.0"));
	assert_true(says(&face.progress, "training ["));
	forget(&face);

	/* Taught by the first, then beside it. */
	assert_int_equal(run(e, &f, &face,
				 "train embedder -r @/recipe.json -d @ --hold test -j "
				 "--teacher @/a.safetensors --out @/b.safetensors",
				 0),
		0);
	assert_true(says(&face.words[ENGINE_OUT], "\"threshold\": 0."));
	forget(&face);
	assert_int_equal(run(e, &f, &face,
				 "train embedder -e -r @/recipe.json -d @ "
				 "@/a.safetensors @/b.safetensors",
				 0),
		0);
	assert_true(says(&face.words[ENGINE_OUT], "intents, test third: nearest"));
	assert_true(says(&face.words[ENGINE_OUT], "pairs, Spearman"));
	assert_true(says(&face.words[ENGINE_OUT], "own-16:"));
	forget(&face);
	engine_close(&e);
	assert_int_equal(folder_remove(&f), 5);
}

static void an_interrupt_leaves_nothing(void **state)
{
	struct folder f = make_folder();
	struct engine *e = open_engine();
	struct face face;

	(void)state;
	assert_int_equal(run(e, &f, &face,
				 "train embedder -r @/recipe.json -d @ --teacher none "
				 "--out @/a.safetensors",
				 5),
		130);
	assert_true(says(&face.words[ENGINE_NOTE], "interrupted: nothing was written"));
	forget(&face);
	engine_close(&e);
	assert_int_equal(folder_remove(&f), 3);
}

static void mistakes_are_told(void **state)
{
	static const struct {
		const char *line, *say;
		int status;
	} cases[] = {
		{ "train embedder", "--data DIR must say where the texts are", 2 },
		{ "train embedder -d @", "--out FILE must say where the table goes", 2 },
		{ "train embedder -d @ -o @/a --hold back",
			"\"back\" is none of fold, test, intents", 2 },
		{ "train embedder more -d @ -o @/a", "\"more\" is one word too many", 2 },
		{ "train embedder -d @/gone -o @/a", "gone: no such folder", 1 },
		{ "train embedder -d @ -o @/a -r @/gone.json", "gone.json", 1 },
		{ "train embedder -d @ -o @/a --teacher @/gone", "gone", 1 },
		{ "train embedder -d @ -o @/no/such/a --teacher none -r @/recipe.json",
			"it cannot be written", 1 },
		{ "train embedder -e -d @", "--evaluate needs --recipe FILE", 2 },
		{ "train embedder -e -d @ -r @/recipe.json @/recipe.json", "recipe.json", 1 },
		{ "train cats", "cats", 2 },
	};
	struct folder f = make_folder();
	struct engine *e = open_engine();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct face face;
		int status = run(e, &f, &face, cases[i].line, 0);

		if (status != cases[i].status || !says(&face.words[ENGINE_NOTE], cases[i].say))
			fail_msg("%s: %d, %s", cases[i].line, status, face.words[ENGINE_NOTE].ptr);
		forget(&face);
	}
	engine_close(&e);
	assert_int_equal(folder_remove(&f), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_trains_and_measures),
		cmocka_unit_test(an_interrupt_leaves_nothing),
		cmocka_unit_test(mistakes_are_told),
	};

	return cmocka_run_group_tests_name("train", tests, NULL, NULL);
}
