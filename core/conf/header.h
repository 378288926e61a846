/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headers that the configuration adds to each request to a provider: which there may be, and their
 * texts once they are read.
 */
#ifndef WEIR_CONF_HEADER_H
#define WEIR_CONF_HEADER_H

#include "core/base/arena.h"
#include "core/conf/provider.h"

/* Letters, digits, and dashes and such: what a header may be called. */
bool header_is_name(struct str name);

/* One that describes the message itself: another word there breaks it. */
bool header_is_ours(struct str name);

/* What is wrong with adding this one; NULL: nothing. It never repeats the value. */
const char *header_wrong(struct str name);
const char *header_value_wrong(struct str value);

/* Whether a part of an address' query, "name=value", looks like a key: by its name, by how the
 * value begins, or because it is as long as keys are. */
bool query_is_secret(struct str part);

/* A JSON object of texts that was found good, into the provider's list; all in the arena. */
void headers_read(struct provider *p, struct str json, struct arena *arena);

#endif
