/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rules of trying again. */
#include "core/steps/retry.h"

#include "core/base/clock.h"
#include "core/wire/fault.h"

#define FIRST_WAIT (US_PER_S / 2)
#define WAIT_TOP (INT64_C(8) * US_PER_S)
#define JITTER 0.25

/* Nobody has heard the request, so nothing was done about it. */
static bool is_unheard(const struct attempt_outcome *o)
{
	return !o->fault && !o->answered &&
	       (o->err == ERR_NET || (o->err == ERR_TIMEOUT && !o->sent));
}

static bool is_worth_it(const struct attempt_outcome *o)
{
	if (o->spoke || o->err == ERR_CANCELLED || o->fault == FAULT_MONEY ||
		o->fault == FAULT_NEVER_FITS)
		return false;
	if (o->limits.retry != INT_NONE)
		return o->limits.retry != 0;
	return fault_passes(o->fault) || is_unheard(o);
}

static int64_t doubled_wait(int64_t tries, struct rng *rng)
{
	int64_t wait = FIRST_WAIT;

	for (int64_t i = 1; i < tries && wait < WAIT_TOP; i++)
		wait *= 2;
	return (int64_t)((double)wait * (1 - JITTER * rng_unit(rng)));
}

/* Its share of what all waits together need to outlast the window, and a little more. */
static int64_t window_wait(const struct retry_rules *rules, int64_t window, struct rng *rng)
{
	double share = (double)(window + US_PER_S) / (double)rules->max;

	return (int64_t)(share * (1 + JITTER * rng_unit(rng))) + 1;
}

struct retry retry_judge(
	const struct retry_rules *rules, const struct retry_case *c, struct rng *rng)
{
	const struct attempt_outcome *o = c->last;
	bool pace = o->fault == FAULT_PACE;
	int64_t told = pace ? limits_wait(&o->limits) : o->limits.wait;
	int64_t window = pace ? o->limits.hit.window : 0, wait;

	if (!is_worth_it(o))
		return (struct retry){ RETRY_NOT, SPAN_NONE };
	if (told > rules->wait_max || (told <= 0 && window > rules->wait_max))
		return (struct retry){ RETRY_TOO_LONG, told > 0 ? told : SPAN_NONE };
	if (c->tries > rules->max)
		return (struct retry){ RETRY_ENOUGH, told > 0 ? told : SPAN_NONE };
	wait = told > 0	     ? told
	       : window > 0 ? window_wait(rules, window, rng)
			    : doubled_wait(c->tries, rng);
	if (rules->total && c->spent + wait >= rules->total)
		return (struct retry){ RETRY_NO_TIME, wait };
	return (struct retry){ RETRY_AGAIN, wait };
}
