/* SPDX-License-Identifier: GPL-3.0-or-later
 * The program: options that stand for all verbs, then the face that fits. */
#include "tui/cli.h"
#include "tui/demo.h"

#include <unistd.h>

enum { USAGE_STATUS = 2 };

static int run_cli(const struct engine_setup *setup, int argc, const char *const *argv,
	struct buf *why)
{
	struct engine *engine;
	struct cli cli;
	int status;
	enum err err = engine_open(&engine, setup, why);

	if (err)
		return err_exit(err);
	cli_begin(&cli, engine);
	status = cli_run(&cli, argc, argv);
	engine_close(&engine);
	return status;
}

/* Without a verb: a question on a pipe, else the help. */
static int run_bare(const struct engine_setup *setup, struct buf *why)
{
	static const char *const ask[] = { "ask", "-" }, *const help[] = { "help" };

	if (isatty(STDIN_FILENO))
		return run_cli(setup, 1, help, why);
	return run_cli(setup, 2, ask, why);
}

int main(int argc, char **argv)
{
	struct engine_setup setup = { 0 };
	struct buf why = BUF(BUF_WHY_MAX);
	int status, count = argc - 1;

	cli_prepare_process();
	if (engine_setup_read(&setup, &count, argv + 1, &why))
		status = USAGE_STATUS;
	else if (!count)
		status = run_bare(&setup, &why);
	else if (!strcmp(argv[1], "demo"))
		status = demo_run(&setup, count, &why);
	else
		status = run_cli(&setup, count, (const char *const *)argv + 1, &why);
	if (why.len)
		fprintf(stderr, "weir: %s\n", why.ptr);
	buf_release(&why);
	return status;
}
