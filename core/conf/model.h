/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The model map: task -> ladder of models; model -> provider, id, tier, limits, price. Built once
 * from the configuration; everything lives in the configuration's arena.
 */
#ifndef WEIR_CONF_MODEL_H
#define WEIR_CONF_MODEL_H

#include "core/conf/config.h"
#include "core/conf/price.h"
#include "core/conf/provider.h"
#include "core/conf/task.h"
#include "core/conf/tokenizer.h"

enum { TIER_COUNT = 3 }; /* 1 local or ultra-budget, 2 standard, 3 premium */

struct model {
	struct str name;                 /* in the model map */
	const struct provider *provider;
	struct str id;                   /* what the provider calls it; its name if nothing says */
	int tier;
	int64_t context, max_output;     /* tokens; 0 unknown */
	struct str prompt;               /* "short", "long" */
	struct str max_tokens_as;        /* the request's field for it: "max_tokens" or another */
	struct str params;               /* a JSON object for the request, or STR_NONE */
	const struct tokenizer *tokenizer; /* for estimates */
	struct texts can;                /* "json", "tools", "reasoning" */
	int64_t server_hour;             /* pico-dollars an hour of a server of one's own */
	struct price *prices;            /* oldest first */
	size_t price_count;
	struct origin price_origin;      /* of the list; its layer is LAYER_BUILT_IN without one */
	bool price_is_foreign;           /* a list was there for another provider or id */
	struct origin origin;            /* of the setting from the highest layer */
};

struct ladder {
	const struct model **models;     /* cheapest rung first */
	size_t count;
};

struct model_map {
	struct provider *providers;
	size_t provider_count;
	struct model *models;            /* by name */
	size_t model_count;
	struct ladder tasks[TASK_COUNT];
	int64_t task_max_output[TASK_COUNT]; /* 0: the model's own */
	struct ladder simulation;
};

/* Refuses a ladder that names an unknown model or one twice, a model without a tier, of no or an
 * unknown provider, prices out of order: with file:line:column and the nearest known name, all of
 * them, one a line. Asks the environment whether the providers' keys are there. */
MUST_CHECK enum err model_map_build(struct model_map *map, struct config *c, struct buf *why);

const struct model *model_find(const struct model_map *map, struct str name);
const char *model_nearest(const struct model_map *map, struct str name); /* NULL */
const struct provider *provider_find(const struct model_map *map, struct str name);
/* "PROVIDER/ID": what a price belongs to. */
struct str model_key(struct arena *arena, const struct model *m);

bool model_can(const struct model *m, const char *what);

/* As price_in_force. A list of prices is keyed by provider and id: it does not hold where a layer
 * above its own changes one of them, nor where price_for beside it names others. */
const struct price *model_price(const struct model *m, int64_t wall_us, int64_t prompt);

/* What a call costs at a time, by the price in force for its prompt; as price_cost. */
int64_t model_cost(const struct model *m, int64_t wall_us, const struct tokens *tokens);

#endif
