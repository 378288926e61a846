/* SPDX-License-Identifier: GPL-3.0-or-later
 * litellm's table. */
#include "core/conf/price_table.h"

#include "core/base/money.h"

enum { TIERS_MAX = 16 };

static const struct {
	const char *key;
	size_t offset;
} costs[] = {
	{ "input_cost_per_token", offsetof(struct price, input) },
	{ "output_cost_per_token", offsetof(struct price, output) },
	{ "cache_read_input_token_cost", offsetof(struct price, cached) },
	{ "cache_creation_input_token_cost", offsetof(struct price, cache_write) },
};

struct reading {
	struct arena *arena;
	struct price_entry *entry;
	struct price rows[TIERS_MAX]; /* row 0 is for prompts of any length */
	size_t count;
};

static int64_t *amount_of(struct price *p, size_t cost)
{
	return (int64_t *)(void *)((char *)p + costs[cost].offset);
}

/* The row for prompts over so many tokens; NULL when there are too many. */
static struct price *row_above(struct reading *r, int64_t above)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->rows[i].above == above)
			return &r->rows[i];
	if (r->count == TIERS_MAX) {
		price_entry_refuse(r->entry, r->arena, "more than %d tiers", TIERS_MAX - 1);
		return NULL;
	}
	r->rows[r->count] = price_none;
	r->rows[r->count].above = above;
	return &r->rows[r->count++];
}

/* "_above_200k_tokens" */
static bool read_tier(struct str suffix, int64_t *above)
{
	size_t begin = strlen("_above_");

	if (!str_starts(suffix, "_above_") || !str_ends(suffix, "k_tokens"))
		return false;
	suffix = str_part(suffix, begin, suffix.len - begin - strlen("k_tokens"));
	return str_to_int(suffix, above) && *above > 0 && *above < INT32_MAX &&
	       (*above *= 1000) > 0;
}

/* One member that may be a price of `row`. */
static void take_cost(struct reading *r, const struct json_node *n, size_t cost, int64_t above)
{
	struct price *row;
	int64_t pico;

	if (n->kind == JSON_TOKEN_NULL)
		return;
	if (n->kind != JSON_TOKEN_NUMBER)
		price_entry_refuse(r->entry, r->arena, "%.*s is no number", STR_ARG(n->key));
	else if (!money_read_per_token(n->text, &pico))
		price_entry_refuse(r->entry, r->arena,
			"%.*s is %.*s: no amount of whole pico-dollars", STR_ARG(n->key),
			STR_ARG(str_part(n->text, 0, 40)));
	else if ((row = row_above(r, above)))
		*amount_of(row, cost) = pico;
}

static void take_costs(struct reading *r, const struct json_node *object, int64_t base)
{
	for (const struct json_node *n = object->first; n; n = n->next)
		for (size_t i = 0; i < ARRAY_LEN(costs); i++) {
			struct str suffix;
			int64_t above;

			if (!str_starts(n->key, costs[i].key))
				continue;
			suffix = str_part(n->key, strlen(costs[i].key), n->key.len);
			if (!suffix.len)
				take_cost(r, n, i, base);
			else if (!base && read_tier(suffix, &above))
				take_cost(r, n, i, above);
		}
}

/* [{"range": [0, 32000], "input_cost_per_token": ...}] */
static void take_tiers(struct reading *r, const struct json_node *tiers)
{
	const struct json_node *tier =
		tiers && tiers->kind == JSON_TOKEN_ARRAY ? tiers->first : NULL;

	for (; tier; tier = tier->next) {
		const struct json_node *range = json_tree_get(tier, "range");
		double from;

		if (!range || range->kind != JSON_TOKEN_ARRAY || !range->first ||
			!str_to_real(range->first->text, &from) || from < 0 || from > 1e12) {
			price_entry_refuse(r->entry, r->arena, "a tier has no range");
			return;
		}
		take_costs(r, tier, (int64_t)from);
	}
}

/* What a tier does not say is as for short prompts. */
static void fill_tiers(struct reading *r)
{
	for (size_t i = 1; i < r->count; i++)
		for (size_t c = 0; c < ARRAY_LEN(costs); c++)
			if (*amount_of(&r->rows[i], c) == MONEY_UNKNOWN)
				*amount_of(&r->rows[i], c) = *amount_of(&r->rows[0], c);
}

/* "openrouter/qwen/qwen3-32b" of "openrouter" is its "qwen/qwen3-32b". */
static struct str id_of(struct str key, struct str provider)
{
	if (key.len > provider.len + 1 && str_eq(str_part(key, 0, provider.len), provider) &&
		key.ptr[provider.len] == '/')
		return str_part(key, provider.len + 1, key.len);
	return key;
}

static void read_model(struct price_table *table, struct arena *arena, const struct json_node *node)
{
	struct reading r = { .arena = arena, .entry = price_entry_add(table, arena, node) };
	struct price_entry *e = r.entry;

	e->name = node->key;
	e->provider = json_tree_text(json_tree_get(node, "litellm_provider"));
	if (!e->provider.ptr) {
		price_entry_refuse(e, arena, "litellm_provider is no text");
		return;
	}
	e->id = id_of(node->key, e->provider);
	r.rows[r.count++] = price_none;
	take_costs(&r, node, 0);
	take_tiers(&r, json_tree_get(node, "tiered_pricing"));
	fill_tiers(&r);
	if (e->wrong.ptr || (r.rows[0].input == MONEY_UNKNOWN && r.count == 1))
		return;
	e->rows = arena_alloc(arena, r.count * sizeof(*e->rows));
	memcpy(e->rows, r.rows, r.count * sizeof(*e->rows));
	e->count = r.count;
}

void price_read_litellm(
	struct price_table *table, struct arena *arena, const struct json_node *root)
{
	for (const struct json_node *n = root->first; n; n = n->next) {
		/* It explains the fields, in words where numbers belong. */
		bool sample = str_is(n->key, "sample_spec");

		if (!sample && n->kind == JSON_TOKEN_OBJECT)
			read_model(table, arena, n);
	}
}
