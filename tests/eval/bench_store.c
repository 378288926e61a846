/* SPDX-License-Identifier: GPL-3.0-or-later
 * The benchmark of the store measures something and leaves nothing behind. No time is judged. */
#include "core/eval/bench_store.h"

#include "tests/check.h"

#include <unistd.h>

static void it_measures_and_cleans_up(void **state)
{
	char folder[] = "/tmp/weir-bench-XXXXXX";
	struct bench_store_result r;
	struct buf why = BUF(BUF_WHY_MAX);

	(void)state;
	assert_non_null(mkdtemp(folder));
	check_ok(bench_store(&r, folder, 1000, 100, &why));
	check_buf(&why, "");
	assert_true(r.sustained > 0 && r.sustained <= r.offered);
	assert_true(r.p50_us > 0 && r.p50_us <= r.p99_us && r.p99_us <= r.p999_us);
	assert_true(r.p999_us <= r.max_us);
	assert_true(r.flat_out > 0 && r.one_by_one > 0 && r.gain > 0);
	assert_int_equal(rmdir(folder), 0); /* it is empty */
	buf_release(&why);
}

static void a_folder_that_is_not_there_is_told_of(void **state)
{
	struct bench_store_result r;
	struct buf why = BUF(BUF_WHY_MAX);

	(void)state;
	check_err(bench_store(&r, "/nonexistent", 1000, 100, &why), ERR_IO);
	check_buf(&why, "/nonexistent: no folder can be made in it; name another one");
	buf_release(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_measures_and_cleans_up),
		cmocka_unit_test(a_folder_that_is_not_there_is_told_of),
	};

	return cmocka_run_group_tests_name("bench_store", tests, NULL, NULL);
}
