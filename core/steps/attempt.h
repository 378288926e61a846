/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One call to one model, and its row on record. Bytes go through the wire's reader; each piece of
 * answer is told to whoever watches as it comes; what was said before a failure or a cancel is
 * kept. It knows of no other attempts: whether another one follows is for the step to say.
 *
 *	w = attempt_begin(env, d, model);
 *	... (env->resume comes, once, when it is over; never from inside attempt_begin)
 *	if (attempt_is_over(w))
 *		outcome = attempt_finish(&w);
 */
#ifndef WEIR_STEPS_ATTEMPT_H
#define WEIR_STEPS_ATTEMPT_H

#include "core/steps/env.h"
#include "core/wire/wire.h"

/* us. Some servers give the reason why an answer ends, and then neither a last word nor the end of
 * the bytes. Usage may still follow the reason, so this long a silence behind it is waited for. */
#define ATTEMPT_GRACE (INT64_C(3) * US_PER_S)

struct attempt_work;

/* How one ended, beyond what stands on record. */
struct attempt_outcome {
	enum err err;          /* ERR_OK: there is an answer; else the attempt's `error` says why */
	enum wire_fault fault; /* what the provider says is wrong; FAULT_NONE: it says nothing */
	struct limits limits;
	bool sent;             /* the request went out */
	bool answered;         /* the head of an answer came */
	bool spoke;            /* some of the answer was told */
};

/* What a call asks beyond the request of the decision, and who looks at the head of its answer. The
 * tools and the schema need not outlive attempt_begin_with. */
struct attempt_ask {
	const struct wire_tool *tools;
	size_t tool_count;
	struct str schema; /* STR_NONE: free text */
	void (*head)(void *ctx, const struct transfer *t); /* may be NULL */
	void *ctx;
};

/* Adds an attempt to the record and calls the model. It may be over at once: then no env->resume
 * comes. */
struct attempt_work *attempt_begin(
	struct env *env, struct decision *d, const struct model *model);

struct attempt_work *attempt_begin_with(struct env *env, struct decision *d,
	const struct model *model, const struct attempt_ask *ask);

bool attempt_is_over(const struct attempt_work *w);

/* Ends it at once, as cancelled; env->resume follows. What is over already stays as it is. */
void attempt_cancel(struct attempt_work *w);

/* Puts the end of what is over on record, and the answer too where there is one. The pointer is
 * cleared. */
struct attempt_outcome attempt_finish(struct attempt_work **work);

#endif
