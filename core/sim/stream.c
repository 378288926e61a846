/* SPDX-License-Identifier: GPL-3.0-or-later
 * The beginning of a stream. */
#include "core/sim/stream.h"

#include "core/sim/token.h"

void stream_begin(struct stream *s, const struct ask *ask, const struct reply *reply, uint64_t seed)
{
	*s = (struct stream){
		.ask = ask, .reply = reply, .key = ask_key(ask, seed), .rest = reply->text
	};
}

int64_t reply_tokens(const struct reply *reply)
{
	return (int64_t)(token_count(reply->text) +
			 (reply->tool.ptr ? token_count(reply->tool) : 0));
}
