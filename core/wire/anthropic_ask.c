/* SPDX-License-Identifier: GPL-3.0-or-later
 * Asking over the Anthropic wire: all of a request but its turns. */
#include "core/wire/anthropic_parts.h"

/* The API insists on a limit: this one where neither the request nor the model has any. */
enum { MAX_TOKENS_FALLBACK = 4096 };

/* Members of params that this file writes itself. Without tools of ours, those that the provider
 * runs may come from there. */
#define OURS "model|max_tokens|system|messages|output_config|stream"
#define OUR_TOOLS "|tools"

/* What models that think answer with a 400. */
#define REJECTED "|temperature|top_p|top_k"

/* ---- the system prompt ------------------------------------------------------------------- */

static void put_system(struct json_writer *w, const struct wire_call *call)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	for (size_t i = 0; i < call->message_count; i++) {
		const struct message *m = &call->messages[i];

		if (m->role != ROLE_SYSTEM || !str_trim(m->text).len)
			continue;
		if (text.len)
			buf_add_text(&text, "\n\n");
		buf_add_str(&text, m->text);
	}
	if (text.len) {
		json_key(w, "system");
		json_put_str(w, buf_str(&text));
	}
	buf_release(&text);
}

/* ---- tools and a schema ------------------------------------------------------------------ */

static void put_tools(struct json_writer *w, const struct wire_call *call)
{
	if (!call->tool_count)
		return;
	json_key(w, "tools");
	json_open(w, '[');
	for (size_t i = 0; i < call->tool_count; i++)
		common_put_tool(
			w, &call->tools[i], "input_schema", STR("{\"type\":\"object\"}"));
	json_close(w, ']');
}

/* The API refuses an object that does not say whether it is closed. A closed one asks for more
 * than an open one: what obeys it obeys the schema as it was written. */
static void close_objects(json_t *schema)
{
	json_t *part;
	const char *key;
	size_t i;

	json_array_foreach(schema, i, part) close_objects(part);
	json_object_foreach(schema, key, part) close_objects(part);
	if (str_is(json_get_text(schema, "type"), "object") &&
		!json_object_get(schema, "additionalProperties"))
		json_object_set_new(schema, "additionalProperties", json_false());
}

/* {"format": {"type": "json_schema", "schema": ...}}, beside what params say of it. */
static void put_output(struct json_writer *w, const struct wire_call *call)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	json_t *params = NULL, *schema = NULL, *output;

	if (call->model->params.ptr &&
		json_read(call->model->params, JSON_READ_STRICT, &params, NULL))
		params = NULL;
	output = json_incref(json_object_get(params, "output_config"));
	if (call->schema.ptr && !json_read(call->schema, JSON_READ_LENIENT, &schema, NULL)) {
		close_objects(schema);
		if (!json_is_object(output)) {
			json_decref(output);
			output = json_object();
		}
		json_object_set_new(output, "format",
			json_pack("{s:s, s:O}", "type", "json_schema", "schema", schema));
	}
	if (output) {
		json_print(&text, output);
		json_key(w, "output_config");
		json_put_raw(w, buf_str(&text));
	}
	json_decref(output);
	json_decref(schema);
	json_decref(params);
	buf_release(&text);
}

/* ---- what the model takes ---------------------------------------------------------------- */

/* "4-7-20260416" to 4 and 7; a date is no minor version. */
static void read_version(struct str text, int64_t *major, int64_t *minor)
{
	struct str piece;

	*major = *minor = 0;
	if (!str_cut(&text, '-', &piece) || !str_to_int(piece, major))
		return;
	if (str_cut(&text, '-', &piece) && piece.len <= 2)
		str_to_int(piece, minor);
}

/* claude-opus-4-7 and what came after it, whatever the family: claude-sonnet-5-5. Ids before that
 * had the version first: claude-3-5-sonnet. */
static bool is_after_sampling(struct str id)
{
	static const char front[] = "claude-";
	size_t at = str_find(id, str_of(front));
	struct str rest = str_part(id, at + strlen(front), id.len), family;
	int64_t major, minor;

	if (!str_cut(&rest, '-', &family) || str_to_int(family, &major))
		return false;
	read_version(rest, &major, &minor);
	return major > 4 || (major == 4 && minor >= 7);
}

/* {"thinking": {"type": "enabled", ...}} */
static bool is_told_to_think(struct str params)
{
	json_t *object = NULL;
	struct str type;
	bool thinks;

	if (!params.ptr || json_read(params, JSON_READ_STRICT, &object, NULL))
		return false;
	type = json_get_text(json_object_get(object, "thinking"), "type");
	thinks = type.len && !str_is(type, "disabled");
	json_decref(object);
	return thinks;
}

static const char *members_to_leave_out(const struct wire_call *call)
{
	bool rejects = is_after_sampling(call->id) || is_told_to_think(call->model->params);

	if (call->tool_count)
		return rejects ? OURS OUR_TOOLS REJECTED : OURS OUR_TOOLS;
	return rejects ? OURS REJECTED : OURS;
}

static int64_t longest_answer(const struct wire_call *call)
{
	if (call->max_tokens > 0)
		return call->max_tokens;
	return call->model->max_output > 0 ? call->model->max_output : MAX_TOKENS_FALLBACK;
}

void anthropic_write_request(const struct wire_call *call, struct buf *body)
{
	struct json_writer w = { .out = body };

	json_open(&w, '{');
	json_key(&w, "model");
	json_put_str(&w, call->id);
	json_key(&w, "max_tokens");
	json_put_int(&w, longest_answer(call));
	put_system(&w, call);
	anthropic_put_messages(&w, call);
	put_tools(&w, call);
	put_output(&w, call);
	common_put_params(&w, call->model->params, members_to_leave_out(call));
	json_key(&w, "stream");
	json_put_bool(&w, call->stream);
	json_close(&w, '}');
}
