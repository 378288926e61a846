/* SPDX-License-Identifier: GPL-3.0-or-later
 * Probes of several models at a time, a table of what they showed, and what is wrong in words. */
#include "core/verb/check.h"

#include "core/base/clock.h"
#include "core/base/utf8.h"
#include "core/steps/probe.h"
#include "core/verb/models.h"
#include "core/verb/table.h"

#include <math.h>

/* The table without its first column is so wide. */
enum { AT_ONCE = 4, TIMEOUT_MAX_S = 3600, TIMEOUT_S = 120, REST_COLUMNS = 63 };

/* The clock of a provider is wrong, or ours is: dates and limits mean nothing then. */
static const int64_t skew_max = INT64_C(60) * US_PER_S;

struct check {
	struct command *c;
	struct probes probes;
	const struct model **models; /* in reach */
	struct probe **by_model;     /* NULL: not begun */
	size_t count, begun, ended;
	int64_t limit;
	bool interrupted;
};

/* ---- words ------------------------------------------------------------------------------ */

static const char *const mark_words[] = {
	[PROBE_NOT_ASKED] = "-", [PROBE_YES] = "yes", [PROBE_NO] = "NO"
};

static void add_mark(struct table *t, enum probe_mark mark)
{
	table_addf(t, "%s", mark_words[mark]);
}

static void add_span(struct table *t, int64_t us)
{
	if (us == SPAN_NONE)
		table_addf(t, "-");
	else
		table_addf(t, us < 10 * (int64_t)US_PER_S ? "%.2f" : "%.0f", (double)us / US_PER_S);
}

/* A date has whole seconds: less than two are none. */
static void add_skew(struct table *t, int64_t us)
{
	if (us == SPAN_NONE)
		table_addf(t, "-");
	else if (us > -2 * (int64_t)US_PER_S && us < 2 * (int64_t)US_PER_S)
		table_addf(t, "ok");
	else
		table_addf(t, "%+.0f", (double)us / US_PER_S);
}

static void add_cost(struct table *t, const struct probe_result *r)
{
	struct buf text = BUF(64);

	if (r->estimated && r->cost != MONEY_UNKNOWN)
		buf_add_char(&text, '~');
	money_say(&text, r->cost);
	table_add(t, r->cost == MONEY_UNKNOWN ? STR("?") : buf_str(&text));
	buf_release(&text);
}

/* Cut where the terminal has no room for all columns. */
static struct str short_name(const struct command *c, const struct model *m)
{
	int columns = c->out.terminal[ENGINE_OUT] ? c->out.columns : 0;

	return columns > REST_COLUMNS ? utf8_fit(m->name, (size_t)(columns - REST_COLUMNS))
				      : m->name;
}

static void add_result(const struct command *c, struct table *t, const struct probe *p)
{
	const struct probe_result *r = probe_result(p);

	table_add(t, short_name(c, probe_model(p)));
	add_mark(t, r->reached);
	add_mark(t, r->key);
	add_mark(t, r->streams);
	add_mark(t, r->usage);
	add_mark(t, r->tools);
	add_mark(t, r->schema);
	add_span(t, r->first_token);
	add_span(t, r->total);
	add_skew(t, r->skew);
	add_cost(t, r);
}

static const char *const unit_names[LIMITS_UNIT_COUNT] = {
#define X(code, name) [LIMITS_##code] = name,
	LIMITS_UNIT_LIST(X)
#undef X
};

static void say_limits(struct command *c, const struct probe *p)
{
	struct buf text = BUF(BUF_LINE_MAX);

	for (int unit = 0; unit < LIMITS_UNIT_COUNT; unit++) {
		const struct limits_gauge *g = &probe_result(p)->limits.gauges[unit];

		if (!unit_names[unit] || g->limit == INT_NONE)
			continue;
		buf_addf(&text, "%s%lld %s", text.len ? ", " : "", (long long)g->limit,
			unit_names[unit]);
		if (g->left != INT_NONE)
			buf_addf(&text, " (%lld left)", (long long)g->left);
	}
	if (text.len)
		command_say(c, "%.*s: its limits: %s\n", STR_ARG(probe_model(p)->name), text.ptr);
	buf_release(&text);
}

