/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which call a piece belongs to. */
#include "core/wire/calls.h"

#include "core/base/json.h"
#include "core/base/json_write.h"

enum {
	LOOKED_AT_MAX = 64 * 1024 /* of arguments, to tell whether another call begins */
};

static bool may_share(const struct wire_tool_call *call, int64_t index)
{
	return index == INT_NONE || call->index == INT_NONE || call->index == index;
}

static bool has_id(const struct wire_tool_call *call, struct str id)
{
	return id.len && str_eq(buf_str(&call->id), id);
}

/* A piece of other or no id: whether it may go on with this call. */
static bool goes_on(const struct wire_tool_call *call, const struct wire_call_piece *piece)
{
	bool indexed = piece->index != INT_NONE && call->index != INT_NONE;

	if (!piece->id.len || !piece->name.len)
		return true;
	return !call->id.len && indexed;
}

static struct wire_tool_call *find(
	const struct wire_calls *calls, const struct wire_call_piece *piece)
{
	for (size_t i = calls->len; i-- > 0;)
		if (may_share(&calls->ptr[i], piece->index) &&
			has_id(&calls->ptr[i], piece->id))
			return &calls->ptr[i];
	for (size_t i = calls->len; i-- > 0;)
		if (may_share(&calls->ptr[i], piece->index) && goes_on(&calls->ptr[i], piece))
			return &calls->ptr[i];
	return NULL;
}

static struct wire_tool_call *add(struct wire_calls *calls, int64_t index)
{
	struct wire_tool_call *call;

	if (calls->len == WIRE_CALLS_MAX)
		return NULL;
	if (calls->len == calls->cap) {
		calls->cap = calls->cap ? 2 * calls->cap : 4;
		calls->ptr = memory_resize(calls->ptr, calls->cap * sizeof(*calls->ptr));
	}
	call = &calls->ptr[calls->len++];
	*call = (struct wire_tool_call){ .index = index,
		.id = BUF(WIRE_CALL_NAME_MAX),
		.name = BUF(WIRE_CALL_NAME_MAX),
		.arguments = BUF(BUF_TEXT_MAX) };
	return call;
}

static void keep_first(struct buf *kept, struct str told)
{
	if (!kept->len)
		buf_add_str(kept, told);
}

struct wire_tool_call *wire_calls_at(struct wire_calls *calls, int64_t index, struct str id)
{
	const struct wire_call_piece piece = { index, id, STR("named"), STR_NONE };
	struct wire_tool_call *call = find(calls, &piece);

	if (!call)
		call = add(calls, index);
	if (call)
		keep_first(&call->id, id);
	return call;
}

static bool is_json(struct str text, bool *object)
{
	json_t *value = NULL;
	bool whole = !json_read(text, JSON_READ_LENIENT, &value, NULL);

	if (object)
		*object = json_is_object(value);
	json_decref(value);
	return whole;
}

/* A name and the beginning of an object, where a whole one stands: no piece of that. */
static bool begins_another(
	const struct wire_tool_call *call, const struct wire_call_piece *piece)
{
	struct str so_far = buf_str(&call->arguments);
	bool object = false;

	if (!piece->name.len || !call->name.len || !str_starts(piece->arguments, "{") ||
		has_id(call, piece->id))
		return false;
	if (!str_ends(so_far, "}") || so_far.len > LOOKED_AT_MAX)
		return false;
	return is_json(so_far, &object) && object;
}

bool wire_calls_take(struct wire_calls *calls, const struct wire_call_piece *piece)
{
	struct wire_tool_call *call = find(calls, piece);

	if (!call || begins_another(call, piece))
		call = add(calls, piece->index);
	if (!call)
		return false;
	keep_first(&call->id, piece->id);
	keep_first(&call->name, piece->name);
	buf_add_str(&call->arguments, piece->arguments);
	return true;
}

bool wire_calls_are_whole(const struct wire_calls *calls)
{
	for (size_t i = 0; i < calls->len; i++) {
		const struct wire_tool_call *call = &calls->ptr[i];
		struct str arguments = str_trim(buf_str(&call->arguments));

		if (!call->name.len || buf_is_full(&call->arguments) ||
			(arguments.len && !is_json(arguments, NULL)))
			return false;
	}
	return true;
}

void wire_call_put_arguments(const struct wire_tool_call *call, struct buf *json)
{
	struct str arguments = str_trim(buf_str(&call->arguments));
	struct json_writer w = { .out = json };
	json_t *value = NULL;

	if (!arguments.len)
		json_put_raw(&w, STR("{}"));
	else if (!json_read(arguments, JSON_READ_LENIENT, &value, NULL))
		json_print(json, value);
	else
		json_put_str(&w, buf_str(&call->arguments));
	json_decref(value);
}

void wire_calls_release(struct wire_calls *calls)
{
	for (size_t i = 0; i < calls->len; i++) {
		buf_release(&calls->ptr[i].id);
		buf_release(&calls->ptr[i].name);
		buf_release(&calls->ptr[i].arguments);
	}
	memory_free(calls->ptr);
	*calls = (struct wire_calls){ NULL, 0, 0 };
}
