/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A chunk over the OpenAI wire's short way and over its long one.
 */
#ifndef WEIR_TESTS_WIRE_TWO_WAYS_H
#define WEIR_TESTS_WIRE_TWO_WAYS_H

#include "core/wire/openai_parts.h"
#include "core/wire/reader.h"
#include "core/wire/wires.h"

enum two_ways { WAYS_LONG, WAYS_SAME, WAYS_DIFFER }; /* the short one did not take it; did */

static inline bool two_ways_take(void *ctx, struct str piece)
{
	buf_add_str(ctx, piece);
	return true;
}

static inline bool two_ways_are_equal(const struct wire_answer *a, const struct wire_answer *b)
{
	return a->end == b->end && a->text_bytes == b->text_bytes && a->skipped == b->skipped &&
	       a->closed == b->closed && a->cost == b->cost &&
	       !memcmp(&a->tokens, &b->tokens, sizeof(a->tokens)) &&
	       str_eq(buf_str(&a->request_id), buf_str(&b->request_id)) &&
	       !a->calls.len && !b->calls.len && !b->error.len && !b->refusal.len &&
	       !b->reasoning.len;
}

/* `id`: of the request, as an earlier chunk told it; "": none did. */
static inline enum two_ways two_ways_read(struct str chunk, const char *id)
{
	struct buf texts[2] = { BUF(BUF_TEXT_MAX), BUF(BUF_TEXT_MAX) };
	struct wire_reader readers[2];
	struct wire_answer *fast = &readers[0].answer, *slow = &readers[1].answer;
	enum two_ways ways = WAYS_LONG;
	json_t *root = NULL;
	bool go_on = true;

	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		wire_reader_begin(&readers[i], wire_find(STR("openai")),
			(struct wire_sink){ two_ways_take, &texts[i] });
		buf_add_text(&readers[i].answer.request_id, id);
	}
	if (openai_read_fast(fast, chunk, &readers[0].sink, &go_on)) {
		ways = WAYS_DIFFER;
		if (!json_read(chunk, JSON_READ_LENIENT, &root, NULL) &&
			openai_read_tree(slow, root, &readers[1].sink) == go_on &&
			str_eq(buf_str(&texts[0]), buf_str(&texts[1])) &&
			two_ways_are_equal(fast, slow))
			ways = WAYS_SAME;
	}
	json_decref(root);
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		wire_reader_release(&readers[i]);
		buf_release(&texts[i]);
	}
	return ways;
}

#endif
