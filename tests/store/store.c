/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is written comes back, by every way of asking for it. */
#include "tests/store/help.h"

#include <math.h>
#include <sys/stat.h>

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

static void put(struct store *s, struct decision *d)
{
	struct receipts r = { 0 };

	store_append(s, d, receipt_into(&r));
	store_flush(s);
	store_collect(s);
	assert_int_equal(r.count, 1);
	check_err(r.errs[0], ERR_OK);
}

static void a_decision_comes_back_as_it_was(void **state)
{
	struct folder *f = *state;
	struct store *s = open_inline(f->file);
	struct rng rng;

	rng_seed(&rng, 1);
	for (int i = 0; i < 300; i++) {
		struct decision *d = decision_random(&rng), *back;
		struct receipts r = { .keep = true };
		char text[ID_TEXT + 1];

		id_write(d->id, text);
		store_append(s, d, receipt_into(&r));
		check_err(r.errs[0], ERR_OK);
		check_ok(store_find(s, str_of(text), &back, NULL));
		check_same(d, back);
		decision_free(&back);
		check_ok(store_last(s, &back, NULL));
		check_same(d, back);
		decision_free(&back);
		decision_free(&d);
	}
	assert_int_equal(store_count(s), 300);
	check_sound(s);
	store_close(&s);
}

static void a_bare_decision_comes_back_with_everything_unknown(void **state)
{
	struct store *s = open_inline(":memory:");
	struct decision *d = decision_new(), *back;

	(void)state;
	d->id = id_number(7);
	put(s, d);
	d = decision_new();
	d->id = id_number(7);
	check_ok(store_last(s, &back, NULL));
	check_same(d, back);
	decision_free(&d);
	decision_free(&back);
	store_close(&s);
}

static void a_megabyte_of_text_comes_back(void **state)
{
	struct folder *f = *state;
	struct store *s = open_file(f->file);
	struct decision *d = decision_number(1, 1 << 20), *back;

	put(s, d);
	d = decision_number(1, 1 << 20);
	check_ok(store_last(s, &back, NULL));
	check_same(d, back);
	decision_free(&d);
	decision_free(&back);
	store_close(&s);
	assert_null(s);
}

static void a_duplicate_is_refused_and_the_rest_is_written(void **state)
{
	struct folder *f = *state;
	struct store *s = open_file(f->file);
	struct receipts r = { 0 };

	for (int i = 0; i < 20; i++)
		store_append(s, decision_number((uint64_t)i % 10, 100), receipt_into(&r));
	store_flush(s);
	store_collect(s);
	assert_int_equal(r.count, 20);
	for (int i = 0; i < 20; i++)
		check_err(r.errs[i], i < 10 ? ERR_OK : ERR_AMBIGUOUS);
	assert_non_null(strstr(r.say, "it was not written again"));
	assert_int_equal(store_count(s), 10);
	for (uint64_t i = 0; i < 10; i++)
		assert_true(has_decision(s, id_number(i)));
	store_close(&s);
}

static struct id id_text(const char *text)
{
	struct id id;

	assert_true(id_parse(str_of(text), &id));
	return id;
}

static const char *const ids[] = {
	"019a7c3e-5b1f-7d2a-9c55-2f3a8b1e0d7f",
	"019a7c3e-5b1f-7d2a-9c55-2f3a8b1e1d7f",
	"019a7c3e-5b1f-7d2a-9c55-2f3a8b1ebd7f",
	"019a7c3e-5b1f-7d2a-9c55-000000abcdef",
	"019a7c3e-5b1f-7d2a-9c56-000000abcdef", /* the same tail: only the whole id will do */
	"019a7c3e-5b1f-7d2a-9c55-ffffffffffff",
};

static struct store *store_of_ids(void)
{
	struct store *s = open_inline(":memory:");

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct decision *d = decision_new();

		d->id = id_text(ids[i]);
		d->time = (int64_t)i;
		put(s, d);
	}
	return s;
}

