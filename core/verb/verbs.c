/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tables of verbs.h. */
#include "core/verb/verbs.h"

#include "core/base/near.h"

const struct verb *const verb_table[] = {
#define X(name) &verb_##name,
	VERB_LIST(X)
#undef X
};
const size_t verb_count = ARRAY_LEN(verb_table);

const struct verb_option global_options[] = {
	{ "config", 'c', "FILE", COMPLETES_FILE, "read this configuration, not the usual one" },
	{ "db", '\0', "FILE", COMPLETES_FILE, "keep decisions in this file" },
	{ "set", '\0', "PATH=VALUE", COMPLETES_NOTHING,
		"set one key of the configuration, such as sim.speed=fast" },
	{ "sim", '\0', NULL, COMPLETES_NOTHING,
		"let the simulator answer, even when providers are configured" },
	{ "quiet", 'q', NULL, COMPLETES_NOTHING, "no notes on stderr, only errors" },
	{ "help", 'h', NULL, COMPLETES_NOTHING, "show this, or with a verb what that one takes" },
	{ "version", 'V', NULL, COMPLETES_NOTHING, "show the version" },
};
const size_t global_option_count = ARRAY_LEN(global_options);

const struct verb *verb_find(struct str name)
{
	for (size_t i = 0; i < verb_count; i++)
		if (str_is(name, verb_table[i]->name))
			return verb_table[i];
	return NULL;
}

const char *verb_nearest(struct str name)
{
	struct near near = { .typed = name };

	for (size_t i = 0; i < verb_count; i++)
		if (!verb_table[i]->hidden)
			near_offer(&near, str_of(verb_table[i]->name));
	return near.word.ptr;
}
