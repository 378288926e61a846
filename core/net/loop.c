/* SPDX-License-Identifier: GPL-3.0-or-later
 * The event loop of loop.h. libuv's callbacks only note what is ready; the calls are made after
 * it has returned, so that they may free and add what they like. Our timers are not libuv's:
 * they follow the loop's clock, which a test moves by hand. */
#include "core/net/loop.h"

#include "core/base/arena.h"
#include "core/net/timers.h"

#include <errno.h>
#include <fcntl.h>
#include <uv.h>

/* A ring: the list itself is a link. A link in no list points at itself. */
struct link {
	struct link *prev, *next;
};

static void link_init(struct link *l)
{
	l->prev = l->next = l;
}

static bool link_is_alone(const struct link *l)
{
	return l->next == l;
}

static void link_remove(struct link *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
	link_init(l);
}

static void link_add_last(struct link *list, struct link *l)
{
	link_remove(l);
	l->prev = list->prev;
	l->next = list;
	list->prev->next = l;
	list->prev = l;
}

struct job {
	loop_call *call;
	void *ctx;
};

struct loop {
	uv_loop_t uv;
	uv_async_t async;
	uv_timer_t alarm; /* ends the wait */
	struct clock clock;
	struct timers timers;
	struct link all_timers, all_watches, all_signals;
	struct link ready_watches, ready_signals;
	size_t watching; /* watches that do not rest */
	struct loop_timer *calling;
	struct job *jobs; /* deferred */
	size_t job_count, job_cap;
	struct job on_wake, before_sleep;
	bool woken, turning;
};

struct loop_timer {
	struct timer timer;
	struct link all;
	struct loop *loop;
	int64_t every;
	struct job job;
};

struct loop_watch {
	uv_poll_t poll;
	struct link all, ready;
	struct loop *loop;
	int want, got;
	bool halted; /* by libuv, after an error on the descriptor */
	void (*call)(void *ctx, int ready);
	void *ctx;
};

struct loop_signal {
	uv_signal_t uv;
	struct link all, ready;
	struct loop *loop;
	int number;
	void (*call)(void *ctx, int signal);
	void *ctx;
};

static void note_wake(uv_async_t *async)
{
	((struct loop *)async->data)->woken = true;
}

static void note_alarm(uv_timer_t *alarm)
{
	(void)alarm;
}

static enum err say_uv(int status, struct buf *why)
{
	why_set(why, "no event loop: %s: are too many files open?", uv_strerror(status));
	return ERR_IO;
}

enum err loop_open(struct loop **loop, const struct clock *clock, struct buf *why)
{
	struct loop *l = memory_new(sizeof(*l));
	int status;

	*loop = NULL;
	if ((status = uv_loop_init(&l->uv))) {
		memory_free(l);
		return say_uv(status, why);
	}
	if ((status = uv_async_init(&l->uv, &l->async, note_wake))) {
		uv_loop_close(&l->uv);
		memory_free(l);
		return say_uv(status, why);
	}
	uv_timer_init(&l->uv, &l->alarm);
	l->async.data = l;
	l->clock = *clock;
	link_init(&l->all_timers);
	link_init(&l->all_watches);
	link_init(&l->all_signals);
	link_init(&l->ready_watches);
	link_init(&l->ready_signals);
	*loop = l;
	return ERR_OK;
}

static void drop_everything(struct loop *l)
{
	while (!link_is_alone(&l->all_timers)) {
		struct loop_timer *t = CONTAINER_OF(l->all_timers.next, struct loop_timer, all);

		loop_timer_free(&t);
	}
	while (!link_is_alone(&l->all_watches)) {
		struct loop_watch *w = CONTAINER_OF(l->all_watches.next, struct loop_watch, all);

		loop_watch_free(&w);
	}
	while (!link_is_alone(&l->all_signals)) {
		struct loop_signal *s = CONTAINER_OF(l->all_signals.next, struct loop_signal, all);

		loop_signal_free(&s);
	}
}

void loop_close(struct loop **loop)
{
	struct loop *l = *loop;

	if (!l)
		return;
	if (l->turning)
		abort();
	drop_everything(l);
	uv_close((uv_handle_t *)&l->async, NULL);
	uv_close((uv_handle_t *)&l->alarm, NULL);
	uv_run(&l->uv, UV_RUN_DEFAULT); /* until the last one is closed */
	uv_loop_close(&l->uv);
	timers_release(&l->timers);
	memory_free(l->jobs);
	memory_free(l);
	*loop = NULL;
}

static void job_run(const struct job *job)
{
	if (job->call)
		job->call(job->ctx);
}

static bool has_more(const struct loop *l)
{
	return timers_first(&l->timers) || l->watching || !link_is_alone(&l->all_signals) ||
	       l->job_count || l->on_wake.call;
}

