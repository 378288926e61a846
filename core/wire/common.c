/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the wires have in common. */
#include "core/wire/common.h"

static const int64_t tokens_most = (int64_t)1 << 48;

static bool is_among(const char *names, const char *name)
{
	struct str rest = str_of(names), one;

	while (str_cut(&rest, '|', &one))
		if (str_is(one, name))
			return true;
	return false;
}

void common_put_params(struct json_writer *w, struct str params, const char *ours)
{
	json_t *object = NULL, *value;
	struct buf text = BUF(BUF_TEXT_MAX);
	const char *key;

	if (!params.ptr || json_read(params, JSON_READ_STRICT, &object, NULL))
		return;
	json_object_foreach(object, key, value)
	{
		if (is_among(ours, key))
			continue;
		buf_clear(&text);
		json_print(&text, value);
		json_key(w, key);
		json_put_raw(w, buf_str(&text));
	}
	json_decref(object);
	buf_release(&text);
}

void common_add_text(struct buf *out, const struct message *message)
{
	buf_add_str(out, message->text);
	if (!message->images)
		return;
	if (message->text.len)
		buf_add_char(out, '\n');
	buf_addf(out, "[%d image%s left out: Weir sends text only]", message->images,
		message->images == 1 ? "" : "s");
}

void common_put_tool(
	struct json_writer *w, const struct wire_tool *tool, const char *key, struct str any)
{
	json_open(w, '{');
	json_key(w, "name");
	json_put_str(w, tool->name);
	if (tool->say.len) {
		json_key(w, "description");
		json_put_str(w, tool->say);
	}
	json_key(w, key);
	json_put_raw(w, tool->schema.len ? tool->schema : any);
	json_close(w, '}');
}

bool common_take_text(struct wire_answer *answer, const json_t *value, const struct wire_sink *sink)
{
	struct str piece = json_text(value);

	if (!piece.len)
		return true;
	answer->text_bytes += piece.len;
	return sink->text(sink->ctx, piece);
}

void common_take_count(int64_t *count, const json_t *object, const char *key)
{
	int64_t told = json_get_int(object, key, INT_NONE);

	if (told >= 0 && told <= tokens_most)
		*count = told;
}

struct str common_first_model(struct str body, struct arena *arena)
{
	struct str id = STR_NONE;
	json_t *root = NULL;

	if (!json_read(body, JSON_READ_LENIENT, &root, NULL))
		id = arena_str(arena,
			json_get_text(json_array_get(json_object_get(root, "data"), 0), "id"));
	json_decref(root);
	return id;
}
