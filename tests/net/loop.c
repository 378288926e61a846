/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loop: timers by a clock that is moved by hand, the order of a turn, descriptors, signals,
 * wake-ups, and everything freed in the worst place: its own call. */
#include "core/base/rng.h"
#include "core/net/loop.h"
#include "tests/check.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_MAX = 4096, PATIENCE = 1000 };

/* What happened, a letter each, and all that a call may want to reach. */
struct stage {
	struct clock_fake fake;
	struct clock clock;
	struct loop *loop;
	struct buf told;
	struct loop_timer *timers[3];
	struct loop_watch *watch, *other;
	struct loop_signal *signal;
	int pipe[2], other_pipe[2];
	int got;
};

struct letter {
	struct stage *stage;
	char c;
};

static void stage_open(struct stage *st, bool fake)
{
	*st = (struct stage){ .told = BUF(TEXT_MAX) };
	st->fake.steady = 1000000;
	st->clock = clock_fake(&st->fake);
	check_ok(loop_open(&st->loop, fake ? &st->clock : &clock_real, NULL));
	assert_int_equal(pipe(st->pipe), 0);
	assert_int_equal(pipe(st->other_pipe), 0);
}

static void stage_close(struct stage *st)
{
	loop_close(&st->loop);
	assert_null(st->loop);
	buf_release(&st->told);
	for (int i = 0; i < 2; i++) {
		close(st->pipe[i]);
		close(st->other_pipe[i]);
	}
}

static void tell(void *ctx)
{
	struct letter *l = ctx;

	buf_add_char(&l->stage->told, l->c);
}

/* One turn, and what it told. */
static void check_turn(struct stage *st, const char *want)
{
	buf_clear(&st->told);
	loop_turn(st->loop, 0);
	check_buf(&st->told, want);
}

static void a_timer_runs_once_when_its_moment_has_come(void **state)
{
	struct stage st;
	struct letter a = { &st, 'a' }, b = { &st, 'b' }, now = { &st, '0' };
	struct loop_timer *timers[3];

	(void)state;
	stage_open(&st, true);
	timers[0] = loop_timer_add(st.loop, 200, 0, tell, &b);
	timers[1] = loop_timer_add(st.loop, 100, 0, tell, &a);
	timers[2] = loop_timer_add(st.loop, 0, 0, tell, &now);
	check_turn(&st, "0");
	clock_fake_move(&st.fake, 99);
	check_turn(&st, "");
	clock_fake_move(&st.fake, 1);
	check_turn(&st, "a");
	assert_true(loop_turn(st.loop, -1)); /* returns: a fake clock never sleeps */
	clock_fake_move(&st.fake, 1000);
	check_turn(&st, "b");
	clock_fake_move(&st.fake, 1000);
	check_turn(&st, "");
	assert_false(loop_turn(st.loop, -1));
	loop_timer_set(timers[1], 5);
	assert_true(loop_turn(st.loop, -1));
	clock_fake_move(&st.fake, 5);
	check_turn(&st, "a");
	for (int i = 0; i < 3; i++) {
		loop_timer_free(&timers[i]);
		assert_null(timers[i]);
		loop_timer_free(&timers[i]);
	}
	stage_close(&st);
}

static void a_timer_can_be_set_anew_and_put_to_rest(void **state)
{
	struct stage st;
	struct letter a = { &st, 'a' };
	struct loop_timer *t;

	(void)state;
	stage_open(&st, true);
	t = loop_timer_add(st.loop, -1, 0, tell, &a);
	assert_false(loop_turn(st.loop, -1));
	for (int i = 0; i < 10; i++) {
		loop_timer_set(t, 100);
		clock_fake_move(&st.fake, 99);
		check_turn(&st, "");
	}
	loop_timer_set(t, INT64_MAX);
	clock_fake_move(&st.fake, INT64_C(1) << 60);
	check_turn(&st, "");
	assert_true(loop_turn(st.loop, -1));
	loop_timer_set(t, 0);
	loop_timer_set(t, -1);
	check_turn(&st, "");
	assert_false(loop_turn(st.loop, -1));
	loop_timer_free(&t);
	stage_close(&st);
}