/* What is left of `wait_us` when the first timer is taken into account; -1: no end. */
static int64_t time_to_wait(const struct loop *l, int64_t wait_us)
{
	const struct timer *first = timers_first(&l->timers);
	int64_t left;

	if (!wait_us || l->job_count || !has_more(l) || l->clock.steady != clock_real.steady)
		return 0;
	if (!first)
		return wait_us;
	left = first->due - loop_now(l);
	if (left <= 0)
		return 0;
	return wait_us < 0 || left < wait_us ? left : wait_us;
}

static void wait_for_events(struct loop *l, int64_t wait_us)
{
	if (wait_us > 0) {
		uv_update_time(&l->uv);
		uv_timer_start(&l->alarm, note_alarm,
			(uint64_t)(wait_us / US_PER_MS + (wait_us % US_PER_MS > 0)), 0);
	}
	uv_run(&l->uv, wait_us ? UV_RUN_ONCE : UV_RUN_NOWAIT);
	uv_timer_stop(&l->alarm);
}

static void timer_fire(struct loop *l, struct loop_timer *t, int64_t now)
{
	int64_t due = t->timer.due;

	timers_disarm(&l->timers, &t->timer);
	l->calling = t;
	job_run(&t->job);
	if (l->calling == t && t->every > 0 && !t->timer.place)
		timers_arm(&l->timers, &t->timer, due + t->every * (1 + (now - due) / t->every));
	l->calling = NULL;
}

static void run_timers(struct loop *l)
{
	int64_t now = loop_now(l);
	uint64_t order = l->timers.order; /* what is armed from here on waits for the next turn */
	struct timer *first;

	while ((first = timers_first(&l->timers)) && first->due <= now && first->order < order)
		timer_fire(l, CONTAINER_OF(first, struct loop_timer, timer), now);
}

static void watch_start(struct loop_watch *w);

static void run_ready(struct loop *l)
{
	while (!link_is_alone(&l->ready_watches)) {
		struct loop_watch *w =
			CONTAINER_OF(l->ready_watches.next, struct loop_watch, ready);
		int got = w->got & w->want;

		link_remove(&w->ready);
		w->got = 0;
		if (w->halted)
			watch_start(w);
		if (got)
			w->call(w->ctx, got);
	}
	while (!link_is_alone(&l->ready_signals)) {
		struct loop_signal *s =
			CONTAINER_OF(l->ready_signals.next, struct loop_signal, ready);

		link_remove(&s->ready);
		s->call(s->ctx, s->number);
	}
}

static void run_deferred(struct loop *l)
{
	size_t count = l->job_count;

	for (size_t i = 0; i < count; i++) {
		struct job job = l->jobs[i]; /* the list may move in the call */

		job_run(&job);
	}
	l->job_count -= count;
	if (l->job_count)
		memmove(l->jobs, l->jobs + count, l->job_count * sizeof(*l->jobs));
}

bool loop_turn(struct loop *loop, int64_t wait_us)
{
	if (loop->turning)
		abort();
	loop->turning = true;
	if (time_to_wait(loop, wait_us))
		job_run(&loop->before_sleep);
	wait_for_events(loop, time_to_wait(loop, wait_us)); /* the hook may have shortened it */
	run_timers(loop);
	run_ready(loop);
	if (loop->woken) {
		loop->woken = false;
		job_run(&loop->on_wake);
	}
	run_deferred(loop);
	job_run(&loop->before_sleep);
	loop->turning = false;
	return has_more(loop);
}

void loop_defer(struct loop *loop, loop_call *call, void *ctx)
{
	if (loop->job_count == loop->job_cap) {
		loop->job_cap = loop->job_cap ? loop->job_cap * 2 : 16;
		loop->jobs = memory_resize(loop->jobs, loop->job_cap * sizeof(*loop->jobs));
	}
	loop->jobs[loop->job_count++] = (struct job){ call, ctx };
}

void loop_before_sleep(struct loop *loop, loop_call *call, void *ctx)
{
	loop->before_sleep = (struct job){ call, ctx };
}

void loop_wake(struct loop *loop)
{
	uv_async_send(&loop->async);
}

void loop_on_wake(struct loop *loop, loop_call *call, void *ctx)
{
	loop->on_wake = (struct job){ call, ctx };
}

struct loop_timer *loop_timer_add(
	struct loop *loop, int64_t after_us, int64_t every_us, loop_call *call, void *ctx)
{
	struct loop_timer *t = memory_new(sizeof(*t));

	t->loop = loop;
	t->every = every_us;
	t->job = (struct job){ call, ctx };
	link_init(&t->all);
	link_add_last(&loop->all_timers, &t->all);
	loop_timer_set(t, after_us);
	return t;
}

