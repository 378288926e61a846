/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A server for measuring: in a process of its own on loopback, it answers every request with a
 * stream of chat-completion chunks at an even pace. The content of a chunk is the moment at which
 * it was sent, so that whoever reads it knows how long it took.
 */
#ifndef WEIR_EVAL_PACER_H
#define WEIR_EVAL_PACER_H

#include "core/base/buf.h"
#include "core/base/err.h"

#include <sys/types.h>

struct pacer {
	pid_t pid;
	int port;
	int lifeline; /* the server ends when this is closed, or its holder is gone */
};

/* `gap_us` between two chunks of a stream, `chunks` in each; streams begin at different moments of
 * the gap, so that the whole is even. */
MUST_CHECK enum err pacer_start(
	struct pacer *pacer, int64_t gap_us, int64_t chunks, struct buf *why);
void pacer_stop(struct pacer *pacer);

/* The content of a chunk: a blank and the steady us at which it was sent. */
enum { PACER_DIGITS = 16 };

/* How long ago it was sent, us; -1: no chunk of ours. */
int64_t pacer_age(struct str content, int64_t now_us);

#endif
