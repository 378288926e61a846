/* SPDX-License-Identifier: GPL-3.0-or-later
 * The decoder against Unicode's examples and against a second, slower truth: the set of all
 * prefixes of all encoded scalar values, built by arithmetic and not by table 3-7. */
#include "core/base/utf8.h"

#include "core/base/arena.h"
#include "tests/check.h"

enum { SCALARS_END = 0x110000 };

static bool is_scalar(uint32_t code)
{
	return code < SCALARS_END && (code < 0xD800 || code > 0xDFFF);
}

/* What utf8_read says, in words: "41 FFFD FFFD". */
static void spell(struct buf *out, struct str s)
{
	uint32_t code;

	for (size_t at = 0; at < s.len;) {
		size_t len = utf8_read(str_part(s, at, s.len), &code);

		assert_in_range(len, 1, s.len - at);
		buf_addf(out, at ? " %X" : "%X", (unsigned)code);
		at += len;
	}
}

static void ill_formed_parts_are_replaced_as_unicode_shows(void **state)
{
	static const struct {
		struct str bytes;
		const char *codes;
	} cases[] = {
		/* The Unicode Standard, chapter 3, tables 3-8 to 3-11. */
		{ STR("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
			"FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD 41" },
		{ STR("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
			"FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD 41" },
		{ STR("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
			"FFFD FFFD FFFD FFFD FFFD 41 FFFD FFFD 42" },
		{ STR("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), "FFFD FFFD FFFD FFFD 41" },
		/* Section 3.9, D93b. */
		{ STR("\x41\xC0\xAF\x41\xF4\x80\x80\x41"), "41 FFFD FFFD 41 FFFD 41" },
		{ STR("\x41\xE0\x9F\x80\x41"), "41 FFFD FFFD FFFD 41" },
		/* The ends of every range. */
		{ STR("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF"), "7F 80 7FF 800 FFFF" },
		{ STR("\xED\x9F\xBF\xEE\x80\x80"), "D7FF E000" },
		{ STR("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), "10000 10FFFF" },
		{ STR("\xF5\x80\x80\x80"), "FFFD FFFD FFFD FFFD" },
		{ STR("\xC1\xBF"), "FFFD FFFD" },
		{ STR("\xEF\xBF\xBD"), "FFFD" },
		{ STR("\xF0\x9F\x98"), "FFFD" },
		{ STR("a\0b"), "61 0 62" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf got = BUF(256);

		spell(&got, cases[i].bytes);
		check_buf(&got, cases[i].codes);
		buf_release(&got);
	}
}

static void every_scalar_value_comes_back_as_it_was_written(void **state)
{
	(void)state;
	for (uint32_t code = 0; code < SCALARS_END; code++) {
		char bytes[UTF8_MAX];
		uint32_t back = ~code;
		struct str s = { bytes, 0 };

		if (!is_scalar(code))
			continue;
		s.len = utf8_write(bytes, code);
		if (utf8_read(s, &back) != s.len || back != code || utf8_unfinished(s) ||
			!utf8_is_valid(s) || utf8_is_ill_formed(s, code, s.len))
			fail_msg("U+%04X", (unsigned)code);
		for (size_t cut = 1; cut < s.len; cut++)
			if (utf8_unfinished(str_part(s, 0, cut)) != cut)
				fail_msg("U+%04X cut after %zu", (unsigned)code, cut);
	}
}

/* Which byte strings of 1, 2 and 3 bytes begin some well-formed sequence, and which are one. */
struct truth {
	unsigned char begins[3][1 << 21], whole[3][1 << 21];
};

static void mark(unsigned char *bits, uint32_t at)
{
	bits[at >> 3] |= (unsigned char)(1 << (at & 7));
}

static bool is_marked(const unsigned char *bits, uint32_t at)
{
	return bits[at >> 3] >> (at & 7) & 1;
}

/* By arithmetic: six bits to each byte but the first. */
static size_t encode(unsigned char out[4], uint32_t code)
{
	size_t len = code < 1u << 7 ? 1 : code < 1u << 11 ? 2 : code < 1u << 16 ? 3 : 4;

	out[0] = (unsigned char)(len == 1 ? code : (0xF00u >> len & 0xFF) | code >> 6 * (len - 1));
	for (size_t i = 1; i < len; i++)
		out[i] = (unsigned char)(0x80 | (code >> 6 * (len - 1 - i) & 0x3F));
	return len;
}

static struct truth *truth_new(void)
{
	struct truth *t = memory_new(sizeof(*t));

	for (uint32_t code = 0; code < SCALARS_END; code++) {
		unsigned char bytes[4];
		uint32_t prefix = 0;
		size_t len = encode(bytes, code);

		for (size_t i = 0; is_scalar(code) && i < len && i < 3; i++) {
			prefix = prefix << 8 | bytes[i];
			mark(i + 1 == len ? t->whole[i] : t->begins[i], prefix);
		}
	}
	return t;
}

/* The longest front part that begins or is a sequence; one byte when none does. */
static size_t true_len(const struct truth *t, const unsigned char *bytes, size_t len, bool *whole)
{
	uint32_t prefix = 0;
	size_t best = 1;

	*whole = false;
	for (size_t i = 0; i < len && !*whole; i++) {
		prefix = prefix << 8 | bytes[i];
		*whole = is_marked(t->whole[i], prefix);
		if (*whole || is_marked(t->begins[i], prefix))
			best = i + 1;
		else
			break;
	}
	return best;
}

static void check_against(const struct truth *t, const unsigned char *bytes, size_t len)
{
	struct str s = { (const char *)bytes, len };
	bool whole;
	size_t want = true_len(t, bytes, len, &whole), unfinished = 0;
	uint32_t code;
	size_t got = utf8_read(s, &code);

	if (got != want || whole == utf8_is_ill_formed(s, code, got))
		fail_msg("%02X %02X %02X (%zu): %zu", bytes[0], bytes[1], bytes[2], len, got);
	for (size_t back = 1; back <= len; back++)
		if (true_len(t, bytes + len - back, back, &whole) == back && !whole &&
			is_marked(t->begins[0], bytes[len - back]))
			unfinished = back;
	if (utf8_unfinished(s) != unfinished)
		fail_msg("%02X %02X %02X (%zu): unfinished %zu", bytes[0], bytes[1], bytes[2], len,
			utf8_unfinished(s));
}

static void every_string_of_three_bytes_is_cut_at_maximal_parts(void **state)
{
	struct truth *t = truth_new();

	(void)state;
	for (uint32_t all = 0x700000; all < 1 << 24; all++) {
		const unsigned char bytes[] = { all >> 16 & 0xFF, all >> 8 & 0xFF, all & 0xFF };

		check_against(t, bytes, 3);
		if (!bytes[2])
			check_against(t, bytes, 2);
		if (!bytes[1] && !bytes[2])
			check_against(t, bytes, 1);
	}
	memory_free(t);
}

static void validity_is_judged_over_the_whole_text(void **state)
{
	(void)state;
	assert_true(utf8_is_valid(STR("")));
	assert_true(utf8_is_valid(STR_NONE));
	assert_true(utf8_is_valid(STR("plain, gr\xC3\xBC\xC3\x9F")));
	assert_true(utf8_is_valid(STR("\xE6\x97\xA5, \xF0\x9F\x98\x80")));
	assert_true(utf8_is_valid(STR("said \xEF\xBF\xBD by somebody")));
	assert_false(utf8_is_valid(STR("ends early \xF0\x9F\x98")));
	assert_false(utf8_is_valid(STR("a\xEF\xBFz")));
	assert_false(utf8_is_valid(STR("lone surrogate \xED\xA0\x80")));
	assert_int_equal(utf8_count(STR("a\xC3\xBC\xF0\x9F\x98\x80")), 3);
	assert_int_equal(utf8_count(STR("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41")), 5);
	assert_int_equal(utf8_count(STR_NONE), 0);
}

static void width_is_counted_in_columns_of_a_terminal(void **state)
{
	static const struct {
		uint32_t code;
		int width;
	} cases[] = {
		{ 'a', 1 }, { ' ', 1 }, { '~', 1 }, { 0, 0 }, { '\n', 0 }, { 0x1B, 0 }, { 0x7F, 0 },
		{ 0x9B, 0 }, { 0xE9, 1 }, { 0x301, 0 }, { 0x20E3, 0 }, { 0x200D, 0 },
		{ 0x202E, 0 }, { 0x600, 1 }, { 0x65E5, 2 }, { 0xAC00, 2 }, { 0xFF21, 2 },
		{ 0x1100, 2 }, { 0x1161, 0 }, { 0x11A8, 0 }, { 0xD7B0, 0 }, { 0x1F600, 2 },
		{ 0x2500, 1 }, { 0x2028, 0 }, { 0xE000, 1 }, { 0xFFFD, 1 }, { 0x20000, 2 },
		{ 0x2FFF0, 2 }, { 0x3FFFD, 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (utf8_width(cases[i].code) != cases[i].width)
			fail_msg("U+%04X: %d", (unsigned)cases[i].code, utf8_width(cases[i].code));
	for (uint32_t code = 0; code < SCALARS_END; code++)
		assert_in_range(utf8_width(code), 0, 2);
	assert_int_equal(utf8_columns(STR("e\xCC\x81t\xE6\x97\xA5\xFFz")), 6);
	assert_int_equal(utf8_columns(STR_NONE), 0);
}

static void a_front_part_fits_and_keeps_marks_with_their_base(void **state)
{
	static const struct {
		struct str text;
		size_t columns;
		const char *fits;
	} cases[] = {
		{ STR("abc"), 3, "abc" },
		{ STR("abc"), 2, "ab" },
		{ STR("abc"), 0, "" },
		{ STR(""), 5, "" },
		{ STR("e\xCC\x81t"), 1, "e\xCC\x81" },
		{ STR("ae\xCC\x81\xCC\x82"), 1, "a" },
		{ STR("a\xE6\x97\xA5z"), 2, "a" },
		{ STR("a\xE6\x97\xA5z"), 3, "a\xE6\x97\xA5" },
		{ STR("\xE6\x97\xA5"), 1, "" },
		/* Hangul tone mark U+302E: combining, yet two columns wide. */
		{ STR("a\xEA\xB0\x80\xE3\x80\xAEz"), 3, "a" },
		{ STR("a\xEA\xB0\x80\xE3\x80\xAEz"), 5, "a\xEA\xB0\x80\xE3\x80\xAE" },
		{ STR("a\xEA\xB0\x80\xE2\x80\x8D\xE3\x80\xAE"), 4, "a" },
		{ STR("a\xFF"), 1, "a" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_str(utf8_fit(cases[i].text, cases[i].columns), cases[i].fits);
	assert_int_equal(utf8_fit(STR_NONE, 3).len, 0);
}

static void each_code_point_is_of_one_kind(void **state)
{
	static const struct {
		uint32_t first, last;
		enum utf8_kind kind;
	} cases[] = {
		{ 0x00, 0x1F, UTF8_CONTROL }, { 0x20, 0x7E, UTF8_SHOWN },
		{ 0x7F, 0x9F, UTF8_CONTROL }, { 0xA0, 0xAC, UTF8_SHOWN },
		{ 0xAD, 0xAD, UTF8_HIDDEN }, { 0x300, 0x34E, UTF8_MARK },
		{ 0x34F, 0x34F, UTF8_HIDDEN }, { 0x350, 0x36F, UTF8_MARK },
		{ 0x600, 0x605, UTF8_SHOWN }, { 0x61C, 0x61C, UTF8_HIDDEN },
		{ 0x115F, 0x1160, UTF8_HIDDEN }, { 0x1161, 0x11FF, UTF8_MARK },
		{ 0x17B4, 0x17B5, UTF8_HIDDEN }, { 0x180B, 0x180F, UTF8_HIDDEN },
		{ 0x2000, 0x200A, UTF8_SHOWN }, { 0x200B, 0x200F, UTF8_HIDDEN },
		{ 0x2028, 0x202E, UTF8_HIDDEN }, { 0x202F, 0x205F, UTF8_SHOWN },
		{ 0x2060, 0x206F, UTF8_HIDDEN }, { 0x3164, 0x3164, UTF8_HIDDEN },
		{ 0xD800, 0xDFFF, UTF8_HIDDEN }, { 0xE000, 0xF8FF, UTF8_PRIVATE },
		{ 0xFDD0, 0xFDEF, UTF8_HIDDEN }, { 0xFE00, 0xFE0F, UTF8_HIDDEN },
		{ 0xFEFF, 0xFEFF, UTF8_HIDDEN }, { 0xFFA0, 0xFFA0, UTF8_HIDDEN },
		{ 0xFFF0, 0xFFFB, UTF8_HIDDEN }, { 0xFFFC, 0xFFFD, UTF8_SHOWN },
		{ 0xFFFE, 0xFFFF, UTF8_HIDDEN }, { 0x13430, 0x1343F, UTF8_HIDDEN },
		{ 0x1BCA0, 0x1BCA3, UTF8_HIDDEN }, { 0x1D173, 0x1D17A, UTF8_HIDDEN },
		{ 0x1F600, 0x1F64F, UTF8_SHOWN }, { 0x1FFFE, 0x1FFFF, UTF8_HIDDEN },
		{ 0x2FFF0, 0x2FFFD, UTF8_SHOWN }, { 0xE0000, 0xE0FFF, UTF8_HIDDEN },
		{ 0xF0000, 0xFFFFD, UTF8_PRIVATE }, { 0x10FFFE, 0x10FFFF, UTF8_HIDDEN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (uint32_t code = cases[i].first; code <= cases[i].last; code++)
			if (utf8_kind(code) != cases[i].kind)
				fail_msg("U+%04X: %d", (unsigned)code, (int)utf8_kind(code));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ill_formed_parts_are_replaced_as_unicode_shows),
		cmocka_unit_test(every_scalar_value_comes_back_as_it_was_written),
		cmocka_unit_test(every_string_of_three_bytes_is_cut_at_maximal_parts),
		cmocka_unit_test(validity_is_judged_over_the_whole_text),
		cmocka_unit_test(width_is_counted_in_columns_of_a_terminal),
		cmocka_unit_test(a_front_part_fits_and_keeps_marks_with_their_base),
		cmocka_unit_test(each_code_point_is_of_one_kind),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
