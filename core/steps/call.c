/* SPDX-License-Identifier: GPL-3.0-or-later
 * Call: which attempts are made, one after another. */
#include "core/steps/step.h"

#include "core/steps/attempt.h"
#include "core/steps/rungs.h"

static enum step_result finish(struct decision *d, struct attempt_work *work)
{
	enum err err = attempt_finish(&work);

	d->work = NULL;
	d->cancel_work = NULL;
	if (!err)
		return STEP_NEXT;
	decision_fail(d, err, d->attempts.ptr[d->attempts.len - 1].error);
	return STEP_FAIL;
}

static void cancel(struct decision *d)
{
	attempt_cancel(d->work);
}

enum step_result step_call(struct env *env, struct decision *d)
{
	if (!d->work) {
		d->work = attempt_begin(env, d, rung_planned(env, d));
		d->cancel_work = cancel;
	}
	return attempt_is_over(d->work) ? finish(d, d->work) : STEP_WAIT;
}
