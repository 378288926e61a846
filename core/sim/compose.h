/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the composers of an answer share: the request, what the documents say to it, the dice, and
 * the text that grows.
 */
#ifndef WEIR_SIM_COMPOSE_H
#define WEIR_SIM_COMPOSE_H

#include "core/base/buf.h"
#include "core/sim/ask.h"
#include "core/sim/kind.h"
#include "core/sim/search.h"

enum { COMPOSE_HITS = 8, COMPOSE_MAX = 1 << 20 };

struct compose {
	const struct kb *kb;
	const struct search *search;
	const struct ask *ask;
	struct arena *arena; /* ask's */
	struct rng rng;
	struct str query; /* what is looked up: the question, with the one before it when short */
	struct hit hits[COMPOSE_HITS];
	size_t hit_count;
	bool found;   /* the documents say something about it; the first hit is the passage */
	bool wanders; /* the first hit was swapped for one that does not fit */
	struct buf out;
};

/* Looks the question up. The texts are in the arena of the request. */
void compose_begin(struct compose *c, const struct kb *kb, const struct search *search,
	struct ask *ask, enum kind kind, uint64_t key);
void compose_release(struct compose *c);

/* Takes another passage for the best one: the failure of a model that loses the thread. */
void compose_wander(struct compose *c);

/* One of the phrases, by the dice. */
const char *compose_pick(struct compose *c, const char *const *phrases, size_t count);

/* quote.c: the answer in sentences of the documents, with their citations. */
void quote_answer(struct compose *c);
/* Up to `sentences` from the passage that fit the question best, in their order, then "[kb:id]". */
void quote_passage(struct compose *c, const struct kb_passage *p, size_t sentences);
/* A sentence with a figure in it from another passage; false: there is none. */
bool quote_figure(struct compose *c);
void quote_nothing(struct compose *c); /* "I could not find that in the documents." */

/* letter.c */
void letter_write(struct compose *c);

/* chore.c, craft.c: translate, classify, extract, summarize; code, reasoning, small talk. */
void chore_translate(struct compose *c);
void chore_classify(struct compose *c);
void chore_extract(struct compose *c);
void chore_summarize(struct compose *c);
void craft_code(struct compose *c);
void craft_reason(struct compose *c);
void craft_chat(struct compose *c);

#endif
