/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A reply on its way out as server-sent events, whatever the wire. Ids and times come from the seed
 * and the request: the same bytes again.
 */
#ifndef WEIR_SIM_STREAM_H
#define WEIR_SIM_STREAM_H

#include "core/sim/ask.h"
#include "core/sim/reply.h"

struct stream {
	const struct ask *ask;
	const struct reply *reply;
	uint64_t key;
	struct str rest; /* of the reply's text */
	int phase;	 /* the wire's own, from 0 */
};

enum stream_step {
	STREAM_TOKEN, /* an event that costs a token's time */
	STREAM_EVENT, /* one that follows at once */
	STREAM_END    /* nothing was added: the stream is over */
};

void stream_begin(
	struct stream *s, const struct ask *ask, const struct reply *reply, uint64_t seed);

int64_t reply_tokens(const struct reply *reply);

#endif
