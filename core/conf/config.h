/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The configuration: layers of settings, the higher one winning key by key, each value knowing
 * where it came from. Files are JSON; keys that begin with "//" are comments and may repeat.
 *
 * Errors say file:line:column, the path inside, what was expected, and the mend; an unknown key
 * names the nearest known one. A list (of texts, or of objects such as prices) is replaced whole
 * by a higher layer. Values of keys that hold secrets do not exist: a configuration names the
 * environment variable or the file that holds the key.
 */
#ifndef WEIR_CONF_CONFIG_H
#define WEIR_CONF_CONFIG_H

#include "core/conf/setting.h"

enum { CONFIG_FILE_MAX = 1 << 20 }; /* bytes */

/* The id of a model that means: whichever the server has. */
#define MODEL_ID_ASK "*"

struct config {
	struct arena arena;
	struct setting *settings; /* sorted by path, one for each */
	size_t count;
	struct str file;          /* the user's file, found or not */
	bool file_found;
	struct str prices_file;   /* of imported prices, beside it, found or not */
	bool prices_found;
	const char *(*env)(void *ctx, const char *name);
	void *env_ctx;
};

struct config_set {
	const char *path, *value; /* value as JSON; texts also as a bare word, a list as "a,b" */
	const char *option;       /* where it comes from: "--tier"; NULL: "--set" */
};

struct config_sources {
	const char *shipped;      /* path of defaults.json */
	const char *file;         /* NULL: $WEIR_CONFIG, else XDG's, which need not exist */
	const char *(*env)(void *ctx, const char *name); /* getenv in the program */
	void *env_ctx;
	const struct config_set *sets;
	size_t set_count;
	struct str file_text;     /* what stands in `file` when the caller has read it */
};

/* Besides the variables in option_table, $WEIR_BASE_URL makes a provider "env" (its key is
 * $WEIR_API_KEY where that is set) and a model "env" ($WEIR_MODEL, or MODEL_ID_ASK), which stands
 * first in the ladder of every task. */

MUST_CHECK enum err config_open(
	struct config *c, const struct config_sources *sources, struct buf *why);
void config_release(struct config *c);

/* Splits "path=value" at the first '='; false without one or without a path. The path is copied. */
bool config_set_parse(struct arena *a, const char *text, struct config_set *set);

/* NULL when nothing sets it. */
const struct setting *config_find(const struct config *c, const char *path);

struct str config_text(const struct config *c, const char *path);   /* STR_NONE */
double config_number(const struct config *c, const char *path);     /* NaN */
int64_t config_money(const struct config *c, const char *path);     /* MONEY_UNKNOWN */
bool config_truth(const struct config *c, const char *path);        /* false */

/* The first setting whose path begins with `prefix`, and how many do: they stand together. */
const struct setting *config_under(const struct config *c, const char *prefix, size_t *count);

/* "config.json:12:9", "$WEIR_BASE_URL", "--tier", "shipped", "built in". */
void config_say_origin(struct buf *out, const struct origin *origin);

/* Where the prices are that `weir model prices import` wrote: beside the user's file,
 * "config.prices.json" for "config.json". They are a layer between the shipped settings and that
 * file, and hold nothing but models.*.price and models.*.price_for. */
struct str config_prices_file(struct arena *a, struct str file);

/* A JSON Schema (draft 2020-12) for editors, from option_table. */
void config_schema(struct buf *out);

/* A config.json to start from: every key commented, none set. */
void config_starter(struct buf *out);

/* The effective configuration: one "path = value   (origin)" a line, or JSON with origins. */
void config_show(const struct config *c, struct str only_under, bool json, struct buf *out);

/* Where the user's file is looked for ($WEIR_CONFIG, $XDG_CONFIG_HOME, ~/.config). */
struct str config_default_file(
	struct arena *a, const char *(*env)(void *ctx, const char *name), void *env_ctx);

#endif