/* What the table has no room for. */
static void say_words(struct command *c, const struct probe *p)
{
	const struct probe_result *r = probe_result(p);
	struct str name = probe_model(p)->name;

	if (r->error.ptr)
		command_say(c, "%.*s: %.*s\n", STR_ARG(name), STR_ARG(r->error));
	if (r->skew != SPAN_NONE && (r->skew > skew_max || r->skew < -skew_max))
		command_say(c, "%.*s: its clock is %.0f s %s ours: one of them is wrong\n",
			STR_ARG(name), (double)(r->skew < 0 ? -r->skew : r->skew) / US_PER_S,
			r->skew < 0 ? "behind" : "ahead of");
	if (r->usage == PROBE_NO)
		command_say(c, "%.*s: it does not count tokens: its costs are estimates\n",
			STR_ARG(name));
	say_limits(c, p);
}

static const struct probe *probe_at(const struct check *k, size_t i)
{
	return k->by_model[i];
}

static bool is_failed(const struct probe *p)
{
	return !probe_result(p)->cancelled && probe_failed(probe_result(p));
}

static size_t count_failed(const struct check *k)
{
	size_t failed = 0;

	for (size_t i = 0; i < k->count; i++)
		failed += probe_at(k, i) && is_failed(probe_at(k, i));
	return failed;
}

static bool has_shown(const struct probe *p)
{
	return p && (!probe_result(p)->cancelled || probe_result(p)->calls);
}

/* ---- providers out of reach ------------------------------------------------------------- */

static size_t models_of(const struct engine *e, const struct provider *p)
{
	size_t count = 0;

	for (size_t i = 0; i < e->map.model_count; i++)
		count += e->map.models[i].provider == p;
	return count;
}

static struct str mend_of(struct command *c, const struct provider *p)
{
	if (p->simulated)
		return STR("the simulator: add --sim");
	if (p->configured)
		return STR("leave --sim out");
	if (p->key_env.len)
		return arena_format(&c->arena, "set %.*s", STR_ARG(p->key_env));
	if (p->key_file.len)
		return arena_format(&c->arena, "put its key into %.*s", STR_ARG(p->key_file));
	return arena_format(&c->arena, "set providers.%.*s.base_url", STR_ARG(p->name));
}

static bool names_one_of(const struct command *c, const struct provider *p)
{
	for (size_t i = 0; i < c->engine->map.model_count; i++)
		if (c->engine->map.models[i].provider == p &&
			model_is_named(c, 1, &c->engine->map.models[i]))
			return true;
	return false;
}

/* Nothing is asked of these; of all, or of those whose models were named. */
static bool is_missing(const struct command *c, const struct provider *p)
{
	const struct engine *e = c->engine;

	if (provider_is_in_reach(p, e->env.simulate) || !models_of(e, p))
		return false;
	return c->operand_count > 1 ? names_one_of(c, p) : !p->simulated && !e->env.simulate;
}

static void say_missing(struct command *c)
{
	const struct model_map *map = &c->engine->map;

	for (size_t i = 0; i < map->provider_count; i++) {
		const struct provider *p = &map->providers[i];
		size_t count = models_of(c->engine, p);

		if (is_missing(c, p))
			command_say(c, "not asked: %.*s, %zu model%s: %.*s\n", STR_ARG(p->name),
				count, count == 1 ? "" : "s", STR_ARG(mend_of(c, p)));
	}
}

static void put_missing(struct command *c, struct json_writer *w, struct buf *text)
{
	const struct model_map *map = &c->engine->map;

	for (size_t i = 0; i < map->model_count; i++) {
		const struct model *m = &map->models[i];

		if (!is_missing(c, m->provider) ||
			(c->operand_count > 1 && !model_is_named(c, 1, m)))
			continue;
		json_open(w, '{');
		json_key(w, "model");
		json_put_str(w, m->name);
		json_key(w, "provider");
		json_put_str(w, m->provider->name);
		json_key(w, "result");
		json_put_text(w, "not_asked");
		json_key(w, "mend");
		json_put_str(w, mend_of(c, m->provider));
		json_close(w, '}');
		buf_add_char(text, '\n');
		w->comma = false;
	}
}

/* ---- the result ------------------------------------------------------------------------- */

