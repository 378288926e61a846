/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ladder that a decision may climb: the task's models that can be reached, cheapest first.
 */
#ifndef WEIR_STEPS_RUNGS_H
#define WEIR_STEPS_RUNGS_H

#include "core/steps/env.h"

/* In the decision's arena; the simulator's ladder when that answers. A forced model
 * is a ladder of one. */
struct ladder rungs_of(struct env *env, struct decision *d);

/* What a call of `model` with so many tokens costs now; MONEY_UNKNOWN when no price is known. */
int64_t rung_cost(const struct env *env, const struct model *model, int64_t in, int64_t out);

/* The most that it may cost, whatever the provider's cache does. */
int64_t rung_most(const struct env *env, const struct model *model, int64_t in, int64_t out);

/* The model that the plan begins with. */
const struct model *rung_planned(const struct env *env, const struct decision *d);

#endif
