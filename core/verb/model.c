/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir model: the model map as it stands. */
#include "core/verb/check.h"
#include "core/verb/embedder.h"
#include "core/verb/models.h"
#include "core/verb/prices.h"
#include "core/verb/table.h"

#include "core/base/json_write.h"
#include "core/conf/price_rows.h"

static const struct verb_option options[] = {
	{ "json", 'j', NULL, COMPLETES_NOTHING, "print it as JSON" },
	{ "all", 'a', NULL, COMPLETES_NOTHING, "show also models whose provider is not set up" },
	{ "force", 'f', NULL, COMPLETES_NOTHING, "fetch an embedder that is here already" },
	{ "sha256", '\0', "SUM", COMPLETES_NOTHING,
		"take the weights of an embedder only with this sum" },
	{ "dry-run", 'n', NULL, COMPLETES_NOTHING,
		"call nothing: say what would be called and the most that it may cost (check)" },
	{ "timeout", 't', "SECONDS", COMPLETES_NOTHING,
		"give each model so long, 120 by default (check)" },
	{ "write", 'w', NULL, COMPLETES_NOTHING,
		"take what is new or changed (prices import)" },
};

static const struct verb_sub subs[] = {
	{ "list", "each model with its provider, tier, price and limits" },
	{ "embedder", "list the embedders, use NAME, fetch NAME, or check [NAME]" },
	{ "check", "call each model in reach, or those named, and show what it does: a plain "
		   "answer, a call of a tool, JSON by a schema" },
	{ "prices", "prices in force and where they come from; with \"import FILE\", what a public "
		    "table of prices (litellm's or genai-prices') would change" },
};

enum { TOKENS_A_MILLION = 1000000 };

static void add_price(struct table *t, int64_t pico)
{
	struct buf text = BUF(64);

	price_amount_write(&text, pico);
	table_add(t, buf_str(&text));
	buf_release(&text);
}

static const char *state_of(const struct model *m)
{
	if (m->provider->simulated)
		return "built in";
	if (m->provider->configured)
		return "yes";
	return m->provider->key_env.len || m->provider->key_file.len ? "no key" : "not set up";
}

static bool is_listed(const struct model *m, bool all)
{
	return all || m->provider->configured || m->provider->simulated;
}

static void add_model(struct table *t, const struct engine *e, const struct model *m)
{
	const struct price *p = model_price(m, clock_wall(&e->clock), 0);

	table_add(t, m->name);
	table_addf(t, "%d", m->tier);
	table_add(t, m->provider->name);
	table_add(t, m->id);
	add_price(t, p ? p->input : MONEY_UNKNOWN);
	add_price(t, p ? p->output : MONEY_UNKNOWN);
	if (m->context)
		table_addf(t, "%lld", (long long)m->context);
	else
		table_add(t, STR("?"));
	table_add(t, str_of(state_of(m)));
}

/* How many were left out. */
static size_t add_tier(struct table *t, const struct engine *e, int tier, bool all)
{
	size_t left_out = 0;

	for (size_t i = 0; i < e->map.model_count; i++) {
		const struct model *m = &e->map.models[i];

		if (m->tier != tier)
			continue;
		left_out += !is_listed(m, all);
		if (is_listed(m, all))
			add_model(t, e, m);
	}
	return left_out;
}

static void list_as_table(struct command *c, bool all)
{
	static const char *const heads[] = { "model", "tier", "provider", "id", "$/M in", "$/M out",
		"context", "reachable" };
	struct engine *e = c->engine;
	struct table t = table_begin(&c->arena, ARRAY_LEN(heads));
	size_t left_out = 0;

	t.right[4] = t.right[5] = t.right[6] = true;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		table_add(&t, str_of(heads[i]));
	for (int tier = 1; tier <= TIER_COUNT; tier++)
		left_out += add_tier(&t, e, tier, all);
	table_say(&t, c);
	if (left_out)
		command_note(c,
			"weir: %zu more, whose providers are not set up: weir model list --all\n",
			left_out);
}

static int64_t a_million(int64_t pico)
{
	return money_times(pico, TOKENS_A_MILLION);
}

static void put_model(struct json_writer *w, const struct engine *e, const struct model *m)
{
	const struct price *p = model_price(m, clock_wall(&e->clock), 0);

	model_put_head(w, m);
	json_key(w, "tier");
	json_put_int(w, m->tier);
	model_put_money(w, "input_usd_per_million", a_million(p ? p->input : MONEY_UNKNOWN));
	model_put_money(w, "output_usd_per_million", a_million(p ? p->output : MONEY_UNKNOWN));
	json_key(w, "context");
	json_put_int(w, m->context);
	json_key(w, "reachable");
	json_put_bool(w, provider_is_in_reach(m->provider, world_simulates(e)));
	json_close(w, '}');
}

static void list_as_json(struct command *c)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	for (size_t i = 0; i < c->engine->map.model_count; i++) {
		struct json_writer w = { .out = &text };

		put_model(&w, c->engine, &c->engine->map.models[i]);
		buf_add_char(&text, '\n');
	}
	command_say_json(c, &text);
	buf_release(&text);
}

static enum err run(struct command *c, struct buf *why)
{
	const char *sub;
	enum err err = command_sub(c, "list", &sub, why);

	if (!err)
		err = world_need_config(c->engine, why);
	if (err)
		return err;
	if (!strcmp(sub, "embedder"))
		return embedder_run(c, why);
	if (!strcmp(sub, "check"))
		return check_run(c, why);
	if (!strcmp(sub, "prices"))
		return prices_run(c, why);
	if (command_has(c, "json"))
		list_as_json(c);
	else
		list_as_table(c, command_has(c, "all"));
	return ERR_OK;
}

const struct verb verb_model = {
	.name = "model",
	.operands = "[list | check [MODEL...] | prices [import FILE [MODEL...]] | "
		    "embedder [list | use NAME | fetch NAME | check [NAME]]]",
	.say = "show the model map and prices, check what models do, fetch an embedder",
	.more = "A check makes up to three small calls of each model and says what they showed: "
		"whether it can be reached, accepts the key, streams, counts tokens, calls a "
		"tool, obeys a schema (a dash: not asked, as models.*.can does not promise it), "
		"how long it takes, how far its clock is off, what the check cost. It exits 1 "
		"when a model does not do what is expected of it; the calls are not put on "
		"record. "
		"A table of prices is imported for the models of the configuration, matched by "
		"provider and id; nothing is written without --write. Imported prices stand in a "
		"file of their own beside the configuration (\"weir config path\" names it), which "
		"is a layer between the shipped prices and it; the file before stays as .bak. A "
		"price belongs to a provider and an id: it does not hold when the configuration "
		"gives the model others."
		" An embedder turns texts into vectors, here and offline. One is built in; fetch "
		"gets "
		"others from the hub (embedder.hub_url) by their known name, or as ORG/NAME: a "
		"BERT, "
		"DistilBERT or Model2Vec folder. A fetch that was cut or interrupted goes on where "
		"it stopped; the model is in place when all of it has come, its SHA-256 is the one "
		"that is known here or given with --sha256, and it opens. use writes embedder.name "
		"into the configuration file and leaves the rest of it as it is; check tries an "
		"embedder and compares it with published figures. Vectors of two embedders are "
		"never compared.",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.subs = subs,
	.sub_count = ARRAY_LEN(subs),
	.completes = COMPLETES_MODEL,
	.run = run,
};