static void say_results(struct check *k)
{
	static const char *const heads[] = { "model", "up", "key", "sse", "use", "tool", "json",
		"first", "total", "clock", "cost" };
	struct command *c = k->c;
	struct table t = table_begin(&c->arena, ARRAY_LEN(heads));
	size_t failed = count_failed(k), shown = 0;

	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		table_addf(&t, "%s", heads[i]);
	for (size_t i = 7; i < ARRAY_LEN(heads); i++)
		t.right[i] = true;
	for (size_t i = 0; i < k->count; i++)
		if (has_shown(probe_at(k, i))) {
			add_result(c, &t, probe_at(k, i));
			shown++;
		}
	if (shown)
		table_say(&t, c);
	for (size_t i = 0; i < k->count; i++)
		if (has_shown(probe_at(k, i)))
			say_words(c, probe_at(k, i));
	say_missing(c);
	if (k->interrupted)
		command_note(
			c, "weir: interrupted: %zu of %zu models were checked\n", shown, k->count);
	else if (failed)
		command_note(c, "weir: %zu of %zu models do not do what is expected of them\n",
			failed, k->count);
}

static void put_mark(struct json_writer *w, const char *key, enum probe_mark mark)
{
	json_key(w, key);
	if (mark == PROBE_NOT_ASKED)
		json_put_null(w);
	else
		json_put_bool(w, mark == PROBE_YES);
}

static void put_span(struct json_writer *w, const char *key, int64_t us, double unit)
{
	json_key(w, key);
	json_put_real(w, us == SPAN_NONE ? (double)NAN : (double)us / unit, 3);
}

static void put_count(struct json_writer *w, const char *key, int64_t count)
{
	json_key(w, key);
	if (count == INT_NONE)
		json_put_null(w);
	else
		json_put_int(w, count);
}

static void put_limits(struct json_writer *w, const struct limits *limits)
{
	json_key(w, "limits");
	json_open(w, '[');
	for (int unit = 0; unit < LIMITS_UNIT_COUNT; unit++) {
		const struct limits_gauge *g = &limits->gauges[unit];

		if (!unit_names[unit] || (g->limit == INT_NONE && g->left == INT_NONE))
			continue;
		json_open(w, '{');
		json_key(w, "of");
		json_put_text(w, unit_names[unit]);
		put_count(w, "limit", g->limit);
		put_count(w, "left", g->left);
		put_span(w, "reset_s", g->reset, US_PER_S);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_result(struct json_writer *w, const struct probe *p)
{
	const struct probe_result *r = probe_result(p);

	model_put_head(w, probe_model(p));
	json_key(w, "result");
	json_put_text(w, r->cancelled ? "interrupted" : is_failed(p) ? "failed" : "ok");
	put_count(w, "status", r->status);
	put_mark(w, "reached", r->reached);
	put_mark(w, "key_accepted", r->key);
	put_mark(w, "streams", r->streams);
	put_mark(w, "usage_sent", r->usage);
	put_mark(w, "tools", r->tools);
	put_mark(w, "schema_obeyed", r->schema);
	put_span(w, "first_token_ms", r->first_token, US_PER_MS);
	put_span(w, "total_ms", r->total, US_PER_MS);
	put_span(w, "clock_skew_s", r->skew, US_PER_S);
	put_limits(w, &r->limits);
	model_put_money(w, "cost_usd", r->cost);
	json_key(w, "cost_estimated");
	json_put_bool(w, r->estimated);
	json_key(w, "calls");
	json_put_int(w, (int64_t)r->calls);
	json_key(w, "error");
	json_put_str(w, r->error);
	json_close(w, '}');
}

static void put_results(struct check *k)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &text };

	for (size_t i = 0; i < k->count; i++) {
		if (!has_shown(probe_at(k, i)))
			continue;
		put_result(&w, probe_at(k, i));
		buf_add_char(&text, '\n');
		w.comma = false;
	}
	put_missing(k->c, &w, &text);
	command_say_json(k->c, &text);
	buf_release(&text);
}

/* ---- one after another ------------------------------------------------------------------ */

static void end_check(struct check *k)
{
	int status = k->interrupted ? err_exit(ERR_CANCELLED) : count_failed(k) ? 1 : 0;

	if (command_has(k->c, "json"))
		put_results(k);
	else
		say_results(k);
	for (size_t i = 0; i < k->count; i++)
		probe_free(&k->by_model[i]);
	command_end(k->c, status);
}

static void take_probe(void *ctx, struct probe *p);

static void begin_more(struct check *k)
{
	while (!k->interrupted && k->begun < k->count && k->begun - k->ended < AT_ONCE) {
		k->by_model[k->begun] =
			probe_begin(&k->probes, k->models[k->begun], k->limit, take_probe, k);
		k->begun++;
	}
}

static void finish_later(void *ctx)
{
	end_check(ctx);
}

