/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Anthropic's messages format: reads a request body, writes whole answers, streams and errors. It
 * is as strict as the real server about turns, blocks and ids.
 */
#ifndef WEIR_SIM_ANTHROPIC_H
#define WEIR_SIM_ANTHROPIC_H

#include "core/sim/dialect.h"

/* The header without which nothing is answered. */
#define ANTHROPIC_VERSION_HEADER "anthropic-version"

extern const struct dialect dialect_anthropic;

bool anthropic_read(struct ask *ask, struct str body, struct ask_error *error);
void anthropic_write_error(struct buf *out, const struct ask_error *error);
void anthropic_write_whole(
	struct buf *out, const struct ask *ask, const struct reply *reply, uint64_t seed);
enum stream_step anthropic_stream_next(struct stream *s, struct buf *out);

#endif
