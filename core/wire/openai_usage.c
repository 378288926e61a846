/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a call used, in our meaning of each count (struct tokens). */
#include "core/wire/openai_parts.h"

enum {
	COST_MAX = 100000 /* dollars of one call; more is no cost */
};

/* As one usage tells it. */
struct told {
	struct tokens tokens;
	int64_t total;
};

/* Where each count may stand. The first place that has one holds. */
static const struct {
	size_t count;
	const char *in, *key; /* in: of an object inside; NULL: of the usage itself */
} places[] = {
	{ offsetof(struct told, tokens.in), NULL, "prompt_tokens" },
	{ offsetof(struct told, tokens.in), NULL, "input_tokens" },
	{ offsetof(struct told, tokens.out), NULL, "completion_tokens" },
	{ offsetof(struct told, tokens.out), NULL, "output_tokens" },
	{ offsetof(struct told, total), NULL, "total_tokens" },
	{ offsetof(struct told, tokens.cached), "prompt_tokens_details", "cached_tokens" },
	{ offsetof(struct told, tokens.cached), "input_tokens_details", "cached_tokens" },
	{ offsetof(struct told, tokens.cached), NULL, "prompt_cache_hit_tokens" }, /* DeepSeek */
	{ offsetof(struct told, tokens.cached), NULL, "cached_tokens" }, /* Together, Moonshot */
	{ offsetof(struct told, tokens.cached), NULL, "cache_read_input_tokens" },
	{ offsetof(struct told, tokens.cached), "prompt_token_details", "cached_tokens" },
	{ offsetof(struct told, tokens.cached), NULL, "num_cached_tokens" }, /* Mistral, both */
	{ offsetof(struct told, tokens.cache_write), "prompt_tokens_details",
		"cache_write_tokens" },
	{ offsetof(struct told, tokens.cache_write), "prompt_tokens_details",
		"cache_creation_tokens" },
	{ offsetof(struct told, tokens.cache_write), NULL, "cache_creation_input_tokens" },
	{ offsetof(struct told, tokens.reasoning), "completion_tokens_details",
		"reasoning_tokens" },
	{ offsetof(struct told, tokens.reasoning), "output_tokens_details", "reasoning_tokens" },
	{ offsetof(struct told, tokens.reasoning), NULL, "reasoning_tokens" }, /* Perplexity */
};

static void read_places(struct told *told, const json_t *usage)
{
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		int64_t *count = (int64_t *)(void *)((char *)told + places[i].count);
		const json_t *from = places[i].in ? json_object_get(usage, places[i].in) : usage;

		if (*count == INT_NONE)
			common_take_count(count, from, places[i].key);
	}
}

/* Some count what was thought beside what was said, not in it (xAI; Google does not even tell it):
 * then the total is more than its two parts, or, where there is no total, the part is more than
 * the whole. Where the total says that all was counted, the part was counted otherwise. */
static void count_thoughts(struct told *told)
{
	struct tokens *t = &told->tokens;

	if (t->out == INT_NONE)
		return;
	if (t->in != INT_NONE && told->total != INT_NONE) {
		if (told->total - t->in > t->out)
			t->out = told->total - t->in;
	} else if (t->reasoning > t->out) {
		t->out += t->reasoning;
	}
	if (t->reasoning > t->out)
		t->reasoning = t->out;
}

/* A part is never more than its whole. */
static void bound_cached(struct tokens *t)
{
	if (t->in == INT_NONE)
		return;
	if (t->cached > t->in)
		t->cached = t->in;
	if (t->cached != INT_NONE && t->cache_write > t->in - t->cached)
		t->cache_write = t->in - t->cached;
}

/* OpenRouter tells what a call costs, in dollars; so does Perplexity, with its parts. */
static void read_cost(struct wire_answer *answer, const json_t *usage)
{
	const json_t *parts = json_object_get(usage, "cost");
	double dollars = json_is_object(parts) ? json_get_real(parts, "total_cost", -1)
					       : json_get_real(usage, "cost", -1);

	if (dollars >= 0 && dollars <= COST_MAX)
		answer->cost = (int64_t)(dollars * (double)MONEY_DOLLAR + 0.5);
}

static void keep(int64_t *count, int64_t told)
{
	if (told != INT_NONE)
		*count = told;
}

static void read_one(struct wire_answer *answer, const json_t *usage)
{
	struct told told = { TOKENS_NONE, INT_NONE };
	struct tokens *t = &answer->tokens;

	if (!json_is_object(usage))
		return;
	read_cost(answer, usage);
	read_places(&told, usage);
	count_thoughts(&told);
	bound_cached(&told.tokens);
	keep(&t->in, told.tokens.in);
	keep(&t->cached, told.tokens.cached);
	keep(&t->cache_write, told.tokens.cache_write);
	keep(&t->out, told.tokens.out);
	keep(&t->reasoning, told.tokens.reasoning);
}

void openai_read_usage(struct wire_answer *answer, const json_t *root)
{
	const json_t *choice = json_array_get(json_object_get(root, "choices"), 0);

	read_one(answer, json_object_get(choice, "usage")); /* Moonshot */
	read_one(answer, json_object_get(json_object_get(root, "x_groq"), "usage"));
	read_one(answer, json_object_get(root, "usage"));
}
