/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A JSON text as a tree that keeps what jansson's values lose: numbers as they were written, the
 * place of each value, and all members of an object, repeated keys too.
 */
#ifndef WEIR_BASE_JSON_TREE_H
#define WEIR_BASE_JSON_TREE_H

#include "core/base/arena.h"
#include "core/base/json_scan.h"

struct json_node {
	enum json_token kind; /* OBJECT, ARRAY, STRING, NUMBER, TRUE, FALSE, NULL */
	struct str key;       /* in an object; STR_NONE elsewhere */
	struct str text;      /* STRING: decoded; NUMBER: as written */
	int line, column;
	struct json_node *first, *last, *next; /* children in their order */
};

/* In the arena. ERR_SYNTAX or ERR_TOO_BIG with "line:column: sentence" in why. */
MUST_CHECK enum err json_tree_read(
	struct str text, struct arena *arena, struct json_node **root, struct buf *why);

/* The last member of that name; NULL when there is none, or when `object` is none. */
const struct json_node *json_tree_get(const struct json_node *object, const char *key);

/* Of a string; STR_NONE for anything else. */
struct str json_tree_text(const struct json_node *node);

#endif
