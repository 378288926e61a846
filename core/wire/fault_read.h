/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finds the error in what a provider sent, in whatever shape: {"error": {...}}, {"error": "..."},
 * {"object": "error", ...}, {"type": "error", "error": {...}}, {"code", "message"}, {"detail"},
 * a list of them, a page of HTML, plain text, nothing.
 */
#ifndef WEIR_WIRE_FAULT_READ_H
#define WEIR_WIRE_FAULT_READ_H

#include "core/base/json.h"
#include "core/wire/wire.h"

/* Whether `root`, the whole of a chunk or of an answer that came with `status`, is an error; then
 * it is told (fault_tell). Inside a 200 the error's own status counts. */
bool fault_read(struct wire_answer *answer, int status, const json_t *root);

/* The body of an HTTP error: it is one whatever it holds. */
void fault_read_body(struct wire_answer *answer, int status, struct str body);

#endif
