/* SPDX-License-Identifier: GPL-3.0-or-later
 * The small things everything stands on: text, buffers, arenas, time, money. */
#include "core/base/clock.h"
#include "core/base/crc.h"
#include "core/base/err.h"
#include "core/base/money.h"
#include "core/base/rng.h"
#include "core/base/vec.h"
#include "tests/check.h"

static void a_buffer_refuses_what_would_pass_its_ceiling(void **state)
{
	struct buf b = BUF(8);

	(void)state;
	buf_add_text(&b, "12345678");
	assert_false(buf_is_full(&b));
	buf_add_char(&b, '9');
	assert_true(buf_is_full(&b));
	buf_cut_to(&b, 0);
	buf_add_char(&b, 'x');
	check_buf(&b, "");
	buf_clear(&b);
	buf_addf(&b, "%d-%s", 42, "ab");
	check_buf(&b, "42-ab");
	buf_drop(&b, 3);
	check_buf(&b, "ab");
	buf_release(&b);
	check_buf(&b, "");
}

static void an_arena_hands_out_zeroed_aligned_memory(void **state)
{
	struct arena a = ARENA;
	VEC(int) numbers = { 0 };

	(void)state;
	for (size_t size = 1; size < 10000; size = size * 3 + 1) {
		unsigned char *memory = arena_alloc(&a, size);

		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0xaa, size);
	}
	for (int i = 0; i < 1000; i++)
		*vec_add(&a, &numbers) = i;
	assert_int_equal(numbers.len, 1000);
	assert_int_equal(numbers.ptr[999], 999);
	check_str(arena_format(&a, "%s:%d", "x", 7), "x:7");
	assert_null(arena_str(&a, STR_NONE).ptr);
	arena_release(&a);
}

static void a_buffer_keeps_its_text_at_every_size(void **state)
{
	struct buf b = BUF(300), whole = BUF(300);

	(void)state;
	for (size_t len = 0; len < 300; len++) {
		assert_int_equal(b.len, len);
		assert_int_equal(b.ptr[len], '\0');
		for (size_t i = 0; i < len; i++)
			assert_int_equal((unsigned char)b.ptr[i], i % 251);
		buf_add_char(&b, (char)(len % 251));
		buf_release(&whole);
		buf_add(&whole, b.ptr, b.len);
		assert_true(str_eq(buf_str(&whole), buf_str(&b)));
	}
	assert_false(buf_is_full(&b));
	buf_add_char(&b, 'x');
	assert_true(buf_is_full(&b));
	buf_release(&b);
	buf_release(&whole);
}

static void what_an_arena_gave_stays_where_it_is(void **state)
{
	struct arena a = ARENA;
	unsigned char *pieces[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		pieces[i] = arena_alloc(&a, i);
		memset(pieces[i], (int)i, i);
	}
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++)
		for (size_t at = 0; at < i; at++)
			assert_int_equal(pieces[i][at], i);
#ifdef ARENA_BLOCK
	/* Blocks this small cannot have held it all: the constant has reached the arena. */
	arena_release(&a);
	arena_alloc(&a, 1);
	assert_true(arena_size(&a) < 2 * ARENA_BLOCK);
#endif
	arena_release(&a);
}

static void text_is_cut_at_each_separator(void **state)
{
	struct str rest = STR("a,,b"), piece;

	(void)state;
	assert_true(str_cut(&rest, ',', &piece));
	check_str(piece, "a");
	assert_true(str_cut(&rest, ',', &piece));
	check_str(piece, "");
	assert_true(str_cut(&rest, ',', &piece));
	check_str(piece, "b");
	assert_false(str_cut(&rest, ',', &piece));
	check_str(str_trim(STR(" \t x y\r\n")), "x y");
	assert_int_equal(str_find(STR("aaab"), STR("ab")), 2);
	assert_int_equal(str_find(STR("aaab"), STR("ba")), 4);
}

