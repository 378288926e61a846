/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A configuration from texts, with an environment that the test writes down.
 */
#ifndef WEIR_TESTS_CONF_FIXTURE_H
#define WEIR_TESTS_CONF_FIXTURE_H

#include "core/conf/model.h"
#include "tests/check.h"

/* "NAME=value", NULL at the end. */
static inline const char *fixture_env(void *ctx, const char *name)
{
	const char *const *variables = ctx;
	size_t len = strlen(name);

	for (; variables && *variables; variables++)
		if (!strncmp(*variables, name, len) && (*variables)[len] == '=')
			return *variables + len + 1;
	return NULL;
}

/* The file as config.json; `shipped` is a path or NULL. */
static inline enum err fixture_open(struct config *c, const char *shipped, const char *file,
	const char *const *env, const struct config_set *sets, size_t set_count, struct buf *why)
{
	const struct config_sources sources = {
		.shipped = shipped,
		.file = "config.json",
		.file_text = str_of(file),
		.env = fixture_env,
		.env_ctx = (void *)(uintptr_t)env,
		.sets = sets,
		.set_count = set_count,
	};

	buf_clear(why);
	return config_open(c, &sources, why);
}

/* $WEIR_DATA/defaults.json */
static inline const char *fixture_shipped(struct arena *a)
{
	const char *data = getenv("WEIR_DATA");

	assert_non_null(data);
	return arena_format(a, "%s/defaults.json", data).ptr;
}

#endif