void loop_timer_set(struct loop_timer *timer, int64_t after_us)
{
	struct loop *l = timer->loop;
	int64_t now;

	if (after_us < 0) {
		timers_disarm(&l->timers, &timer->timer);
		if (l->calling == timer)
			l->calling = NULL; /* a repeating one stays quiet */
		return;
	}
	now = loop_now(l);
	if (after_us > INT64_MAX - now)
		after_us = INT64_MAX - now;
	timers_arm(&l->timers, &timer->timer, now + after_us);
}

void loop_timer_free(struct loop_timer **timer)
{
	struct loop_timer *t = *timer;

	*timer = NULL;
	if (!t)
		return;
	timers_disarm(&t->loop->timers, &t->timer);
	link_remove(&t->all);
	if (t->loop->calling == t)
		t->loop->calling = NULL;
	memory_free(t);
}

static void note_ready(uv_poll_t *poll, int status, int events)
{
	struct loop_watch *w = poll->data;

	w->got |= (events & UV_READABLE ? LOOP_READ : 0) | (events & UV_WRITABLE ? LOOP_WRITE : 0);
	if (status < 0) {
		w->got = LOOP_READ | LOOP_WRITE;
		w->halted = true;
	}
	link_add_last(&w->loop->ready_watches, &w->ready);
}

static void watch_start(struct loop_watch *w)
{
	w->halted = false;
	if (w->want)
		uv_poll_start(&w->poll,
			(w->want & LOOP_READ ? UV_READABLE : 0) |
				(w->want & LOOP_WRITE ? UV_WRITABLE : 0),
			note_ready);
	else
		uv_poll_stop(&w->poll);
}

/* libuv makes the descriptor non-blocking, and with a terminal the shell's as well: not here. */
static int poll_init(struct loop *l, uv_poll_t *poll, int fd)
{
	int flags = fcntl(fd, F_GETFL);
	int status = uv_poll_init(&l->uv, poll, fd);

	if (flags >= 0 && !(flags & O_NONBLOCK))
		fcntl(fd, F_SETFL, flags);
	return status;
}

struct loop_watch *loop_watch_add(struct loop *loop, int fd, int ready,
	void (*call)(void *ctx, int ready), void *ctx, struct buf *why)
{
	struct loop_watch *w = memory_new(sizeof(*w));
	int status = poll_init(loop, &w->poll, fd);

	if (status) {
		why_set(why, "descriptor %d cannot be waited for: %s", fd, uv_strerror(status));
		memory_free(w);
		return NULL;
	}
	w->poll.data = w;
	w->loop = loop;
	w->call = call;
	w->ctx = ctx;
	link_init(&w->ready);
	link_init(&w->all);
	link_add_last(&loop->all_watches, &w->all);
	loop_watch_set(w, ready);
	return w;
}

void loop_watch_set(struct loop_watch *watch, int ready)
{
	if (ready == watch->want)
		return;
	watch->loop->watching += (size_t)(ready != 0);
	watch->loop->watching -= (size_t)(watch->want != 0);
	watch->want = ready;
	watch_start(watch);
}

static void watch_gone(uv_handle_t *poll)
{
	memory_free(poll->data);
}

void loop_watch_free(struct loop_watch **watch)
{
	struct loop_watch *w = *watch;

	*watch = NULL;
	if (!w)
		return;
	loop_watch_set(w, 0);
	link_remove(&w->ready);
	link_remove(&w->all);
	uv_close((uv_handle_t *)&w->poll, watch_gone);
}

static void note_signal(uv_signal_t *uv, int number)
{
	struct loop_signal *s = uv->data;

	(void)number;
	link_add_last(&s->loop->ready_signals, &s->ready);
}

static void signal_gone(uv_handle_t *uv)
{
	memory_free(uv->data);
}

struct loop_signal *loop_signal_add(
	struct loop *loop, int signal, void (*call)(void *ctx, int signal), void *ctx)
{
	struct loop_signal *s = memory_new(sizeof(*s));

	if (uv_signal_init(&loop->uv, &s->uv)) {
		memory_free(s);
		return NULL;
	}
	s->uv.data = s;
	s->loop = loop;
	s->number = signal;
	s->call = call;
	s->ctx = ctx;
	link_init(&s->ready);
	link_init(&s->all);
	if (uv_signal_start(&s->uv, note_signal, signal)) {
		uv_close((uv_handle_t *)&s->uv, signal_gone);
		return NULL;
	}
	link_add_last(&loop->all_signals, &s->all);
	return s;
}

void loop_signal_free(struct loop_signal **signal)
{
	struct loop_signal *s = *signal;

	*signal = NULL;
	if (!s)
		return;
	uv_signal_stop(&s->uv);
	link_remove(&s->ready);
	link_remove(&s->all);
	uv_close((uv_handle_t *)&s->uv, signal_gone);
}

int64_t loop_now(const struct loop *loop)
{
	return clock_steady(&loop->clock);
}