static void distance_counts_edits_and_swaps(void **state)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} cases[] = {
		{ "", "", 0 },
		{ "price", "price", 0 },
		{ "pirce", "price", 1 },
		{ "prices", "price", 1 },
		{ "tier", "tyre", 2 },
		{ "abc", "", 3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(
			str_distance(str_of(cases[i].a), str_of(cases[i].b)), cases[i].distance);
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
	static const char *const bad[] = { "", " 1", "1 ", "1x", "0x10z", "--1", "1e999", "nan" };
	int64_t whole = 7;
	double real = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(str_to_int(str_of(bad[i]), &whole));
		assert_false(str_to_real(str_of(bad[i]), &real));
	}
	assert_int_equal(whole, 7);
	assert_false(str_to_int(STR("9223372036854775808"), &whole));
	assert_true(str_to_int(STR("-9223372036854775808"), &whole));
	assert_true(whole == INT64_MIN);
	assert_true(str_to_real(STR("0.25"), &real));
	assert_true(real == 0.25);
}

static void the_date_of_an_http_head_is_read(void **state)
{
	static const char *const bad[] = { "", "Tue, 24 Nov 2026 16:20:39", "Tue, 24 Nov 2026",
		"Tue, 24 Nvo 2026 16:20:39 GMT", "Tue, 24 ovD 2026 16:20:39 GMT",
		"Tue; 24 Nov 2026 16:20:39 GMT", "Tue, 24 Nov 2026 16:20:39 CET",
		"Tue, xx Nov 2026 16:20:39 GMT", "Tuesday, 24-Nov-26 16:20:39 GMT" };
	int64_t wall = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (clock_parse_http(str_of(bad[i]), &wall))
			fail_msg("%s", bad[i]);
	assert_true(clock_parse_http(STR("Sun, 06 Nov 1994 08:49:37 GMT"), &wall));
	assert_true(wall == INT64_C(784111777000000));
}

static void money_is_exact_and_unknown_stays_unknown(void **state)
{
	struct buf b = BUF(64);
	int64_t price, cost;

	(void)state;
	assert_true(money_parse_per_million(STR("0.0028"), &price));
	assert_int_equal(price, 2800);
	cost = money_times(price, 7);
	money_format(&b, cost);
	check_buf(&b, "0.0000000196");
	buf_clear(&b);
	money_format(&b, INT64_C(21000000));
	check_buf(&b, "0.000021000");
	assert_true(money_parse(STR("-1.5"), &cost));
	assert_int_equal(cost, -3 * MONEY_DOLLAR / 2);
	assert_false(money_parse(STR("1.0000000000001"), &cost));
	assert_true(money_parse(STR("1.0000000000000"), &cost));
	assert_false(money_parse(STR("."), &cost));
	assert_false(money_parse(STR(""), &cost));
	assert_false(money_parse(STR("1e3"), &cost));
	assert_false(money_parse(STR("99999999999999999999"), &cost));
	assert_false(money_parse_per_million(STR("0.0000001"), &price));
	assert_true(money_read_per_token(STR("2.8e-09"), &price) && price == 2800);
	assert_true(money_read_per_token(STR("1.25E-6"), &price) && price == 1250000);
	assert_true(money_read_per_token(STR("0.00000015"), &price) && price == 150000);
	assert_true(money_read_per_token(STR("20e-13"), &price) && price == 2);
	assert_true(money_read_per_token(STR("0"), &price) && price == 0);
	assert_true(money_read_per_token(STR("0.0e+5"), &price) && price == 0);
	assert_false(money_read_per_token(STR("2.8e-13"), &price));
	assert_false(money_read_per_token(STR("-1e-06"), &price));
	assert_false(money_read_per_token(STR("1e+99"), &price));
	assert_false(money_read_per_token(STR("1e-06e"), &price));
	assert_false(money_read_per_token(STR("e5"), &price));
	assert_true(money_read_per_million(STR("2.8e-3"), &price) && price == 2800);
	assert_true(money_read_per_million(STR("1.5e1"), &price) && price == 15000000);
	assert_false(money_read_per_million(STR("1e-7"), &price));
	assert_true(money_add(MONEY_UNKNOWN, 1) == MONEY_UNKNOWN);
	assert_true(money_add(INT64_MAX, 1) == MONEY_UNKNOWN);
	assert_true(money_sub(1, MONEY_UNKNOWN) == MONEY_UNKNOWN);
	assert_true(money_times(INT64_MAX, 2) == MONEY_UNKNOWN);
	buf_release(&b);
}

