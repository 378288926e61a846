/* SPDX-License-Identifier: GPL-3.0-or-later
 * Command lines through the door, with the simulator and a state that is thrown away. */
#include "core/engine.h"
#include "tests/check.h"

struct face {
	struct buf words[2];
	bool deaf; /* nobody reads stdout */
};

static bool take(void *ctx, enum engine_stream stream, struct str text)
{
	struct face *face = ctx;

	buf_add_str(&face->words[stream], text);
	return !(face->deaf && stream == ENGINE_OUT);
}

static struct engine *open_engine(void)
{
	struct engine_setup setup = { .simulate = true, .throw_away = true };
	struct buf why = BUF(BUF_WHY_MAX);
	struct engine *e;

	setup.sets[setup.set_count++] = "sim.speed=fast";
	if (engine_open(&e, &setup, &why))
		fail_msg("%s", why.ptr);
	return e;
}

/* Runs one line; the status, with its words in `face`. */
static int run(struct engine *e, struct face *face, const char *line)
{
	const struct engine_out out = { .write = take, .ctx = face };
	struct command *c;
	int status = -1;

	face->words[ENGINE_OUT] = face->words[ENGINE_NOTE] = BUF(BUF_TEXT_MAX);
	check_ok(engine_begin_line(e, str_of(line), &out, &c, NULL));
	while (!command_is_done(c, &status))
		engine_turn(e, -1);
	command_free(&c);
	return status;
}

static void forget(struct face *face)
{
	buf_release(&face->words[ENGINE_OUT]);
	buf_release(&face->words[ENGINE_NOTE]);
}

static bool has(const struct buf *text, const char *part)
{
	return str_find(buf_str(text), str_of(part)) < text->len;
}

static void options_for_all_verbs_stand_anywhere_but_not_in_values(void **state)
{
	static const struct {
		const char *words[8];
		const char *left; /* what is left for the verb */
		const char *db;
		bool quiet;
	} cases[] = {
		{ { "ask", "hi" }, "ask hi", NULL, false },
		{ { "-q", "ask", "--db", "f", "hi" }, "ask hi", "f", true },
		{ { "ask", "--db=f", "hi" }, "ask hi", "f", false },
		{ { "ask", "--system", "-q", "hi" }, "ask --system -q hi", NULL, false },
		{ { "ask", "--json", "-q" }, "ask --json", NULL, true },
		{ { "ask", "--", "-q" }, "ask -- -q", NULL, false },
		{ { "ask", "--help" }, "help ask", NULL, false },
		{ { "--version" }, "--version", NULL, false },
		{ { "complete", "ask", "-q" }, "complete ask -q", NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct engine_setup setup = { 0 };
		struct buf left = BUF(BUF_LINE_MAX);
		char *argv[9];
		int argc = 0;

		for (; cases[i].words[argc]; argc++)
			argv[argc] = (char *)(uintptr_t)cases[i].words[argc];
		check_ok(engine_setup_read(&setup, &argc, argv, NULL));
		for (int w = 0; w < argc; w++)
			buf_addf(&left, "%s%s", w ? " " : "", argv[w]);
		check_buf(&left, cases[i].left);
		check_str(str_of(setup.db ? setup.db : ""), cases[i].db ? cases[i].db : "");
		assert_int_equal(setup.quiet, cases[i].quiet);
		buf_release(&left);
	}
}

static void a_wrong_command_line_is_named_with_what_was_meant(void **state)
{
	static const struct {
		const char *line, *words;
	} cases[] = {
		{ "aks hi", "did you mean \"ask\"" },
		{ "ask --modle x hi", "did you mean \"--model\"" },
		{ "ask --tier 9 hi", "whole number from 1 to 3" },
		{ "ask --json=yes hi", "takes no value" },
		{ "ask --task poetry hi", "poetry" },
		{ "ask --budget much hi", "--budget" },
		{ "config shwo", "there is no \"shwo\"" },
		{ "log tierr:3", "tierr" },
		{ "why xyz!", "xyz!" },
	};
	struct engine *e = open_engine();
	struct face first = { 0 };

	(void)state;
	assert_int_equal(run(e, &first, "ask --dry-run 'so that there is a log'"), 0);
	forget(&first);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct face face = { 0 };
		int status = run(e, &face, cases[i].line);

		if (!has(&face.words[ENGINE_NOTE], cases[i].words) || (status != 2 && status != 1))
			fail_msg("%s: status %d, \"%s\"", cases[i].line, status,
				face.words[ENGINE_NOTE].ptr);
		check_buf(&face.words[ENGINE_OUT], "");
		forget(&face);
	}
	engine_close(&e);
}

