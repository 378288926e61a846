/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files that are older, newer, somebody else's, damaged, or no files. */
#include "core/store/column.h"
#include "tests/store/help.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
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

static void run_sql(const char *file, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static int64_t ask_sql(const char *file, const char *sql)
{
	sqlite3_stmt *s;
	sqlite3 *db;
	int64_t value;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	value = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return value;
}

static void fill(const char *file, uint64_t count, size_t size)
{
	struct store *s = open_inline(file);
	struct receipts r = { 0 };

	for (uint64_t i = 0; i < count; i++)
		store_append(s, decision_number(i, size), receipt_into(&r));
	assert_int_equal(r.failed, 0);
	store_close(&s);
}

/* Opens and expects an error whose words begin with the file's name. */
static void check_refused(const char *file, enum err want, const char *why_end)
{
	struct buf why = BUF(BUF_WHY_MAX), full = BUF(BUF_WHY_MAX);
	struct store_options o = { .path = file };
	struct store *s;

	check_err(store_open(&s, &o, &why), want);
	assert_null(s);
	buf_addf(&full, "%s: %s", file, why_end);
	check_buf(&why, full.ptr);
	check_err(store_open(&s, &o, NULL), want);
	buf_release(&why);
	buf_release(&full);
}

static size_t read_all(const char *file, char *bytes, size_t size)
{
	int fd = open(file, O_RDONLY);
	ssize_t len;

	assert_true(fd >= 0);
	len = read(fd, bytes, size);
	assert_true(len >= 0);
	close(fd);
	return (size_t)len;
}

static void overwrite(const char *file, off_t at, const void *bytes, size_t len)
{
	int fd = open(file, O_RDWR | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, len, at), len);
	close(fd);
}

static void a_new_file_says_whose_it_is(void **state)
{
	struct folder *f = *state;

	fill(f->file, 1, 10);
	assert_int_equal(ask_sql(f->file, "PRAGMA application_id"), 0x57656972);
	assert_int_equal(ask_sql(f->file, "PRAGMA user_version"), 1);
	assert_int_equal(ask_sql(f->file, "SELECT journal_mode='wal' FROM pragma_journal_mode"), 1);
	/* The tail is the end of the id, reversed. */
	assert_int_equal(ask_sql(f->file, "SELECT substr(tail,1,1) = substr(id,36,1) AND"
		" substr(tail,4,1) = substr(id,33,1) AND substr(tail,12,1) = substr(id,25,1) AND"
		" length(tail) = 12 FROM decision"), 1);
}

static void names_of_columns_are_all_different(void **state)
{
	(void)state;
	for (size_t t = 0; t < COLUMN_TABLE_COUNT; t++) {
		const struct field_table *table = column_tables[t];
		struct buf all = BUF(1 << 16), one = BUF(256);

		buf_add_text(&all, " seq tail decision attempt n ");
		for (size_t i = 0; i < table->count; i++) {
			if (table == &decision_table && i == 0)
				buf_cut_to(&all, strlen(" seq tail "));
			buf_clear(&one);
			buf_add_char(&one, ' ');
			column_name(&one, &table->fields[i]);
			buf_add_char(&one, ' ');
			if (strstr(all.ptr, one.ptr))
				fail_msg("two columns%sin %s", one.ptr, table->name);
			buf_add_text(&all, one.ptr + 1);
		}
		buf_release(&all);
		buf_release(&one);
	}
}

static void every_index_is_on_a_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < COLUMN_INDEX_COUNT; i++)
		assert_non_null(
			field_find(column_indexes[i].table, str_of(column_indexes[i].path)));
}

static void an_older_file_gains_columns_and_indexes(void **state)
{
	struct folder *f = *state;
	struct decision *before = decision_number(1, 50), *back;
	struct store *s;

	fill(f->file, 3, 50);
	run_sql(f->file, "DROP INDEX verdict_result; DROP INDEX decision_time;"
		"ALTER TABLE decision DROP COLUMN plan_flip;"
		"ALTER TABLE decision DROP COLUMN time;"
		"ALTER TABLE attempt DROP COLUMN quality;"
		"ALTER TABLE verdict DROP COLUMN result;"
		"ALTER TABLE tool DROP COLUMN ok");
	s = open_file(f->file);
	assert_int_equal(store_count(s), 3);
	check_ok(store_last(s, &back, NULL));
	assert_int_equal(back->time, INT_NONE);
	assert_null(back->plan.flip.ptr);
	assert_int_equal(back->attempts.ptr[0].verdicts.ptr[0].result, VERDICT_NONE);
	assert_int_equal(back->answer.text.len, 50);
	decision_free(&back);
	store_close(&s);
	decision_free(&before);
	fill(f->file, 0, 0);
	assert_int_equal(ask_sql(f->file, "SELECT count(*) FROM sqlite_schema WHERE name IN"
		" ('verdict_result', 'decision_time')"), 2);
	s = open_inline(f->file);
	before = decision_number(9, 50);
	before->plan.flip = STR("x");
	store_append(s, before, receipt_into(&(struct receipts){ .keep = true }));
	check_ok(store_last(s, &back, NULL));
	check_same(before, back);
	decision_free(&before);
	decision_free(&back);
	check_sound(s);
	store_close(&s);
}