static void take_probe(void *ctx, struct probe *p)
{
	struct check *k = ctx;

	(void)p;
	k->ended++;
	begin_more(k);
	/* Not from inside the probe, which is freed at the end. */
	if (k->ended == k->begun)
		loop_defer(k->c->engine->loop, finish_later, k);
}

static void interrupt(struct command *c)
{
	struct check *k = c->state;

	if (k->interrupted)
		return;
	k->interrupted = true;
	for (size_t i = 0; i < k->begun; i++)
		probe_cancel(k->by_model[i]);
}

/* ---- what is asked ---------------------------------------------------------------------- */

static void choose_models(struct check *k)
{
	const struct engine *e = k->c->engine;

	k->models = arena_alloc(&k->c->arena, e->map.model_count * sizeof(*k->models));
	for (size_t i = 0; i < e->map.model_count; i++) {
		const struct model *m = &e->map.models[i];

		if (provider_is_in_reach(m->provider, e->env.simulate) &&
			(k->c->operand_count <= 1 || model_is_named(k->c, 1, m)))
			k->models[k->count++] = m;
	}
	k->by_model = arena_alloc(&k->c->arena, k->count * sizeof(struct probe *));
}

static void add_plan(struct table *t, const struct env *env, const struct model *m)
{
	struct buf text = BUF(64);

	money_say(&text, probe_most(env, m));
	table_add(t, m->name);
	table_add(t, m->provider->name);
	table_add(t, m->id);
	table_addf(t, "%zu", probe_calls(m));
	table_add(t, buf_str(&text));
	buf_release(&text);
}

static void say_plan(struct check *k)
{
	static const char *const heads[] = { "model", "provider", "id", "calls", "at most" };
	struct command *c = k->c;
	struct table t = table_begin(&c->arena, ARRAY_LEN(heads));
	struct buf text = BUF(64);
	int64_t sum = 0;

	t.right[3] = t.right[4] = true;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		table_addf(&t, "%s", heads[i]);
	for (size_t i = 0; i < k->count; i++) {
		add_plan(&t, &c->engine->env, k->models[i]);
		sum = money_add(sum, probe_most(&c->engine->env, k->models[i]));
	}
	table_say(&t, c);
	money_say(&text, sum);
	command_say(c, "all of it at most: %s\n", text.ptr);
	say_missing(c);
	buf_release(&text);
}

static void put_plan(struct check *k)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &text };

	for (size_t i = 0; i < k->count; i++) {
		model_put_head(&w, k->models[i]);
		json_key(&w, "calls");
		json_put_int(&w, (int64_t)probe_calls(k->models[i]));
		model_put_money(&w, "most_usd", probe_most(&k->c->engine->env, k->models[i]));
		json_close(&w, '}');
		buf_add_char(&text, '\n');
		w.comma = false;
	}
	put_missing(k->c, &w, &text);
	command_say_json(k->c, &text);
	buf_release(&text);
}

/* What is left to do when nothing is called. */
static void say_nothing_called(struct check *k)
{
	bool dry = command_has(k->c, "dry-run"), json = command_has(k->c, "json");

	if (dry && json)
		put_plan(k);
	else if (dry)
		say_plan(k);
	else if (json)
		put_results(k);
	else
		say_results(k);
}

static enum err read_limit(const struct command *c, int64_t *us, struct buf *why)
{
	const char *text = command_option(c, "timeout");
	double seconds = TIMEOUT_S;

	if (text && (!str_to_real(str_of(text), &seconds) || seconds < 0.001 ||
			    seconds > TIMEOUT_MAX_S)) {
		why_set(why, "--timeout: expected seconds up to %d, such as 30, not \"%s\"",
			TIMEOUT_MAX_S, text);
		return ERR_USAGE;
	}
	*us = (int64_t)(seconds * US_PER_S);
	return ERR_OK;
}

enum err check_run(struct command *c, struct buf *why)
{
	struct check *k = arena_new(&c->arena, struct check);
	enum err err = read_limit(c, &k->limit, why);

	if (!err)
		err = models_are_known(c, 1, why);
	if (!err)
		err = world_need_providers(c->engine, why);
	if (err)
		return err;
	k->c = c;
	choose_models(k);
	if (command_has(c, "dry-run") || !k->count) {
		say_nothing_called(k);
		return ERR_OK;
	}
	if (c->engine->env.simulate)
		command_note(c, "weir: the built-in simulator is checked, not a model\n");
	probes_open(&k->probes, &c->engine->env);
	c->state = k;
	command_wait(c, interrupt);
	begin_more(k);
	return ERR_OK;
}
