/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of the OpenAI wire, for each other: asking, chunks and whole answers, what they used.
 */
#ifndef WEIR_WIRE_OPENAI_PARTS_H
#define WEIR_WIRE_OPENAI_PARTS_H

#include "core/wire/common.h"

/* openai_ask.c: the request as JSON. */
void openai_write_request(const struct wire_call *call, struct buf *body);

/* openai_choice.c: the choices of a chunk or of a whole answer. False: stop reading. */
bool openai_read_choices(
	struct wire_answer *answer, const json_t *root, const struct wire_sink *sink);

/* openai_usage.c: the counts of a chunk or of a whole answer, wherever they stand in it, turned
 * into ours. Counts are totals: the last ones told hold. */
void openai_read_usage(struct wire_answer *answer, const json_t *root);

/* openai.c: a chunk, a whole answer or a list of them. False: stop reading. */
bool openai_read_tree(
	struct wire_answer *answer, const json_t *root, const struct wire_sink *sink);

/* openai_fast.c: a chunk that holds nothing but a piece of text, as openai_read_tree but without
 * building one. False, and nothing is done, for every other chunk. *go_on: as read_event. */
bool openai_read_fast(struct wire_answer *answer, struct str data, const struct wire_sink *sink,
	bool *go_on);

#endif
