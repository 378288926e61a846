/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The filter language of `weir log` and of every list on the screen:
 *
 *	tier:3 cost>0.01 verdict:fail model:sim-* -task:faq time>=2026-11-20 deductible "two words"
 *
 * Terms are joined by "and"; "-" before a term negates it (it then holds where the value is not
 * known, too). A field is named by an alias (tier, cost, model, task, verdict, end, cache, ms,
 * text ...), as in the field tables ("attempt.", "verdict." or "tool." before it for those of the
 * lists), or by its last part where that is unique; fields of attempts, verdicts and tools hold
 * when any of them does.
 *
 * ":" is equality: "*" is a wild card in texts, "null" stands for what is not known; both are
 * plain text inside quotes. < <= > >= compare. Money is in dollars, spans are in milliseconds, a
 * bare date is the whole day (UTC), an id may be its last 4 to 12 digits. Bare words, and the
 * value of "text:", are looked for in the question and the answer without regard to the case of
 * A-Z.
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

/* A term that an index can answer: `sql` selects the numbers of its decisions. Where these are few
 * they are the way in; where they are many, walking from the newest finds a page soon. */
struct filter_probe {
	struct str sql;
	bool is_time; /* numbers run with time: those that match lie close together */
};

struct filter {
	struct buf where;                 /* SQL for after WHERE; empty: everything */
	VEC(struct filter_value) values;  /* for its ?1, ?2 ... in order, and those of the probes */
	VEC(struct filter_probe) probes;
	struct arena arena;
};

/* ERR_USAGE names the term, what is wrong with it, and the nearest known field. Released by the
 * caller either way. */
MUST_CHECK enum err filter_parse(struct filter *f, struct str text, struct buf *why);
void filter_release(struct filter *f);

#endif
