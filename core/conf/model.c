/* SPDX-License-Identifier: GPL-3.0-or-later
 * Builds the model map from settings: names first, then fields, then what must fit together. */
#include "core/conf/model.h"

#include "core/base/money.h"
#include "core/base/near.h"
#include "core/conf/price_rows.h"
#include "core/conf/header.h"
#include "core/conf/problem.h"
#include "core/conf/secret.h"

enum { LADDER_MAX = 100, PRICES_MAX = 1000 };

struct builder {
	struct model_map *map;
	struct config *c;
	struct problems problems;
	struct buf say;
};

/* Where a setting goes. `path` is the row's, after the name. */
struct field {
	const char *path;
	enum { TEXT, COUNT, TIER, PICO, LIST } kind;
	size_t offset;
};

static const struct field provider_fields[] = {
	{ ".wire", TEXT, offsetof(struct provider, wire) },
	{ ".base_url", TEXT, offsetof(struct provider, base_url) },
	{ ".key_env", TEXT, offsetof(struct provider, key_env) },
	{ ".key_file", TEXT, offsetof(struct provider, key_file) },
	{ ".key_header", TEXT, offsetof(struct provider, key_header) },
	{ ".ca_file", TEXT, offsetof(struct provider, ca_file) },
	{ ".rpm", COUNT, offsetof(struct provider, rpm) },
	{ ".tpm", COUNT, offsetof(struct provider, tpm) },
	{ ".connect_ms", COUNT, offsetof(struct provider, connect_ms) },
	{ ".first_byte_ms", COUNT, offsetof(struct provider, first_byte_ms) },
	{ ".idle_ms", COUNT, offsetof(struct provider, idle_ms) },
	{ ".total_ms", COUNT, offsetof(struct provider, total_ms) },
	{ NULL, TEXT, 0 },
};

static const struct field model_fields[] = {
	{ ".id", TEXT, offsetof(struct model, id) },
	{ ".tier", TIER, offsetof(struct model, tier) },
	{ ".context", COUNT, offsetof(struct model, context) },
	{ ".max_output", COUNT, offsetof(struct model, max_output) },
	{ ".prompt", TEXT, offsetof(struct model, prompt) },
	{ ".max_tokens_as", TEXT, offsetof(struct model, max_tokens_as) },
	{ ".can", LIST, offsetof(struct model, can) },
	{ ".params", TEXT, offsetof(struct model, params) },
	{ ".server_usd_hour", PICO, offsetof(struct model, server_hour) },
	{ NULL, TEXT, 0 },
};

static void put_field(const struct field *fields, void *object, const struct setting *s)
{
	const char *path = strchr(s->option->path, '*') + 1;
	char *at = object;

	while (fields->path && strcmp(fields->path, path))
		fields++;
	if (!fields->path)
		return;
	at += fields->offset;
	if (fields->kind == TEXT)
		*(struct str *)(void *)at = s->text;
	else if (fields->kind == COUNT)
		*(int64_t *)(void *)at = (int64_t)s->number;
	else if (fields->kind == TIER)
		*(int *)(void *)at = (int)s->number;
	else if (fields->kind == PICO)
		*(int64_t *)(void *)at = s->pico;
	else
		*(struct texts *)(void *)at = s->list;
}

/* The table's defaults for the keys under a name. */
static void put_defaults(
	struct builder *b, const char *prefix, const struct field *fields, void *object)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *row = &option_table[i];
		struct setting s = { .option = row };
		struct str text = str_of(row->fallback);
		bool quoted = str_starts(text, "\"");

		if (!row->fallback || !str_starts(str_of(row->path), prefix))
			continue;
		if (quoted)
			text = str_part(text, 1, text.len - 2);
		if (setting_read(&s, &b->c->arena, text, quoted, &b->say))
			put_field(fields, object, &s);
	}
}

