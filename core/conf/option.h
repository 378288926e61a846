/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every key of the configuration, one row each: the parser, the schema, `weir config`, the manual
 * and completion all read this table and nothing else.
 *
 * `path` is dotted; "*" stands for a name that the user chooses (a provider, a model, a task),
 * "[]" for an element of a list of objects: "models.*.price[].input".
 */
#ifndef WEIR_CONF_OPTION_H
#define WEIR_CONF_OPTION_H

#include "core/base/err.h"
#include "core/base/str.h"

enum option_type {
	OPTION_TEXT,
	OPTION_INT,
	OPTION_REAL,
	OPTION_BOOL,
	OPTION_MONEY,       /* a decimal string (or number) of dollars */
	OPTION_MTOK_PRICE,  /* the same, per million tokens */
	OPTION_DATE,        /* "2026-01-01" */
	OPTION_CHOICE,      /* one of `choices` */
	OPTION_TEXTS,       /* a list of texts */
	OPTION_REALS,       /* a list of numbers */
	OPTION_JSON         /* any JSON value, kept as written (parameters handed to a provider) */
};

struct option {
	const char *path;
	enum option_type type;
	double min, max;         /* for numbers; both 0: no bound */
	const char *choices;     /* "a|b|c" */
	const char *fallback;    /* the default as JSON; NULL: none */
	const char *unit;        /* "tokens", "s", "US dollars"; NULL: none */
	const char *env;         /* the environment variable that sets it; NULL: none */
	const char *say;         /* one sentence for people */
};

extern const struct option option_table[];
extern const size_t option_count;

/* The row for a concrete path ("models.o3.tier"); NULL when there is none. */
const struct option *option_find(struct str path);

/* The known key nearest to the unknown last part of `path`, among its siblings; NULL when none is
 * near enough to be meant. */
const char *option_nearest(struct str path);

#endif