static void a_line_is_cut_into_words_as_a_shell_would(void **state)
{
	const struct engine_out out = { .write = take };
	struct engine *e = open_engine();
	struct buf why = BUF(BUF_WHY_MAX);
	struct face face = { 0 };
	struct command *c;

	(void)state;
	assert_int_equal(run(e, &face, "ask --dry-run 'two  words' and\\ \"a \\\"third\\\"\""), 0);
	assert_true(has(&face.words[ENGINE_OUT], "\"two  words and a \"third\"\""));
	forget(&face);
	check_err(engine_begin_line(e, STR("ask 'open"), &out, &c, &why), ERR_USAGE);
	buf_release(&why);
	engine_close(&e);
}

static void a_question_is_answered_logged_and_explained(void **state)
{
	struct engine *e = open_engine();
	struct face face = { 0 };

	(void)state;
	assert_int_equal(run(e, &face, "ask 'what is a deductible?'"), 0);
	assert_true(has(&face.words[ENGINE_OUT], "[kb:deductibles#"));
	assert_true(has(&face.words[ENGINE_NOTE], "simulated"));
	forget(&face);
	assert_int_equal(run(e, &face, "log --format '{answer.model} {answer.simulated}'"), 0);
	check_buf(&face.words[ENGINE_OUT], "sim-small yes\n");
	forget(&face);
	assert_int_equal(run(e, &face, "why"), 0);
	assert_true(has(&face.words[ENGINE_OUT], "question  \"what is a deductible?\""));
	forget(&face);
	assert_int_equal(run(e, &face, "log tier:3"), 0);
	check_buf(&face.words[ENGINE_OUT], "");
	forget(&face);
	engine_close(&e);
}

static void an_answer_that_nobody_reads_is_stopped_and_recorded(void **state)
{
	struct engine *e = open_engine();
	struct face face = { .deaf = true };

	(void)state;
	assert_int_equal(run(e, &face, "ask -t 3 'write the coverage letter for policy 48213'"), 1);
	assert_true(has(&face.words[ENGINE_NOTE], "nobody reads"));
	forget(&face);
	face.deaf = false;
	assert_int_equal(run(e, &face, "log --format '{id}'"), 0);
	assert_int_equal(face.words[ENGINE_OUT].len, ID_TEXT + 1);
	forget(&face);
	engine_close(&e);
}

static void completion_is_read_off_the_tables(void **state)
{
	static const struct {
		const char *words[5];
		const char *offers;
	} cases[] = {
		{ { "wh" }, "why\t" },
		{ { "ask", "--mod" }, "--model\t" },
		{ { "ask", "--model", "sim-s" }, "sim-small\n" },
		{ { "ask", "--task", "sum" }, "summarize\t" },
		{ { "config", "sch" }, "schema\t" },
		{ { "completion", "" }, "zsh\t" },
		{ { "-q", "--db", "file", "wh" }, "why\t" },
	};
	struct engine *e = open_engine();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF(BUF_TEXT_MAX);
		int count = 0;

		while (cases[i].words[count])
			count++;
		engine_complete(e, count, cases[i].words, &out);
		if (!has(&out, cases[i].offers))
			fail_msg("%s: \"%s\"", cases[i].words[0], out.ptr);
		buf_release(&out);
	}
	engine_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_for_all_verbs_stand_anywhere_but_not_in_values),
		cmocka_unit_test(a_wrong_command_line_is_named_with_what_was_meant),
		cmocka_unit_test(a_line_is_cut_into_words_as_a_shell_would),
		cmocka_unit_test(a_question_is_answered_logged_and_explained),
		cmocka_unit_test(an_answer_that_nobody_reads_is_stopped_and_recorded),
		cmocka_unit_test(completion_is_read_off_the_tables),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
