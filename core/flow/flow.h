/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The flow: walks each decision through the table of steps, hands the finished record to the
 * store, and says "done" only after its commit. The only place that loops over steps.
 */
#ifndef WEIR_FLOW_FLOW_H
#define WEIR_FLOW_FLOW_H

#include "core/steps/env.h"
#include "core/store/store.h"

struct flow;

/* `env` and `store` outlive the flow. Fills env->resume and env->emit. */
struct flow *flow_open(struct env *env, struct store *store);

/* Cancels what is under way, records it, and waits for the commits. */
void flow_close(struct flow **flow);

/* Who watches a decision. `event` may be NULL. `done` comes once, last: after the commit (err and
 * say are then the decision's own) or when the record could not be written (record_err). The
 * decision is freed after it. Both may be called before flow_submit returns. */
struct flow_watch {
	void (*event)(void *ctx, const struct event *event);
	void (*done)(void *ctx, struct decision *d, enum err record_err, struct str record_say);
	void *ctx;
};

/* Takes the decision over. Its request must be filled. */
void flow_submit(struct flow *flow, struct decision *d, struct flow_watch watch);

/* Ends what the decision has under way; `done` follows as ever. Not from inside a call of its
 * watch: what is telling of something is not over yet. */
void flow_cancel(struct flow *flow, struct id id);

size_t flow_in_flight(const struct flow *flow);

#endif
