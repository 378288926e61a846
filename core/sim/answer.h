/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The simulated model: a request in, a reply out. A pure function of the knowledge base, the seed
 * and the request.
 */
#ifndef WEIR_SIM_ANSWER_H
#define WEIR_SIM_ANSWER_H

#include "core/sim/ask.h"
#include "core/sim/fail.h"
#include "core/sim/search.h"

struct answer_world {
	const struct kb *kb;
	const struct search *search;
	uint64_t seed;
};

/* The reply lives in ask->arena. The failure it was given is returned, for tests. */
enum failure answer_make(const struct answer_world *world, struct ask *ask, struct reply *reply);

#endif
