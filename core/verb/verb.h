/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A verb: one row that serves the command line, the prompt of every face, completion, help and the
 * manual page; and a command, which is a verb that runs.
 */
#ifndef WEIR_VERB_VERB_H
#define WEIR_VERB_VERB_H

#include "core/world.h"

enum { VERB_OPTIONS_MAX = 24, VERB_OPERANDS_MAX = 256 };

/* What completes a word. */
enum completes { COMPLETES_NOTHING, COMPLETES_MODEL, COMPLETES_TASK, COMPLETES_FILE, COMPLETES_ID,
	COMPLETES_EMBEDDER };

struct verb_option {
	const char *name;      /* "tier" */
	char letter;           /* 't', or '\0' */
	const char *value;     /* "N"; NULL: a switch */
	enum completes completes;
	const char *say;       /* one sentence */
};

struct verb_sub {
	const char *name, *say;
};

struct verb {
	const char *name;
	const char *operands;  /* "TEXT or -" */
	const char *say;       /* one line */
	const char *more;      /* paragraphs for the manual; NULL: none */
	const struct verb_option *options;
	size_t option_count;
	const struct verb_sub *subs; /* its first operand, where that chooses what it does */
	size_t sub_count;
	enum completes completes;    /* its operands */
	bool hidden;
	bool raw;              /* takes its words as they are, options and all */
	bool filter;           /* its operands are a filter: "-task:chat" is no option */
	/* May finish at once or later (command_wait). */
	enum err (*run)(struct command *c, struct buf *why);
};

struct command {
	struct engine *engine;
	const struct verb *verb;
	struct engine_out out;
	struct arena arena;
	const char *values[VERB_OPTIONS_MAX]; /* by place in verb->options; "" for a switch */
	const char *operands[VERB_OPERANDS_MAX];
	size_t operand_count;
	bool waits, done, gone;               /* gone: nobody reads its output any more */
	int status;
	void *state;                          /* the verb's own, in the arena */
	void (*interrupt)(struct command *c); /* of a verb that waits */
};

/* An option's value; NULL when it was not given. */
const char *command_option(const struct command *c, const char *name);
bool command_has(const struct command *c, const char *name);

/* A whole number in [min, max]; `fallback` when not given. ERR_USAGE names the option. */
MUST_CHECK enum err command_number(const struct command *c, const char *name, int64_t min,
	int64_t max, int64_t fallback, int64_t *out, struct buf *why);

/* All operands from `first` on, joined by blanks, in the command's arena. */
struct str command_words(struct command *c, size_t first);

/* Which of verb->subs the first operand names (`fallback` when there is none); ERR_USAGE lists
 * them. */
MUST_CHECK enum err command_sub(
	struct command *c, const char *fallback, const char **sub, struct buf *why);

/* The verb has more to do in later turns; it calls command_end when it has done it. */
void command_wait(struct command *c, void (*interrupt)(struct command *c));
void command_end(struct command *c, int status);

/* Words go out. `say` is ours with pieces in it that may be hostile: it is cleaned as a whole. */
void command_say(struct command *c, const char *format, ...) PRINTF_LIKE(2, 3);
void command_note(struct command *c, const char *format, ...) PRINTF_LIKE(2, 3);
void command_error(struct command *c, const char *format, ...) PRINTF_LIKE(2, 3); /* --quiet too */
void command_say_buf(struct command *c, const struct buf *text);
/* How far it is, on a terminal: each replaces the one before; NULL takes it away. */
void command_progress(struct command *c, const char *format, ...) PRINTF_LIKE(2, 3);
enum { COMMAND_BAR = 20 };
/* A bar for that, "=====.....", by a share from 0 to 1. */
void command_bar(char bar[COMMAND_BAR + 1], double share);
/* JSON: already safe, as core/base/json_write.h escapes it. */
void command_say_json(struct command *c, const struct buf *json);
void command_say_decision(struct command *c, const struct decision *d, bool one_line);
/* Text that is clean already (a stream that was cleaned piece by piece). */
void command_say_clean(struct command *c, struct str text);

#endif
