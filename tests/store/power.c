/* SPDX-License-Identifier: GPL-3.0-or-later
 * Power is cut at every write and sync of a run of appends: what a receipt called done is there
 * afterwards, and the file is sound. The same run without syncs loses something, so the test can
 * fail. */
#include "tests/store/help.h"
#include "tests/store/lossy.h"

#include <unistd.h>

struct world {
	struct folder folder;
	struct lossy disk;
	struct rng rng;
};

static int setup(void **state)
{
	struct world *w = memory_new(sizeof(*w));

	folder_make(&w->folder);
	lossy_start(&w->disk);
	rng_seed(&w->rng, 17);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	lossy_stop(&w->disk);
	folder_remove(&w->folder);
	memory_free(w);
	return 0;
}

/* A run: sessions of appends, each session an opening and a closing of the file. */
struct script {
	int sessions, appends;
	size_t size;       /* of a text */
	bool with_thread;
};

static void remove_files(const char *file)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char path[256];

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s%s", file, ends[i]);
		unlink(path);
	}
}

static bool open_on(struct world *w, bool with_thread, struct store **s)
{
	struct store_options o = {
		.path = w->folder.file, .vfs = LOSSY_NAME, .write_inline = !with_thread
	};

	return !store_open(s, &o, NULL);
}

static void play(struct world *w, const struct script *script, struct receipts *r)
{
	struct store *s;
	uint64_t n = 0;

	for (int session = 0; session < script->sessions; session++) {
		if (!open_on(w, script->with_thread, &s))
			return;
		for (int i = 0; i < script->appends; i++) {
			store_append(s, decision_number(n++, script->size), receipt_into(r));
			store_flush(s);
			store_collect(s);
		}
		store_close(&s);
	}
}

/* How many acknowledged decisions are missing after a cut, and whether the file is damaged. */
struct loss {
	size_t lost, damaged, acknowledged;
};

static void look_after(struct world *w, const struct receipts *r, struct loss *loss)
{
	struct store_health health;
	struct arena arena = ARENA;
	struct store *s;

	if (!open_on(w, false, &s)) {
		loss->damaged++;
		return;
	}
	for (size_t i = 0; i < r->count; i++) {
		loss->acknowledged += !r->errs[i];
		loss->lost += !r->errs[i] && !has_decision(s, r->ids[i]);
	}
	if (store_check(s, &arena, &health, NULL) || !health.sound)
		loss->damaged++;
	arena_release(&arena);
	store_close(&s);
}

static void cut_at(struct world *w, const struct script *script, size_t at, enum lossy_rest rest,
	struct loss *loss)
{
	struct receipts *r = memory_new(sizeof(*r));

	remove_files(w->folder.file);
	w->disk.cut_at = at;
	play(w, script, r);
	lossy_reboot(&w->disk, rest, &w->rng);
	look_after(w, r, loss);
	lossy_reboot(&w->disk, LOSSY_DROP, &w->rng);
	memory_free(r);
}

/* Without a cut: how many operations there are to cut at. */
static size_t count_ops(struct world *w, const struct script *script)
{
	struct receipts *r = memory_new(sizeof(*r));
	size_t ops;

	remove_files(w->folder.file);
	play(w, script, r);
	assert_int_equal(r->count, script->sessions * script->appends);
	assert_int_equal(r->failed, 0);
	ops = w->disk.ops;
	lossy_reboot(&w->disk, LOSSY_DROP, &w->rng);
	memory_free(r);
	return ops;
}

static struct loss cut_everywhere(
	struct world *w, const struct script *script, size_t step, enum lossy_rest rest)
{
	size_t ops = count_ops(w, script);
	struct loss loss = { 0 };

	for (size_t at = 1; at <= ops; at += step)
		cut_at(w, script, at, rest, &loss);
	assert_true(loss.acknowledged > 0);
	return loss;
}

static void check_nothing_lost(struct loss loss)
{
	assert_int_equal(loss.lost, 0);
	assert_int_equal(loss.damaged, 0);
}

static void a_power_cut_loses_nothing_that_was_done(void **state)
{
	struct script script = { .sessions = 2, .appends = 4, .size = 100 };

	check_nothing_lost(cut_everywhere(*state, &script, 1, LOSSY_DROP));
}

