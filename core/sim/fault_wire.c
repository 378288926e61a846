/* SPDX-License-Identifier: GPL-3.0-or-later
 * Events and errors of both wires. */
#include "core/sim/fault_wire.h"

#include "core/base/arena.h"
#include "core/base/json.h"
#include "core/base/json_write.h"

static const struct {
	const char *path;
	enum sim_wire wire;
} paths[] = {
	{ "/v1/chat/completions", SIM_OPENAI },
	{ "/v1/messages", SIM_ANTHROPIC },
};

enum sim_wire wire_of_path(struct str path)
{
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		if (str_is(path, paths[i].path))
			return paths[i].wire;
	return SIM_NO_WIRE;
}

/* ---- events --------------------------------------------------------------------------------- */

/* The first data line of an event. */
static struct str data_of(struct str event)
{
	struct str line;

	while (str_cut(&event, '\n', &line))
		if (str_starts(line, "data:"))
			return str_trim(str_part(line, 5, line.len));
	return STR_NONE;
}

static enum event_kind openai_kind(const json_t *root)
{
	const json_t *choice = json_array_get(json_object_get(root, "choices"), 0);
	const json_t *delta = json_object_get(choice, "delta");

	if (json_get_text(choice, "finish_reason").ptr)
		return EVENT_FINISH;
	if (json_get_text(delta, "content").len || json_object_get(delta, "tool_calls"))
		return EVENT_PIECE;
	return EVENT_OTHER;
}

static enum event_kind anthropic_kind(const json_t *root)
{
	struct str type = json_get_text(root, "type");

	return str_is(type, "content_block_delta") ? EVENT_PIECE
	       : str_is(type, "message_delta")	   ? EVENT_FINISH
	       : str_is(type, "message_stop")	   ? EVENT_LAST
						   : EVENT_OTHER;
}

enum event_kind event_kind_of(enum sim_wire wire, struct str event)
{
	struct str data = data_of(event);
	enum event_kind kind = EVENT_OTHER;
	json_t *root = NULL;

	if (wire == SIM_OPENAI && str_is(data, "[DONE]"))
		return EVENT_LAST;
	if (!json_read(data, JSON_READ_LENIENT, &root, NULL))
		kind = wire == SIM_OPENAI ? openai_kind(root) : anthropic_kind(root);
	json_decref(root);
	return kind;
}

/* Where the text of the first of these members begins; event.len: there is none. */
static size_t find_text(struct str event, const char *member)
{
	struct arena arena = ARENA;
	struct str mark = arena_format(&arena, "\"%s\":\"", member);
	size_t at = str_find(event, mark);

	if (at < event.len)
		at += mark.len;
	arena_release(&arena);
	return at;
}

void event_put_reason(struct buf *out, enum sim_wire wire, struct str event, const char *reason)
{
	size_t from = find_text(event, wire == SIM_OPENAI ? "finish_reason" : "stop_reason");
	size_t len = str_find_char(str_part(event, from, event.len), '"');

	buf_add_str(out, str_part(event, 0, from));
	if (from < event.len)
		buf_add_text(out, reason);
	buf_add_str(out, str_part(event, from < event.len ? from + len : from, event.len));
}

void event_put_ill(struct buf *out, enum sim_wire wire, struct str event)
{
	static const char ill[] = { '\xff', '\xc3', '(', '\xed', '\xa0', '\x80' };
	size_t from = find_text(event, wire == SIM_OPENAI ? "content" : "text");

	buf_add_str(out, str_part(event, 0, from));
	buf_add(out, ill, sizeof(ill));
	buf_add_str(out, str_part(event, from, event.len));
}

const char *wire_whole(enum sim_wire wire)
{
	return wire == SIM_OPENAI ? "stop" : "end_turn";
}

void wire_put_last(struct buf *out, enum sim_wire wire)
{
	buf_add_text(out, wire == SIM_OPENAI
				  ? "data: [DONE]\n\n"
				  : "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
}

/* ---- errors --------------------------------------------------------------------------------- */

static void put_member(struct json_writer *w, const char *key, const char *value)
{
	json_key(w, key);
	json_put_str(w, str_of(value));
}

static void put_openai_error(struct json_writer *w, const struct wire_error *e)
{
	json_open(w, '{');
	put_member(w, "message", e->message);
	put_member(w, "type", e->type ? e->type : "server_error");
	put_member(w, "param", NULL);
	put_member(w, "code", e->code);
	json_close(w, '}');
}

static void put_anthropic_error(struct json_writer *w, const struct wire_error *e)
{
	json_open(w, '{');
	if (e->code) {
		json_key(w, "details");
		json_open(w, '{');
		put_member(w, "error_code", e->code);
		json_close(w, '}');
	}
	put_member(w, "type", e->type ? e->type : "api_error");
	put_member(w, "message", e->message);
	json_close(w, '}');
}

void wire_put_error(struct buf *out, enum sim_wire wire, const struct wire_error *error)
{
	struct json_writer w = { .out = out };

	json_open(&w, '{');
	if (wire == SIM_ANTHROPIC)
		put_member(&w, "type", "error");
	json_key(&w, "error");
	if (wire == SIM_ANTHROPIC) {
		put_anthropic_error(&w, error);
		put_member(&w, "request_id", "req_simulated");
	} else {
		put_openai_error(&w, error);
	}
	json_close(&w, '}');
}

/* {"object":"error","message":...} */
static void put_object_error(struct buf *out, const struct wire_error *e)
{
	struct json_writer w = { .out = out };

	json_open(&w, '{');
	put_member(&w, "object", "error");
	put_member(&w, "message", e->message);
	put_member(&w, "type", e->type ? e->type : "InternalServerError");
	put_member(&w, "code", e->code);
	json_close(&w, '}');
}

/* A chunk that is like any other, but for the error in it. */
static void put_error_beside(struct buf *out, enum sim_wire wire, const struct wire_error *e)
{
	struct json_writer w = { .out = out };

	json_open(&w, '{');
	if (wire == SIM_ANTHROPIC) {
		put_member(&w, "type", "content_block_delta");
		json_key(&w, "index");
		json_put_int(&w, 0);
		json_key(&w, "delta");
		json_put_raw(&w, STR("{\"type\":\"text_delta\",\"text\":\"\"}"));
	} else {
		json_key(&w, "choices");
		json_put_raw(&w, STR("[{\"index\":0,\"delta\":{\"content\":\"\"},"
				     "\"finish_reason\":\"error\"}]"));
	}
	json_key(&w, "error");
	put_openai_error(&w, e);
	json_close(&w, '}');
}

void wire_put_stream_error(struct buf *out, enum sim_wire wire, enum fault_form form,
	const struct wire_error *error)
{
	buf_add_text(out, form == FORM_EVENT   ? "event: error\ndata: "
			  : form == FORM_FIELD ? "error: "
					       : "data: ");
	if (form == FORM_OBJECT)
		put_object_error(out, error);
	else if (form == FORM_BESIDE)
		put_error_beside(out, wire, error);
	else
		wire_put_error(out, wire, error);
	buf_add_text(out, "\n\n");
	/* Those that speak so end as if nothing had happened. */
	if (form != FORM_EVENT && form != FORM_DATA)
		wire_put_last(out, wire);
}
