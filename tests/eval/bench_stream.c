/* SPDX-License-Identifier: GPL-3.0-or-later
 * The benchmark of streams reads every chunk that its server sends, and says so when a baseline
 * does not play along. No time is judged. */
#include "core/eval/bench_stream.h"

#include "core/eval/pacer.h"
#include "tests/check.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

static struct bench_stream_options small(void)
{
	return (struct bench_stream_options){ .streams = 3,
		.per_second = 60,
		.ms = 200,
		.rounds = 1,
		.folder = "/tmp",
		.data_dir = getenv("WEIR_DATA") };
}

static void every_chunk_of_every_stream_arrives(void **state)
{
	struct bench_stream_options o = small();
	struct bench_stream_result r;
	struct buf why = BUF(BUF_WHY_MAX);

	(void)state;
	if (bench_stream(&r, &o, &why))
		fail_msg("%s", why.ptr);
	assert_int_equal(r.ours.chunks, 3 * 4); /* one each 50 ms, for 200 ms */
	assert_int_equal(r.failed, 0);
	assert_true(r.ours.cpu_us > 0);
	assert_true(r.ours.p50_us >= 0 && r.ours.p50_us <= r.ours.p99_us);
	assert_true(isnan(r.cpu_ratio) && isnan(r.baseline.cpu_us));
	buf_release(&why);
}

/* A script that stands in for the baseline: what it prints is known. */
static void baseline(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\necho '%s'\n", text);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(chmod(path, 0700), 0);
}

static void a_baseline_is_asked_in_turn(void **state)
{
	char folder[] = "/tmp/weir-bench-XXXXXX", path[64];
	struct bench_stream_options o = small();
	struct bench_stream_result r;
	struct buf why = BUF(BUF_WHY_MAX);

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/baseline", folder);
	o.baseline = path;
	baseline(path, "{\"chunks\":12,\"cpu_us\":0.5,\"p50_us\":1,\"p99_us\":2,\"bytes\":3}");
	check_ok(bench_stream(&r, &o, &why));
	assert_true(r.baseline.cpu_us == 0.5 && r.cpu_ratio == r.ours.cpu_us / 0.5);
	assert_true(r.added_p99_us == r.ours.p99_us - 2);
	baseline(path, "what?");
	check_err(bench_stream(&r, &o, &why), ERR_SYNTAX);
	unlink(path);
	buf_clear(&why);
	check_err(bench_stream(&r, &o, &why), ERR_IO);
	assert_non_null(strstr(why.ptr, path));
	rmdir(folder);
	buf_release(&why);
}

static void a_chunk_tells_its_age(void **state)
{
	(void)state;
	assert_int_equal(pacer_age(STR(" 0000000000001000"), 1250), 250);
	assert_int_equal(pacer_age(STR(" words"), 1250), -1);
	assert_int_equal(pacer_age(STR(""), 1250), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_chunk_of_every_stream_arrives),
		cmocka_unit_test(a_baseline_is_asked_in_turn),
		cmocka_unit_test(a_chunk_tells_its_age),
	};

	return cmocka_run_group_tests_name("bench_stream", tests, NULL, NULL);
}
