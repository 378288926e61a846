/* SPDX-License-Identifier: GPL-3.0-or-later
 * A program that appends is killed at any moment, again and again, on one growing file: nothing
 * that it called done is missing, and the file is sound. */
#include "tests/store/help.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILLS = 50, SEED_STEP = 1000000 };

static pid_t start(const char *file, uint64_t first, int *out)
{
	const char *top = getenv("top_builddir");
	char program[512], seed[32];
	int ends[2];
	pid_t child;

	snprintf(program, sizeof(program), "%s/tests/store/hammer", top ? top : ".");
	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)first);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (!child) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl(program, program, file, seed, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	*out = ends[0];
	return child;
}

/* Kills the child a moment after it has said so many bytes, and reads the rest. */
static void read_and_kill(pid_t child, int out, size_t bytes, int moment_ms, struct buf *said)
{
	bool killed = false;
	ssize_t len = 1;
	char *room;
	int status;

	do {
		if (!killed && said->len >= bytes) {
			poll(NULL, 0, moment_ms);
			kill(child, SIGKILL);
			killed = true;
		}
		room = buf_room(said, 1024);
		assert_non_null(room);
		len = read(out, room, 1024);
		if (len > 0)
			buf_grew(said, (size_t)len);
	} while (len > 0);
	close(out);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail_msg("the child ended by itself: %d", status);
}

/* Lines are whole: a pipe takes so few bytes at once or not at all. */
static size_t check_all_there(struct store *s, struct str said)
{
	size_t count = 0;
	struct str line;

	while (str_cut(&said, '\n', &line) && said.ptr) {
		struct id id;

		assert_true(id_parse(line, &id));
		if (!has_decision(s, id))
			fail_msg("%.*s was acknowledged and is gone", STR_ARG(line));
		count++;
	}
	return count;
}

static void nothing_acknowledged_is_lost_by_kill(void **state)
{
	struct buf said = BUF(BUF_TEXT_MAX);
	struct folder folder;
	struct rng rng;
	size_t count = 0;

	(void)state;
	folder_make(&folder);
	rng_seed(&rng, 23);
	for (int i = 0; i < KILLS; i++) {
		/* Every fifth dies young: while it opens the file and mends it. */
		size_t before = said.len, lines = i % 5 == 4 ? 0 : 1 + rng_below(&rng, 1000);
		struct store *s;
		int out;
		pid_t child = start(folder.file, (uint64_t)i * SEED_STEP, &out);

		read_and_kill(child, out, before + lines * (ID_TEXT + 1),
			(int)rng_below(&rng, 6), &said);
		s = open_file(folder.file);
		count += check_all_there(s, str_part(buf_str(&said), before, said.len));
		assert_true((size_t)store_count(s) >= count);
		if (i % 10 == 9)
			check_sound(s);
		if (i == KILLS - 1)
			assert_int_equal(check_all_there(s, buf_str(&said)), count);
		store_close(&s);
	}
	assert_true(count > KILLS * 100);
	buf_release(&said);
	folder_remove(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_acknowledged_is_lost_by_kill),
	};

	return cmocka_run_group_tests_name("kill", tests, NULL, NULL);
}