static void money_is_said_with_the_digits_that_matter(void **state)
{
	static const struct {
		int64_t pico;
		const char *say;
	} cases[] = {
		{ 0, "$0.0000" },
		{ INT64_C(21000000), "$0.000021" },
		{ INT64_C(89400000000), "$0.0894" },
		{ INT64_C(2100000000), "$0.0021" },
		{ INT64_C(12500000000000), "$12.50" },
		{ MONEY_UNKNOWN, "unknown" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF(64);

		money_say(&b, cases[i].pico);
		check_buf(&b, cases[i].say);
		buf_release(&b);
	}
}

static void time_is_written_and_read_in_utc(void **state)
{
	static const struct {
		int64_t us;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ INT64_C(951782400000000), "2000-02-29T00:00:00.000Z" },
		{ INT64_C(1795251600123000), "2026-11-21T09:00:00.123Z" },
		{ INT64_C(-1000), "1969-12-31T23:59:59.999Z" },
	};
	int64_t us;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF(64);

		clock_format(&b, cases[i].us);
		check_buf(&b, cases[i].text);
		assert_true(clock_parse(str_of(cases[i].text), &us));
		assert_true(us == cases[i].us);
		buf_release(&b);
	}
	assert_true(clock_parse(STR("2026-11-21"), &us));
	assert_true(us == INT64_C(1795219200000000));
	assert_false(clock_parse(STR("2026-13-01"), &us));
	assert_false(clock_parse(STR("2026-1-01"), &us));
	assert_false(clock_parse(STR("yesterday"), &us));
}

static void the_same_seed_gives_the_same_numbers(void **state)
{
	struct rng a, b;

	(void)state;
	rng_seed(&a, 42);
	rng_seed(&b, 42);
	for (int i = 0; i < 1000; i++) {
		assert_true(rng_next(&a) == rng_next(&b));
		assert_true(rng_below(&a, 7) < 7);
		assert_true(rng_unit(&b) < 1.0);
	}
}

static void every_error_has_a_name_a_sentence_and_a_status(void **state)
{
	(void)state;
	for (int e = 0; e < ERR_COUNT; e++) {
		assert_true(strlen(err_name((enum err)e)) > 1);
		assert_true(strlen(err_say((enum err)e)) > 3);
		assert_true(e == ERR_OK ? !err_exit(ERR_OK) : err_exit((enum err)e) > 0);
	}
}

/* The check value that all catalogues of CRCs give, and zlib's for another text. */
static void a_crc_is_that_of_zlib(void **state)
{
	uint32_t crc = crc32_more(0, "1234", 4);

	(void)state;
	assert_int_equal(crc32_of(STR("123456789")), 0xCBF43926);
	assert_int_equal(crc32_more(crc, "56789", 5), 0xCBF43926);
	assert_int_equal(crc32_of(STR("where is my card")), 0x8A5F9E02);
	assert_int_equal(crc32_of(STR("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crc_is_that_of_zlib),
		cmocka_unit_test(a_buffer_refuses_what_would_pass_its_ceiling),
		cmocka_unit_test(an_arena_hands_out_zeroed_aligned_memory),
		cmocka_unit_test(a_buffer_keeps_its_text_at_every_size),
		cmocka_unit_test(what_an_arena_gave_stays_where_it_is),
		cmocka_unit_test(text_is_cut_at_each_separator),
		cmocka_unit_test(distance_counts_edits_and_swaps),
		cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
		cmocka_unit_test(the_date_of_an_http_head_is_read),
		cmocka_unit_test(money_is_exact_and_unknown_stays_unknown),
		cmocka_unit_test(money_is_said_with_the_digits_that_matter),
		cmocka_unit_test(time_is_written_and_read_in_utc),
		cmocka_unit_test(the_same_seed_gives_the_same_numbers),
		cmocka_unit_test(every_error_has_a_name_a_sentence_and_a_status),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
