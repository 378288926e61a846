/* SPDX-License-Identifier: GPL-3.0-or-later
 * Decisions in words. */
#include "core/verb/explain.h"

#include "core/base/clean.h"
#include "core/base/clock.h"

static void label(struct buf *out, const char *name)
{
	buf_addf(out, "%-9s ", name);
}

static void add_money(struct buf *out, int64_t pico)
{
	money_say(out, pico);
}

/* What it costs by tokens that nobody but us has counted. */
static void add_cost(struct buf *out, int64_t pico, bool estimated)
{
	if (estimated && pico != MONEY_UNKNOWN && pico)
		buf_add_text(out, "about ");
	add_money(out, pico);
}

static bool cost_is_estimated(const struct decision *d)
{
	for (size_t i = 0; i < d->attempts.len; i++)
		if (d->attempts.ptr[i].tokens.estimated && d->attempts.ptr[i].cost)
			return true;
	return false;
}

static void add_count(struct buf *out, int64_t count)
{
	if (count == INT_NONE)
		buf_add_char(out, '?');
	else
		buf_addf(out, "%lld", (long long)count);
}

static void add_seconds(struct buf *out, int64_t us)
{
	if (us == SPAN_NONE)
		buf_add_text(out, "unknown");
	else if (us < US_PER_S)
		buf_addf(out, "%.1f ms", (double)us / US_PER_MS);
	else
		buf_addf(out, "%.2f s", (double)us / US_PER_S);
}

static void add_id(struct buf *out, const struct decision *d, size_t digits)
{
	char tail[ID_HEX + 1];

	id_write_tail(d->id, digits, tail);
	buf_add_text(out, tail);
}

static void say_head(struct buf *out, const struct decision *d, size_t digits)
{
	label(out, "decision");
	if (digits)
		add_id(out, d, digits);
	else
		buf_add_text(out, "not made: a dry run");
	buf_add_text(out, "  ");
	clock_format(out, d->time);
	buf_add_char(out, '\n');
	label(out, "question");
	buf_add_char(out, '"');
	clean_line(d->request.text, out);
	buf_add_text(out, "\"\n");
}

static void say_task(struct buf *out, const struct decision *d)
{
	if (!d->classify.task)
		return;
	label(out, "task");
	buf_addf(out, "%s, by %.*s", task_names[d->classify.task], STR_ARG(d->classify.by));
	if (d->classify.task_p == d->classify.task_p)
		buf_addf(out, " (p %.2f)", d->classify.task_p);
	if (d->classify.complexity == d->classify.complexity)
		buf_addf(out, "; complexity %.2f", d->classify.complexity);
	buf_add_text(out, "; about ");
	add_count(out, d->request.tokens);
	buf_add_text(out, " tokens\n");
}

static void say_cache(struct buf *out, const struct decision *d)
{
	if (!d->cache.result)
		return;
	label(out, "cache");
	buf_add_text(out, cache_result_names[d->cache.result]);
	if (d->cache.similarity == d->cache.similarity)
		buf_addf(out, ", similarity %.3f", d->cache.similarity);
	if (d->cache.guard.ptr)
		buf_addf(out, ", refused by %.*s", STR_ARG(d->cache.guard));
	buf_add_char(out, '\n');
}

static void say_route(struct buf *out, const struct decision *d)
{
	const struct plan *p = &d->plan;

	if (!p->ladder.len)
		return;
	label(out, "route");
	for (size_t i = 0; i < p->ladder.len; i++)
		buf_addf(out, "%s%s%.*s%s", i ? " -> " : "", (int64_t)i + 1 == p->start ? "[" : "",
			STR_ARG(p->ladder.ptr[i]), (int64_t)i + 1 == p->start ? "]" : "");
	buf_addf(out, "\n%-9s %.*s\n", "why", STR_ARG(p->why));
	if (p->flip.ptr)
		buf_addf(out, "%-9s %.*s\n", "flip", STR_ARG(p->flip));
}

/* Why it failed; that of the last one may be the decision's, which comes at its end. */
static void say_failure(struct buf *out, const struct decision *d, const struct attempt *a)
{
	if (!a->error.len || str_find(d->error, a->error) < d->error.len)
		return;
	buf_addf(out, "%-9s ", "");
	clean_line(a->error, out);
	buf_add_char(out, '\n');
}

