/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The hard facts that stand in a text: what may fill a field of JSON or an argument of a tool.
 */
#ifndef WEIR_SIM_EVIDENCE_H
#define WEIR_SIM_EVIDENCE_H

#include "core/base/vec.h"

enum fact {
	FACT_ID,     /* 48213, C-26-058213, HM-4471920-03 */
	FACT_AMOUNT, /* $500, EUR 40 */
	FACT_NUMBER, /* 12, 2.5, 1,200 */
	FACT_DATE,   /* 2026-01-31, January 10, 2027 */
	FACT_EMAIL,
	FACT_NAME,   /* Ms Ortiz, Anna Berg */
	FACT_QUOTED,
	FACT_COUNT
};

struct evidence {
	struct texts facts[FACT_COUNT]; /* in the order of the text, each once */
	struct str question, answer;    /* the whole texts */
	struct str citation, heading, domain, section; /* of the passage found; no text: none was */
	size_t taken[FACT_COUNT];       /* how many have been used */
};

/* Facts are pieces of `text`, which must outlive them. */
void evidence_read(struct evidence *e, struct arena *arena, struct str text);

/* The next fact of this kind; the last one again when all are used; STR_NONE: there is none. */
struct str evidence_take(struct evidence *e, enum fact fact);

const char *evidence_say(enum fact fact); /* "amount" */

#endif
