/* SPDX-License-Identifier: GPL-3.0-or-later
 * Trying again: what is, what is not, after how long, and what is said of it. */
#include "core/steps/retry.h"
#include "tests/flow/world.h"

#include <sched.h>

enum { IDLE_TURNS = 20, SPIN_TURNS_MAX = 50000000 };

/* Moves the clock to just before the end of a wait, sees that nothing is tried, and past it. */
static void wait_out(struct world *w, const struct decision *d)
{
	size_t tried = d->attempts.len;

	clock_fake_move(&w->time, w->wait - 2000);
	for (int i = 0; i < IDLE_TURNS; i++)
		loop_turn(w->loop, 0);
	assert_int_equal(d->attempts.len, tried);
	clock_fake_move(&w->time, 2000);
}

/* Nothing sleeps on a clock that stands: the turns only give way to the server's thread. */
static void run_retrying(struct world *w, struct decision *d)
{
	size_t waited = 0;

	flow_submit(w->flow, d, (struct flow_watch){ take_event, take_done, w });
	for (int turn = 0; !w->done && turn < SPIN_TURNS_MAX; turn++) {
		loop_turn(w->loop, 0);
		sched_yield();
		if (w->done || w->waits.len == waited)
			continue;
		waited = w->waits.len;
		if (w->cancel_at_wait)
			flow_cancel(w->flow, d->id);
		else
			wait_out(w, d);
	}
	assert_true(w->done);
	check_ok(w->record_err);
}

#define ERROR_HEAD(status, more)                                                                  \
	"HTTP/1.1 " status "\r\nContent-Type: application/json\r\nConnection: close\r\n" more     \
	"\r\n"
#define TRY(n, bytes) DO_ON(n, ACCEPT), DO_ON(n, REQUEST), SEND_ON(n, bytes), DO_ON(n, CLOSE)
#define TPM_WORDS                                                                                 \
	"{\"error\":{\"message\":\"Rate limit reached for gpt-4o on tokens per min (TPM): Limit "  \
	"30000, Used 29937, Requested 385. Please try again in 644ms.\",\"type\":\"tokens\","      \
	"\"code\":\"rate_limit_exceeded\"}}"

static void trap_28_a_wait_that_is_told_is_waited_and_tried_again(void **state)
{
	static const struct raw_step script[] = {
		TRY(0, ERROR_HEAD("429 Too Many", "retry-after-ms: 12000\r\n") TPM_WORDS),
		TRY(1, STREAM_HEAD PIECE("Hello") FINISH), DO(END) };
	struct world w;

	(void)state;
	open_retrying(&w, script, 2);
	w.wait = INT64_C(12000000);
	run_retrying(&w, ask_for("q"));
	check_ok(w.err);
	check_buf(&w.waits, "test: tokens a minute: 29,937 of 30,000 used, 385 asked: waiting 12 s "
			    "(try 2 of 3)\n");
	assert_int_equal(w.kept->attempts.len, 2);
	assert_int_equal(w.kept->attempts.ptr[0].end, END_RATE_LIMITED);
	assert_int_equal(w.kept->attempts.ptr[1].end, END_STOP);
	assert_null(w.kept->error.ptr);
	assert_true(w.kept->cost == INT64_C(2000000000)); /* the refused call costs nothing */
	close_world(&w);
}

static void a_server_that_stays_broken_is_tried_three_times(void **state)
{
	static const struct raw_step script[] = { TRY(0, ERROR_HEAD("502 Bad", "") "<h1>Oh</h1>"),
		TRY(1, ERROR_HEAD("503 Bad", "")), TRY(2, ERROR_HEAD("500 Bad", "")), DO(END) };
	struct world w;

	(void)state;
	open_retrying(&w, script, 2);
	w.wait = INT64_C(1000000);
	/* The first wait is at most half a second, so it may be over before its time is. */
	flow_submit(w.flow, ask_for("q"), (struct flow_watch){ take_event, take_done, &w });
	for (int turn = 0; !w.done && turn < SPIN_TURNS_MAX; turn++) {
		size_t waited = w.waits.len;

		loop_turn(w.loop, 0);
		sched_yield();
		if (w.waits.len != waited)
			clock_fake_move(&w.time, w.wait);
	}
	assert_true(w.done);
	check_err(w.err, ERR_PROVIDER);
	assert_int_equal(w.kept->attempts.len, 3);
	check_has(w.kept->attempts.ptr[0].error, "test: HTTP 502: Oh: the trouble is at test");
	check_has(w.kept->error, "test: HTTP 500: internal error, without words: ");
	check_has(w.kept->error, " (tried 3 times)");
	close_world(&w);
}

