/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One key with its value and where the value came from; and reading a value as its row of the
 * option table wants it, with the sentence that says what was expected.
 */
#ifndef WEIR_CONF_SETTING_H
#define WEIR_CONF_SETTING_H

#include "core/base/buf.h"
#include "core/base/json_scan.h"
#include "core/base/json_write.h"
#include "core/base/vec.h"
#include "core/conf/option.h"

/* Lowest first. */
enum layer {
	LAYER_BUILT_IN, /* option_table's fallback */
	LAYER_SHIPPED,  /* data/defaults.json */
	LAYER_PRICES,   /* the prices imported beside the user's config.json */
	LAYER_FILE,     /* the user's config.json */
	LAYER_ENV,
	LAYER_COMMAND   /* --set path=value, --option */
};

struct origin {
	enum layer layer;
	struct str source; /* the file, "$VARIABLE", the option */
	int line, column;  /* 0 where there is none */
};

struct setting {
	struct str path;
	const struct option *option;
	struct str name;   /* what "*" stands for in this path; no text without one */
	int index;         /* which element of the list of objects; -1: none */
	struct str text;   /* texts, choices, dates; for the others the value as written */
	double number;     /* INT, REAL; BOOL: 0 or 1 */
	int64_t pico;      /* MONEY: pico-dollars; MTOK_PRICE: those a token; DATE: wall us */
	struct texts list; /* TEXTS; REALS as written */
	struct origin origin;
	enum layer since;  /* the lowest layer from which on up all that set it say the same */
};

/* Fills text, number and pico from a text (`quoted`), a number or a word (true, false). `text` is
 * copied into the arena. False: `say` holds what was expected; it never repeats the value. */
bool setting_read(
	struct setting *s, struct arena *a, struct str text, bool quoted, struct buf *say);

/* The same for an element of a list, and, at its end, for the list as a whole. */
bool setting_add(
	struct setting *s, struct arena *a, struct str text, bool quoted, struct buf *say);
bool setting_end(struct setting *s, struct arena *a, struct buf *say);

/* Whether a row's values are written in quotes (a bare word on a command line will do). */
bool option_is_quoted(const struct option *option);

/* "expected a whole number of tokens, 1 or more, such as 1024" */
void option_expect(struct buf *say, const struct option *option);

/* The value as JSON. */
void setting_put(struct json_writer *w, const struct setting *s);

#endif
