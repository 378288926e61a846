/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of verbs, and the options that stand for all of them. To add a verb: a file with its
 * `const struct verb verb_NAME`, and its name here.
 */
#ifndef WEIR_VERB_VERBS_H
#define WEIR_VERB_VERBS_H

#include "core/verb/verb.h"

#define VERB_LIST(X)                                                                              \
	X(ask)                                                                                    \
	X(why)                                                                                    \
	X(log)                                                                                    \
	X(embed)                                                                                  \
	X(model)                                                                                  \
	X(config)                                                                                 \
	X(doctor)                                                                                 \
	X(sim)                                                                                    \
	X(bench)                                                                                  \
	X(train)                                                                                  \
	X(demo)                                                                                   \
	X(completion)                                                                             \
	X(complete)                                                                               \
	X(manual)                                                                                 \
	X(help)

#define X(name) extern const struct verb verb_##name;
VERB_LIST(X)
#undef X

extern const struct verb *const verb_table[];
extern const size_t verb_count;

extern const struct verb_option global_options[];
extern const size_t global_option_count;

/* NULL when there is none. */
const struct verb *verb_find(struct str name);

/* The nearest verb that is not hidden; NULL when none is near. */
const char *verb_nearest(struct str name);

#endif
