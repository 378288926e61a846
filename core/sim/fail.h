/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How models fail here, and when. The difficulty of a request is a keyed hash of the seed and the
 * normalised question: the same for every model, and invisible to whoever looks at the words.
 */
#ifndef WEIR_SIM_FAIL_H
#define WEIR_SIM_FAIL_H

#include "core/sim/persona.h"
#include "core/sim/reply.h"

/* A number that only the seed and the text decide. */
uint64_t fail_key(uint64_t seed, struct str text);

/* `normal` is the question as words_normal gives it. */
enum difficulty fail_difficulty(uint64_t seed, struct str normal);

/* What goes wrong, if anything does: drawn anew for each model and each turn of a conversation,
 * so that a second try after a correction may succeed. */
enum failure fail_draw(const struct persona *persona, uint64_t seed, struct str normal,
	size_t turn, enum reply_shape shape);

/* Does it to a finished reply; FAIL_WANDER is the composer's to do and changes nothing here. */
void fail_apply(struct reply *reply, enum failure failure, struct arena *arena, struct rng *rng);

#endif
