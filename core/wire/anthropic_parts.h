/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the Anthropic wire share; nobody else includes this.
 */
#ifndef WEIR_WIRE_ANTHROPIC_PARTS_H
#define WEIR_WIRE_ANTHROPIC_PARTS_H

#include "core/wire/common.h"

/* anthropic_ask.c */
void anthropic_write_request(const struct wire_call *call, struct buf *body);

/* anthropic_turns.c: the member "messages". */
void anthropic_put_messages(struct json_writer *w, const struct wire_call *call);

/* anthropic_facts.c. An error is {"type": "error", "error": {...}}; and what servers and proxies
 * in front of it send instead: {"error": {...}}, {"error": "..."}, {"type": "error", "message":
 * "..."}. False: it is none. */
bool anthropic_find_error(struct wire_answer *answer, const json_t *root);
void anthropic_read_error(struct wire_answer *answer, int status, struct str body);

void anthropic_read_usage(struct wire_answer *answer, const json_t *usage);

/* `object` is the delta of a message_delta, or a whole message. */
void anthropic_read_stop(struct wire_answer *answer, const json_t *object);

#endif
