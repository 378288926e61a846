/* SPDX-License-Identifier: GPL-3.0-or-later
 * One run for each decision under way: where it stands in the table, and who watches it. */
#include "core/flow/flow.h"

#include "core/steps/step.h"

static const struct {
	const char *name;
	bool closing;
	enum step_result (*run)(struct env *env, struct decision *d);
} steps[STEP_COUNT] = {
#define X(name, closing, say) [STEP_ID_##name] = { #name, closing, step_##name },
	STEP_LIST(X)
#undef X
};

struct run {
	struct run *next;
	struct flow *flow;
	struct decision *d;
	struct flow_watch watch;
	int step;
	bool closing;  /* only closing steps are left */
	bool walking;  /* guards against a resume from inside a step */
	bool again;
};

struct flow {
	struct env *env;
	struct store *store;
	struct run *runs;
};

static void emit(const struct event *event)
{
	struct run *r = event->decision->run;

	if (r->watch.event)
		r->watch.event(r->watch.ctx, event);
}

static void drop_run(struct run *run)
{
	struct run **at = &run->flow->runs;

	while (*at != run)
		at = &(*at)->next;
	*at = run->next;
	decision_free(&run->d);
	memory_free(run);
}

static void recorded(void *ctx, const struct decision *d, enum err err, struct str say)
{
	struct run *r = ctx;

	(void)d;
	env_emit(r->flow->env, EVENT_DONE, r->d, STR_NONE);
	r->watch.done(r->watch.ctx, r->d, err, say);
	drop_run(r);
}

static void record(struct run *r)
{
	if (r->d->request.dry_run) {
		recorded(r, r->d, ERR_OK, STR_NONE);
		return;
	}
	store_append(r->flow->store, r->d, (struct store_receipt){ recorded, r });
}

/* One step; false when the run has to wait. */
static bool take_step(struct run *r)
{
	struct env *env = r->flow->env;
	enum step_result result;

	if (r->closing && !steps[r->step].closing) {
		r->step++;
		return true;
	}
	result = steps[r->step].run(env, r->d);
	if (result == STEP_WAIT)
		return false;
	env_emit(env, EVENT_STEP, r->d, str_of(steps[r->step].name));
	if (result == STEP_DONE || result == STEP_FAIL)
		r->closing = true;
	r->step++;
	return true;
}

static void walk(struct run *r)
{
	if (r->walking) {
		r->again = true;
		return;
	}
	r->walking = true;
	do {
		r->again = false;
		while (r->step < STEP_COUNT && take_step(r))
			;
	} while (r->again && r->step < STEP_COUNT);
	r->walking = false;
	if (r->step == STEP_COUNT) {
		r->step++;
		record(r);
	}
}

static void resume(struct decision *d)
{
	struct run *r = d->run;

	if (r->step < STEP_COUNT)
		walk(r);
}

struct flow *flow_open(struct env *env, struct store *store)
{
	struct flow *flow = memory_new(sizeof(*flow));

	flow->env = env;
	flow->store = store;
	env->emit = emit;
	env->resume = resume;
	return flow;
}

void flow_submit(struct flow *flow, struct decision *d, struct flow_watch watch)
{
	struct run *r = memory_new(sizeof(*r));

	*r = (struct run){ .next = flow->runs, .flow = flow, .d = d, .watch = watch };
	flow->runs = r;
	d->run = r;
	d->id = id_make(clock_wall(&flow->env->clock), flow->env->rng);
	d->time = clock_wall(&flow->env->clock);
	d->begun = clock_steady(&flow->env->clock);
	env_emit(flow->env, EVENT_BEGIN, d, STR_NONE);
	walk(r);
}

static void cancel_run(struct run *r)
{
	if (r->step < STEP_COUNT && r->d->cancel_work)
		r->d->cancel_work(r->d);
}

void flow_cancel(struct flow *flow, struct id id)
{
	for (struct run *r = flow->runs; r; r = r->next)
		if (!memcmp(&r->d->id, &id, sizeof(id))) {
			cancel_run(r);
			return;
		}
}

size_t flow_in_flight(const struct flow *flow)
{
	size_t count = 0;

	for (const struct run *r = flow->runs; r; r = r->next)
		count++;
	return count;
}

/* Cancelled work goes on at the end of a turn: there are no more turns, so it is walked here. */
void flow_close(struct flow **flow)
{
	struct run *next;

	if (!*flow)
		return;
	for (struct run *r = (*flow)->runs; r; r = next) {
		next = r->next;
		cancel_run(r);
		if (r->step < STEP_COUNT)
			walk(r);
	}
	store_flush((*flow)->store);
	store_collect((*flow)->store);
	memory_free(*flow);
	*flow = NULL;
}