static void a_short_id_is_the_end_of_one(void **state)
{
	static const struct {
		const char *name;
		enum err err;
		int64_t time;
		const char *why;
	} cases[] = {
		{ "0d7f", ERR_OK, 0, "" },
		{ "1D7F", ERR_OK, 1, "" },
		{ "1e1d7f", ERR_OK, 1, "" },
		{ "2f3a8b1ebd7f", ERR_OK, 2, "" },
		{ "ffff", ERR_OK, 5, "" },
		{ "019A7C3E-5B1F-7D2A-9C56-000000ABCDEF", ERR_OK, 4, "" },
		{ "d7f", ERR_NOT_FOUND, 0,
			"\"d7f\" is no id: give a whole one, or its last 4 to 12 digits" },
		{ "12f3a8b1ebd7f", ERR_NOT_FOUND, 0,
			"\"12f3a8b1ebd7f\" is no id: give a whole one, or its last 4 to 12"
			" digits" },
		{ "", ERR_NOT_FOUND, 0,
			"\"\" is no id: give a whole one, or its last 4 to 12 digits" },
		{ "%%%%", ERR_NOT_FOUND, 0,
			"\"%%%%\" is no id: give a whole one, or its last 4 to 12 digits" },
		{ "7d7f", ERR_NOT_FOUND, 0, "there is no decision \"7d7f\" in :memory:" },
		{ "019a7c3e-5b1f-7d2a-9c57-000000abcdef", ERR_NOT_FOUND, 0,
			"there is no decision \"019a7c3e-5b1f-7d2a-9c57-000000abcdef\" in"
			" :memory:" },
		{ "000000abcdef", ERR_AMBIGUOUS, 0,
			"\"000000abcdef\" stands for 019a7c3e-5b1f-7d2a-9c55-000000abcdef,"
			" 019a7c3e-5b1f-7d2a-9c56-000000abcdef: give more digits" },
	};
	struct store *s = store_of_ids();
	struct buf why = BUF(BUF_WHY_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct decision *d = NULL;

		buf_clear(&why);
		check_err(store_find(s, str_of(cases[i].name), &d, &why), cases[i].err);
		check_buf(&why, cases[i].why);
		assert_true(!d == (cases[i].err != ERR_OK));
		if (d)
			assert_int_equal(d->time, cases[i].time);
		decision_free(&d);
	}
	buf_release(&why);
	store_close(&s);
}

static void a_short_id_is_as_long_as_it_must_be(void **state)
{
	static const size_t digits[ARRAY_LEN(ids)] = { 4, 4, 4, ID_HEX, ID_HEX, 4 };
	static const struct {
		const char *id;
		size_t digits;
	} others[] = {
		{ "019a7c3e-5b1f-7d2a-9c55-2f3a8b1c0d7f", 5 },
		{ "019a7c3e-5b1f-7d2a-9c55-1f3a8b1ebd7f", 12 },
		{ "019a7c3e-5b1f-7d2a-9c55-123456789012", 4 },
	};
	struct store *s = store_of_ids();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		assert_int_equal(store_short_digits(s, id_text(ids[i])), digits[i]);
	/* Not in the store: what it would take. */
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_int_equal(
			store_short_digits(s, id_text(others[i].id)), others[i].digits);
	store_close(&s);
}

static void many_candidates_are_not_all_listed(void **state)
{
	struct store *s = open_inline(":memory:");
	struct buf why = BUF(BUF_WHY_MAX);
	struct decision *d;

	(void)state;
	for (unsigned char i = 0; i < 20; i++) {
		d = decision_new();
		d->id.bytes[0] = i;
		d->id.bytes[15] = 0x11;
		put(s, d);
	}
	check_err(store_find(s, STR("0011"), &d, &why), ERR_AMBIGUOUS);
	assert_true(str_ends(buf_str(&why), " and more: give more digits"));
	assert_true(why.len < 500);
	buf_release(&why);
	store_close(&s);
}

static void an_empty_store_has_no_last_decision(void **state)
{
	struct store *s = open_inline(":memory:");
	struct buf why = BUF(BUF_WHY_MAX);
	struct decision *d;

	(void)state;
	check_err(store_last(s, &d, &why), ERR_NOT_FOUND);
	check_buf(&why, ":memory:: there is no decision yet: ask something first");
	assert_null(d);
	assert_int_equal(store_count(s), 0);
	assert_int_equal(store_short_digits(s, id_number(1)), ID_SHORT_MIN);
	buf_release(&why);
	store_close(&s);
}

struct seen {
	int64_t numbers[2048], times[2048];
	size_t count, stop_after;
	struct store *store; /* asked again from within */
};

static bool see(void *ctx, const struct decision *d, int64_t number)
{
	struct seen *seen = ctx;
	struct decision *other;

	seen->numbers[seen->count] = number;
	seen->times[seen->count++] = d->time;
	if (seen->store) {
		check_ok(store_last(seen->store, &other, NULL));
		decision_free(&other);
	}
	return seen->count != seen->stop_after;
}

