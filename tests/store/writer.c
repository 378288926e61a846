/* SPDX-License-Identifier: GPL-3.0-or-later
 * Receipts: in order, after the commit, and honest when it fails. */
#include "tests/store/help.h"

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int setup(void **state)
{
	struct folder *f = memory_new(sizeof(*f));

	folder_make(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	folder_remove(*state);
	memory_free(*state);
	return 0;
}

static void drain(struct store *s)
{
	store_flush(s);
	store_collect(s);
}

static void receipts_come_in_order(void **state)
{
	enum { COUNT = 3000 };
	struct folder *f = *state;
	struct store *s = open_file(f->file);
	struct receipts *r = memory_new(sizeof(*r));

	for (uint64_t i = 0; i < COUNT; i++) {
		store_append(s, decision_number(i, 100), receipt_into(r));
		if (i % 97 == 0)
			store_collect(s);
	}
	drain(s);
	assert_int_equal(r->count, COUNT);
	assert_int_equal(r->failed, 0);
	for (uint64_t i = 0; i < COUNT; i++) {
		struct id want = id_number(i);

		assert_memory_equal(&r->ids[i], &want, sizeof(want));
	}
	assert_int_equal(store_count(s), COUNT);
	memory_free(r);
	store_close(&s);
}

static void closing_commits_and_collects_everything(void **state)
{
	struct folder *f = *state;
	struct store *s = open_file(f->file);
	struct receipts r = { 0 };

	for (uint64_t i = 0; i < 500; i++)
		store_append(s, decision_number(i, 100), receipt_into(&r));
	store_close(&s);
	assert_int_equal(r.count, 500);
	assert_int_equal(r.failed, 0);
	s = open_file(f->file);
	assert_int_equal(store_count(s), 500);
	store_close(&s);
}

/* A second connection looks at the very moment of each receipt. */
struct looker {
	struct store *other;
	size_t count, seen;
};

static void look(void *ctx, const struct decision *d, enum err err, struct str say)
{
	struct looker *looker = ctx;
	struct decision *own = (struct decision *)(uintptr_t)d;

	(void)say;
	check_err(err, ERR_OK);
	looker->count++;
	looker->seen += has_decision(looker->other, d->id);
	decision_free(&own);
}

static void check_receipts_after_commit(const char *file, bool write_inline)
{
	struct store_options o = { .path = file, .write_inline = write_inline, .group_us = 1 };
	struct looker looker = { 0 };
	struct store *s;

	check_ok(store_open(&s, &o, NULL));
	looker.other = open_file(file);
	for (uint64_t i = 0; i < 300; i++) {
		store_append(s, decision_number(i, 100), (struct store_receipt){ look, &looker });
		store_collect(s);
	}
	drain(s);
	assert_int_equal(looker.count, 300);
	assert_int_equal(looker.seen, 300);
	store_close(&looker.other);
	store_close(&s);
}

static void a_receipt_comes_after_the_commit(void **state)
{
	struct folder *f = *state;
	char other[300];

	check_receipts_after_commit(f->file, false);
	snprintf(other, sizeof(other), "%s-inline", f->file);
	check_receipts_after_commit(other, true);
}

static sqlite3 *open_raw(const char *file)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	return db;
}

struct wakes {
	pthread_mutex_t lock;
	size_t count;
};

static void count_wake(void *ctx)
{
	struct wakes *w = ctx;

	pthread_mutex_lock(&w->lock);
	w->count++;
	pthread_mutex_unlock(&w->lock);
}

/* While somebody else holds the file, a thousand decisions gather: they are few commits. */
static void what_gathers_is_committed_together(void **state)
{
	struct folder *f = *state;
	struct wakes wakes = { PTHREAD_MUTEX_INITIALIZER, 0 };
	struct store_options o = { .path = f->file, .wake = count_wake, .wake_ctx = &wakes };
	struct receipts r = { 0 };
	struct store *s;
	sqlite3 *db;

	check_ok(store_open(&s, &o, NULL));
	db = open_raw(f->file);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	for (uint64_t i = 0; i < 1000; i++)
		store_append(s, decision_number(i, 100), receipt_into(&r));
	store_collect(s);
	assert_int_equal(r.count, 0);
	assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	drain(s);
	assert_int_equal(r.count, 1000);
	assert_int_equal(r.failed, 0);
	store_close(&s);
	assert_in_range(wakes.count, 1, 4);
	sqlite3_close(db);
}

