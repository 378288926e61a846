/* SPDX-License-Identifier: GPL-3.0-or-later
 * Servers that give the reason why an answer ends, and then neither a last word nor the end of the
 * bytes (mistral.rs and vllm-mlx do): how long they are listened to. */
#include "core/steps/attempt.h"
#include "tests/flow/world.h"

#include <sched.h>

enum { IDLE_TURNS = 20, SPIN_TURNS_MAX = 50000000 };

#define REASON "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
#define USAGE                                                                                     \
	"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":500}}\n\n"
#define CLAUDE_PIECE                                                                              \
	"data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","  \
	"\"text\":\"Hello\"}}\n\n"
#define CLAUDE_REASON                                                                             \
	"data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
#define CLAUDE_USAGE                                                                              \
	"data: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"input_tokens\":1000,"         \
	"\"output_tokens\":500}}\n\n"

static void turn_idly(struct world *w)
{
	for (int i = 0; i < IDLE_TURNS; i++)
		loop_turn(w->loop, 0);
}

/* Until that many steps of the server's are done and what they sent is read. */
static void turn_until(struct world *w, size_t steps)
{
	for (int turn = 0; raw_server_done(w->server) < steps && turn < SPIN_TURNS_MAX; turn++) {
		loop_turn(w->loop, 0);
		sched_yield();
	}
	turn_idly(w);
}

/* Sees that it still listens just before the grace is over, and no longer after it. */
static void wait_out_grace(struct world *w, bool ends)
{
	clock_fake_move(&w->time, ATTEMPT_GRACE - 1000);
	turn_idly(w);
	assert_false(w->done);
	if (!ends)
		return;
	clock_fake_move(&w->time, 2000);
	turn_idly(w);
	assert_true(w->done);
	check_ok(w->record_err);
}

static const struct grace_case {
	const char *model;
	struct raw_step script[7];
} silent_cases[] = {
	{ "low", { DO(ACCEPT), DO(REQUEST), SEND(STREAM_HEAD PIECE("Hello") REASON), DO(WAIT),
			 SEND(USAGE), DO(GONE) } },
	{ "opus", { DO(ACCEPT), DO(REQUEST), SEND(STREAM_HEAD CLAUDE_PIECE CLAUDE_REASON),
			  DO(WAIT), SEND(CLAUDE_USAGE), DO(GONE) } },
};

/* Steps of a script that are done once the reason, and once the usage, is out. */
enum { REASON_SENT = 3, USAGE_SENT = 5 };

static void begin(struct world *w, const struct grace_case *c)
{
	struct decision *d = ask_for("q");

	open_retrying(w, c->script, 1); /* so that the loop's clock is the test's */
	d->request.forced_model = str_of(c->model);
	flow_submit(w->flow, d, (struct flow_watch){ take_event, take_done, w });
	turn_until(w, REASON_SENT);
	check_buf(&w->text, "Hello");
	assert_false(w->done);
}

static void a_server_that_is_silent_after_the_reason_is_left_after_the_grace(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(silent_cases); i++) {
		struct world w;

		begin(&w, &silent_cases[i]);
		wait_out_grace(&w, true);
		check_ok(w.err);
		check_str(w.kept->answer.text, "Hello");
		assert_int_equal(w.kept->attempts.len, 1);
		assert_int_equal(w.kept->attempts.ptr[0].end, END_STOP);
		assert_true(w.kept->attempts.ptr[0].tokens.estimated);
		close_world(&w);
	}
}

static void usage_that_comes_within_the_grace_counts_and_begins_it_anew(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(silent_cases); i++) {
		const struct tokens *tokens;
		struct world w;

		begin(&w, &silent_cases[i]);
		wait_out_grace(&w, false);
		raw_server_go(w.server);
		turn_until(&w, USAGE_SENT);
		wait_out_grace(&w, true);
		check_ok(w.err);
		tokens = &w.kept->attempts.ptr[0].tokens;
		assert_int_equal(tokens->in, 1000);
		assert_int_equal(tokens->out, 500);
		assert_false(tokens->estimated);
		close_world(&w);
	}
}

static void a_pause_before_the_reason_is_no_end(void **state)
{
	static const struct raw_step script[] = { DO(ACCEPT), DO(REQUEST),
		SEND(STREAM_HEAD PIECE("Hello")), DO(WAIT), SEND(PIECE(" you") FINISH), DO(CLOSE),
		DO(END) };
	struct world w;

	(void)state;
	open_retrying(&w, script, 1);
	flow_submit(w.flow, ask_for("q"), (struct flow_watch){ take_event, take_done, &w });
	turn_until(&w, REASON_SENT);
	clock_fake_move(&w.time, 3 * ATTEMPT_GRACE);
	turn_idly(&w);
	assert_false(w.done);
	raw_server_go(w.server);
	turn_until(&w, USAGE_SENT);
	assert_true(w.done);
	check_ok(w.err);
	check_str(w.kept->answer.text, "Hello you");
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_that_is_silent_after_the_reason_is_left_after_the_grace),
		cmocka_unit_test(usage_that_comes_within_the_grace_counts_and_begins_it_anew),
		cmocka_unit_test(a_pause_before_the_reason_is_no_end),
	};

	return cmocka_run_group_tests_name("flow/grace", tests, NULL, NULL);
}
