/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The thread that commits. A decision that comes after a quiet time is committed at once; under
 * load commits begin `group_us` apart and take all that has come since, so that the cost of
 * making it durable is shared. What has been committed waits for writer_collect.
 */
#ifndef WEIR_STORE_WRITER_H
#define WEIR_STORE_WRITER_H

#include "core/store/group.h"

struct writer;

/* `g` is the thread's until writer_stop. */
MUST_CHECK enum err writer_start(struct writer **w, struct group *g,
	const struct store_options *options, struct buf *why);

/* Commits what is queued and ends the thread. What has not been collected goes to `left`. */
void writer_stop(struct writer **w, struct jobs *left);

void writer_append(struct writer *w, struct job *job);
void writer_collect(struct writer *w);
void writer_flush(struct writer *w);

#endif
