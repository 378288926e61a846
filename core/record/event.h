/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens to a decision while it is being made, in order, for whoever watches. Texts and the
 * decision live until the call returns.
 */
#ifndef WEIR_RECORD_EVENT_H
#define WEIR_RECORD_EVENT_H

#include "core/record/decision.h"

/* code, name, what it says */
#define EVENT_LIST(X)                                                                             \
	X(BEGIN, "begin", "the request was taken in")                                             \
	X(STEP, "step", "a step ended; text: its name")                                           \
	X(ATTEMPT, "attempt", "a model is being called")                                          \
	X(TEXT, "text", "a piece of the answer, as the model sent it")                            \
	X(ATTEMPT_END, "attempt_end", "the call ended")                                           \
	X(WAIT, "wait", "another try follows, later; text: at whom, why and when")                \
	X(DONE, "done", "nothing follows: it is on record, but for a dry run or failed writing")

enum event_kind {
#define X(code, name, say) EVENT_##code,
	EVENT_LIST(X)
#undef X
	EVENT_COUNT
};

struct event {
	enum event_kind kind;
	const struct decision *decision;
	struct str text;
};

#endif