static int compare_names(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The names under a prefix, sorted, each once. Imported prices alone make no model: it may be gone
 * from the user's file. */
static struct str *collect_names(struct builder *b, const char *prefix, size_t *count)
{
	size_t settings, kept = 0;
	const struct setting *s = config_under(b->c, prefix, &settings);
	VEC(struct str) names = { 0 };

	for (size_t i = 0; i < settings; i++)
		if (s[i].origin.layer != LAYER_PRICES &&
			(!names.len || !str_eq(s[i].name, names.ptr[names.len - 1])))
			*vec_add(&b->c->arena, &names) = s[i].name;
	if (names.len)
		qsort(names.ptr, names.len, sizeof(struct str), compare_names);
	for (size_t i = 0; i < names.len; i++)
		if (!kept || !str_eq(names.ptr[i], names.ptr[kept - 1]))
			names.ptr[kept++] = names.ptr[i];
	*count = kept;
	return names.ptr;
}

/* Providers and models are both sorted by a name that stands first in them. */
static void *find_named(const void *items, size_t count, size_t size, struct str name)
{
	return count ? bsearch(&name, items, count, size, compare_names) : NULL;
}

static void build_providers(struct builder *b)
{
	struct model_map *map = b->map;
	struct provider fresh = { .configured = false };
	struct str *names = collect_names(b, "providers.", &map->provider_count);
	size_t settings;
	const struct setting *s = config_under(b->c, "providers.", &settings);

	put_defaults(b, "providers.*.", provider_fields, &fresh);
	map->providers = arena_alloc(&b->c->arena, map->provider_count * sizeof(fresh));
	for (size_t i = 0; i < map->provider_count; i++) {
		map->providers[i] = fresh;
		map->providers[i].name = names[i];
	}
	for (size_t i = 0; i < settings; i++) {
		struct provider *p =
			find_named(map->providers, map->provider_count, sizeof(*p), s[i].name);

		if (!strcmp(s[i].option->path, "providers.*.headers"))
			headers_read(p, s[i].text, &b->c->arena);
		else
			put_field(provider_fields, p, &s[i]);
		p->configured |= s[i].origin.layer >= LAYER_FILE;
	}
	for (size_t i = 0; i < map->provider_count; i++) {
		struct provider *p = &map->providers[i];

		p->simulated = str_is(p->name, "sim");
		if (!p->configured && (p->key_env.len || p->key_file.len))
			p->configured = secret_is_there(p, b->c->env, b->c->env_ctx);
	}
}

static void no_such(struct builder *b, const struct setting *s, const char *what, struct str name,
	const char *near)
{
	buf_clear(&b->say);
	buf_addf(&b->say, "there is no %s ", what);
	say_name(&b->say, name);
	if (near)
		buf_addf(&b->say, "; did you mean \"%s\"?", near);
	problem_add(&b->problems, &s->origin, s->path, "%s", b->say.ptr);
}

static const char *nearest(const void *items, size_t count, size_t size, struct str name)
{
	struct near near = { .typed = name };

	for (size_t i = 0; i < count; i++) {
		const struct str *known = (const void *)((const char *)items + i * size);

		near_offer(&near, *known);
	}
	return near.word.ptr;
}

static void put_provider(struct builder *b, struct model *m, const struct setting *s)
{
	const struct model_map *map = b->map;

	m->provider = provider_find(map, s->text);
	if (!m->provider)
		no_such(b, s, "provider", s->text,
			nearest(map->providers, map->provider_count, sizeof(struct provider),
				s->text));
}

static void put_price(struct builder *b, struct model *m, const struct setting *s)
{
	if (!m->prices) {
		m->prices = arena_alloc(&b->c->arena, m->price_count * sizeof(struct price));
		price_rows_clear(m->prices, m->price_count);
	}
	if (m->price_origin.layer <= s->origin.layer && s->index == 0)
		m->price_origin = s->origin;
	price_row_put(&m->prices[s->index], s);
}

static void put_model(struct builder *b, struct model *m, const struct setting *s)
{
	if (s->origin.layer != LAYER_PRICES &&
		(m->origin.source.ptr == NULL || s->origin.layer > m->origin.layer))
		m->origin = s->origin;
	if (!strcmp(s->option->path, "models.*.provider"))
		put_provider(b, m, s);
	else if (!strcmp(s->option->path, "models.*.tokenizer"))
		m->tokenizer = tokenizer_find(s->text);
	else if (s->index >= 0 && s->index < PRICES_MAX)
		put_price(b, m, s);
	else if (s->index >= 0)
		problem_add(&b->problems, &s->origin, s->path, "more than 1000 prices");
	else
		put_field(model_fields, m, s);
}

/* A missing key, said where the model is. */
static void missing(struct builder *b, const struct model *m, const char *key)
{
	struct str path = arena_format(&b->c->arena, "models.%.*s.%s", STR_ARG(m->name), key);

	buf_clear(&b->say);
	option_expect(&b->say, option_find(path));
	problem_add(&b->problems, &m->origin, path, "missing: %s", b->say.ptr);
}

static void check_prices(struct builder *b, const struct model *m)
{
	for (size_t i = 0; i < m->price_count; i++) {
		const char *wrong = price_row_wrong(m->prices, i);
		struct str path =
			arena_format(&b->c->arena, "models.%.*s.price[%zu]", STR_ARG(m->name), i);
		const struct setting *s;
		size_t count;

		if (!wrong)
			continue;
		s = config_under(b->c, path.ptr, &count);
		problem_add(&b->problems, s ? &s->origin : &m->origin, path, "%s", wrong);
		return;
	}
}

static const struct setting *setting_of(
	const struct builder *b, const struct model *m, const char *key)
{
	struct str path = arena_format(&b->c->arena, "models.%.*s.%s", STR_ARG(m->name), key);

	return config_find(b->c, path.ptr);
}

/* The lowest layer that says what the highest one says. */
static enum layer said_since(const struct builder *b, const struct model *m, const char *key)
{
	const struct setting *s = setting_of(b, m, key);

	return s ? s->since : LAYER_BUILT_IN;
}

static bool is_of_this_model(const struct builder *b, const struct model *m)
{
	const struct setting *named = setting_of(b, m, "price_for");
	enum layer layer = m->price_origin.layer;

	if (named && named->origin.layer == layer)
		return str_eq(named->text, model_key(&b->c->arena, m));
	return layer >= said_since(b, m, "provider") && layer >= said_since(b, m, "id");
}

static void drop_foreign_prices(struct builder *b, struct model *m)
{
	if (!m->price_count || !m->provider || is_of_this_model(b, m))
		return;
	m->price_is_foreign = true;
	m->price_count = 0;
}

static void check_model(struct builder *b, struct model *m)
{
	if (!m->provider && !setting_of(b, m, "provider"))
		missing(b, m, "provider");
	if (!m->tier)
		missing(b, m, "tier");
	if (!m->id.ptr)
		m->id = m->name;
	if (!m->tokenizer)
		m->tokenizer = tokenizer_of_model(m->id);
	check_prices(b, m);
	drop_foreign_prices(b, m);
}

static void build_models(struct builder *b)
{
	struct model_map *map = b->map;
	struct model fresh = { .server_hour = MONEY_UNKNOWN };
	struct str *names = collect_names(b, "models.", &map->model_count);
	size_t settings;
	const struct setting *s = config_under(b->c, "models.", &settings);

	put_defaults(b, "models.*.", model_fields, &fresh);
	map->models = arena_alloc(&b->c->arena, map->model_count * sizeof(fresh));
	for (size_t i = 0; i < map->model_count; i++) {
		map->models[i] = fresh;
		map->models[i].name = names[i];
	}
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < settings; i++) {
			struct model *m =
				find_named(map->models, map->model_count, sizeof(*m), s[i].name);

			if (!m)
				continue;
			if (pass)
				put_model(b, m, &s[i]);
			else if (s[i].index >= (int)m->price_count && s[i].index < PRICES_MAX)
				m->price_count = (size_t)s[i].index + 1;
		}
	for (size_t i = 0; i < map->model_count; i++)
		check_model(b, &map->models[i]);
}

