/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Public tables of prices, read with care: they hold mistakes, and are written for programs that
 * count in doubles. Amounts are taken exactly from their decimal text; a row that makes no sense
 * is left out, with the reason.
 *
 * Two formats are known by their shape:
 * - litellm's model_prices_and_context_window.json, one object: model -> {"litellm_provider",
 *   "input_cost_per_token", ..., "..._above_200k_tokens", "tiered_pricing"}, dollars a token.
 *   Prices of batches, of priority, of audio and of a cache kept for an hour are other prices and
 *   left alone. It has no dates.
 * - genai-prices' data.json (v1 and v2), a list of providers: {"id", "models": [{"id", "match",
 *   "prices"}]}, dollars per million tokens; several conditional prices make a history, of which
 *   the last one that fits holds; "tiers" are for long prompts, whole calls.
 */
#ifndef WEIR_CONF_PRICE_TABLE_H
#define WEIR_CONF_PRICE_TABLE_H

#include "core/base/json_tree.h"
#include "core/base/vec.h"
#include "core/conf/price.h"

struct provider;

/* One model as a table has it. */
struct price_entry {
	struct str provider, id;       /* the table's own names */
	struct str name;	       /* where it stands: "openrouter/qwen/qwen3-32b" */
	const struct json_node *match; /* genai-prices: which other ids are it; NULL */
	struct price *rows;	       /* oldest first, fit for a configuration */
	size_t count;		       /* 0: no price per token */
	bool dated;		       /* the rows are a history */
	struct str wrong;	       /* why it was left out; STR_NONE */
	int line, column;
};

struct price_entries {
	struct price_entry *ptr;
	size_t len, cap;
};

struct price_table {
	const char *format; /* "litellm", "genai-prices" */
	struct price_entries entries;
	int dialect; /* which of a provider's two names it uses */
};

/* Everything lives in the arena. ERR_SYNTAX with "line:column: sentence": no JSON, or neither
 * format. */
MUST_CHECK enum err price_table_read(
	struct price_table *table, struct arena *arena, struct str text, struct buf *why);

/* What the table calls a provider: known by the host of its address, else by its name. STR_NONE
 * for a server on this machine: nobody lists what that costs. */
struct str price_table_provider(const struct price_table *table, const struct provider *p);

/* The entry of a provider's model; NULL when there is none. `twin`: another entry of the same model
 * with other prices, else NULL. */
const struct price_entry *price_table_find(const struct price_table *table, struct str provider,
	struct str id, const struct price_entry **twin);

/* For the readers of the formats. */
struct price_entry *price_entry_add(
	struct price_table *table, struct arena *arena, const struct json_node *node);
void price_entry_refuse(struct price_entry *entry, struct arena *arena, const char *format, ...)
	PRINTF_LIKE(3, 4);
void price_read_litellm(
	struct price_table *table, struct arena *arena, const struct json_node *root);
void price_read_genai(struct price_table *table, struct arena *arena, const struct json_node *root);

#endif
