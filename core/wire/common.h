/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the wires have in common, asking and answering. They differ in where things stand, seldom
 * in what becomes of them.
 */
#ifndef WEIR_WIRE_COMMON_H
#define WEIR_WIRE_COMMON_H

#include "core/base/json.h"
#include "core/base/json_write.h"
#include "core/wire/wire.h"

/* ---- asking ---- */

/* The members of `params`, {"temperature": 0}, beside ours; those named in `ours` ("a|b|c") are
 * left out: they are written already. */
void common_put_params(struct json_writer *w, struct str params, const char *ours);

/* The text of a message, and a word in place of the images that stood beside it. */
void common_add_text(struct buf *out, const struct message *message);

/* {"name", "description", `key`: its schema}; `any` is the schema of a tool that has none. */
void common_put_tool(struct json_writer *w, const struct wire_tool *tool, const char *key,
	struct str any);

/* ---- answering ---- */

/* Hands a JSON string on; what is none, or empty, is passed over. False: stop reading. */
bool common_take_text(
	struct wire_answer *answer, const json_t *value, const struct wire_sink *sink);

/* A count of tokens, where there is one: nothing below zero, nothing that nobody could have used
 * (so that sums of several never overflow). */
void common_take_count(int64_t *count, const json_t *object, const char *key);

/* {"data": [{"id": ...}]}: the first id, in the arena; STR_NONE when there is none. */
struct str common_first_model(struct str body, struct arena *arena);

#endif
