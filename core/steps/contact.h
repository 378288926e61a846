/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reaching a provider: its address, its key, its limits, and what to do about a status it answers.
 */
#ifndef WEIR_STEPS_CONTACT_H
#define WEIR_STEPS_CONTACT_H

#include "core/steps/env.h"
#include "core/wire/wire.h"

/* What to ask of the provider of `model`. */
struct contact {
	const struct model *model;
	const char *method, *path; /* path: after the base URL, with its slash */
	struct str body;           /* JSON; empty for GET */
	const struct secret *key;  /* of its provider, as contact_key read it */
	size_t answer_max;         /* bytes */
};

/* The address of `path` at the provider of `model`; what its base URL has behind a "?" comes
 * behind the path. */
void contact_address(
	struct buf *url, const struct env *env, const struct model *model, const char *path);

/* The key of the provider of `model`: the caller's to wipe. ERR_KEY when it is missing or unfit. */
MUST_CHECK enum err contact_key(const struct env *env, const struct model *model,
	struct secret *key, struct buf *why);

/* As http_start, with the key, the headers and the limits of the provider. */
MUST_CHECK enum err contact_start(const struct env *env, const struct contact *contact,
	struct http_sink sink, struct transfer **transfer, struct buf *why);

#endif
