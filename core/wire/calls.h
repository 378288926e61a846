/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tools that a model calls, put together from the pieces in which a stream tells them. The
 * pieces of several calls may interleave, and providers name a call by its index, by its id, by
 * both, or by neither; some repeat the id or the name, or send another id with each piece.
 */
#ifndef WEIR_WIRE_CALLS_H
#define WEIR_WIRE_CALLS_H

#include "core/base/buf.h"
#include "core/record/decision.h"

enum {
	WIRE_CALLS_MAX = 128,  /* in one answer */
	WIRE_CALL_NAME_MAX = 1024
};

struct wire_tool_call {
	int64_t index; /* the provider's; INT_NONE: it gives none */
	struct buf id, name, arguments;
};

struct wire_calls {
	struct wire_tool_call *ptr;
	size_t len, cap;
};

/* What one event says of a call. */
struct wire_call_piece {
	int64_t index;
	struct str id, name, arguments; /* empty: nothing new */
};

/* The call that a piece belongs to, a new one where it begins one: another index, or another id
 * under an index that is taken. `index` INT_NONE and an empty `id` mean the last call. An id is
 * kept as first told. NULL when there are too many. */
struct wire_tool_call *wire_calls_at(struct wire_calls *calls, int64_t index, struct str id);

/* Adds a piece to its call, as wire_calls_at, but for servers that keep no promise: only a piece
 * with a name begins a call under an index that is taken, and it begins one even without an id
 * when the arguments of the call before are whole. False when there are too many calls. */
bool wire_calls_take(struct wire_calls *calls, const struct wire_call_piece *piece);

/* Whether each has a name, and arguments that are JSON or none at all. */
bool wire_calls_are_whole(const struct wire_calls *calls);

/* Arguments as JSON for the record: {} where there are none; what is no JSON, as a JSON text. */
void wire_call_put_arguments(const struct wire_tool_call *call, struct buf *json);

void wire_calls_release(struct wire_calls *calls);

#endif