static void a_repeating_timer_keeps_its_beat_and_makes_up_for_nothing(void **state)
{
	struct stage st;
	struct letter a = { &st, 'a' };
	struct loop_timer *t;

	(void)state;
	stage_open(&st, true);
	t = loop_timer_add(st.loop, 10, 100, tell, &a);
	clock_fake_move(&st.fake, 10);
	check_turn(&st, "a");
	check_turn(&st, "");
	clock_fake_move(&st.fake, 130); /* the beat at 110 comes late, at 140 */
	check_turn(&st, "a");
	clock_fake_move(&st.fake, 69); /* 209 */
	check_turn(&st, "");
	clock_fake_move(&st.fake, 1);
	check_turn(&st, "a");
	clock_fake_move(&st.fake, 1000); /* 1210 exactly */
	check_turn(&st, "a");
	check_turn(&st, "");
	clock_fake_move(&st.fake, 100);
	check_turn(&st, "a");
	loop_timer_free(&t);
	assert_false(loop_turn(st.loop, -1));
	stage_close(&st);
}

struct many {
	struct stage *stage;
	int64_t due, *last;
	size_t *count;
	struct loop_timer *timer;
};

static void check_order(void *ctx)
{
	struct many *m = ctx;

	assert_true(m->due <= loop_now(m->stage->loop));
	assert_true(m->due >= *m->last);
	*m->last = m->due;
	++*m->count;
}

