/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is behind the door: the parts of the engine, opened when they are first needed. For
 * core/ and core/verb/ only.
 */
#ifndef WEIR_WORLD_H
#define WEIR_WORLD_H

#include "core/embed/embedder.h"
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
	struct embedder *embedder;
	struct str data_dir, state_dir, db_path;
	char *scratch_dir;    /* of a throw-away state */
};

/* Each opens what it needs below it; all may be called again. */
MUST_CHECK enum err world_need_config(struct engine *e, struct buf *why);
MUST_CHECK enum err world_need_store(struct engine *e, bool must_exist, struct buf *why);
MUST_CHECK enum err world_need_providers(struct engine *e, struct buf *why); /* e->env */
MUST_CHECK enum err world_need_flow(struct engine *e, struct buf *why);

/* The configured embedder, in e->embedder: the one place that opens it. Its info->id goes with
 * every vector that is kept. */
MUST_CHECK enum err world_need_embedder(struct engine *e, struct buf *why);

/* Any embedder: the built-in one, one that was fetched, or a path (with a '/'). The caller's. */
MUST_CHECK enum err world_open_embedder(
	struct engine *e, struct str name, struct embedder **embedder, struct buf *why);

/* The file or folder of one, in the engine's arena; STR_NONE where there is none of that name. The
 * folder where fetched ones are; STR_NONE where HOME is not set. Both need the configuration. */
struct str world_embedder_path(struct engine *e, struct str name);
struct str world_embedder_dir(struct engine *e);

/* The one that ships, and where; the file may be missing. Needs the configuration. */
#define EMBEDDER_BUILT_IN "weir"
const char *world_builtin_embedder(struct engine *e);

/* Where the database is, opened or not; STR_NONE where HOME is not set and nothing else names a
 * place. Needs the configuration. */
struct str world_db_path(struct engine *e);

/* Whether the simulator answers: asked for, or because no provider is configured. */
bool world_simulates(const struct engine *e);

/* The user's configuration file in words, there or not. Needs the configuration. */
const char *world_config_file(const struct engine *e);

/* The environment as the configuration and the providers see it. */
const char *world_getenv(void *ctx, const char *name);

#endif
