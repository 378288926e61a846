/* SPDX-License-Identifier: GPL-3.0-or-later
 * The turns of a conversation over the Anthropic wire. Its roles must alternate, and what a tool
 * said is a block of the user's: several of our messages make one of its. */
#include "core/wire/anthropic_parts.h"

static bool is_blank(struct str text)
{
	return str_trim(text).len == 0;
}

/* ---- blocks ------------------------------------------------------------------------------ */

static void open_block(struct json_writer *w, const char *type)
{
	json_open(w, '{');
	json_key(w, "type");
	json_put_text(w, type);
}

/* A block without words is refused by the API, so none is sent. */
static void put_text(struct json_writer *w, const struct message *m)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	common_add_text(&text, m);
	if (!is_blank(buf_str(&text))) {
		open_block(w, "text");
		json_key(w, "text");
		json_put_str(w, buf_str(&text));
		json_close(w, '}');
	}
	buf_release(&text);
}

/* The ids of other providers' calls have dots and colons in them, which this API refuses. */
static void put_id(struct json_writer *w, const char *key, struct str id)
{
	struct buf fit = BUF(WIRE_CALL_NAME_MAX);

	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];
		bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '-';

		buf_add_char(&fit, fits ? c : '_');
	}
	json_key(w, key);
	json_put_str(w, fit.len ? buf_str(&fit) : STR("call"));
	buf_release(&fit);
}

/* The API takes an object and nothing else. Of a model that wrote no JSON, its own words go back
 * as they were: it has to see what it did. */
static void put_input(struct json_writer *w, struct str arguments)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	json_t *input = NULL;

	json_key(w, "input");
	if (!json_read(arguments, JSON_READ_LENIENT, &input, NULL) && json_is_object(input)) {
		json_print(&text, input);
		json_put_raw(w, buf_str(&text));
	} else {
		json_open(w, '{');
		if (!is_blank(arguments)) {
			json_key(w, "not_an_object");
			json_put_str(w, arguments);
		}
		json_close(w, '}');
	}
	json_decref(input);
	buf_release(&text);
}

static void put_call(struct json_writer *w, const struct tool_call *call)
{
	open_block(w, "tool_use");
	put_id(w, "id", call->id);
	json_key(w, "name");
	json_put_str(w, call->name);
	put_input(w, call->arguments);
	json_close(w, '}');
}

/* Signed reasoning, block by block as it came; it must stand before the calls it led to. */
static void put_kept(struct json_writer *w, struct str kept)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	json_t *blocks = NULL, *block;
	size_t i;

	if (!kept.len || json_read(kept, JSON_READ_LENIENT, &blocks, NULL))
		return;
	json_array_foreach(blocks, i, block)
	{
		buf_clear(&text);
		json_print(&text, block);
		json_put_raw(w, buf_str(&text));
	}
	json_decref(blocks);
	buf_release(&text);
}

static void put_assistant(struct json_writer *w, const struct message *m)
{
	put_kept(w, m->kept);
	put_text(w, m);
	for (size_t i = 0; i < m->call_count; i++)
		put_call(w, &m->calls[i]);
}

static void put_result(struct json_writer *w, const struct message *m)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	common_add_text(&text, m);
	open_block(w, "tool_result");
	put_id(w, "tool_use_id", m->call_id);
	json_key(w, "content");
	json_put_str(w, buf_str(&text));
	if (m->failed) {
		json_key(w, "is_error");
		json_put_bool(w, true);
	}
	json_close(w, '}');
	buf_release(&text);
}

/* ---- messages ---------------------------------------------------------------------------- */

static bool is_assistant(const struct message *m)
{
	return m->role == ROLE_ASSISTANT;
}

static bool has_blocks(const struct message *m)
{
	if (m->role == ROLE_SYSTEM)
		return false;
	return m->role == ROLE_TOOL || m->call_count || m->images || m->kept.len ||
	       !is_blank(m->text);
}

/* The messages of one side from `from` on, up to but not with the one returned. */
static size_t turn_end(const struct wire_call *call, size_t from)
{
	size_t end = from + 1;

	while (end < call->message_count &&
		(!has_blocks(&call->messages[end]) ||
			is_assistant(&call->messages[end]) == is_assistant(&call->messages[from])))
		end++;
	return end;
}

/* Results of tools come first: the API wants them right behind the calls. */
static void put_user_turn(
	struct json_writer *w, const struct wire_call *call, size_t from, size_t end)
{
	for (size_t i = from; i < end; i++)
		if (call->messages[i].role == ROLE_TOOL)
			put_result(w, &call->messages[i]);
	for (size_t i = from; i < end; i++)
		if (call->messages[i].role == ROLE_USER)
			put_text(w, &call->messages[i]);
}

static void put_turn(struct json_writer *w, const struct wire_call *call, size_t from, size_t end)
{
	bool assistant = is_assistant(&call->messages[from]);

	json_open(w, '{');
	json_key(w, "role");
	json_put_text(w, assistant ? "assistant" : "user");
	json_key(w, "content");
	json_open(w, '[');
	for (size_t i = from; assistant && i < end; i++)
		if (is_assistant(&call->messages[i]))
			put_assistant(w, &call->messages[i]);
	if (!assistant)
		put_user_turn(w, call, from, end);
	json_close(w, ']');
	json_close(w, '}');
}

void anthropic_put_messages(struct json_writer *w, const struct wire_call *call)
{
	size_t end;

	json_key(w, "messages");
	json_open(w, '[');
	for (size_t i = 0; i < call->message_count; i = end) {
		end = i + 1;
		if (!has_blocks(&call->messages[i]))
			continue;
		end = turn_end(call, i);
		put_turn(w, call, i, end);
	}
	json_close(w, ']');
}
