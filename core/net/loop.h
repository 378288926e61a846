/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The event loop: one thread runs due timers, deferred work, the before-sleep hook, waits, and
 * dispatches. libuv waits; nobody above this folder sees it.
 *
 * One turn: it waits; then timers that are due, file descriptors and signals that are ready,
 * wake-ups, deferred work, and the before-sleep hook. No nested turns: loop_turn (and loop_close)
 * inside a callback aborts. Everything may be freed inside any callback, its own included.
 */
#ifndef WEIR_NET_LOOP_H
#define WEIR_NET_LOOP_H

#include "core/base/clock.h"
#include "core/base/err.h"

struct loop;
struct loop_timer;
struct loop_watch;
struct loop_signal;

typedef void loop_call(void *ctx);

MUST_CHECK enum err loop_open(struct loop **loop, const struct clock *clock, struct buf *why);
/* What is still registered is dropped, not called; its handles are gone with the loop. */
void loop_close(struct loop **loop);

/* Waits for at most `wait_us` (-1: until something happens, 0: not at all) and dispatches. False
 * when nothing is registered any more, so that waiting would be for ever: no armed timer, no
 * descriptor, no signal, no deferred call, no wake-up call. */
bool loop_turn(struct loop *loop, int64_t wait_us);

/* Runs `call` at the end of this turn, in order: the place to delete what is in use now. What a
 * deferred call defers comes at the end of the next turn, which does not wait. */
void loop_defer(struct loop *loop, loop_call *call, void *ctx);

/* At the end of each turn, and before each wait: draw if dirty, hand over to the writer. One
 * hook. */
void loop_before_sleep(struct loop *loop, loop_call *call, void *ctx);

/* Makes the loop turn; the only function here that other threads and signal handlers may call.
 * Several wake-ups before a turn are one. */
void loop_wake(struct loop *loop);
/* One call; NULL takes it back. */
void loop_on_wake(struct loop *loop, loop_call *call, void *ctx);

/* A timer. One-shot unless `every_us` > 0 (beats that were missed are not made up for). Reads the
 * loop's clock; with a fake clock a turn runs what is due by it and never sleeps. A timer that is
 * due at once, added or set by another timer's call, comes in the next turn. */
struct loop_timer *loop_timer_add(
	struct loop *loop, int64_t after_us, int64_t every_us, loop_call *call, void *ctx);
void loop_timer_free(struct loop_timer **timer); /* NULL is fine; also from its own call */
/* Arms it anew, also after it fired; -1 disarms it. */
void loop_timer_set(struct loop_timer *timer, int64_t after_us);

/* A file descriptor, level-triggered, one watch each; an error on it counts as ready. Blocking or
 * not, it stays as it is. Regular files cannot be watched: they are always ready. Free the watch
 * before the descriptor is closed. */
enum loop_ready { LOOP_READ = 1, LOOP_WRITE = 2 };
struct loop_watch *loop_watch_add(struct loop *loop, int fd, int ready,
	void (*call)(void *ctx, int ready), void *ctx, struct buf *why); /* NULL: failed */
void loop_watch_set(struct loop_watch *watch, int ready); /* 0: rests */
void loop_watch_free(struct loop_watch **watch);

/* A signal, delivered in a turn; several of a kind before it are one. NULL: no such signal. */
struct loop_signal *loop_signal_add(
	struct loop *loop, int signal, void (*call)(void *ctx, int signal), void *ctx);
void loop_signal_free(struct loop_signal **signal);

int64_t loop_now(const struct loop *loop); /* steady us by the loop's clock */

#endif