static void columns_that_we_do_not_know_are_left_alone(void **state)
{
	struct folder *f = *state;

	fill(f->file, 1, 10);
	run_sql(f->file, "ALTER TABLE decision ADD COLUMN from_the_future TEXT;"
		"UPDATE decision SET from_the_future = 'kept'");
	fill(f->file, 0, 0);
	assert_int_equal(
		ask_sql(f->file, "SELECT from_the_future = 'kept' FROM decision WHERE seq = 1"), 1);
}

static void a_newer_file_is_refused(void **state)
{
	struct folder *f = *state;

	fill(f->file, 1, 10);
	run_sql(f->file, "PRAGMA user_version=2");
	check_refused(f->file, ERR_NEWER,
		"it was written by a newer weir (version 2 of the file, this one knows 1); install"
		" that one, or name another file");
	assert_int_equal(ask_sql(f->file, "PRAGMA user_version"), 2);
}

static void a_foreign_file_is_refused_and_left_as_it_is(void **state)
{
	static const char *const foreign[] = {
		"CREATE TABLE t (x); INSERT INTO t VALUES (1)",
		"PRAGMA application_id=42",
		"PRAGMA user_version=1",
		"CREATE TABLE decision (seq INTEGER PRIMARY KEY)",
	};
	struct folder *f = *state;
	char before[65536], after[65536];

	for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
		size_t len;

		unlink(f->file);
		run_sql(f->file, foreign[i]);
		len = read_all(f->file, before, sizeof(before));
		check_refused(f->file, ERR_CORRUPT,
			"it is no file of weir: name another file");
		assert_int_equal(read_all(f->file, after, sizeof(after)), len);
		assert_memory_equal(before, after, len);
	}
}

static void a_file_that_is_no_database_is_refused_and_left_as_it_is(void **state)
{
	static const char text[] = "Dear diary, this is no database at all.\n";
	struct folder *f = *state;
	char after[4096], noise[4096];
	struct rng rng;

	overwrite(f->file, 0, text, strlen(text));
	check_refused(f->file, ERR_CORRUPT, "it is no file of weir: name another file");
	assert_int_equal(read_all(f->file, after, sizeof(after)), strlen(text));
	assert_memory_equal(after, text, strlen(text));
	rng_seed(&rng, 3);
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)rng_below(&rng, 256);
	overwrite(f->file, 0, noise, sizeof(noise));
	check_refused(f->file, ERR_CORRUPT, "it is no file of weir: name another file");
}

static void a_file_with_our_name_and_other_tables_is_refused(void **state)
{
	struct folder *f = *state;

	run_sql(f->file, "PRAGMA application_id=0x57656972; PRAGMA user_version=1;"
		"CREATE TABLE decision (x)");
	check_refused(f->file, ERR_CORRUPT,
		"its tables are not those of weir: bring back a copy, or name another file");
}

static void an_empty_file_becomes_a_store(void **state)
{
	struct folder *f = *state;

	overwrite(f->file, 0, "", 0);
	fill(f->file, 2, 10);
	assert_int_equal(ask_sql(f->file, "SELECT count(*) FROM decision"), 2);
}

static void a_truncated_file_is_refused(void **state)
{
	struct folder *f = *state;
	struct stat st;

	fill(f->file, 100, 1000);
	assert_int_equal(stat(f->file, &st), 0);
	assert_int_equal(truncate(f->file, st.st_size / 2), 0);
	check_refused(f->file, ERR_CORRUPT,
		"it is damaged: bring back a copy, or move it away to begin anew");
}

static void a_file_cut_anywhere_never_crashes(void **state)
{
	struct folder *f = *state;
	struct stat st;

	fill(f->file, 20, 3000);
	assert_int_equal(stat(f->file, &st), 0);
	for (off_t size = st.st_size; size > 0; size -= 1023) {
		struct store_options o = { .path = f->file };
		struct store *s;

		assert_int_equal(truncate(f->file, size), 0);
		if (!store_open(&s, &o, NULL)) {
			assert_true(store_count(s) >= 0);
			store_close(&s);
		}
	}
}

