/* SPDX-License-Identifier: GPL-3.0-or-later
 * The writer: commas, blanks, escapes, numbers. */
#include "core/base/json_write.h"

#include "tests/check.h"

#include <float.h>
#include <math.h>

static void commas_stand_between_and_nowhere_else(void **state)
{
	struct buf out = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &out };

	(void)state;
	json_open(&w, '{');
	json_key(&w, "a");
	json_open(&w, '[');
	json_close(&w, ']');
	json_key(&w, "b");
	json_open(&w, '[');
	json_put_int(&w, 1);
	json_open(&w, '{');
	json_close(&w, '}');
	json_put_bool(&w, true);
	json_put_null(&w);
	json_close(&w, ']');
	json_key_str(&w, STR("c"));
	json_put_raw(&w, STR("[0]"));
	json_key(&w, "d");
	json_put_str(&w, STR_NONE);
	json_close(&w, '}');
	check_buf(&out, "{\"a\":[],\"b\":[1,{},true,null],\"c\":[0],\"d\":null}");
	buf_clear(&out);
	json_put_int(&w, 2); /* one writer writes many lines */
	buf_add_char(&out, '\n');
	json_open(&w, '[');
	json_close(&w, ']');
	check_buf(&out, "2\n[]");
	buf_release(&out);
}

static void an_indent_gives_each_member_a_line(void **state)
{
	struct buf out = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &out, .indent = 2 };

	(void)state;
	json_open(&w, '{');
	json_key(&w, "a");
	json_open(&w, '[');
	json_put_int(&w, 1);
	json_put_int(&w, 2);
	json_close(&w, ']');
	json_key(&w, "b");
	json_open(&w, '{');
	json_close(&w, '}');
	json_close(&w, '}');
	check_buf(&out, "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
	buf_release(&out);
}

static void text_comes_out_valid_and_harmless(void **state)
{
	static const struct {
		struct str text;
		const char *json;
	} cases[] = {
		{ STR(""), "\"\"" },
		{ STR("a\"b\\c/"), "\"a\\\"b\\\\c/\"" },
		{ STR("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"" },
		{ STR("\0\1\v\x1B\x1F"), "\"\\u0000\\u0001\\u000b\\u001b\\u001f\"" },
		{ STR("\x7F\xC2\x80\xC2\x9B\xC2\xA0"), "\"\\u007f\\u0080\\u009b\xC2\xA0\"" },
		{ STR("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
			"\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"" },
		{ STR("a\xFFz"), "\"a\xEF\xBF\xBDz\"" },
		{ STR("\xC3"), "\"\xEF\xBF\xBD\"" },
		{ STR("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"" },
		{ STR("\xEF\xBF\xBD"), "\"\xEF\xBF\xBD\"" },
	};
	struct buf out = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &out };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		buf_clear(&out);
		json_put_str(&w, cases[i].text);
		check_buf(&out, cases[i].json);
	}
	buf_clear(&out);
	json_put_text(&w, NULL);
	check_buf(&out, "null");
	buf_release(&out);
}

static void numbers_read_back_as_themselves(void **state)
{
	static const struct {
		double value;
		int decimals;
		const char *json;
	} cases[] = {
		{ 0.1, -1, "0.1" },
		{ 2, -1, "2.0" },
		{ -0.0, -1, "-0.0" },
		{ 1e22, -1, "1e+22" },
		{ 0.1 + 0.2, -1, "0.30000000000000004" },
		{ 1.0 / 3, -1, "0.3333333333333333" },
		{ 5e-324, -1, "4.94065645841247e-324" },
		{ 312, 1, "312.0" },
		{ 0.125, 2, "0.12" },
		{ 3, 0, "3" },
		{ NAN, -1, "null" },
		{ INFINITY, 3, "null" },
		{ -INFINITY, -1, "null" },
	};
	static const double exact[] = { DBL_MAX, DBL_MIN, 1e15, 123456789.123456789, -1e-7 };
	struct buf out = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &out };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		buf_clear(&out);
		json_put_real(&w, cases[i].value, cases[i].decimals);
		check_buf(&out, cases[i].json);
	}
	for (size_t i = 0; i < ARRAY_LEN(exact); i++) {
		buf_clear(&out);
		json_put_real(&w, exact[i], -1);
		assert_true(strtod(out.ptr, NULL) == exact[i]);
	}
	buf_clear(&out);
	json_put_int(&w, INT64_MIN);
	check_buf(&out, "-9223372036854775808");
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_stand_between_and_nowhere_else),
		cmocka_unit_test(an_indent_gives_each_member_a_line),
		cmocka_unit_test(text_comes_out_valid_and_harmless),
		cmocka_unit_test(numbers_read_back_as_themselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
