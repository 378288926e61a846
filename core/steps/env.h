/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The world that a step sees: everything it may use is handed in, so a test can build one with a
 * database in memory, a scripted provider, a fixed clock and a seed.
 */
#ifndef WEIR_STEPS_ENV_H
#define WEIR_STEPS_ENV_H

#include "core/conf/secret.h"
#include "core/net/http.h"
#include "core/record/event.h"

struct env {
	const struct config *config;
	const struct model_map *map;
	struct http *http;
	struct loop *loop;
	struct clock clock;
	struct rng *rng;
	const char *(*getenv)(void *ctx, const char *name);
	void *getenv_ctx;
	bool simulate;         /* the built-in simulator answers, and nobody else */
	struct str sim_url;    /* its base URL */
	/* What a step tells whoever watches. */
	void (*emit)(const struct event *event);
	/* A step that returned STEP_WAIT has finished waiting: run it again. */
	void (*resume)(struct decision *d);
};

static inline void env_emit(
	struct env *env, enum event_kind kind, struct decision *d, struct str text)
{
	struct event event = { kind, d, text };

	env->emit(&event);
}

#endif