static bool count_row(void *ctx, const struct decision *d, int64_t number)
{
	(void)d;
	(void)number;
	++*(int *)ctx;
	return true;
}

static void damaged_pages_are_told_of_and_never_crash(void **state)
{
	struct folder *f = *state;
	struct rng rng;
	char noise[512];
	int found = 0;

	fill(f->file, 100, 1000);
	rng_seed(&rng, 11);
	for (int i = 0; i < 60; i++) {
		struct store_options o = { .path = f->file };
		struct store_health health;
		struct arena arena = ARENA;
		struct decision *d;
		struct store *s;
		int rows = 0;

		for (size_t n = 0; n < sizeof(noise); n++)
			noise[n] = (char)rng_below(&rng, 256);
		overwrite(f->file, (off_t)(4096 + rng_below(&rng, 40 * 4096)), noise,
			1 + rng_below(&rng, sizeof(noise)));
		if (store_open(&s, &o, NULL))
			break; /* the tables themselves are gone */
		check_ok(store_check(s, &arena, &health, NULL));
		found += !health.sound;
		(void)!store_select(s, &(struct store_query){ 0 }, count_row, &rows, NULL);
		(void)!store_find(s, STR("0000"), &d, NULL);
		if (!store_last(s, &d, NULL))
			decision_free(&d);
		store_append(s, decision_number(1000 + (uint64_t)i, 100),
			receipt_into(&(struct receipts){ 0 }));
		store_close(&s);
		arena_release(&arena);
	}
	assert_true(found > 0);
}

static void a_damaged_list_gives_what_is_whole(void **state)
{
	static const struct {
		const char *json;
		size_t want;
	} cases[] = {
		{ "[]", 0 }, { "[\"a\"]", 1 },
		{ " [ \"a\" , null,\"\\u00e9\\ud83d\\ude00\" ] ", 3 },
		{ "", 0 }, { "{", 0 }, { "[\"a\",", 1 }, { "[\"a\",\"b", 1 }, { "[\"a\",\"b\\", 1 },
		{ "[\"a\",\"\\u12\"]", 1 }, { "[\"\\ud800\"]", 1 }, { "[\"\\ud800\\u0041\"]", 1 },
		{ "[\"a\" \"b\"]", 1 }, { "[1]", 0 }, { "[\"a\",[\"b\"]]", 1 }, { "[nul", 0 },
		{ "[\"\\x\"]", 0 }, { "not json", 0 },
	};
	struct folder *f = *state;
	char sql[256];

	fill(f->file, 1, 10);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct store_query q = { .filter = STR("-passages:x") };
		struct decision *d;
		struct store *s;
		int rows = 0;

		sqlite3_snprintf(sizeof(sql), sql, "UPDATE decision SET context_passages=%Q",
			cases[i].json);
		run_sql(f->file, sql);
		s = open_file(f->file);
		check_ok(store_last(s, &d, NULL));
		assert_int_equal(d->context.passages.len, cases[i].want);
		if (cases[i].want == 3) {
			check_str(d->context.passages.ptr[2], "\xc3\xa9\xf0\x9f\x98\x80");
			assert_null(d->context.passages.ptr[1].ptr);
		}
		decision_free(&d);
		check_ok(store_select(s, &q, count_row, &rows, NULL));
		assert_int_equal(rows, 1);
		store_close(&s);
	}
}

/* Values of the wrong type, as only another program would write them. */
static void odd_values_are_read_as_far_as_they_go(void **state)
{
	struct folder *f = *state;
	struct decision *d;
	struct store *s;

	fill(f->file, 1, 10);
	run_sql(f->file, "UPDATE decision SET parent='not an id', classify_task='no such task',"
		" cost_usd='twelve', cache_result=x'00ff', answer_tier=2.9, sample_p='p',"
		" policy=12, context_passages=7, answer_stale='yes'");
	s = open_file(f->file);
	check_ok(store_last(s, &d, NULL));
	assert_true(id_is_none(d->parent));
	assert_int_equal(d->classify.task, 0);
	assert_int_equal(d->cost, 0);
	assert_int_equal(d->cache.result, 0);
	assert_int_equal(d->answer.tier, 2);
	check_str(d->policy, "12");
	assert_int_equal(d->context.passages.len, 0);
	decision_free(&d);
	store_close(&s);
}

