/* SPDX-License-Identifier: GPL-3.0-or-later
 * Call: which attempts are made, one after another, and what is said when none of them helped. */
#include "core/steps/step.h"

#include "core/conf/config.h"
#include "core/steps/retry.h"
#include "core/steps/rungs.h"
#include "core/wire/fault.h"

#define CANCELLED "cancelled while waiting to try again"

struct call {
	struct env *env;
	struct decision *d;
	const struct model *model;
	struct retry_rules rules;
	struct attempt_work *work; /* under way; or: */
	struct loop_timer *timer;  /* until the next one */
	int64_t begun, tries;
	bool cancelled;
};

static int64_t rule(const struct env *env, const char *path)
{
	double value = config_number(env->config, path);

	return value > 0 ? (int64_t)value : 0;
}

static struct call *call_new(struct env *env, struct decision *d)
{
	struct call *c = memory_new(sizeof(*c));

	*c = (struct call){ .env = env, .d = d, .model = rung_planned(env, d) };
	c->begun = clock_steady(&env->clock);
	c->rules.max = rule(env, "retry.max");
	c->rules.wait_max = rule(env, "retry.wait_max_s") * US_PER_S;
	c->rules.total = c->model->provider->total_ms * US_PER_MS;
	return c;
}

static enum step_result end_call(struct call *c, enum err err, struct str say)
{
	struct decision *d = c->d;

	if (err)
		decision_fail(d, err, say);
	d->work = NULL;
	d->cancel_work = NULL;
	loop_timer_free(&c->timer);
	memory_free(c);
	return err ? STEP_FAIL : STEP_NEXT;
}

/* ---- words ------------------------------------------------------------------------------ */

/* "openai: tokens a minute: 29,937 of 30,000 used, 385 asked: waiting 12 s (try 2 of 3)" */
static void tell_wait(struct call *c, const struct attempt_outcome *o, int64_t wait)
{
	struct buf say = BUF(BUF_WHY_MAX);
	size_t before;

	buf_addf(&say, "%.*s: ", STR_ARG(c->model->provider->name));
	before = say.len;
	if (o->fault == FAULT_PACE)
		limits_say(&o->limits, &say);
	if (say.len == before)
		buf_add_text(&say, o->fault ? fault_what(o->fault) : "no answer");
	buf_add_text(&say, ": waiting ");
	moment_say(wait, &say);
	buf_addf(&say, " (try %d of %d)", (int)c->tries + 1, (int)c->rules.max + 1);
	env_emit(c->env, EVENT_WAIT, c->d, buf_str(&say));
	buf_release(&say);
}

static void say_too_long(const struct call *c, int64_t wait, struct buf *say)
{
	buf_add_text(say, "; not tried again: ");
	if (wait == SPAN_NONE) {
		buf_add_text(say, "the limit is counted over more");
	} else {
		buf_add_text(say, "it takes ");
		moment_say(wait, say);
		buf_add_text(say, ", more");
	}
	buf_addf(say, " than retry.wait_max_s = %d", (int)(c->rules.wait_max / US_PER_S));
}

/* What the numbers of the head say, where the words have none. */
static void say_limits(const struct attempt_outcome *o, const struct retry *r, struct buf *say)
{
	if (o->fault != FAULT_PACE)
		return;
	if (o->limits.hit.limit == INT_NONE && o->limits.hit.used == INT_NONE) {
		size_t before = say->len;

		buf_add_text(say, "; ");
		limits_say(&o->limits, say);
		if (say->len == before + 2)
			buf_cut_to(say, before);
	}
	if (r->verdict == RETRY_ENOUGH && r->wait > 0) {
		buf_add_text(say, "; free in ");
		moment_say(r->wait, say);
	}
}

/* What the attempt said, and why it was the last one. */
static struct str say_end(struct call *c, const struct attempt_outcome *o, const struct retry *r)
{
	struct buf say = BUF(BUF_WHY_MAX), more = BUF(BUF_WHY_MAX);
	struct str all;

	if (c->tries > 1)
		buf_addf(&more, "; tried %d times", (int)c->tries);
	say_limits(o, r, &more);
	if (r->verdict == RETRY_TOO_LONG)
		say_too_long(c, r->wait, &more);
	if (r->verdict == RETRY_NO_TIME)
		buf_addf(&more, "; not tried again: providers.%.*s.total_ms = %d would be over",
			STR_ARG(c->model->provider->name), (int)(c->rules.total / US_PER_MS));
	buf_add_str(&say, c->d->attempts.ptr[c->d->attempts.len - 1].error);
	if (more.len)
		buf_addf(&say, " (%s)", more.ptr + 2);
	all = arena_str(&c->d->arena, buf_str(&say));
	buf_release(&say);
	buf_release(&more);
	return all;
}

/* ---- one after another ------------------------------------------------------------------ */

static void go_on(void *ctx)
{
	struct call *c = ctx;

	loop_timer_free(&c->timer);
	c->env->resume(c->d);
}

static void cancel(struct decision *d)
{
	struct call *c = d->work;

	bool waits = !c->work && !c->cancelled;

	c->cancelled = true;
	if (c->work) {
		attempt_cancel(c->work);
	} else if (waits) {
		loop_timer_free(&c->timer);
		loop_defer(c->env->loop, go_on, c);
	}
}

/* An attempt is over: the end of the step, or a wait. */
static enum step_result judge(struct call *c)
{
	struct attempt_outcome o = attempt_finish(&c->work);
	const struct retry_case how = { &o, c->tries, clock_steady(&c->env->clock) - c->begun };
	struct retry r;

	if (!o.err)
		return end_call(c, ERR_OK, STR_NONE);
	r = retry_judge(&c->rules, &how, c->env->rng);
	if (r.verdict != RETRY_AGAIN)
		return end_call(c, o.err, say_end(c, &o, &r));
	if (c->cancelled) /* in the turn in which it ended by itself */
		return end_call(c, ERR_CANCELLED, STR(CANCELLED));
	c->timer = loop_timer_add(c->env->loop, r.wait, 0, go_on, c);
	tell_wait(c, &o, r.wait);
	return STEP_WAIT;
}

enum step_result step_call(struct env *env, struct decision *d)
{
	struct call *c = d->work;

	if (!c) {
		d->work = c = call_new(env, d);
		d->cancel_work = cancel;
	}
	if (c->cancelled && !c->work)
		return end_call(c, ERR_CANCELLED, STR(CANCELLED));
	if (c->timer)
		return STEP_WAIT;
	if (!c->work) {
		c->tries++;
		c->work = attempt_begin(env, d, c->model);
	}
	return attempt_is_over(c->work) ? judge(c) : STEP_WAIT;
}
