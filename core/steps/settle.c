/* SPDX-License-Identifier: GPL-3.0-or-later
 * Settle: what it cost, what the premium rung would have cost for the same tokens, and how long
 * it took. What is not known stays unknown, and then nothing is said to be saved. */
#include "core/steps/step.h"

#include "core/steps/rungs.h"

static int64_t sum_costs(const struct decision *d)
{
	int64_t sum = 0;

	for (size_t i = 0; i < d->attempts.len; i++)
		sum = money_add(sum, d->attempts.ptr[i].cost);
	return sum;
}

/* The dearest tier's first model in reach. */
static const struct model *premium_rung(const struct ladder *ladder)
{
	const struct model *top = NULL;

	for (size_t i = 0; i < ladder->count; i++)
		if (!top || ladder->models[i]->tier > top->tier)
			top = ladder->models[i];
	return top;
}

static int64_t baseline(struct env *env, struct decision *d)
{
	const struct attempt *last;
	const struct model *top;
	struct ladder ladder;

	if (!d->attempts.len || d->request.forced_model.ptr)
		return MONEY_UNKNOWN;
	last = &d->attempts.ptr[d->attempts.len - 1];
	ladder = rungs_of(env, d);
	top = premium_rung(&ladder);
	return top ? rung_cost(env, top, last->tokens.in, last->tokens.out) : MONEY_UNKNOWN;
}

enum step_result step_settle(struct env *env, struct decision *d)
{
	d->cost = sum_costs(d);
	if (d->answer.text.ptr && !d->err) {
		d->baseline = baseline(env, d);
		d->saved = money_sub(d->baseline, d->cost);
	}
	d->took.total = clock_steady(&env->clock) - d->begun;
	return STEP_NEXT;
}
