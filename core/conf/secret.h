/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * API keys: read from the environment or from a file that only its owner can read, when a call is
 * made, and wiped after it. Never printed, logged, stored, or put into an error.
 */
#ifndef WEIR_CONF_SECRET_H
#define WEIR_CONF_SECRET_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/conf/provider.h"

enum { SECRET_MAX = 4096 };

struct secret {
	char text[SECRET_MAX]; /* terminated; empty when the provider wants none */
};

/* The variable first, then the file (blanks and line ends around its text do not count; "~/" is
 * $HOME). ERR_KEY with what to set, without the provider's name in front; also for a key file that
 * others can read, or a key with a control character or blank in it. */
MUST_CHECK enum err secret_read(struct secret *s, const struct provider *p,
	const char *(*env)(void *ctx, const char *name), void *env_ctx, struct buf *why);
void secret_wipe(struct secret *s);

/* Whether a key is there (or none is wanted), fit or not, without keeping it. */
bool secret_is_there(
	const struct provider *p, const char *(*env)(void *ctx, const char *name), void *env_ctx);

#endif