static void what_would_not_pass_is_asked_once(void **state)
{
	static const struct {
		const char *name;
		struct raw_step script[5];
		const char *words;
	} cases[] = {
		{ "trap 27: a 429 about money",
			{ TRY(0, ERROR_HEAD("429 Too Many", "x-should-retry: true\r\n")
				"{\"error\":{\"message\":\"You exceeded your current quota\","
				"\"code\":\"insufficient_quota\"}}") },
			"waiting does not help: add credit" },
		{ "more than the limit ever allows",
			{ TRY(0, ERROR_HEAD("429 Too Many", "retry-after: 1\r\n")
				"{\"error\":{\"message\":\"Request too large on tokens per min "
				"(TPM): Limit 30000, Requested 36055.\",\"code\":"
				"\"rate_limit_exceeded\"}}") },
			"waiting does not help: shorten the question" },
		{ "a wait of hours",
			{ TRY(0, ERROR_HEAD("429 Too Many", "retry-after: 7200\r\n")) },
			"not tried again: it takes 2 h, more than retry.wait_max_s = 120" },
		{ "a limit by the day",
			{ TRY(0, ERROR_HEAD("429 Too Many", "")
				"{\"error\":{\"message\":\"Limit on requests per day (RPD)\"}}") },
			"the limit is counted over more than retry.wait_max_s" },
		{ "told not to",
			{ TRY(0, ERROR_HEAD("503 Busy", "x-should-retry: false\r\n")) },
			"HTTP 503" },
		{ "after a part of the answer",
			{ TRY(0, STREAM_HEAD PIECE("a") "data: {\"error\":{\"type\":"
							"\"overloaded_error\"}}\n\n") },
			"overloaded_error" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w;

		open_retrying(&w, cases[i].script, 2);
		run_retrying(&w, ask_for("q"));
		check_err(w.err, ERR_PROVIDER);
		if (w.kept->attempts.len != 1 || w.waits.len)
			fail_msg("%s: %zu attempts, %s", cases[i].name, w.kept->attempts.len,
				w.waits.ptr);
		check_has(w.kept->error, cases[i].words);
		close_world(&w);
	}
}

static void trap_11_overload_inside_a_200_is_tried_again(void **state)
{
	static const struct raw_step script[] = {
		TRY(0, STREAM_HEAD "data: {\"error\":{\"message\":\"Overloaded\"}}\n\n"),
		TRY(1, STREAM_HEAD PIECE("x") FINISH), DO(END) };
	struct world w;

	(void)state;
	open_retrying(&w, script, 1);
	flow_submit(w.flow, ask_for("q"), (struct flow_watch){ take_event, take_done, &w });
	for (int turn = 0; !w.done && turn < SPIN_TURNS_MAX; turn++) {
		loop_turn(w.loop, 0);
		sched_yield();
		if (w.waits.len)
			clock_fake_move(&w.time, 1000);
	}
	assert_true(w.done);
	check_ok(w.err);
	assert_int_equal(w.kept->attempts.len, 2);
	close_world(&w);
}

static void an_interrupt_ends_a_wait_at_once(void **state)
{
	static const struct raw_step script[] = {
		TRY(0, ERROR_HEAD("429 Too Many", "retry-after: 60\r\n")), DO(END) };
	struct world w;

	(void)state;
	open_retrying(&w, script, 2);
	w.cancel_at_wait = true;
	run_retrying(&w, ask_for("q"));
	check_err(w.err, ERR_CANCELLED);
	assert_int_equal(w.kept->attempts.len, 1);
	assert_int_equal(w.kept->attempts.ptr[0].end, END_RATE_LIMITED);
	check_str(w.kept->error, "cancelled while waiting to try again");
	close_world(&w);
}

static void trap_28_the_waits_outlast_a_minute_of_tokens(void **state)
{
	const struct retry_rules rules = { .max = 3, .wait_max = INT64_C(120000000) };
	struct attempt_outcome o = { .err = ERR_PROVIDER, .fault = FAULT_PACE, .answered = true,
		.limits = limits_none };
	int64_t sum = 0;
	struct rng rng;

	(void)state;
	rng_seed(&rng, 7);
	limits_read_words(&o.limits, STR("Rate limit reached on tokens per min (TPM)."));
	for (int64_t tries = 1; tries <= 3; tries++) {
		const struct retry_case c = { &o, tries, sum };
		struct retry r = retry_judge(&rules, &c, &rng);

		assert_int_equal(r.verdict, RETRY_AGAIN);
		sum += r.wait;
	}
	assert_true(sum > INT64_C(60000000));
	assert_true(sum < INT64_C(90000000));
}

static void waits_double_and_nothing_passes_the_total(void **state)
{
	struct retry_rules rules = { .max = 9, .wait_max = INT64_C(120000000) };
	struct attempt_outcome o = { .err = ERR_NET, .limits = limits_none };
	static const int64_t tops[] = { 500000, 1000000, 2000000, 4000000, 8000000, 8000000 };
	struct rng rng;

	(void)state;
	rng_seed(&rng, 7);
	for (size_t i = 0; i < ARRAY_LEN(tops); i++) {
		const struct retry_case c = { &o, (int64_t)i + 1, 0 };
		struct retry r = retry_judge(&rules, &c, &rng);

		assert_int_equal(r.verdict, RETRY_AGAIN);
		assert_true(r.wait <= tops[i] && r.wait >= tops[i] * 3 / 4);
	}
	rules.total = 1000;
	assert_int_equal(retry_judge(&rules, &(struct retry_case){ &o, 1, 999 }, &rng).verdict,
		RETRY_NO_TIME);
	assert_int_equal(retry_judge(&rules, &(struct retry_case){ &o, 10, 0 }, &rng).verdict,
		RETRY_ENOUGH);
	o.answered = true;
	assert_int_equal(retry_judge(&rules, &(struct retry_case){ &o, 1, 0 }, &rng).verdict,
		RETRY_NOT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trap_28_a_wait_that_is_told_is_waited_and_tried_again),
		cmocka_unit_test(a_server_that_stays_broken_is_tried_three_times),
		cmocka_unit_test(what_would_not_pass_is_asked_once),
		cmocka_unit_test(trap_11_overload_inside_a_200_is_tried_again),
		cmocka_unit_test(an_interrupt_ends_a_wait_at_once),
		cmocka_unit_test(trap_28_the_waits_outlast_a_minute_of_tokens),
		cmocka_unit_test(waits_double_and_nothing_passes_the_total),
	};

	return cmocka_run_group_tests_name("flow/retry", tests, NULL, NULL);
}
