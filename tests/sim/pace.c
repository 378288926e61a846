/* SPDX-License-Identifier: GPL-3.0-or-later
 * The server on a loop whose clock is moved by hand: tokens come when they are due and not before,
 * and a stream whose client has left goes away. */
#include "core/sim/server.h"

#include "tests/check.h"
#include "tests/sim/client.h"
#include "tests/sim/world.h"

#include <sys/socket.h>
#include <unistd.h>

#define ASK(more)                                                                                 \
	"{\"model\":\"sim-large\",\"messages\":[{\"role\":\"user\",\"content\":"                  \
	"\"how many rows may an import file have?\"}]" more "}"

enum { TURNS = 20000 }; /* more than any step here takes */

struct bench {
	struct world *world;
	struct clock_fake fake;
	struct clock clock;
	struct loop *loop;
	struct server *server;
	struct buf got;
};

static void open_bench(struct bench *b, void **state)
{
	struct buf why = BUF(BUF_WHY_MAX);

	*b = (struct bench){ .world = *state, .got = BUF(BUF_TEXT_MAX) };
	b->world->answers.seed = 7;
	b->clock = clock_fake(&b->fake);
	if (loop_open(&b->loop, &b->clock, &why) ||
		server_open(&b->server, b->loop, 0, &b->world->answers, false, &why))
		fail_msg("%s", why.ptr);
}

static void close_bench(struct bench *b)
{
	server_close(&b->server);
	loop_close(&b->loop);
	buf_release(&b->got);
}

static void turn(struct bench *b)
{
	loop_turn(b->loop, 0);
	server_run(b->server);
}

/* Takes what has arrived; false at the end of the connection. */
static bool take(struct bench *b, int fd)
{
	char piece[4096];
	ssize_t len;

	while ((len = recv(fd, piece, sizeof(piece), MSG_DONTWAIT)) > 0)
		buf_add(&b->got, piece, (size_t)len);
	return len != 0;
}

static bool got(const struct bench *b, const char *text)
{
	return str_find(buf_str(&b->got), str_of(text)) < b->got.len;
}

static size_t count_events(const struct bench *b)
{
	struct str rest = buf_str(&b->got);
	size_t count = 0, at;

	while ((at = str_find(rest, STR("data: "))) < rest.len) {
		rest = str_part(rest, at + 6, rest.len);
		count++;
	}
	return count;
}

static int ask(struct bench *b, const char *body)
{
	int fd = client_connect(server_port(b->server));

	assert_true(fd >= 0);
	assert_true(client_request(fd, "POST", "/v1/chat/completions", str_of(body)));
	return fd;
}

static void turn_until(struct bench *b, int fd, const char *text)
{
	for (int i = 0; i < TURNS && !got(b, text); i++) {
		turn(b);
		take(b, fd);
	}
	if (!got(b, text))
		fail_msg("no \"%s\" in \"%s\"", text, b->got.ptr);
}

static void turn_often(struct bench *b, int fd)
{
	for (int i = 0; i < 200; i++) {
		turn(b);
		take(b, fd);
	}
}

static void tokens_come_when_they_are_due(void **state)
{
	struct bench b;
	size_t events, steps = 0;
	int fd;

	open_bench(&b, state);
	fd = ask(&b, ASK(",\"stream\":true"));
	turn_until(&b, fd, "\r\n\r\n"); /* the head comes at once, the first token does not */
	turn_often(&b, fd);
	assert_int_equal(count_events(&b), 0);
	clock_fake_move(&b.fake, 200 * US_PER_MS);
	turn_often(&b, fd);
	assert_int_equal(count_events(&b), 0); /* it takes sim-large at least 360 ms */
	clock_fake_move(&b.fake, 400 * US_PER_MS);
	turn_until(&b, fd, "\"role\":\"assistant\"");
	turn_often(&b, fd);
	events = count_events(&b);
	assert_true(events >= 2 && events < 15);
	turn_often(&b, fd);
	assert_int_equal(count_events(&b), events); /* the clock stands still */
	while (!got(&b, "[DONE]") && steps++ < 2000) {
		clock_fake_move(&b.fake, 10 * US_PER_MS);
		for (int i = 0; i < 10; i++)
			turn(&b);
		take(&b, fd);
	}
	assert_true(got(&b, "\"finish_reason\":\"stop\""));
	assert_true(steps > 50); /* half a second at least */
	close(fd);
	close_bench(&b);
}

static void a_whole_answer_takes_its_time_as_well(void **state)
{
	struct bench b;
	int fd;

	open_bench(&b, state);
	fd = ask(&b, ASK(""));
	turn_often(&b, fd);
	assert_int_equal(b.got.len, 0);
	clock_fake_move(&b.fake, 600 * US_PER_MS);
	turn_often(&b, fd);
	assert_int_equal(b.got.len, 0);
	clock_fake_move(&b.fake, 30LL * US_PER_S);
	turn_until(&b, fd, "chat.completion");
	assert_true(got(&b, "5,000 rows"));
	close(fd);
	close_bench(&b);
}

static void a_client_that_leaves_frees_its_stream(void **state)
{
	enum { LEAVE = 10 };
	int fds[LEAVE], steps;
	struct bench b;

	open_bench(&b, state);
	for (int i = 0; i < LEAVE; i++)
		fds[i] = ask(&b, ASK(",\"stream\":true"));
	for (int i = 0; i < TURNS && server_streams(b.server) < LEAVE; i++)
		turn(&b);
	assert_int_equal(server_streams(b.server), LEAVE);
	clock_fake_move(&b.fake, 700 * US_PER_MS);
	turn_until(&b, fds[0], "data: ");
	for (int i = 0; i < LEAVE; i++)
		close(fds[i]);
	for (steps = 0; steps < 1000 && server_streams(b.server) > 0; steps++) {
		clock_fake_move(&b.fake, 5 * US_PER_MS);
		turn(&b);
	}
	assert_int_equal(server_streams(b.server), 0);
	/* Long before its end: 40 tokens at 45 a second are most of a second. */
	assert_true(steps < 100);
	assert_true(server_requests(b.server) >= LEAVE);
	close_bench(&b);
}

static void closing_between_two_tokens_is_clean(void **state)
{
	struct bench b;
	int fd;

	open_bench(&b, state);
	fd = ask(&b, ASK(",\"stream\":true"));
	turn_until(&b, fd, "\r\n\r\n");
	assert_int_equal(server_streams(b.server), 1);
	close_bench(&b);
	close(fd);
	open_bench(&b, state);
	fd = ask(&b, ASK(""));
	turn_often(&b, fd);
	close_bench(&b);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_come_when_they_are_due),
		cmocka_unit_test(a_whole_answer_takes_its_time_as_well),
		cmocka_unit_test(a_client_that_leaves_frees_its_stream),
		cmocka_unit_test(closing_between_two_tokens_is_clean),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