static void pages_join_without_gap_or_overlap(void **state)
{
	struct store *s = open_inline(":memory:");
	struct store_query newest = { .limit = 7 }, oldest = { .limit = 300, .oldest_first = true };
	struct seen seen = { .store = s };
	size_t before;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		put(s, decision_number(i, 10));
	do {
		before = seen.count;
		check_ok(store_select(s, &newest, see, &seen, NULL));
		newest.before = seen.numbers[seen.count - 1];
	} while (seen.count > before);
	assert_int_equal(seen.count, 1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(seen.times[i], (int64_t)(999 - i) * US_PER_MS);
	seen.count = 0;
	do {
		before = seen.count;
		check_ok(store_select(s, &oldest, see, &seen, NULL));
		oldest.after = seen.numbers[seen.count - 1];
	} while (seen.count > before);
	assert_int_equal(seen.count, 1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(seen.times[i], (int64_t)i * US_PER_MS);
	store_close(&s);
}

static void limits_are_kept_and_none_means_all(void **state)
{
	static const struct {
		size_t limit, stop_after, want;
		const char *filter;
	} cases[] = {
		{ 0, 0, 600, "" }, { 1, 0, 1, "" }, { 255, 0, 255, "" }, { 256, 0, 256, "" },
		{ 257, 0, 257, "" }, { 599, 0, 599, "" }, { 600, 0, 600, "" }, { 601, 0, 600, "" },
		{ 0, 5, 5, "" }, { 0, 256, 256, "" }, { 0, 0, 200, "tier:2" },
		{ 150, 0, 150, "tier:2" }, { 0, 0, 0, "tier:4" }, { 512, 0, 512, "end:stop" },
	};
	struct store *s = open_inline(":memory:");

	(void)state;
	for (uint64_t i = 0; i < 600; i++)
		put(s, decision_number(i, 10));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct store_query q = {
			.limit = cases[i].limit, .filter = str_of(cases[i].filter)
		};
		struct seen seen = { .stop_after = cases[i].stop_after };

		check_ok(store_select(s, &q, see, &seen, NULL));
		assert_int_equal(seen.count, cases[i].want);
	}
	store_close(&s);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void the_file_is_its_owners_alone(void **state)
{
	struct folder *f = *state;
	char deep[256], wal[300];
	mode_t before = umask(0);
	struct store *s;

	snprintf(deep, sizeof(deep), "%s/a/b/c.db", f->path);
	s = open_file(deep);
	put(s, decision_number(1, 10));
	umask(before);
	assert_int_equal(mode_of(deep), 0600);
	snprintf(wal, sizeof(wal), "%s-wal", deep);
	assert_int_equal(mode_of(wal), 0600);
	snprintf(deep, sizeof(deep), "%s/a/b", f->path);
	assert_int_equal(mode_of(deep), 0700);
	snprintf(deep, sizeof(deep), "%s/a", f->path);
	assert_int_equal(mode_of(deep), 0700);
	store_close(&s);
}

static void another_process_s_writing_is_noticed(void **state)
{
	struct folder *f = *state;
	struct store *a = open_inline(f->file), *b = open_file(f->file);
	int64_t version = store_data_version(a);

	assert_int_equal(store_count(a), 0);
	assert_int_equal(store_data_version(a), version);
	put(b, decision_number(1, 10));
	assert_true(store_data_version(a) != version);
	assert_int_equal(store_count(a), 1);
	put(a, decision_number(2, 10));
	assert_int_equal(store_count(a), 2);
	assert_int_equal(store_count(b), 2);
	store_close(&a);
	put(b, decision_number(3, 10));
	store_close(&b);
}

static void memory_counts_its_own_writing(void **state)
{
	struct store *s = open_file(":memory:"); /* a thread is asked for; it is written inline */
	struct store_health health;
	struct arena arena = ARENA;

	(void)state;
	for (int64_t i = 1; i < 4; i++) {
		int64_t version = store_data_version(s);

		put(s, decision_number((uint64_t)i, 10));
		assert_int_equal(store_count(s), i);
		assert_true(store_data_version(s) != version);
	}
	check_ok(store_check(s, &arena, &health, NULL));
	assert_true(health.sound);
	check_str(health.say, "ok");
	assert_int_equal(health.decisions, 3);
	assert_int_equal(health.schema_version, 1);
	arena_release(&arena);
	store_close(&s);
}

static void health_tells_the_size(void **state)
{
	struct folder *f = *state;
	struct store *s = open_file(f->file);
	struct store_health health;
	struct arena arena = ARENA;

	put(s, decision_number(1, 1 << 20));
	check_ok(store_check(s, &arena, &health, NULL));
	assert_true(health.sound);
	assert_true(health.bytes > 1 << 20 && health.bytes < 3 << 20);
	arena_release(&arena);
	store_close(&s);
}

static void a_name_that_looks_like_an_address_is_a_name(void **state)
{
	struct folder *f = *state;
	char file[256];
	struct stat st;
	struct store *s;

	snprintf(file, sizeof(file), "%s/a?mode=memory&x=%%41 b'c", f->path);
	s = open_file(file);
	put(s, decision_number(1, 10));
	store_close(&s);
	assert_int_equal(stat(file, &st), 0);
	s = open_file(file);
	assert_int_equal(store_count(s), 1);
	store_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_decision_comes_back_as_it_was, setup, teardown),
		cmocka_unit_test(a_bare_decision_comes_back_with_everything_unknown),
		cmocka_unit_test_setup_teardown(a_megabyte_of_text_comes_back, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_duplicate_is_refused_and_the_rest_is_written, setup, teardown),
		cmocka_unit_test(a_short_id_is_the_end_of_one),
		cmocka_unit_test(a_short_id_is_as_long_as_it_must_be),
		cmocka_unit_test(many_candidates_are_not_all_listed),
		cmocka_unit_test(an_empty_store_has_no_last_decision),
		cmocka_unit_test(pages_join_without_gap_or_overlap),
		cmocka_unit_test(limits_are_kept_and_none_means_all),
		cmocka_unit_test_setup_teardown(the_file_is_its_owners_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(
			another_process_s_writing_is_noticed, setup, teardown),
		cmocka_unit_test(memory_counts_its_own_writing),
		cmocka_unit_test_setup_teardown(health_tells_the_size, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_name_that_looks_like_an_address_is_a_name, setup, teardown),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
