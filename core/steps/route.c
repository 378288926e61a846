/* SPDX-License-Identifier: GPL-3.0-or-later
 * Route: the ladder and the rung it begins at. A forced model or tier decides; otherwise the
 * cheapest rung does, within the budget of the request. */
#include "core/steps/step.h"

#include "core/steps/rungs.h"
#include "core/steps/tokens.h"

static enum step_result fail(struct decision *d, enum err err, struct str say)
{
	decision_fail(d, err, say);
	return STEP_FAIL;
}

/* What would make this model answer. */
static struct str say_unreachable(struct env *env, struct decision *d, const struct model *m)
{
	const struct provider *p = m->provider;
	const char *or_sim = env->simulate ? ", or name sim-small, sim-mid or sim-large" : "";

	if (p->simulated)
		return arena_format(
			&d->arena, "%.*s is a model of the simulator: add --sim", STR_ARG(m->name));
	if (p->configured)
		return arena_format(&d->arena, "%.*s is a model of %.*s: leave --sim out%s",
			STR_ARG(m->name), STR_ARG(p->name), or_sim);
	if (p->key_env.len)
		return arena_format(&d->arena,
			"%.*s is a model of %.*s, whose key is missing: set %.*s%s",
			STR_ARG(m->name), STR_ARG(p->name), STR_ARG(p->key_env), or_sim);
	return arena_format(&d->arena,
		"%.*s is a model of %.*s, which is not set up: set providers.%.*s.base_url%s",
		STR_ARG(m->name), STR_ARG(p->name), STR_ARG(p->name), or_sim);
}

static enum step_result no_rung(struct env *env, struct decision *d)
{
	const struct request *r = &d->request;
	const struct model *m = r->forced_model.ptr ? model_find(env->map, r->forced_model) : NULL;
	const char *near = r->forced_model.ptr ? model_nearest(env->map, r->forced_model) : NULL;

	if (m)
		return fail(d, ERR_KEY, say_unreachable(env, d, m));
	if (r->forced_model.ptr)
		return fail(d, ERR_USAGE,
			arena_format(&d->arena,
				"there is no model \"%.*s\"%s%s%s \"weir model list --all\" lists "
				"them",
				STR_ARG(r->forced_model), near ? "; did you mean \"" : "",
				near ? near : "", near ? "\"?" : ":"));
	return fail(d, ERR_CONFIG,
		arena_format(&d->arena,
			"no model of the ladder for task \"%s\" can be reached: add one of a "
			"provider that is set up to tasks.%s.ladder",
			task_names[d->classify.task], task_names[d->classify.task]));
}

static size_t rung_of_tier(const struct ladder *ladder, int tier)
{
	for (size_t i = 0; i < ladder->count; i++)
		if (ladder->models[i]->tier == tier)
			return i;
	return ladder->count;
}

static struct str say_money(struct arena *a, int64_t pico)
{
	struct buf text = BUF(64);
	struct str copy;

	money_say(&text, pico);
	copy = arena_str(a, buf_str(&text));
	buf_release(&text);
	return copy;
}

/* The longest answer that a call may give: what was asked for, else the task's or the model's. */
static int64_t longest_answer(
	const struct env *env, const struct decision *d, const struct model *m)
{
	int64_t of_task = env->map->task_max_output[d->classify.task ? d->classify.task - 1 : 0];
	int64_t limit = d->request.max_tokens ? d->request.max_tokens : of_task;

	if (m->max_output && (!limit || m->max_output < limit))
		limit = m->max_output;
	return limit;
}

static enum step_result check_budget(struct env *env, struct decision *d, const struct model *m)
{
	int64_t most;

	if (d->request.budget == MONEY_UNKNOWN)
		return STEP_NEXT;
	if (!d->request.max_tokens)
		return fail(d, ERR_REFUSED,
			arena_format(&d->arena,
				"nothing limits the answer of %.*s, so the budget of %.*s cannot "
				"be kept: add --max-tokens, or models.%.*s.max_output",
				STR_ARG(m->name), STR_ARG(say_money(&d->arena, d->request.budget)),
				STR_ARG(m->name)));
	most = rung_most(env, m, tokenizer_at_most(m->tokenizer, d->request.tokens),
		d->request.max_tokens);
	if (most == MONEY_UNKNOWN)
		return fail(d, ERR_REFUSED,
			arena_format(&d->arena,
				"%.*s has no known price, so the budget of %.*s cannot be kept: "
				"add models.%.*s.price, or leave the budget out",
				STR_ARG(m->name), STR_ARG(say_money(&d->arena, d->request.budget)),
				STR_ARG(m->name)));
	if (most <= d->request.budget)
		return STEP_NEXT;
	return fail(d, ERR_REFUSED,
		arena_format(&d->arena,
			"a call of %.*s may cost %.*s, more than the budget of %.*s: raise it, or "
			"lower --max-tokens",
			STR_ARG(m->name), STR_ARG(say_money(&d->arena, most)),
			STR_ARG(say_money(&d->arena, d->request.budget))));
}

static void explain(struct decision *d, const struct ladder *ladder, size_t start)
{
	const struct model *m = ladder->models[start];
	const struct request *r = &d->request;

	for (size_t i = 0; i < ladder->count; i++)
		*vec_add(&d->arena, &d->plan.ladder) = ladder->models[i]->name;
	d->plan.start = (int64_t)start + 1;
	if (r->forced_model.ptr)
		d->plan.why = STR("the model was asked for by name");
	else if (r->forced_tier)
		d->plan.why = arena_format(&d->arena, "tier %d was asked for", r->forced_tier);
	else
		d->plan.why = arena_format(&d->arena, "the cheapest rung for %s: tier %d",
			task_names[d->classify.task], m->tier);
	if (!r->forced_model.ptr && start + 1 < ladder->count)
		d->plan.flip = arena_format(&d->arena, "--tier %d -> %.*s",
			ladder->models[start + 1]->tier, STR_ARG(ladder->models[start + 1]->name));
}

enum step_result step_route(struct env *env, struct decision *d)
{
	int64_t begun = clock_steady(&env->clock);
	struct ladder ladder = rungs_of(env, d);
	size_t start = 0;
	enum step_result result;

	if (!ladder.count)
		return no_rung(env, d);
	if (d->request.forced_tier)
		start = rung_of_tier(&ladder, d->request.forced_tier);
	if (start == ladder.count)
		return fail(d, ERR_CONFIG,
			arena_format(&d->arena,
				"no model of tier %d can be reached for task \"%s\": \"weir model "
				"list\" shows what can",
				d->request.forced_tier, task_names[d->classify.task]));
	d->request.max_tokens = longest_answer(env, d, ladder.models[start]);
	d->request.tokens = tokens_estimate_messages(ladder.models[start]->tokenizer,
		d->request.messages, d->request.message_count);
	explain(d, &ladder, start);
	d->answer.simulated = env->simulate;
	result = check_budget(env, d, ladder.models[start]);
	d->took.route = clock_steady(&env->clock) - begun;
	if (result == STEP_NEXT && d->request.dry_run)
		return STEP_DONE;
	return result;
}
