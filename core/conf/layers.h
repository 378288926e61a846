/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where settings of all layers are gathered, lowest layer first, and then settled: for each key
 * the highest layer wins; a list of objects is replaced whole.
 */
#ifndef WEIR_CONF_LAYERS_H
#define WEIR_CONF_LAYERS_H

#include "core/conf/problem.h"

/* A list of objects that a layer sets, were it an empty one: it replaces the elements among the
 * settings before `from`. */
struct layers_list {
	struct str path;
	size_t from;
};

struct layers {
	struct arena *arena;  /* for what stays */
	struct arena scratch; /* for the lists here; layers_settle gives it back */
	VEC(struct setting) settings;
	VEC(struct layers_list) lists;
	struct problems problems;
};

/* Where a value belongs: a row or a list of objects. */
struct layers_key {
	struct option_place at;
	struct str path, name;
	int index;
};

/* The options that have a default and no star. */
void layers_add_built_in(struct layers *l);

/* The text of a file, which may be empty; origin->line is 1 where positions mean something, else
 * 0. */
void layers_read(struct layers *l, struct str text, const struct origin *origin);

/* One value; as JSON, a bare word where the option is written in quotes, bare words with commas
 * for a list of texts. */
void layers_set(
	struct layers *l, struct str path, struct str value, const struct origin *origin);

/* The newest setting of a path so far; NULL when there is none. */
const struct setting *layers_find(const struct layers *l, struct str path);

/* Sorted by path, one for each. */
void layers_settle(struct layers *l, struct setting **settings, size_t *count);

/* For the reader behind layers_read and layers_set. */
void layers_read_at(struct layers *l, struct str text, const struct origin *origin,
	const struct layers_key *key);
struct setting *layers_add(struct layers *l, const struct layers_key *key,
	const struct option *option, const struct origin *origin);
void layers_add_list(
	struct layers *l, struct str path, const struct origin *origin, size_t from);
void layers_unknown(struct layers *l, const struct origin *where, struct str path,
	struct str key, struct str near);
bool layers_is_name(struct str name);

/* Keys under which people write what must not stand in a configuration, and the mend. */
bool layers_is_secret(struct str key);
extern const char layers_no_secrets[];

#endif
