/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether an attempt that failed is worth another one at the same model, and how long to wait
 * before it. The rules of the official clients (openai-python and anthropic-sdk-python,
 * _base_client.py): no connection, 408, 409, 429, 500 and more; x-should-retry overrules; the wait
 * as the provider tells it, else half a second, doubled each time up to eight, less a random
 * quarter. What they lack: never after a part of the answer was told, never when it is about money
 * or can never fit; and the waits for a limit that is counted over a minute outlast that minute.
 */
#ifndef WEIR_STEPS_RETRY_H
#define WEIR_STEPS_RETRY_H

#include "core/base/rng.h"
#include "core/steps/attempt.h"

struct retry_rules {
	int64_t max;      /* tries after the first one */
	int64_t wait_max; /* us: what asks for more is given up */
	int64_t total;    /* us for all tries together; 0: no limit */
};

enum retry_verdict {
	RETRY_AGAIN,
	RETRY_NOT,      /* it would end the same way */
	RETRY_ENOUGH,   /* it was tried as often as the rules allow */
	RETRY_TOO_LONG, /* it would have to wait for longer than wait_max */
	RETRY_NO_TIME   /* the wait would pass the total */
};

struct retry {
	enum retry_verdict verdict;
	int64_t wait; /* us; of RETRY_TOO_LONG too, SPAN_NONE where nobody knows */
};

/* How the attempts so far went. */
struct retry_case {
	const struct attempt_outcome *last;
	int64_t tries, spent; /* so many attempts in so many us */
};

struct retry retry_judge(
	const struct retry_rules *rules, const struct retry_case *c, struct rng *rng);

#endif
