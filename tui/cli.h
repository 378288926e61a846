/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The face for a command line: one verb, its words on stdout and stderr, its exit status.
 */
#ifndef WEIR_TUI_CLI_H
#define WEIR_TUI_CLI_H

#include "core/engine.h"

struct cli {
	struct engine *engine;
	struct command *command;  /* the one that runs */
	struct engine_out out;
	int signal;               /* the one that interrupted it; 0: none */
	size_t unlooked;          /* bytes written since a signal was looked for */
	bool cut;                 /* a long output was stopped by the signal */
	int write_error;          /* errno of the first write to stdout that failed */
	size_t progress_columns;  /* of the line of progress on stderr; 0: none */
	bool notes_on_stdout;     /* where both streams are meant to be read together */
};

/* Sets the process up: standard streams, locale, signals. Before anything is opened. */
void cli_prepare_process(void);

void cli_begin(struct cli *cli, struct engine *engine);

/* Runs one command line to its end. */
int cli_run(struct cli *cli, int argc, const char *const *argv);

#endif
