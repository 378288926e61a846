/* SPDX-License-Identifier: GPL-3.0-or-later
 * The guided session and its plain twin. Everything it does is a command line for the engine. */
#include "tui/demo.h"

#include "core/base/err.h"
#include "tui/cli.h"

#include <signal.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 65536, SIGNAL_STATUS = 128 };

/* A question, the tier it is asked at (NULL: as it falls), and what to look at. */
static const struct {
	const char *question, *tier, *look;
} samples[] = {
	{ "what is a deductible?", NULL,
		"A plain question: the cheapest rung answers, and the receipt shows what was\n"
		"saved against a premium model." },
	{ "how do I freeze a lost card?", NULL,
		"Another one, from the fintech's documents. Each answer names the passage that\n"
		"it comes from." },
	{ "what does error L-204 mean and how do I clear it?", "2",
		"The same over the second rung (--tier 2): slower, dearer, a longer answer." },
	{ "write the coverage letter for policy 48213", "3",
		"A letter, on the premium rung (--tier 3)." },
};

struct demo {
	struct cli cli;
	struct buf input;
	size_t next;      /* the sample that comes next */
	bool ended;
	int status;       /* the first that was not 0 */
};

static void run_line(struct demo *d, int argc, const char *const *argv)
{
	int status = cli_run(&d->cli, argc, argv);

	if (!d->status)
		d->status = status;
}

static void ask(struct demo *d, const char *question, const char *tier)
{
	const char *words[] = { "ask", "--tier", tier, "--", question };
	const char *plain[] = { "ask", "--", question };

	if (tier)
		run_line(d, (int)ARRAY_LEN(words), words);
	else
		run_line(d, (int)ARRAY_LEN(plain), plain);
}

static void explain(struct demo *d)
{
	static const char *const why[] = { "why" };

	run_line(d, 1, why);
}

/* ---- without a terminal ----------------------------------------------------------------- */

static void run_plain(struct demo *d)
{
	puts("Weir demo: the built-in simulator answers, not a model.\n"
	     "Nothing leaves this machine, and nothing is kept.");
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		printf("\n> %s\n\n", samples[i].question);
		ask(d, samples[i].question, samples[i].tier);
		if (d->status)
			break;
		putchar('\n');
		explain(d);
	}
}

/* ---- on a terminal ---------------------------------------------------------------------- */

static void prompt(struct demo *d)
{
	if (d->next < ARRAY_LEN(samples))
		printf("\n%s\nEnter asks: %s%s%s%s\n", samples[d->next].look,
			samples[d->next].question, samples[d->next].tier ? "  (--tier " : "",
			samples[d->next].tier ? samples[d->next].tier : "",
			samples[d->next].tier ? ")" : "");
	else
		puts("\nThat was the tour. Ask anything of your own, or quit.");
	fputs("weir> ", stdout);
	fflush(stdout);
}

static void say_hints(void)
{
	puts("Type a question, or press Enter for the one suggested. Also:\n"
	     "  why     explain the last decision\n"
	     "  log     list the decisions so far\n"
	     "  models  show the model map\n"
	     "  quit    leave (so does Ctrl-D); nothing is kept");
}

static void take_line(struct demo *d, const char *line)
{
	static const char *const log[] = { "log", "--reverse" }, *const models[] = { "model" };

	if (!*line) {
		if (d->next == ARRAY_LEN(samples))
			return;
		printf("> %s\n\n", samples[d->next].question);
		ask(d, samples[d->next].question, samples[d->next].tier);
		d->next++;
	} else if (!strcmp(line, "quit") || !strcmp(line, "q") || !strcmp(line, "exit")) {
		d->ended = true;
	} else if (!strcmp(line, "why")) {
		explain(d);
	} else if (!strcmp(line, "log")) {
		run_line(d, 2, log);
	} else if (!strcmp(line, "models")) {
		run_line(d, 1, models);
	} else if (!strcmp(line, "help") || !strcmp(line, "?")) {
		say_hints();
	} else {
		ask(d, line, NULL);
	}
}

static void take_input(void *ctx)
{
	struct demo *d = ctx;
	char *room = buf_room(&d->input, LINE_MAX_BYTES / 2);
	ssize_t got = room ? read(STDIN_FILENO, room, LINE_MAX_BYTES / 2) : 0;

	if (got <= 0)
		d->ended = true;
	else
		buf_grew(&d->input, (size_t)got);
}

static bool next_line(struct demo *d, char line[LINE_MAX_BYTES])
{
	size_t end = str_find_char(buf_str(&d->input), '\n');
	struct str text = str_trim(str_part(buf_str(&d->input), 0, end));

	if (end == d->input.len)
		return false;
	memcpy(line, text.ptr, text.len);
	line[text.len] = '\0';
	buf_drop(&d->input, end + 1);
	return true;
}

static void run_guided(struct demo *d)
{
	char line[LINE_MAX_BYTES];

	puts("Weir sends questions to language models, to the cheapest that is good enough,\n"
	     "and shows each decision. Here the built-in simulator answers, not a model:\n"
	     "no key, no network, nothing kept.\n");
	say_hints();
	prompt(d);
	while (!d->ended && !d->cli.signal) {
		engine_turn(d->cli.engine, -1);
		while (!d->ended && !d->cli.signal && next_line(d, line)) {
			take_line(d, line);
			if (d->cli.signal == SIGINT) /* it stops an answer, not the session */
				d->cli.signal = 0;
			if (!d->ended && !d->cli.signal)
				prompt(d);
		}
	}
	d->status = d->cli.signal ? SIGNAL_STATUS + d->cli.signal : 0;
	puts("\nNothing was kept. To ask real models: export OPENAI_API_KEY=..., then weir ask "
	     "\"...\".");
}

int demo_run(const struct engine_setup *setup, int argc, struct buf *why)
{
	struct engine_setup demo_setup = *setup;
	struct demo d = { .input = BUF(LINE_MAX_BYTES - 1) };
	struct engine *engine;
	enum err err = ERR_OK;

	if (argc > 1) {
		why_set(why, "demo: takes no words: see \"weir help demo\"");
		return err_exit(ERR_USAGE);
	}
	demo_setup.simulate = demo_setup.throw_away = true;
	err = engine_open(&engine, &demo_setup, why);
	if (err)
		return err_exit(err);
	cli_begin(&d.cli, engine);
	d.cli.notes_on_stdout = true;
	d.cli.out.read = NULL; /* what is typed are questions */
	d.cli.out.read_piece = NULL;
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
		err = engine_watch(engine, STDIN_FILENO, take_input, &d, why);
		if (!err)
			run_guided(&d);
	} else {
		run_plain(&d);
	}
	fflush(stdout);
	engine_close(&engine);
	buf_release(&d.input);
	return err ? err_exit(err) : d.status;
}
