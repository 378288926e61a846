/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How many tokens a prompt is likely to be for a model.
 */
#ifndef WEIR_STEPS_TOKENS_H
#define WEIR_STEPS_TOKENS_H

#include "core/record/decision.h"

/* Its texts, the calls of tools in it, and the few tokens that frame each message. */
int64_t tokens_estimate_messages(
	const struct tokenizer *t, const struct message *messages, size_t count);

#endif
