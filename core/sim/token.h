/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The simulator's tokens: a word with the blank before it, or a piece of a long word; about what
 * a real tokenizer makes of English. They pace the stream and are what `usage` counts.
 */
#ifndef WEIR_SIM_TOKEN_H
#define WEIR_SIM_TOKEN_H

#include "core/base/str.h"

/* Takes the next token off the front of *rest; false at the end. Never cuts a code point. */
bool token_next(struct str *rest, struct str *token);

size_t token_count(struct str text);

/* The front of the text that holds at most `tokens`. */
struct str token_front(struct str text, size_t tokens);

#endif
