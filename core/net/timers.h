/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The armed timers of a loop, the one that is due first on top: a binary heap. Timers that are due
 * at the same moment come in the order in which they were armed. Only loop.c includes this.
 */
#ifndef WEIR_NET_TIMERS_H
#define WEIR_NET_TIMERS_H

#include "core/base/base.h"

struct timer {
	int64_t due;
	uint64_t order;
	size_t place; /* in the heap, from 1; 0: not armed */
};

struct timers {
	struct timer **heap; /* from 1 */
	size_t len, cap;
	uint64_t order;
};

void timers_release(struct timers *ts); /* the timers themselves are the caller's */
void timers_arm(struct timers *ts, struct timer *t, int64_t due); /* again, too */
void timers_disarm(struct timers *ts, struct timer *t);
struct timer *timers_first(const struct timers *ts); /* NULL: none */

#endif