static bool has_model(const struct ladder *ladder, const struct model *m)
{
	for (size_t i = 0; i < ladder->count; i++)
		if (ladder->models[i] == m)
			return true;
	return false;
}

static void build_ladder(struct builder *b, struct ladder *ladder, const char *path)
{
	const struct setting *s = config_find(b->c, path);

	*ladder = (struct ladder){ NULL, 0 };
	if (!s)
		return;
	if (s->list.len > LADDER_MAX) {
		problem_add(&b->problems, &s->origin, s->path, "more than 100 models");
		return;
	}
	ladder->models = arena_alloc(&b->c->arena, s->list.len * sizeof(*ladder->models));
	for (size_t i = 0; i < s->list.len; i++) {
		const struct model *m = model_find(b->map, s->list.ptr[i]);

		if (!m)
			no_such(b, s, "model", s->list.ptr[i],
				model_nearest(b->map, s->list.ptr[i]));
		else if (has_model(ladder, m))
			problem_add(&b->problems, &s->origin, s->path, "\"%.*s\" stands twice",
				STR_ARG(m->name));
		else
			ladder->models[ladder->count++] = m;
	}
}

static void build_tasks(struct builder *b)
{
	struct buf path = BUF(BUF_LINE_MAX);

	for (int i = 0; i < TASK_COUNT; i++) {
		double limit;

		buf_clear(&path);
		buf_addf(&path, "tasks.%s.ladder", task_name((enum task)i));
		build_ladder(b, &b->map->tasks[i], path.ptr);
		buf_clear(&path);
		buf_addf(&path, "tasks.%s.max_output", task_name((enum task)i));
		limit = config_number(b->c, path.ptr);
		b->map->task_max_output[i] = limit > 0 ? (int64_t)limit : 0;
	}
	build_ladder(b, &b->map->simulation, "simulation.ladder");
	buf_release(&path);
}

