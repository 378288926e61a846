/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The filter language of `weir log` and of every list on the screen:
 *
 *	tier:3 cost>0.01 verdict:fail model:sim-* -task:faq time>=2026-11-20 deductible "two words"
 *
 * Terms are joined by "and"; "-" before a term negates it. A field is named as in the field tables
 * (its last part is enough where unique) or by an alias (tier, cost, model, task, verdict, end,
 * text ...). ":" is equality ("*" as a wild card in texts, "null" for what is unknown); < <= > >=
 * compare; fields of attempts and verdicts hold when any of them does. Bare words are looked for
 * in the question and the answer, without regard to case.
 *
 * Becomes SQL with bound parameters; no text of a filter ever reaches the SQL itself.
 */
#ifndef WEIR_STORE_FILTER_H
#define WEIR_STORE_FILTER_H

#include "core/base/buf.h"
#include "core/base/vec.h"
#include "core/base/err.h"

enum { FILTER_TERMS_MAX = 64 };

struct filter_value {
	enum { FILTER_TEXT, FILTER_INT, FILTER_REAL } type;
	struct str text;
	int64_t whole;
	double real;
};

struct filter {
	struct buf where;                 /* SQL for after WHERE; empty: everything */
	VEC(struct filter_value) values;  /* for its ?1, ?2 ... in order */
	struct arena arena;
};

/* ERR_USAGE names the term, what is wrong with it, and the nearest known field. */
MUST_CHECK enum err filter_parse(struct filter *f, struct str text, struct buf *why);
void filter_release(struct filter *f);

#endif
