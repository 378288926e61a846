/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ladders and their prices. */
#include "core/steps/rungs.h"

static struct ladder chosen_ladder(struct env *env, struct decision *d)
{
	int64_t task = d->classify.task ? d->classify.task - 1 : TASK_CHAT;
	const struct model **one;

	if (d->request.forced_model.ptr) {
		one = arena_alloc(&d->arena, sizeof(*one));
		*one = model_find(env->map, d->request.forced_model);
		return (struct ladder){ one, *one != NULL };
	}
	return env->simulate ? env->map->simulation : env->map->tasks[task];
}

struct ladder rungs_of(struct env *env, struct decision *d)
{
	struct ladder all = chosen_ladder(env, d), reached = { NULL, 0 };

	if (!all.count)
		return all;
	reached.models = arena_alloc(&d->arena, all.count * sizeof(*reached.models));
	for (size_t i = 0; i < all.count; i++)
		if (provider_is_in_reach(all.models[i]->provider, env->simulate))
			reached.models[reached.count++] = all.models[i];
	return reached;
}

int64_t rung_cost(const struct env *env, const struct model *model, int64_t in, int64_t out)
{
	struct tokens tokens = TOKENS_NONE;

	tokens.in = in;
	tokens.out = out;
	return model_cost(model, clock_wall(&env->clock), &tokens);
}

int64_t rung_most(const struct env *env, const struct model *model, int64_t in, int64_t out)
{
	return price_most(model_price(model, clock_wall(&env->clock), in), in, out);
}

const struct model *rung_planned(const struct env *env, const struct decision *d)
{
	return model_find(env->map, d->plan.ladder.ptr[d->plan.start - 1]);
}
