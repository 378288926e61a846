/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the two wires' bytes look like to a fault: which event of a stream is which, and how errors
 * are worded. Written without wire/, like the rest of sim/.
 */
#ifndef WEIR_SIM_FAULT_WIRE_H
#define WEIR_SIM_FAULT_WIRE_H

#include "core/sim/fault.h"

enum event_kind {
	EVENT_PIECE,  /* a piece of the answer's text */
	EVENT_FINISH, /* says why it ended */
	EVENT_LAST,   /* the wire's last word */
	EVENT_OTHER
};

/* POST to which path asks for an answer over which wire. */
enum sim_wire wire_of_path(struct str path);

/* One event, its blank line included. */
enum event_kind event_kind_of(enum sim_wire wire, struct str event);

/* The event with another reason for the end; as it is where it has none. */
void event_put_reason(struct buf *out, enum sim_wire wire, struct str event, const char *reason);
/* The event with bytes that are no UTF-8 in its text. */
void event_put_ill(struct buf *out, enum sim_wire wire, struct str event);
/* The wire's reason of an answer that is whole. */
const char *wire_whole(enum sim_wire wire);
/* The wire's last word, as an event. */
void wire_put_last(struct buf *out, enum sim_wire wire);

/* An error; members that are NULL take what the wire would say. */
struct wire_error {
	const char *message, *type, *code;
};

void wire_put_error(struct buf *out, enum sim_wire wire, const struct wire_error *error);
/* In the midst of a stream, with all that the wire sends behind it. */
void wire_put_stream_error(struct buf *out, enum sim_wire wire, enum fault_form form,
	const struct wire_error *error);

/* The answers of limits: status, headers and body (complete lines, then the text). */
int limit_put(struct buf *headers, struct buf *body, enum sim_wire wire,
	const struct sim_fault *fault, struct str model);

#endif
