/* SPDX-License-Identifier: GPL-3.0-or-later
 * The scanner tells where each token stands; the deepest of the path's objects that is there is
 * remembered, and the value if it is. */
#include "core/conf/config_edit.h"

#include "core/base/json_scan.h"
#include "core/base/json_write.h"

struct edit {
	struct str keys[CONFIG_EDIT_KEYS_MAX];
	size_t key_count;
	int depth;     /* open objects and lists */
	size_t inside; /* how many of the path's objects are open around us, the root too */
	bool matches;  /* the last key was the next of the path */
	size_t found;  /* how many of them there are in the file */
	size_t after;  /* behind the deepest one's brace */
	bool is_empty; /* nothing stands in that one */
	bool has_value;
	bool in_value; /* a list or object that goes on */
	struct json_place value;
	size_t value_end;
	struct json_place wrong;
};

static bool opens(enum json_token token)
{
	return token == JSON_TOKEN_OBJECT || token == JSON_TOKEN_ARRAY;
}

static bool closes(enum json_token token)
{
	return token == JSON_TOKEN_OBJECT_END || token == JSON_TOKEN_ARRAY_END;
}

/* At a value of the path: the next of its objects, or the value itself. */
static enum err reach(struct edit *e, enum json_token token, struct json_place at)
{
	if (e->inside == e->key_count) {
		e->has_value = true;
		e->in_value = opens(token);
		e->value = at;
		return ERR_OK;
	}
	if (token != JSON_TOKEN_OBJECT) {
		e->wrong = at;
		return ERR_SYNTAX;
	}
	e->inside++;
	if (e->inside > e->found) {
		e->found = e->inside;
		e->after = at.byte + 1;
		e->is_empty = true;
	}
	return ERR_OK;
}

static void take_key(struct edit *e, struct str key)
{
	bool here = e->depth > 0 && (size_t)e->depth == e->inside;

	if (here && e->inside == e->found)
		e->is_empty = false;
	e->matches = here && !e->has_value && str_eq(key, e->keys[e->inside - 1]);
}

static enum err take(void *ctx, enum json_token token, struct str text, struct json_place at)
{
	struct edit *e = ctx;
	enum err err = ERR_OK;

	if (token == JSON_TOKEN_KEY) {
		take_key(e, text);
		return ERR_OK;
	}
	if (closes(token)) {
		if ((size_t)e->depth == e->inside && e->inside)
			e->inside--;
		e->depth--;
		if (e->in_value && (size_t)e->depth == e->key_count) {
			e->in_value = false;
			e->value_end = at.byte + 1;
		}
		return ERR_OK;
	}
	if (e->matches || !e->depth)
		err = reach(e, token, at);
	e->matches = false;
	e->depth += opens(token);
	return err;
}

/* Where a scalar that begins at `from` ends. */
static size_t scalar_end(struct str text, size_t from)
{
	size_t at = from + 1;

	if (text.ptr[from] != '"') {
		while (at < text.len && !strchr(" \t\r\n,]}", text.ptr[at]))
			at++;
		return at;
	}
	while (at < text.len && text.ptr[at] != '"')
		at += text.ptr[at] == '\\' ? 2 : 1;
	return at + 1;
}

static enum err scan(struct edit *e, struct str text, struct buf *why)
{
	struct json_scan s;
	enum err err;

	json_scan_begin(&s, (struct json_sink){ take, e });
	err = json_scan_feed(&s, text);
	if (!err)
		err = json_scan_end(&s);
	if (err && e->wrong.line)
		why_set(why, "%d:%d: expected an object here", e->wrong.line, e->wrong.column);
	else if (err)
		json_scan_why(&s, why);
	json_scan_release(&s);
	return err ? ERR_SYNTAX : ERR_OK;
}

/* `"a": {"b": JSON}` for the keys from `first` on. */
static void add_member(struct buf *out, const struct edit *e, size_t first, struct str json)
{
	for (size_t i = first; i < e->key_count; i++) {
		struct json_writer w = { .out = out };

		json_put_str(&w, e->keys[i]);
		buf_add_text(out, i + 1 < e->key_count ? ": {" : ": ");
	}
	buf_add_str(out, json);
	buf_add_repeat(out, '}', e->key_count - first - 1);
}

enum err config_edit(
	struct str text, const char *path, struct str json, struct buf *out, struct buf *why)
{
	struct str rest = str_of(path);
	struct edit e = { .key_count = 0 };
	enum err err;

	if (!str_trim(text).len)
		text = STR("{\n}\n");
	while (e.key_count < CONFIG_EDIT_KEYS_MAX && str_cut(&rest, '.', &e.keys[e.key_count]))
		e.key_count++;
	err = scan(&e, text, why);
	if (err)
		return err;
	if (e.has_value) {
		size_t end = e.value_end ? e.value_end : scalar_end(text, e.value.byte);

		buf_add_str(out, str_part(text, 0, e.value.byte));
		buf_add_str(out, json);
		buf_add_str(out, str_part(text, end, text.len));
		return ERR_OK;
	}
	buf_add_str(out, str_part(text, 0, e.after));
	buf_add_text(out, e.found == 1 ? "\n " : "");
	add_member(out, &e, e.found - 1, json);
	buf_add_text(out, e.is_empty ? "" : e.found == 1 ? "," : ", ");
	buf_add_str(out, str_part(text, e.after, text.len));
	return ERR_OK;
}