enum err model_map_build(struct model_map *map, struct config *c, struct buf *why)
{
	struct builder b = { .map = map, .c = c, .problems = PROBLEMS, .say = BUF(BUF_WHY_MAX) };

	memset(map, 0, sizeof(*map));
	build_providers(&b);
	build_models(&b);
	build_tasks(&b);
	buf_release(&b.say);
	return problems_end(&b.problems, why);
}

const struct model *model_find(const struct model_map *map, struct str name)
{
	return find_named(map->models, map->model_count, sizeof(struct model), name);
}

const char *model_nearest(const struct model_map *map, struct str name)
{
	return nearest(map->models, map->model_count, sizeof(struct model), name);
}

const struct provider *provider_find(const struct model_map *map, struct str name)
{
	return find_named(map->providers, map->provider_count, sizeof(struct provider), name);
}

struct str model_key(struct arena *arena, const struct model *m)
{
	return arena_format(arena, "%.*s/%.*s", STR_ARG(m->provider->name), STR_ARG(m->id));
}

const struct price *model_price(const struct model *m, int64_t wall_us, int64_t prompt)
{
	return price_in_force(m->prices, m->price_count, wall_us, prompt);
}

int64_t model_cost(const struct model *m, int64_t wall_us, const struct tokens *tokens)
{
	return price_cost(model_price(m, wall_us, tokens->in), tokens);
}

bool model_can(const struct model *m, const char *what)
{
	for (size_t i = 0; i < m->can.len; i++)
		if (str_is(m->can.ptr[i], what))
			return true;
	return false;
}
