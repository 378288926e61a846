/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A simulated model without its server, for tests: documents, and one question to one model.
 */
#ifndef WEIR_TESTS_SIM_WORLD_H
#define WEIR_TESTS_SIM_WORLD_H

#include "core/sim/answer.h"

struct world {
	struct kb *kb;
	struct search *search;
	struct answer_world answers;
};

/* As a cmocka group's setup and teardown. */
int world_open(void **state);
int world_close(void **state);

/* One exchange; valid until world_done. */
struct said {
	struct ask ask;
	struct reply reply;
	enum failure failure;
};

/* `more` are further members of the request body, each with a comma in front, or "". */
void world_ask(const struct world *world, uint64_t seed, const char *model, const char *question,
	const char *more, struct said *said);
/* The whole body; `seed` as above. */
void world_body(const struct world *world, uint64_t seed, struct str body, struct said *said);
void world_done(struct said *said);

#endif
