/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is behind the door: the parts of the engine, opened when they are first needed. For
 * core/ and core/verb/ only.
 */
#ifndef WEIR_WORLD_H
#define WEIR_WORLD_H

#include "core/engine.h"
#include "core/flow/flow.h"
#include "core/sim/sim.h"

struct engine {
	struct engine_setup setup;
	struct arena arena;
	struct clock clock;
	struct rng rng;
	struct loop *loop;
	struct config config;
	bool config_is_open;
	struct model_map map;
	struct store *store;
	struct sim *sim;
	struct http *http;
	struct env env;
	struct flow *flow;
	struct str data_dir, state_dir, db_path;
	char *scratch_dir;    /* of a throw-away state */
};

/* Each opens what it needs below it; all may be called again. */
MUST_CHECK enum err world_need_config(struct engine *e, struct buf *why);
MUST_CHECK enum err world_need_store(struct engine *e, bool must_exist, struct buf *why);
MUST_CHECK enum err world_need_providers(struct engine *e, struct buf *why); /* e->env */
MUST_CHECK enum err world_need_flow(struct engine *e, struct buf *why);

/* Where the database is, opened or not; STR_NONE where HOME is not set and nothing else names a
 * place. Needs the configuration. */
struct str world_db_path(struct engine *e);

/* Whether the simulator answers: asked for, or because no provider is configured. */
bool world_simulates(const struct engine *e);

/* The user's configuration file in words, there or not. Needs the configuration. */
const char *world_config_file(const struct engine *e);

/* The embedder that ships; the file may be missing. Needs the configuration. */
const char *world_builtin_embedder(struct engine *e);

/* The environment as the configuration and the providers see it. */
const char *world_getenv(void *ctx, const char *name);

#endif
