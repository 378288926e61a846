/* SPDX-License-Identifier: GPL-3.0-or-later
 * The token estimate of a prompt. */
#include "core/steps/tokens.h"

enum { FRAME_TOKENS = 4 };

static int64_t estimate_message(const struct tokenizer *t, const struct message *m)
{
	int64_t sum = tokenizer_estimate(t, m->text) + FRAME_TOKENS;

	for (size_t i = 0; i < m->call_count; i++)
		sum += tokenizer_estimate(t, m->calls[i].name) +
		       tokenizer_estimate(t, m->calls[i].arguments) + FRAME_TOKENS;
	return sum;
}

int64_t tokens_estimate_messages(
	const struct tokenizer *t, const struct message *messages, size_t count)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += estimate_message(t, &messages[i]);
	return sum;
}
