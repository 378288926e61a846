/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A client's HTTP/1.1 request, as far as the door has to understand it: where it ends, what it is
 * for, and how to pass it on.
 */
#ifndef WEIR_SIM_REQUEST_H
#define WEIR_SIM_REQUEST_H

#include "core/base/arena.h"
#include "core/sim/fault_script.h"

enum request_state {
	REQUEST_PART,  /* more is to come */
	REQUEST_WHOLE,
	REQUEST_STRANGE /* larger than the server takes, or not understood: pass it on as it is */
};

/* Its length once it is whole. */
enum request_state request_measure(struct str bytes, size_t *len);

/* What a script wants to know of a whole one; texts in the arena. */
struct fault_request request_look(struct str bytes, struct arena *arena);

/* Whether the client wants the connection closed behind the answer. */
bool request_is_last(struct str bytes);

/* The same request as HTTP/1.0, whose answer ends with its connection and has no chunks. */
void request_put_old(struct buf *out, struct str bytes);

#endif
