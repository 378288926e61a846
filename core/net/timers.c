/* SPDX-License-Identifier: GPL-3.0-or-later
 * The heap of timers.h. */
#include "core/net/timers.h"

#include "core/base/arena.h"

enum { FIRST_CAP = 16 };

static bool is_before(const struct timer *a, const struct timer *b)
{
	return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void put(struct timers *ts, size_t place, struct timer *t)
{
	ts->heap[place] = t;
	t->place = place;
}

static void rise(struct timers *ts, struct timer *t)
{
	size_t place = t->place;

	for (; place > 1 && is_before(t, ts->heap[place / 2]); place /= 2)
		put(ts, place, ts->heap[place / 2]);
	put(ts, place, t);
}

static void sink(struct timers *ts, struct timer *t)
{
	size_t place = t->place, child;

	for (; (child = place * 2) <= ts->len; place = child) {
		if (child < ts->len && is_before(ts->heap[child + 1], ts->heap[child]))
			child++;
		if (!is_before(ts->heap[child], t))
			break;
		put(ts, place, ts->heap[child]);
	}
	put(ts, place, t);
}

void timers_release(struct timers *ts)
{
	memory_free(ts->heap);
	*ts = (struct timers){ 0 };
}

void timers_arm(struct timers *ts, struct timer *t, int64_t due)
{
	t->due = due;
	t->order = ts->order++;
	if (!t->place) {
		if (ts->len + 1 >= ts->cap) {
			ts->cap = ts->cap ? ts->cap * 2 : FIRST_CAP;
			ts->heap = memory_resize(ts->heap, ts->cap * sizeof(*ts->heap));
		}
		put(ts, ++ts->len, t);
	}
	rise(ts, t);
	sink(ts, t);
}

void timers_disarm(struct timers *ts, struct timer *t)
{
	struct timer *last;
	size_t place = t->place;

	if (!place)
		return;
	t->place = 0;
	last = ts->heap[ts->len--];
	if (last == t)
		return;
	put(ts, place, last);
	rise(ts, last);
	sink(ts, last);
}

struct timer *timers_first(const struct timers *ts)
{
	return ts->len ? ts->heap[1] : NULL;
}