static void say_attempt(
	struct buf *out, const struct decision *d, const struct attempt *a, size_t number)
{
	buf_addf(out, "attempt %zu %.*s at %.*s, tier ", number, STR_ARG(a->model),
		STR_ARG(a->provider));
	add_count(out, a->tier);
	if (a->id.ptr && !str_eq(a->id, a->model)) {
		buf_add_text(out, " (\"");
		clean_line(a->id, out);
		buf_add_text(out, "\")");
	}
	if (a->status != INT_NONE)
		buf_addf(out, ": HTTP %lld", (long long)a->status);
	buf_addf(out, ", %s\n%-9s ", a->end ? end_names[a->end] : "no end", "");
	add_count(out, a->tokens.in);
	buf_add_text(out, " tokens in, ");
	add_count(out, a->tokens.out);
	buf_addf(out, " out%s; ", a->tokens.estimated ? " (estimated)" : "");
	add_cost(out, a->cost, a->tokens.estimated);
	buf_add_text(out, "; first token ");
	add_seconds(out, a->first_token);
	buf_add_text(out, ", all ");
	add_seconds(out, a->total);
	buf_add_char(out, '\n');
	if (a->request_id.len) {
		buf_addf(out, "%-9s the provider calls it ", "");
		clean_line(a->request_id, out);
		buf_add_char(out, '\n');
	}
	say_failure(out, d, a);
	for (size_t i = 0; i < a->verdicts.len; i++) {
		const struct verdict *v = &a->verdicts.ptr[i];

		buf_addf(out, "%-9s %.*s: %s ", "", STR_ARG(v->validator),
			v->result ? verdict_names[v->result] : "");
		clean_line(v->say, out);
		buf_add_char(out, '\n');
	}
}

static void say_answer(struct buf *out, const struct decision *d)
{
	const struct answer *a = &d->answer;

	if (!a->text.ptr)
		return;
	label(out, "answer");
	buf_addf(out, "%zu bytes from %.*s", a->text.len, STR_ARG(a->model));
	if (a->simulated)
		buf_add_text(out, " (the simulator, not a model)");
	if (a->degraded)
		buf_add_text(out, " (degraded)");
	if (a->stale)
		buf_add_text(out, " (stale)");
	buf_add_char(out, '\n');
}

static void say_cost(struct buf *out, const struct decision *d)
{
	if (!d->attempts.len)
		return;
	label(out, "cost");
	add_cost(out, d->cost, cost_is_estimated(d));
	buf_add_text(out, "; premium ");
	add_money(out, d->baseline);
	buf_add_text(out, "; saved ");
	add_money(out, d->saved);
	buf_add_char(out, '\n');
	label(out, "time");
	buf_add_text(out, "first token ");
	add_seconds(out, d->took.first_token);
	buf_add_text(out, ", all ");
	add_seconds(out, d->took.total);
	buf_add_char(out, '\n');
}

void explain_decision(struct buf *out, const struct decision *d, size_t digits)
{
	say_head(out, d, digits);
	say_task(out, d);
	say_cache(out, d);
	say_route(out, d);
	for (size_t i = 0; i < d->attempts.len; i++)
		say_attempt(out, d, &d->attempts.ptr[i], i + 1);
	say_answer(out, d);
	say_cost(out, d);
	if (d->error.ptr) {
		label(out, "error");
		clean_line(d->error, out);
		buf_add_char(out, '\n');
	}
}

void explain_receipt(struct buf *out, const struct decision *d, size_t digits)
{
	const struct attempt *last = &d->attempts.ptr[d->attempts.len - 1];

	buf_addf(out, "%.*s (tier ", STR_ARG(last->model));
	add_count(out, last->tier);
	buf_addf(out, "%s) | ", d->answer.simulated ? ", simulated" : "");
	add_cost(out, d->cost, cost_is_estimated(d));
	buf_add_text(out, " | ");
	add_seconds(out, d->took.total);
	if (d->baseline != MONEY_UNKNOWN && d->saved != MONEY_UNKNOWN && d->baseline > 0)
		buf_addf(out, " | saved %.0f %%", 100.0 * (double)d->saved / (double)d->baseline);
	if (last->end != END_STOP && last->end)
		buf_addf(out, " | %s", end_names[last->end]);
	buf_add_text(out, " | ");
	add_id(out, d, digits);
}
