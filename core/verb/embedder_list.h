/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which embedders there are: the built-in one, those that were fetched, those that are known.
 */
#ifndef WEIR_VERB_EMBEDDER_LIST_H
#define WEIR_VERB_EMBEDDER_LIST_H

#include "core/verb/verb.h"

/* weir model embedder list [--json] */
MUST_CHECK enum err embedder_list(struct command *c);

/* Calls for the name of each that is here, the built-in one first. */
void embedder_names(struct engine *e, void (*call)(void *ctx, struct str name), void *ctx);

#endif
