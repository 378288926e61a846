/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The OpenAI chat-completions format, the server's side of it: reads a request body, writes whole
 * answers, streams and errors. It shares no code with the client's side in core/wire, so that the
 * two test each other. Ids and times come from the seed and the request: the same bytes again.
 */
#ifndef WEIR_SIM_OPENAI_H
#define WEIR_SIM_OPENAI_H

#include "core/base/buf.h"
#include "core/sim/ask.h"
#include "core/sim/reply.h"

/* An answer that is not one: a status and a body. */
struct openai_error {
	unsigned status;
	const char *type, *code, *param; /* code and param may be NULL */
	char say[256];
};

/* False: *error says why. Whatever it holds, `ask` needs ask_release afterwards. */
bool openai_read(struct ask *ask, struct str body, struct openai_error *error);

void openai_write_error(struct buf *out, const struct openai_error *error);
void openai_write_models(struct buf *out);
void openai_write_whole(
	struct buf *out, const struct ask *ask, const struct reply *reply, uint64_t seed);

/* A stream, event by event. */
struct openai_stream {
	const struct ask *ask;
	const struct reply *reply;
	uint64_t key;
	struct str rest; /* of the reply's text */
	int phase;
};

void openai_stream_begin(struct openai_stream *s, const struct ask *ask,
	const struct reply *reply, uint64_t seed);

enum openai_step {
	OPENAI_TOKEN, /* an event that costs a token's time */
	OPENAI_EVENT, /* one that follows at once */
	OPENAI_END    /* nothing was added: the stream is over */
};

/* Appends the next server-sent event. */
enum openai_step openai_stream_next(struct openai_stream *s, struct buf *out);

#endif
