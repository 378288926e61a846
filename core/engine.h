/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The door. A face (the screen, the console, a pipe, a test) sees this header, the records and a
 * few base types, and nothing else: it runs command lines and watches what happens. It must not
 * know of steps, providers, the store, the loop or the configuration; it holds no policy.
 *
 * One thread. Everything here is called from it, except engine_wake.
 */
#ifndef WEIR_ENGINE_H
#define WEIR_ENGINE_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/record/event.h"

struct engine;
struct command;

/* ---- opening ---------------------------------------------------------------------------- */

enum { ENGINE_SETS_MAX = 32 };

/* What the command line says before any verb runs. All zero is a good start. */
struct engine_setup {
	const char *config_file; /* --config */
	const char *db;          /* --db */
	const char *sets[ENGINE_SETS_MAX]; /* --set path=value */
	size_t set_count;
	bool simulate;           /* --sim: the simulator answers even when providers are there */
	bool throw_away;         /* all state in a folder that is removed at the end */
	bool quiet;              /* --quiet: no notes but errors */
};

/* Takes the options that stand for all verbs (before "--") out of argv. ERR_USAGE with words. */
MUST_CHECK enum err engine_setup_read(
	struct engine_setup *setup, int *argc, char **argv, struct buf *why);

/* Opens next to nothing: configuration, store and connections are opened by the first command
 * that needs them. */
MUST_CHECK enum err engine_open(
	struct engine **e, const struct engine_setup *setup, struct buf *why);

/* Cancels what is under way, puts it on record, and closes. */
void engine_close(struct engine **e);

/* ---- commands --------------------------------------------------------------------------- */

enum engine_stream { ENGINE_OUT, ENGINE_NOTE }; /* stdout and stderr of a command line */

/* Where a command's words go. They are clean: no control byte but newline and tab. */
struct engine_out {
	/* False: nobody reads any more; a command that waits for a model is then interrupted. */
	bool (*write)(void *ctx, enum engine_stream stream, struct str text);
	void *ctx;
	/* A line that shows how far something is; whatever is said next takes its place. No text:
	 * it goes. NULL: there is no such line. */
	void (*progress)(void *ctx, struct str line);
	bool terminal[2];   /* whether each stream is a terminal */
	int columns;        /* of the terminal; 0: unknown */
	bool input_is_terminal;
	/* The command's input ("ask -"): reads everything; may be NULL. */
	enum err (*read)(void *ctx, struct buf *all, struct buf *why);
	/* The same piece by piece: waits until there is something and adds it; nothing is added at
	 * the end. NULL where read is. */
	enum err (*read_piece)(void *ctx, struct buf *text, struct buf *why);
};

/* Begins a command: argv[0] is the verb. Never NULL; what is wrong with it is its result. */
struct command *engine_begin(
	struct engine *e, int argc, const char *const *argv, const struct engine_out *out);

bool command_is_done(const struct command *c, int *status); /* the exit status */
void command_interrupt(struct command *c);                  /* Ctrl-C; it ends soon after */
/* Interrupts it when it is not done and turns until it is: not from inside a turn. */
void command_free(struct command **c);

/* The same from one line of text, cut into words as a shell would (quotes and backslash, nothing
 * else). ERR_USAGE for an open quote. */
MUST_CHECK enum err engine_begin_line(struct engine *e, struct str line,
	const struct engine_out *out, struct command **c, struct buf *why);

/* What the last word of a command line may become, one a line, each with a tab and a sentence where
 * there is one. */
void engine_complete(struct engine *e, int argc, const char *const *argv, struct buf *out);

/* ---- turning ---------------------------------------------------------------------------- */

/* Waits for at most wait_us (-1: until something happens) and handles it. False when there is
 * nothing left to wait for. */
bool engine_turn(struct engine *e, int64_t wait_us);
void engine_wake(struct engine *e);

/* `call` comes in a turn whenever `fd` can be read. Until engine_close. */
MUST_CHECK enum err engine_watch(
	struct engine *e, int fd, void (*call)(void *ctx), void *ctx, struct buf *why);

/* A signal arrives in a turn, never in a handler. */
void engine_on_signal(struct engine *e, int signal, void (*call)(void *ctx, int signal), void *ctx);

#endif
