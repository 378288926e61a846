/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The three simulated models, as one table: how fast they are, how much they say, and how often
 * and in which way they fail. Prices are no business of the simulator; they stand in the model map.
 */
#ifndef WEIR_SIM_PERSONA_H
#define WEIR_SIM_PERSONA_H

#include "core/base/rng.h"
#include "core/base/str.h"

/* How hard a request is for any model. Hidden: drawn, not derived from anything in the text. */
enum difficulty { DIFFICULTY_EASY, DIFFICULTY_MIDDLING, DIFFICULTY_HARD, DIFFICULTY_COUNT };

enum failure {
	FAIL_NONE,
	FAIL_REFUSE,   /* "I'm sorry, but I can't help with that." */
	FAIL_WANDER,   /* answers from a passage that does not fit */
	FAIL_BLANK,    /* leaves ____ where a fact belongs */
	FAIL_LENGTH,   /* stops half-way, finish_reason "length" */
	FAIL_SILENT,   /* stops half-way without a finish_reason, without [DONE] */
	FAIL_JSON,     /* JSON that does not parse, in an answer or in a tool's arguments */
	FAIL_ARGUMENT, /* a field or an argument that nobody asked for */
	FAIL_COUNT
};

struct persona {
	const char *id;
	int first_token_ms;
	int tokens_per_s;
	size_t sentences; /* quoted from the best passage, at most */
	size_t passages;  /* drawn on, at most */
	double odds[DIFFICULTY_COUNT]; /* of failing */
	int habits[FAIL_COUNT]; /* weights among the failures that fit the kind of answer */
};

size_t persona_count(void);
const struct persona *persona_at(size_t index);
const struct persona *persona_find(struct str id); /* NULL: unknown */

/* How long until the first token, and from one token to the next; uneven, as on a wire. */
int64_t persona_first_us(const struct persona *p, struct rng *rng);
int64_t persona_gap_us(const struct persona *p, struct rng *rng);

#endif
