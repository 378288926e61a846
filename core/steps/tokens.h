/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How many tokens a text is likely to be, before anybody has counted them.
 */
#ifndef WEIR_STEPS_TOKENS_H
#define WEIR_STEPS_TOKENS_H

#include "core/record/decision.h"

/* A quarter of the bytes of Latin text, one for each code point of scripts without it (CJK), and
 * at least one for each word. */
int64_t tokens_estimate(struct str text);

/* The same over a whole prompt, with the few tokens that frame each message. */
int64_t tokens_estimate_messages(const struct message *messages, size_t count);

#endif
