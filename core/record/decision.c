/* SPDX-License-Identifier: GPL-3.0-or-later
 * A decision's birth with everything unknown, and the names of its enumerations. */
#include "core/record/decision.h"

#include <math.h>

#define X(code, name) name,
const char *const role_names[ROLE_COUNT] = { NULL, ROLE_LIST(X) };
const char *const cache_result_names[CACHE_RESULT_COUNT] = { NULL, CACHE_RESULT_LIST(X) };
const char *const end_names[END_COUNT] = { NULL, END_LIST(X) };
const char *const verdict_names[VERDICT_COUNT] = { NULL, VERDICT_LIST(X) };
const char *const answer_from_names[ANSWER_FROM_COUNT] = { NULL, ANSWER_FROM_LIST(X) };
#undef X

#define X(code, name, say) name,
const char *const task_names[TASK_COUNT + 1] = { NULL, TASK_LIST(X) };
#undef X

struct decision *decision_new(void)
{
	struct decision *d = memory_new(sizeof(*d));

	d->arena = ARENA;
	d->request.tokens = INT_NONE;
	d->request.budget = MONEY_UNKNOWN;
	d->classify.task_p = d->classify.complexity = d->classify.confidence = NAN;
	d->cache.similarity = d->cache.threshold = NAN;
	d->cache.age_s = INT_NONE;
	d->plan.start = INT_NONE;
	d->context.tokens_before = d->context.tokens_after = INT_NONE;
	d->answer.tier = INT_NONE;
	d->cost = d->baseline = d->saved = MONEY_UNKNOWN;
	d->took = (struct spans){ SPAN_NONE, SPAN_NONE, SPAN_NONE, SPAN_NONE, SPAN_NONE };
	d->sample.p = NAN;
	return d;
}

void decision_free(struct decision **d)
{
	struct arena arena;

	if (!*d)
		return;
	arena = (*d)->arena;
	arena_release(&arena);
	memory_free(*d);
	*d = NULL;
}

struct attempt *decision_add_attempt(struct decision *d)
{
	struct attempt *a = vec_add(&d->arena, &d->attempts);

	*a = (struct attempt){
		.tier = INT_NONE,
		.status = INT_NONE,
		.first_token = SPAN_NONE,
		.total = SPAN_NONE,
		.tokens = TOKENS_NONE,
		.cost = MONEY_UNKNOWN,
		.quality = NAN,
	};
	return a;
}

struct verdict *attempt_add_verdict(struct decision *d, struct attempt *a)
{
	struct verdict *v = vec_add(&d->arena, &a->verdicts);

	*v = (struct verdict){ .at = INT_NONE };
	return v;
}

struct tool_run *decision_add_tool_run(struct decision *d)
{
	struct tool_run *t = vec_add(&d->arena, &d->tools);

	*t = (struct tool_run){ .span = SPAN_NONE, .ok = INT_NONE };
	return t;
}

void decision_fail(struct decision *d, enum err err, struct str say)
{
	if (d->err)
		return;
	d->err = err;
	d->error = arena_str(&d->arena, say);
}