static void nor_when_some_of_the_unsynced_writes_arrived(void **state)
{
	struct script script = { .sessions = 2, .appends = 4, .size = 100 };

	check_nothing_lost(cut_everywhere(*state, &script, 1, LOSSY_KEEP_SOME));
}

/* Texts so large that the log is folded into the file, and begun again, while appending. */
static void nor_around_a_checkpoint(void **state)
{
	struct script script = { .sessions = 1, .appends = 7, .size = 1 << 20 };

	check_nothing_lost(cut_everywhere(*state, &script, 131, LOSSY_DROP));
	check_nothing_lost(cut_everywhere(*state, &script, 149, LOSSY_KEEP_SOME));
}

static void nor_with_the_writer_s_thread(void **state)
{
	struct script script = { .sessions = 2, .appends = 3, .size = 100, .with_thread = true };

	check_nothing_lost(cut_everywhere(*state, &script, 7, LOSSY_DROP));
}

/* The store's own setting is not heard, and another one is made as the connection opens. */
static int sync_off(sqlite3 *db, char **error, const struct sqlite3_api_routines *api)
{
	(void)error;
	(void)api;
	return sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL);
}

static int sync_normal(sqlite3 *db, char **error, const struct sqlite3_api_routines *api)
{
	(void)error;
	(void)api;
	return sqlite3_exec(db, "PRAGMA synchronous=NORMAL", NULL, NULL, NULL);
}

static void less_than_full_syncing_does_lose(void **state)
{
	int (*const settings[])(sqlite3 *db, char **error,
		const struct sqlite3_api_routines *api) = { sync_off, sync_normal };
	struct script script = { .sessions = 2, .appends = 4, .size = 100 };
	struct world *w = *state;

	w->disk.deaf = true;
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		sqlite3_auto_extension((void (*)(void))settings[i]);
		assert_true(cut_everywhere(w, &script, 5, LOSSY_DROP).lost > 0);
		sqlite3_cancel_auto_extension((void (*)(void))settings[i]);
	}
}

/* The disk is full from each write on, for a while: the receipts say so, later ones are fine. */
static void a_full_disk_is_told_of_and_mends(void **state)
{
	struct world *w = *state;

	for (int from = 1; from < 60; from += 3) {
		struct receipts r = { 0 };
		struct store *s;
		size_t fit;

		remove_files(w->folder.file);
		assert_true(open_on(w, true, &s));
		w->disk.full_from = (int)w->disk.ops + from;
		for (uint64_t i = 0; i < 4; i++) {
			store_append(s, decision_number(i, 100), receipt_into(&r));
			store_flush(s);
			store_collect(s);
		}
		fit = r.count - r.failed;
		assert_true(r.failed > 0);
		assert_non_null(strstr(r.say, "the disk is full: free some space, then try again"));
		w->disk.full_from = 0;
		for (uint64_t i = 4; i < 8; i++)
			store_append(s, decision_number(i, 100), receipt_into(&r));
		store_flush(s);
		store_collect(s);
		for (size_t i = 0; i < r.count; i++) {
			check_err(r.errs[i], i < fit || i >= 4 ? ERR_OK : ERR_FULL);
			assert_int_equal(has_decision(s, r.ids[i]), !r.errs[i]);
		}
		check_sound(s);
		store_close(&s);
		lossy_reboot(&w->disk, LOSSY_DROP, &w->rng);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_power_cut_loses_nothing_that_was_done, setup, teardown),
		cmocka_unit_test_setup_teardown(
			nor_when_some_of_the_unsynced_writes_arrived, setup, teardown),
		cmocka_unit_test_setup_teardown(nor_around_a_checkpoint, setup, teardown),
		cmocka_unit_test_setup_teardown(nor_with_the_writer_s_thread, setup, teardown),
		cmocka_unit_test_setup_teardown(less_than_full_syncing_does_lose, setup, teardown),
		cmocka_unit_test_setup_teardown(a_full_disk_is_told_of_and_mends, setup, teardown),
	};

	return cmocka_run_group_tests_name("power", tests, NULL, NULL);
}
