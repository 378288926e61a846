/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tokens to a tree. */
#include "core/base/json_tree.h"

#include "core/base/vec.h"

struct tree {
	struct arena *arena;
	struct json_node *root;
	VEC(struct json_node *) open; /* objects and arrays */
	struct str key;
};

static struct json_node *add_node(struct tree *t, enum json_token kind, struct json_place at)
{
	struct json_node *n = arena_new(t->arena, struct json_node), *parent;

	n->kind = kind;
	n->key = t->key;
	n->line = at.line;
	n->column = at.column;
	t->key = STR_NONE;
	if (!t->open.len) {
		t->root = n;
		return n;
	}
	parent = t->open.ptr[t->open.len - 1];
	if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
	return n;
}

static enum err take_token(
	void *ctx, enum json_token token, struct str text, struct json_place at)
{
	struct tree *t = ctx;
	struct json_node *n;

	switch (token) {
	case JSON_TOKEN_KEY:
		t->key = arena_str(t->arena, text);
		break;
	case JSON_TOKEN_OBJECT_END:
	case JSON_TOKEN_ARRAY_END:
		t->open.len--;
		break;
	case JSON_TOKEN_OBJECT:
	case JSON_TOKEN_ARRAY:
		n = add_node(t, token, at);
		*vec_add(t->arena, &t->open) = n;
		break;
	default:
		n = add_node(t, token, at);
		n->text = arena_str(t->arena, text);
	}
	return ERR_OK;
}

enum err json_tree_read(
	struct str text, struct arena *arena, struct json_node **root, struct buf *why)
{
	struct tree t = { .arena = arena };
	struct json_scan scan;
	enum err err;

	json_scan_begin(&scan, (struct json_sink){ take_token, &t });
	if (str_starts(text, "\xEF\xBB\xBF"))
		text = str_part(text, 3, text.len);
	err = json_scan_feed(&scan, text);
	if (!err)
		err = json_scan_end(&scan);
	if (err)
		json_scan_why(&scan, why);
	json_scan_release(&scan);
	*root = t.root;
	return err;
}

const struct json_node *json_tree_get(const struct json_node *object, const char *key)
{
	const struct json_node *found = NULL;

	if (!object || object->kind != JSON_TOKEN_OBJECT)
		return NULL;
	for (const struct json_node *n = object->first; n; n = n->next)
		if (str_is(n->key, key))
			found = n;
	return found;
}

struct str json_tree_text(const struct json_node *node)
{
	return node && node->kind == JSON_TOKEN_STRING ? node->text : STR_NONE;
}
