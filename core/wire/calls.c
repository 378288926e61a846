/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which call a piece belongs to. */
#include "core/wire/calls.h"

static bool is_same(const struct wire_tool_call *call, int64_t index, struct str id)
{
	bool same_id = !id.len || !call->id.len || str_eq(buf_str(&call->id), id);

	if (index == INT_NONE || call->index == INT_NONE)
		return id.len && call->id.len && same_id;
	return call->index == index && same_id;
}

static struct wire_tool_call *add(struct wire_calls *calls, int64_t index, struct str id)
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
	buf_add_str(&call->id, id);
	return call;
}

struct wire_tool_call *wire_calls_at(struct wire_calls *calls, int64_t index, struct str id)
{
	if (index == INT_NONE && !id.len && calls->len)
		return &calls->ptr[calls->len - 1];
	for (size_t i = calls->len; i-- > 0;) {
		struct wire_tool_call *call = &calls->ptr[i];

		if (!is_same(call, index, id))
			continue;
		if (!call->id.len)
			buf_add_str(&call->id, id);
		return call;
	}
	return add(calls, index, id);
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
