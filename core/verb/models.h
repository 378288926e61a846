/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Models on a command line and in JSON, for the verbs under "weir model".
 */
#ifndef WEIR_VERB_MODELS_H
#define WEIR_VERB_MODELS_H

#include "core/base/json_write.h"
#include "core/verb/verb.h"

/* ERR_USAGE when one of the operands from `first` on is no model, with the nearest that is. */
MUST_CHECK enum err models_are_known(const struct command *c, size_t first, struct buf *why);

bool model_is_named(const struct command *c, size_t first, const struct model *m);

/* Opens an object: model, provider, id. */
void model_put_head(struct json_writer *w, const struct model *m);

/* A member of money: a decimal text of dollars, null where it is unknown. */
void model_put_money(struct json_writer *w, const char *key, int64_t pico);

#endif
