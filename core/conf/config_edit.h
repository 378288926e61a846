/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One value in a configuration file set, and not a byte more of it touched: comments, order and
 * layout are the user's. What is missing on the way to the value is added where its object begins.
 */
#ifndef WEIR_CONF_CONFIG_EDIT_H
#define WEIR_CONF_CONFIG_EDIT_H

#include "core/base/buf.h"
#include "core/base/err.h"

enum { CONFIG_EDIT_KEYS_MAX = 8 };

/* `path` is dotted ("embedder.name"), its names without dots. An empty text counts as {}. The new
 * text goes to `out`. ERR_SYNTAX with "line:column: sentence" where the file is no object, or a
 * name on the way stands for something else than one. */
MUST_CHECK enum err config_edit(
	struct str text, const char *path, struct str json, struct buf *out, struct buf *why);

#endif
