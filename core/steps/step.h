/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The steps that a decision goes through, in order: the one table. Steps do not know each other;
 * they meet in the record. To add one: a file with its function, and its row here.
 */
#ifndef WEIR_STEPS_STEP_H
#define WEIR_STEPS_STEP_H

#include "core/steps/env.h"

enum step_result {
	STEP_NEXT, /* go on with the next one */
	STEP_WAIT, /* come back to this one after env->resume */
	STEP_DONE, /* nothing more to decide: go to the closing steps */
	STEP_FAIL  /* the same, with d->err and d->error set */
};

/* name, whether it runs whatever came before (closing), what it does */
#define STEP_LIST(X)                                                                              \
	X(intake, false, "counts the prompt and names the task")                                  \
	X(route, false, "picks the ladder and the rung, within the budget")                       \
	X(discover, false, "asks the server which model it has, where none was named")            \
	X(call, false, "asks the model and reads its answer as it streams")                       \
	X(settle, true, "adds up money and time")

enum step_id {
#define X(name, closing, say) STEP_ID_##name,
	STEP_LIST(X)
#undef X
	STEP_COUNT
};

#define X(name, closing, say) enum step_result step_##name(struct env *env, struct decision *d);
STEP_LIST(X)
#undef X

#endif
