/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The simulated providers: a real HTTP server on loopback that speaks the OpenAI chat-completions
 * wire, for demos and tests without a key, a network or a cost. Three models that differ in price,
 * pace and ability answer from the bundled knowledge base; small ones fail as small models do.
 * It writes the wire's bytes by itself, on purpose: a fault in wire/ must not be mirrored here.
 *
 * It runs in a thread of its own with its own loop; the same seed and the same request give the
 * same answer, whatever else is going on.
 */
#ifndef WEIR_SIM_SIM_H
#define WEIR_SIM_SIM_H

#include "core/base/buf.h"
#include "core/base/err.h"

struct sim;

struct sim_options {
	const char *kb_dir;  /* the folder of the knowledge base, read when the server starts */
	int port;            /* 0: any free one */
	uint64_t seed;
	bool fast;           /* no waiting at all: tests and traces */
	struct str faults;   /* a fault script (fault_script.h); no text: nothing goes wrong */
	const char *faults_name; /* its file, for errors */
};

MUST_CHECK enum err sim_open(struct sim **sim, const struct sim_options *options, struct buf *why);
void sim_close(struct sim **sim); /* streams under way are cut */

int sim_port(const struct sim *sim);

/* Requests answered so far, and those of them that a fault struck, for whoever runs it alone. */
uint64_t sim_requests(const struct sim *sim);
uint64_t sim_faults(const struct sim *sim);

#endif
