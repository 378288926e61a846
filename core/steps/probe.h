/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A probe: what one model really does, found out by a few small calls of the same kind as all
 * others. First a plain one; when that is answered, one that offers a tool and one that asks for
 * JSON by a schema, where the model map says that the model can. Nothing goes on record.
 *
 *	struct probes probes;
 *	probes_open(&probes, env);
 *	p = probe_begin(&probes, model, limit_us, done, ctx);
 */
#ifndef WEIR_STEPS_PROBE_H
#define WEIR_STEPS_PROBE_H

#include "core/steps/env.h"
#include "core/wire/limits.h"

enum probe_mark { PROBE_NOT_ASKED, PROBE_YES, PROBE_NO };

struct probe_result {
	enum probe_mark reached, key, streams, usage, tools, schema;
	int64_t status;             /* of HTTP, of the plain call; INT_NONE: no answer */
	int64_t first_token, total; /* us, of the plain call; SPAN_NONE */
	int64_t skew;               /* us that the provider's clock is ahead of ours; SPAN_NONE */
	struct limits limits;       /* as the head of the plain call told them */
	int64_t cost;               /* of all calls; MONEY_UNKNOWN */
	bool estimated;             /* the cost, for want of usage */
	size_t calls;
	struct str error;           /* the first thing that is wrong, in words; STR_NONE */
	bool cancelled;
};

/* The world that probes call in. */
struct probes {
	struct env env;
};

struct probe;

void probes_open(struct probes *probes, const struct env *env);

/* `done` comes once, from a turn; the probe is then the caller's to free. The whole of it takes at
 * most limit_us. */
struct probe *probe_begin(struct probes *probes, const struct model *model, int64_t limit_us,
	void (*done)(void *ctx, struct probe *p), void *ctx);
void probe_cancel(struct probe *p); /* `done` follows */
void probe_free(struct probe **p);

const struct model *probe_model(const struct probe *p);
const struct probe_result *probe_result(const struct probe *p); /* texts live in the probe */

/* Whether what the model map promises does not hold. */
bool probe_failed(const struct probe_result *r);

/* How many calls a probe makes, and the most that they may cost now. */
size_t probe_calls(const struct model *model);
int64_t probe_most(const struct env *env, const struct model *model);

#endif
