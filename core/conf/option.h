/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every key of the configuration, one row each: the parser, the schema, `weir config`, the manual
 * and completion all read this table and nothing else.
 *
 * `path` is dotted; "*" stands for a name that the user chooses (a provider, a model) or one of
 * `names` (a task), "[]" for an element of a list of objects: "models.*.price[].input". Names may
 * have dots in them. The rows of one group stand together.
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
	OPTION_MONEY,      /* a decimal string (or number) of dollars */
	OPTION_MTOK_PRICE, /* the same, per million tokens */
	OPTION_DATE,       /* "2026-01-01" */
	OPTION_HOURS,      /* "01-04", "16:30-00:30": from 16:30 until 00:30 the next day, UTC */
	OPTION_CHOICE,     /* one of `choices` */
	OPTION_URL,        /* http or https, no user, no fragment, no key in the query; kept without
			    * a last slash */
	OPTION_VARIABLE,   /* the name of an environment variable, in capitals */
	OPTION_FILE,       /* a path that begins with / or ~/ */
	OPTION_TEXTS,      /* a list of texts, each one of `choices` where there are some */
	OPTION_REALS,      /* a list of numbers */
	OPTION_HEADER,     /* the name of an HTTP header */
	OPTION_HEADERS,    /* a JSON object of texts by header, kept as OPTION_JSON is */
	OPTION_JSON        /* a JSON object, kept compact and without comments (for a provider) */
};

struct option {
	const char *path;
	enum option_type type;
	double min, max;      /* for numbers; both 0: no bound; OPTION_TOP as max: none above */
	const char *choices;  /* "a|b|c" */
	const char *names;    /* what "*" may be, "a|b|c"; NULL: any name */
	size_t elements;      /* how many numbers a list has; 0: any */
	bool rising;          /* each larger than the one before */
	const char *fallback; /* the default as JSON; NULL: none */
	const char *example;  /* a good value as JSON, where there is no fallback */
	const char *unit;     /* "tokens", "ms", "US dollars"; NULL: none */
	const char *env;      /* the environment variable that sets it; NULL: none */
	const char *say;      /* one sentence for people */
};

#define OPTION_TOP 9007199254740992.0 /* 2^53: exact in a double and in JSON */

extern const struct option option_table[];
extern const size_t option_count;

/* Whether its value is an object that is kept as text. */
static inline bool option_is_object(const struct option *option)
{
	return option->type == OPTION_JSON || option->type == OPTION_HEADERS;
}

bool option_has_bounds(const struct option *option);

/* The row for a concrete path ("models.o3.tier"); NULL when there is none. */
const struct option *option_find(struct str path);

/* The same, with what "*" stands for (no text without one; it need not be among `names`) and the
 * index in the list (-1). */
const struct option *option_match(struct str path, struct str *name, int *index);

/* The known key nearest to the unknown last part of `path`, among its siblings; no text when none
 * is near enough to be meant. */
struct str option_nearest(struct str path);

/* The tree that the paths span, walked from the root: a place is the rows below it, and how much
 * of their paths led there. */
struct option_place {
	const struct option *first;
	size_t count, used;
};

enum place_kind {
	PLACE_GROUP, /* an object with fixed keys */
	PLACE_NAMES, /* an object whose keys are names */
	PLACE_LIST,  /* a list of objects */
	PLACE_VALUE  /* first is its row */
};

struct option_place option_root(void);

/* The list of objects of a concrete path ("models.o3.price"). */
bool option_list(struct str path, struct option_place *list, struct str *name);
enum place_kind option_kind(struct option_place at);
bool option_step(struct option_place at, struct str key, struct option_place *out);
struct option_place option_element(struct option_place list);
struct str option_near(struct option_place at, struct str key); /* as option_nearest */

/* The key of the first row below a group or at a value ("base_url"). */
struct str option_key(struct option_place at);

/* The next group of rows below `at` after `*below` (first call: count 0); false after the last. */
bool option_next(struct option_place at, struct option_place *below);

/* Takes the next of "a|b|c" off the front. */
bool choice_cut(const char **choices, struct str *choice);
bool choice_has(const char *choices, struct str text);
struct str choice_near(const char *choices, struct str typed); /* no text when none is */

#endif
