/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The OpenAI chat-completions format: reads a request body, writes whole answers, streams and
 * errors.
 */
#ifndef WEIR_SIM_OPENAI_H
#define WEIR_SIM_OPENAI_H

#include "core/sim/dialect.h"

extern const struct dialect dialect_openai;

bool openai_read(struct ask *ask, struct str body, struct ask_error *error);
void openai_write_error(struct buf *out, const struct ask_error *error);
void openai_write_models(struct buf *out);
void openai_write_whole(
	struct buf *out, const struct ask *ask, const struct reply *reply, uint64_t seed);
enum stream_step openai_stream_next(struct stream *s, struct buf *out);

#endif