/* Several stores on one file, each with a thread of its own, all at once. */
struct crowd {
	const char *file;
	uint64_t first;
	struct receipts receipts;
};

static void *append_many(void *ctx)
{
	struct crowd *c = ctx;
	struct store *s = NULL;
	struct store_options o = { .path = c->file };

	if (store_open(&s, &o, NULL))
		return NULL;
	for (uint64_t i = 0; i < 400; i++) {
		store_append(s, decision_number(c->first + i, 200), receipt_into(&c->receipts));
		store_collect(s);
	}
	store_close(&s);
	return NULL;
}

static void several_writers_share_one_file(void **state)
{
	enum { WRITERS = 4 };
	struct folder *f = *state;
	struct crowd *crowd = memory_new(WRITERS * sizeof(*crowd));
	pthread_t threads[WRITERS];
	struct store *s;

	for (size_t i = 0; i < WRITERS; i++) {
		crowd[i].file = f->file;
		crowd[i].first = i * 10000;
		assert_int_equal(pthread_create(&threads[i], NULL, append_many, &crowd[i]), 0);
	}
	for (size_t i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	s = open_file(f->file);
	assert_int_equal(store_count(s), WRITERS * 400);
	for (size_t i = 0; i < WRITERS; i++) {
		assert_int_equal(crowd[i].receipts.count, 400);
		assert_int_equal(crowd[i].receipts.failed, 0);
	}
	check_sound(s);
	store_close(&s);
	memory_free(crowd);
}

/* A receipt may append and collect. */
struct chain {
	struct store *store;
	uint64_t next, last;
	size_t done;
};

static void append_next(void *ctx, const struct decision *d, enum err err, struct str say)
{
	struct chain *chain = ctx;
	struct decision *own = (struct decision *)(uintptr_t)d;

	(void)say;
	check_err(err, ERR_OK);
	decision_free(&own);
	chain->done++;
	if (chain->next < chain->last)
		store_append(chain->store, decision_number(chain->next++, 10),
			(struct store_receipt){ append_next, chain });
	store_collect(chain->store);
}

static void a_receipt_may_append(void **state)
{
	struct folder *f = *state;
	struct chain chain = { .next = 1, .last = 50 };
	struct store *s = open_file(f->file);

	chain.store = s;
	store_append(s, decision_number(0, 10), (struct store_receipt){ append_next, &chain });
	while (chain.done < 20)
		drain(s);
	store_close(&s); /* the rest follows while closing */
	assert_int_equal(chain.done, 50);
	s = open_file(f->file);
	assert_int_equal(store_count(s), 50);
	store_close(&s);
}

static void a_removed_file_is_told_of(void **state)
{
	struct folder *f = *state;
	struct store *s = open_file(f->file);
	struct receipts r = { 0 };

	store_append(s, decision_number(1, 10), receipt_into(&r));
	drain(s);
	assert_int_equal(unlink(f->file), 0);
	store_append(s, decision_number(2, 10), receipt_into(&r));
	drain(s);
	check_err(r.errs[0], ERR_OK);
	check_err(r.errs[1], ERR_IO);
	assert_non_null(strstr(r.say, "the file was moved or removed while in use: start again"));
	store_close(&s);
}

/* The system refuses to let files grow: as good as a full disk. In a child, as it is for good.
 * Gives 0 when all is well, else the number of the line that is not. */
#define MUST(what)                                                                                \
	do {                                                                                      \
		if (!(what))                                                                      \
			return __LINE__;                                                          \
	} while (0)

static int fill_the_disk(const char *file, bool write_inline)
{
	struct rlimit limit = { 1000000, RLIM_INFINITY };
	struct store_options o = { .path = file, .write_inline = write_inline };
	struct receipts r = { 0 };
	struct store *s;
	size_t fit, lost = 0;

	signal(SIGXFSZ, SIG_IGN);
	MUST(!store_open(&s, &o, NULL));
	MUST(!setrlimit(RLIMIT_FSIZE, &limit));
	for (uint64_t i = 0; i < 60; i++) {
		store_append(s, decision_number(i, 20000), receipt_into(&r));
		drain(s);
	}
	fit = r.count - r.failed;
	MUST(r.count == 60 && fit > 5 && fit < 30);
	MUST(strstr(r.say, "the file may not grow further: raise the limit, then try again"));
	limit.rlim_cur = RLIM_INFINITY;
	MUST(!setrlimit(RLIMIT_FSIZE, &limit));
	for (uint64_t i = 60; i < 70; i++)
		store_append(s, decision_number(i, 20000), receipt_into(&r));
	drain(s);
	for (size_t i = 0; i < r.count; i++) {
		MUST(!r.errs[i] || r.errs[i] == ERR_FULL);
		MUST(i < 60 || !r.errs[i]);
		lost += !r.errs[i] && !has_decision(s, r.ids[i]);
		MUST(!r.errs[i] || !has_decision(s, r.ids[i]));
	}
	MUST(!lost);
	MUST(store_count(s) == (int64_t)fit + 10);
	check_sound(s);
	store_close(&s);
	return 0;
}

static void check_full(const char *file, bool write_inline)
{
	int status, line;
	pid_t child = fork();

	if (!child) {
		line = fill_the_disk(file, write_inline);
		_exit(line > 255 ? line - 255 + 100 : line);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_full_disk_loses_nothing_and_mends(void **state)
{
	struct folder *f = *state;
	char other[300];

	check_full(f->file, false);
	snprintf(other, sizeof(other), "%s-inline", f->file);
	check_full(other, true);
}

/* What does not fit into SQLite's rows at all fails alone. A lower limit stands in for 1 GB. */
static int lower_limit(sqlite3 *db, char **error, const struct sqlite3_api_routines *api)
{
	(void)error;
	(void)api;
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 100000);
	return SQLITE_OK;
}

static void what_is_too_big_fails_alone(void **state)
{
	static const struct {
		const char *name;
		bool in_attempt;
	} cases[] = { { "a", false }, { "b", true } };
	struct folder *f = *state;

	sqlite3_auto_extension((void (*)(void))lower_limit);
	for (size_t c = 0; c < ARRAY_LEN(cases); c++) {
		char file[300];
		struct receipts r = { 0 };
		struct store *s;

		snprintf(file, sizeof(file), "%s-%s", f->file, cases[c].name);
		s = open_file(file);
		for (uint64_t i = 0; i < 10; i++) {
			struct decision *d = decision_number(i, i == 4 ? 200000 : 100);

			if (cases[c].in_attempt) {
				d->attempts.ptr[0].text = d->answer.text;
				d->answer.text = STR_NONE;
			}
			store_append(s, d, receipt_into(&r));
		}
		drain(s);
		assert_int_equal(r.count, 10);
		assert_int_equal(r.failed, 1);
		check_err(r.errs[4], ERR_TOO_BIG);
		assert_int_equal(store_count(s), 9);
		for (uint64_t i = 0; i < 10; i++)
			assert_int_equal(has_decision(s, id_number(i)), i != 4);
		store_close(&s);
	}
	sqlite3_cancel_auto_extension((void (*)(void))lower_limit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(receipts_come_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(
			closing_commits_and_collects_everything, setup, teardown),
		cmocka_unit_test_setup_teardown(a_receipt_comes_after_the_commit, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_gathers_is_committed_together, setup, teardown),
		cmocka_unit_test_setup_teardown(several_writers_share_one_file, setup, teardown),
		cmocka_unit_test_setup_teardown(a_receipt_may_append, setup, teardown),
		cmocka_unit_test_setup_teardown(a_removed_file_is_told_of, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_full_disk_loses_nothing_and_mends, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_too_big_fails_alone, setup, teardown),
	};

	return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