static void a_thousand_timers_come_in_order(void **state)
{
	static struct many many[1000];
	struct stage st;
	struct rng rng;
	size_t count = 0, freed = 0;
	int64_t last = 0;

	(void)state;
	rng_seed(&rng, 7);
	stage_open(&st, true);
	for (size_t i = 0; i < ARRAY_LEN(many); i++) {
		int64_t after = (int64_t)rng_below(&rng, 300);

		many[i] = (struct many){ &st, st.fake.steady + after, &last, &count, NULL };
		many[i].timer = loop_timer_add(st.loop, after, 0, check_order, &many[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(many); i++) {
		int64_t after = (int64_t)rng_below(&rng, 300);

		if (rng_below(&rng, 3))
			continue;
		if (rng_below(&rng, 2)) {
			loop_timer_free(&many[i].timer);
			freed++;
		} else {
			many[i].due = st.fake.steady + after;
			loop_timer_set(many[i].timer, after);
		}
	}
	for (int i = 0; i < 30; i++) {
		clock_fake_move(&st.fake, 10);
		loop_turn(st.loop, 0);
	}
	assert_int_equal(count, ARRAY_LEN(many) - freed);
	assert_true(freed > 50);
	stage_close(&st); /* frees the rest */
}

static void equal_moments_keep_the_order_in_which_they_were_set(void **state)
{
	struct stage st;
	struct letter l[5];

	(void)state;
	stage_open(&st, true);
	for (int i = 0; i < 5; i++) {
		l[i] = (struct letter){ &st, (char)('a' + i) };
		st.timers[i % 3] = loop_timer_add(st.loop, 50, 0, tell, &l[i]);
	}
	loop_timer_set(st.timers[2], 50); /* c goes to the end */
	clock_fake_move(&st.fake, 50);
	check_turn(&st, "abdec");
	stage_close(&st);
}

static void free_all_timers(void *ctx)
{
	struct letter *l = ctx;

	tell(l);
	for (size_t i = 0; i < ARRAY_LEN(l->stage->timers); i++)
		loop_timer_free(&l->stage->timers[i]);
}

static void a_timer_may_free_itself_and_others_that_are_due(void **state)
{
	static const int64_t every[] = { 0, 10 };
	struct stage st;
	struct letter a = { &st, 'a' };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(every); i++) {
		stage_open(&st, true);
		for (int j = 0; j < 3; j++)
			st.timers[j] =
				loop_timer_add(st.loop, j, every[i], free_all_timers, &a);
		clock_fake_move(&st.fake, 100);
		check_turn(&st, "a");
		assert_false(loop_turn(st.loop, -1));
		stage_close(&st);
	}
}

static void set_again(void *ctx)
{
	struct letter *l = ctx;

	tell(l);
	loop_timer_set(l->stage->timers[0], 0);
}

static void rest(void *ctx)
{
	struct letter *l = ctx;

	tell(l);
	loop_timer_set(l->stage->timers[1], -1);
}

static void a_timer_that_sets_itself_at_once_does_not_hold_up_the_turn(void **state)
{
	struct stage st;
	struct letter a = { &st, 'a' }, b = { &st, 'b' };

	(void)state;
	stage_open(&st, true);
	st.timers[0] = loop_timer_add(st.loop, 0, 0, set_again, &a);
	st.timers[1] = loop_timer_add(st.loop, 0, 10, rest, &b);
	check_turn(&st, "ab");
	clock_fake_move(&st.fake, 100);
	check_turn(&st, "a"); /* b repeats, but put itself to rest */
	check_turn(&st, "a");
	stage_close(&st);
}

static void defer_more(void *ctx)
{
	struct letter *l = ctx;

	tell(l);
	loop_defer(l->stage->loop, tell, l);
}

static void what_is_deferred_comes_in_order_at_the_end_of_the_turn(void **state)
{
	struct stage st;
	struct letter l[40], t = { &st, 't' }, hook = { &st, '.' };

	(void)state;
	stage_open(&st, false); /* a real clock: it would wait, were there nothing deferred */
	loop_before_sleep(st.loop, tell, &hook);
	for (int i = 0; i < 40; i++) {
		l[i] = (struct letter){ &st, (char)('A' + i) };
		loop_defer(st.loop, i ? tell : defer_more, &l[i]);
	}
	st.timers[0] = loop_timer_add(st.loop, 0, 0, tell, &t);
	buf_clear(&st.told);
	assert_true(loop_turn(st.loop, -1));
	check_buf(&st.told, "tABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefgh.");
	buf_clear(&st.told);
	assert_false(loop_turn(st.loop, -1));
	check_buf(&st.told, "A.");
	stage_close(&st);
}

static void on_ready(void *ctx, int ready)
{
	struct stage *st = ctx;
	char byte;

	st->got |= ready;
	buf_add_char(&st->told, ready & LOOP_READ ? 'r' : 'w');
	if (ready & LOOP_READ)
		(void)!read(st->pipe[0], &byte, 1);
}

static void on_other(void *ctx, int ready)
{
	struct stage *st = ctx;

	(void)ready;
	buf_add_char(&st->told, 'o');
}

static void put_byte(int fd)
{
	assert_int_equal(write(fd, "x", 1), 1);
}

static void on_number(void *ctx, int number)
{
	struct stage *st = ctx;

	buf_add_char(&st->told, number == SIGUSR1 ? '1' : '?');
}

static void turn_until(struct stage *st, size_t letters)
{
	for (int i = 0; i < PATIENCE && st->told.len < letters; i++)
		loop_turn(st->loop, 10 * US_PER_MS);
}

/* Timers, descriptors, signals, wake-ups, deferred, hook: all at once. */
static void a_turn_has_one_order(void **state)
{
	struct stage st;
	struct letter t = { &st, 't' }, k = { &st, 'k' }, d = { &st, 'd' }, hook = { &st, '.' };

	(void)state;
	stage_open(&st, true);
	loop_on_wake(st.loop, tell, &k);
	loop_before_sleep(st.loop, tell, &hook);
	loop_defer(st.loop, tell, &d);
	st.signal = loop_signal_add(st.loop, SIGUSR1, on_number, &st);
	assert_non_null(st.signal);
	st.watch = loop_watch_add(st.loop, st.pipe[0], LOOP_READ, on_ready, &st, NULL);
	st.timers[0] = loop_timer_add(st.loop, 0, 0, tell, &t);
	put_byte(st.pipe[1]);
	raise(SIGUSR1);
	raise(SIGUSR1);
	loop_wake(st.loop);
	loop_wake(st.loop);
	check_turn(&st, "tr1kd.");
	check_turn(&st, ".");
	stage_close(&st);
}

static void no_signal_of_that_number(void **state)
{
	struct stage st;

	(void)state;
	stage_open(&st, true);
	assert_null(loop_signal_add(st.loop, 0, on_number, &st));
	assert_null(loop_signal_add(st.loop, SIGKILL, on_number, &st));
	assert_false(loop_turn(st.loop, -1));
	st.signal = loop_signal_add(st.loop, SIGUSR1, on_number, &st);
	assert_true(loop_turn(st.loop, -1));
	loop_signal_free(&st.signal);
	assert_null(st.signal);
	assert_false(loop_turn(st.loop, -1));
	stage_close(&st);
}

static void a_descriptor_is_told_as_long_as_it_is_ready(void **state)
{
	struct stage st;

	(void)state;
	stage_open(&st, true);
	st.watch = loop_watch_add(st.loop, st.pipe[0], LOOP_READ, on_ready, &st, NULL);
	st.other = loop_watch_add(st.loop, st.other_pipe[1], LOOP_WRITE, on_other, &st, NULL);
	check_turn(&st, "o");
	put_byte(st.pipe[1]);
	put_byte(st.pipe[1]);
	loop_watch_set(st.other, 0);
	check_turn(&st, "r");
	check_turn(&st, "r");
	check_turn(&st, "");
	loop_watch_set(st.other, LOOP_WRITE);
	check_turn(&st, "o");
	loop_watch_set(st.watch, 0);
	loop_watch_set(st.other, 0);
	assert_false(loop_turn(st.loop, -1)); /* both at rest */
	loop_watch_set(st.watch, LOOP_READ);
	close(st.pipe[1]);
	st.pipe[1] = dup(st.pipe[0]);
	check_turn(&st, "r"); /* the end of the file is news, too */
	loop_watch_free(&st.watch);
	assert_null(st.watch);
	loop_watch_free(&st.watch);
	assert_false(loop_turn(st.loop, -1));
	stage_close(&st);
}

/* libuv stops after an error on a descriptor; we go on until the owner has seen it. */
static void an_error_on_a_descriptor_is_told_again_and_again(void **state)
{
	struct stage st;

	(void)state;
	stage_open(&st, true);
	st.other = loop_watch_add(st.loop, st.other_pipe[1], LOOP_WRITE, on_other, &st, NULL);
	close(st.other_pipe[0]);
	st.other_pipe[0] = dup(st.other_pipe[1]);
	check_turn(&st, "o");
	check_turn(&st, "o");
	check_turn(&st, "o");
	stage_close(&st);
}

static void free_watches(void *ctx, int ready)
{
	struct stage *st = ctx;

	(void)ready;
	buf_add_char(&st->told, 'f');
	loop_watch_free(&st->watch);
	loop_watch_free(&st->other);
}

static void a_watch_may_free_itself_and_another_that_is_ready(void **state)
{
	struct stage st;

	(void)state;
	stage_open(&st, true);
	put_byte(st.pipe[1]);
	put_byte(st.other_pipe[1]);
	st.watch = loop_watch_add(st.loop, st.pipe[0], LOOP_READ, free_watches, &st, NULL);
	st.other = loop_watch_add(st.loop, st.other_pipe[0], LOOP_READ, free_watches, &st, NULL);
	check_turn(&st, "f");
	assert_false(loop_turn(st.loop, -1));
	st.watch = loop_watch_add(st.loop, st.pipe[0], LOOP_READ, on_ready, &st, NULL);
	assert_non_null(st.watch); /* the same descriptor at once */
	check_turn(&st, "r");
	stage_close(&st);
}

static void rest_watches(void *ctx)
{
	struct letter *l = ctx;

	tell(l);
	loop_watch_set(l->stage->watch, 0);
}

static void a_watch_that_was_put_to_rest_in_this_turn_is_not_told(void **state)
{
	struct stage st;
	struct letter t = { &st, 't' };

	(void)state;
	stage_open(&st, true);
	put_byte(st.pipe[1]);
	st.watch = loop_watch_add(st.loop, st.pipe[0], LOOP_READ, on_ready, &st, NULL);
	st.timers[0] = loop_timer_add(st.loop, 0, 0, rest_watches, &t);
	check_turn(&st, "t");
	loop_watch_set(st.watch, LOOP_READ);
	check_turn(&st, "r");
	stage_close(&st);
}

static void a_descriptor_stays_blocking_if_it_was(void **state)
{
	struct stage st;

	(void)state;
	stage_open(&st, true);
	assert_int_equal(fcntl(st.other_pipe[0], F_SETFL, O_NONBLOCK), 0);
	st.watch = loop_watch_add(st.loop, st.pipe[0], LOOP_READ, on_ready, &st, NULL);
	st.other = loop_watch_add(st.loop, st.other_pipe[0], LOOP_READ, on_other, &st, NULL);
	check_turn(&st, "");
	assert_false(fcntl(st.pipe[0], F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(st.other_pipe[0], F_GETFL) & O_NONBLOCK);
	stage_close(&st);
}

static void what_cannot_be_watched_is_refused_with_words(void **state)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct stage st;
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	stage_open(&st, true);
	assert_null(loop_watch_add(st.loop, fileno(file), LOOP_READ, on_ready, &st, &why));
	assert_true(str_find(buf_str(&why), STR("cannot be waited for")) < why.len);
	assert_null(loop_watch_add(st.loop, 9999, LOOP_READ, on_ready, &st, NULL));
	st.watch = loop_watch_add(st.loop, st.pipe[0], LOOP_READ, on_ready, &st, NULL);
	assert_null(loop_watch_add(st.loop, st.pipe[0], LOOP_READ, on_ready, &st, NULL));
	put_byte(st.pipe[1]);
	check_turn(&st, "r");
	stage_close(&st);
	buf_release(&why);
	fclose(file);
}

static void free_signal(void *ctx, int number)
{
	struct stage *st = ctx;

	(void)number;
	buf_add_char(&st->told, 's');
	loop_signal_free(&st->signal);
}

static void a_signal_may_end_its_own_watch(void **state)
{
	struct stage st;

	(void)state;
	stage_open(&st, true);
	st.signal = loop_signal_add(st.loop, SIGUSR2, free_signal, &st);
	raise(SIGUSR2);
	check_turn(&st, "s");
	assert_null(st.signal);
	assert_false(loop_turn(st.loop, -1));
	stage_close(&st);
}

static void *wake_it(void *ctx)
{
	struct stage *st = ctx;

	put_byte(st->other_pipe[1]);
	loop_wake(st->loop);
	return NULL;
}

static void take_byte(void *ctx)
{
	struct letter *l = ctx;
	char byte;

	assert_int_equal(read(l->stage->other_pipe[0], &byte, 1), 1);
	tell(l);
}

/* It waits without an end: if the wake-up were lost, the test would hang, and fail so. */
static void another_thread_wakes_the_loop(void **state)
{
	struct stage st;
	struct letter k = { &st, 'k' };
	pthread_t thread;

	(void)state;
	stage_open(&st, false);
	loop_on_wake(st.loop, take_byte, &k);
	for (int i = 0; i < 20; i++) {
		buf_clear(&st.told);
		assert_int_equal(pthread_create(&thread, NULL, wake_it, &st), 0);
		while (!st.told.len)
			assert_true(loop_turn(st.loop, -1));
		check_buf(&st.told, "k");
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
	loop_on_wake(st.loop, NULL, NULL);
	assert_false(loop_turn(st.loop, -1));
	stage_close(&st);
}

static void *signal_it(void *ctx)
{
	(void)ctx;
	kill(getpid(), SIGUSR1);
	return NULL;
}

static void a_signal_ends_the_wait(void **state)
{
	struct stage st;
	pthread_t thread;

	(void)state;
	stage_open(&st, false);
	st.signal = loop_signal_add(st.loop, SIGUSR1, on_number, &st);
	assert_int_equal(pthread_create(&thread, NULL, signal_it, &st), 0);
	while (!st.told.len)
		assert_true(loop_turn(st.loop, -1));
	check_buf(&st.told, "1");
	assert_int_equal(pthread_join(thread, NULL), 0);
	stage_close(&st);
}

/* By the real clock: never early, and the wait ends for it. */
static void a_real_timer_is_never_early(void **state)
{
	struct stage st;
	struct letter t = { &st, 't' };
	int64_t began;

	(void)state;
	stage_open(&st, false);
	began = loop_now(st.loop);
	st.timers[0] = loop_timer_add(st.loop, 2500, 0, tell, &t);
	while (!st.told.len)
		loop_turn(st.loop, -1);
	assert_true(loop_now(st.loop) - began >= 2500);
	assert_false(loop_turn(st.loop, -1));
	stage_close(&st);
}

static void the_wait_ends_when_it_was_to_end(void **state)
{
	struct stage st;
	struct letter t = { &st, 't' }, hook = { &st, '.' };

	(void)state;
	stage_open(&st, false);
	loop_before_sleep(st.loop, tell, &hook);
	st.timers[0] = loop_timer_add(st.loop, INT64_C(3600) * US_PER_S, 0, tell, &t);
	assert_true(loop_turn(st.loop, 1000));
	check_buf(&st.told, ".."); /* before the wait and after the turn */
	stage_close(&st);
}

static void arm_in_hook(void *ctx)
{
	struct letter *l = ctx;

	tell(l);
	if (!l->stage->timers[0])
		l->stage->timers[0] = loop_timer_add(l->stage->loop, 0, 0, tell, l);
}

static void what_the_hook_adds_shortens_the_wait(void **state)
{
	struct stage st;
	struct letter h = { &st, 'h' };

	(void)state;
	stage_open(&st, false);
	st.watch = loop_watch_add(st.loop, st.pipe[0], LOOP_READ, on_ready, &st, NULL);
	loop_before_sleep(st.loop, arm_in_hook, &h);
	assert_true(loop_turn(st.loop, -1)); /* would wait for ever */
	turn_until(&st, 3);
	assert_true(st.told.len >= 3);
	stage_close(&st);
}

static void turn_inside(void *ctx)
{
	struct stage *st = ctx;

	loop_turn(st->loop, 0);
}

static void close_inside(void *ctx)
{
	struct stage *st = ctx;
	struct loop *loop = st->loop;

	loop_close(&loop);
}

static void a_turn_inside_a_turn_aborts(void **state)
{
	loop_call *const calls[] = { turn_inside, close_inside };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		const struct rlimit none = { 0, 0 };
		int status = 0;
		pid_t child = fork();

		assert_true(child >= 0);
		if (!child) {
			struct stage st;

			signal(SIGABRT, SIG_DFL); /* cmocka's handler would report a test */
			setrlimit(RLIMIT_CORE, &none);
			stage_open(&st, true);
			loop_defer(st.loop, calls[i], &st);
			loop_turn(st.loop, 0);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	}
}

static void what_is_still_registered_is_dropped_uncalled(void **state)
{
	struct stage st;
	struct letter t = { &st, 't' };

	(void)state;
	stage_open(&st, true);
	loop_timer_add(st.loop, 0, 0, tell, &t);
	loop_timer_add(st.loop, -1, 0, tell, &t);
	loop_defer(st.loop, tell, &t);
	loop_wake(st.loop);
	loop_on_wake(st.loop, tell, &t);
	put_byte(st.pipe[1]);
	assert_non_null(loop_watch_add(st.loop, st.pipe[0], LOOP_READ, on_ready, &st, NULL));
	assert_non_null(loop_signal_add(st.loop, SIGUSR1, on_number, &st));
	loop_close(&st.loop);
	check_buf(&st.told, "");
	loop_close(&st.loop);
	stage_close(&st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_timer_runs_once_when_its_moment_has_come),
		cmocka_unit_test(a_timer_can_be_set_anew_and_put_to_rest),
		cmocka_unit_test(a_repeating_timer_keeps_its_beat_and_makes_up_for_nothing),
		cmocka_unit_test(a_thousand_timers_come_in_order),
		cmocka_unit_test(equal_moments_keep_the_order_in_which_they_were_set),
		cmocka_unit_test(a_timer_may_free_itself_and_others_that_are_due),
		cmocka_unit_test(a_timer_that_sets_itself_at_once_does_not_hold_up_the_turn),
		cmocka_unit_test(what_is_deferred_comes_in_order_at_the_end_of_the_turn),
		cmocka_unit_test(a_turn_has_one_order),
		cmocka_unit_test(no_signal_of_that_number),
		cmocka_unit_test(a_descriptor_is_told_as_long_as_it_is_ready),
		cmocka_unit_test(an_error_on_a_descriptor_is_told_again_and_again),
		cmocka_unit_test(a_watch_may_free_itself_and_another_that_is_ready),
		cmocka_unit_test(a_watch_that_was_put_to_rest_in_this_turn_is_not_told),
		cmocka_unit_test(a_descriptor_stays_blocking_if_it_was),
		cmocka_unit_test(what_cannot_be_watched_is_refused_with_words),
		cmocka_unit_test(a_signal_may_end_its_own_watch),
		cmocka_unit_test(another_thread_wakes_the_loop),
		cmocka_unit_test(a_signal_ends_the_wait),
		cmocka_unit_test(a_real_timer_is_never_early),
		cmocka_unit_test(the_wait_ends_when_it_was_to_end),
		cmocka_unit_test(what_the_hook_adds_shortens_the_wait),
		cmocka_unit_test(a_turn_inside_a_turn_aborts),
		cmocka_unit_test(what_is_still_registered_is_dropped_uncalled),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