static void a_folder_is_no_file(void **state)
{
	struct folder *f = *state;
	char inside[256];

	check_refused(f->path, ERR_IO, "it is a folder: name another file");
	overwrite(f->file, 0, "x", 1);
	snprintf(inside, sizeof(inside), "%s/weir.db", f->file);
	check_refused(inside, ERR_IO, "a part of the path is not a folder: name another file");
	snprintf(inside, sizeof(inside), "%s/pipe", f->path);
	assert_int_equal(mkfifo(inside, 0600), 0);
	check_refused(inside, ERR_IO, "it is not a regular file: name another file");
}

static void a_file_that_must_exist_is_not_made(void **state)
{
	struct folder *f = *state;
	struct store_options o = { .path = f->file, .must_exist = true };
	struct buf why = BUF(BUF_WHY_MAX);
	struct store *s;
	struct stat st;

	check_err(store_open(&s, &o, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.ptr, "there is no such file"));
	assert_int_equal(stat(f->file, &st), -1);
	buf_release(&why);
	fill(f->file, 1, 10);
	check_ok(store_open(&s, &o, NULL));
	store_close(&s);
}

/* In a process without root's powers; 77: it cannot reach the folder at all. */
static int open_as_nobody(const char *folder, const char *file)
{
	struct store_options o = { .path = file };
	struct store *s;

	if (getuid() == 0 && (setgid(65534) || setuid(65534)))
		return 77;
	if (access(folder, R_OK | X_OK) || !access(folder, W_OK))
		return 77;
	return (int)store_open(&s, &o, NULL);
}

static int status_as_nobody(const char *folder, const char *file)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(open_as_nobody(folder, file));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void a_read_only_place_is_told_of(void **state)
{
	struct folder *f = *state;
	int status;

	assert_int_equal(chmod(f->path, 0555), 0);
	status = status_as_nobody(f->path, f->file);
	if (status == 77)
		skip();
	assert_int_equal(status, ERR_READ_ONLY);
	assert_int_equal(chmod(f->path, 0755), 0);
	fill(f->file, 1, 10);
	assert_int_equal(chmod(f->file, 0444), 0);
	assert_int_equal(chmod(f->path, 0555), 0);
	assert_int_equal(status_as_nobody(f->path, f->file), ERR_READ_ONLY);
	assert_int_equal(chmod(f->path, 0755), 0);
}

static void two_that_open_a_new_file_at_once_both_can(void **state)
{
	enum { CHILDREN = 4 };
	struct folder *f = *state;
	pid_t children[CHILDREN];

	for (int i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (!children[i]) {
			struct store_options o = { .path = f->file, .write_inline = true };
			struct store *s;
			enum err err = store_open(&s, &o, NULL);

			store_close(&s);
			_exit((int)err);
		}
	}
	for (int i = 0; i < CHILDREN; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	fill(f->file, 1, 10);
}

/* A trigger in the file would otherwise run with every append. */
static void what_a_file_wants_to_run_does_not_run(void **state)
{
	struct folder *f = *state;

	fill(f->file, 1, 10);
	run_sql(f->file, "CREATE TRIGGER t AFTER INSERT ON decision BEGIN"
		" DELETE FROM decision; END");
	{
		struct store *s = open_inline(f->file);
		struct receipts r = { 0 };

		store_append(s, decision_number(5, 10), receipt_into(&r));
		check_err(r.errs[0], ERR_OK);
		assert_int_equal(store_count(s), 2);
		store_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_new_file_says_whose_it_is, setup, teardown),
		cmocka_unit_test(names_of_columns_are_all_different),
		cmocka_unit_test(every_index_is_on_a_field),
		cmocka_unit_test_setup_teardown(
			an_older_file_gains_columns_and_indexes, setup, teardown),
		cmocka_unit_test_setup_teardown(
			columns_that_we_do_not_know_are_left_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(a_newer_file_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_foreign_file_is_refused_and_left_as_it_is, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_file_that_is_no_database_is_refused_and_left_as_it_is, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_file_with_our_name_and_other_tables_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(an_empty_file_becomes_a_store, setup, teardown),
		cmocka_unit_test_setup_teardown(a_truncated_file_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_cut_anywhere_never_crashes, setup, teardown),
		cmocka_unit_test_setup_teardown(
			damaged_pages_are_told_of_and_never_crash, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_damaged_list_gives_what_is_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(
			odd_values_are_read_as_far_as_they_go, setup, teardown),
		cmocka_unit_test_setup_teardown(a_folder_is_no_file, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_file_that_must_exist_is_not_made, setup, teardown),
		cmocka_unit_test_setup_teardown(a_read_only_place_is_told_of, setup, teardown),
		cmocka_unit_test_setup_teardown(
			two_that_open_a_new_file_at_once_both_can, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_a_file_wants_to_run_does_not_run, setup, teardown),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
