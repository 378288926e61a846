/* SPDX-License-Identifier: GPL-3.0-or-later
 * Values: strict for what we wrote, lenient for what a provider sends. */
#include "core/base/json.h"

#include "tests/check.h"

#include <float.h>

/* Reads and prints again; "! " and why when it fails. */
static void again(struct str text, enum json_read_flags flags, struct buf *out)
{
	struct buf why = BUF(BUF_WHY_MAX);
	json_t *value = NULL;

	buf_clear(out);
	if (json_read(text, flags, &value, &why) == ERR_OK) {
		json_print(out, value);
		assert_int_equal(why.len, 0);
	} else {
		assert_null(value);
		buf_addf(out, "! %s", why.ptr);
	}
	json_decref(value);
	buf_release(&why);
}

static void strict_and_lenient_differ_where_they_say(void **state)
{
	static const struct {
		struct str text;
		const char *strict, *lenient; /* lenient NULL: the same */
	} cases[] = {
		{ STR("{\"b\":1,\"a\":[true,null,\"x\",2.5,[],{}]}"),
			"{\"b\":1,\"a\":[true,null,\"x\",2.5,[],{}]}", NULL },
		{ STR(" 1 "), "1", NULL },
		{ STR("1.0"), "1.0", NULL },
		{ STR("-0"), "0", NULL },
		{ STR("1e2"), "100.0", NULL },
		{ STR("0.1000000000000000055511151231257827021181583404541015625000000000000"),
			"0.1", NULL },
		{ STR("9223372036854775807"), "9223372036854775807", NULL },
		{ STR("-9223372036854775808"), "-9223372036854775808", NULL },
		{ STR("[9223372036854775808]"), "! 1:2: a whole number of more than 63 bits",
			"[9.223372036854776e+18]" },
		{ STR("[-1e999]"), "! 1:2: a number that is too large",
			"[-1.7976931348623157e+308]" },
		{ STR("1e-999"), "0.0", NULL },
		{ STR("\"\\ud83d\""), "! 1:2: half of a surrogate pair", "\"\xEF\xBF\xBD\"" },
		{ STR("\"a\\u0000b\""), "\"a\\u0000b\"", "\"a\xEF\xBF\xBD" "b\"" },
		{ STR("\"\\u0000\\u0000\""), "\"\\u0000\\u0000\"",
			"\"\xEF\xBF\xBD\xEF\xBF\xBD\"" },
		{ STR("{\"a\\u0000b\":1}"), "! 1:2: a key with \\u0000 in it",
			"{\"a\xEF\xBF\xBD" "b\":1}" },
		{ STR("{\"a\":1,\n \"a\":{}}"), "! 2:2: this key stands twice: \"a\"",
			"{\"a\":{}}" },
		{ STR("{\"a\":{\"a\":[{\"a\":0}]}}"), "{\"a\":{\"a\":[{\"a\":0}]}}", NULL },
		{ STR("{\"\\u001b[2J\":1,\"\\u001b[2J\":1}"),
			"! 1:16: this key stands twice: \"\\u001b[2J\"", "{\"\\u001b[2J\":1}" },
		{ STR("\xEF\xBB\xBF{}"),
			"! 1:1: a byte order mark stands before the text: save it without one",
			"{}" },
		{ STR("\xEF\xBB\xBF\xEF\xBB\xBF{}"),
			"! 1:1: a byte order mark stands before the text: save it without one",
			"! 1:1: a byte order mark stands before the text: save it without one" },
		{ STR("{\"a\":1} x"), "! 1:9: expected nothing after the value", NULL },
		{ STR("[1,2"), "! 1:5: the text ends inside an array: ']' is missing", NULL },
		{ STR("[\"\xFF\"]"), "! 1:3: the text is not UTF-8", "[\"\xEF\xBF\xBD\"]" },
		{ STR("[\"\xC3\",\"\xF0\x9F\"] x"), "! 1:3: the text is not UTF-8",
			"! 1:11: expected nothing after the value" },
		{ STR("[\"a\tb\"]"),
			"! 1:4: a control character in a text: write it as \\t or \\u001b",
			"[\"a\\tb\"]" },
		{ STR(""), "! 1:1: the text ends where a value is expected", NULL },
	};
	struct buf out = BUF(BUF_TEXT_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		again(cases[i].text, JSON_READ_STRICT, &out);
		check_buf(&out, cases[i].strict);
		again(cases[i].text, JSON_READ_LENIENT, &out);
		check_buf(&out, cases[i].lenient ? cases[i].lenient : cases[i].strict);
	}
	buf_release(&out);
}

static void depth_has_a_limit(void **state)
{
	struct buf text = BUF(BUF_TEXT_MAX), why = BUF(BUF_WHY_MAX);
	json_t *value = NULL;

	(void)state;
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		buf_add_text(&text, i % 2 ? "[" : "{\"a\":");
	for (int i = JSON_DEPTH_MAX; i-- > 0;)
		buf_add_text(&text, i % 2 ? "]" : "}");
	check_ok(json_read(buf_str(&text), JSON_READ_STRICT, &value, &why));
	buf_clear(&why);
	json_print(&text, value);
	json_decref(value);
	buf_clear(&text);
	buf_add_repeat(&text, '[', 100000);
	value = NULL;
	check_err(json_read(buf_str(&text), JSON_READ_LENIENT, &value, &why), ERR_TOO_BIG);
	check_buf(&why, "1:513: nested more than 512 deep");
	check_err(json_read(buf_str(&text), JSON_READ_LENIENT, &value, NULL), ERR_TOO_BIG);
	assert_null(value);
	buf_release(&text);
	buf_release(&why);
}

static void members_are_read_with_a_fallback(void **state)
{
	json_t *o = NULL;

	(void)state;
	check_ok(json_read(STR("{\"t\":\"x\\u0000y\",\"i\":7,\"r\":2.5,\"w\":12.0,\"b\":true,"
			       "\"n\":null,\"big\":1e300,\"f\":false}"),
		JSON_READ_STRICT, &o, NULL));
	assert_true(str_eq(json_get_text(o, "t"), STR("x\0y")));
	assert_null(json_get_text(o, "i").ptr);
	assert_null(json_get_text(o, "n").ptr);
	assert_null(json_get_text(o, "absent").ptr);
	assert_int_equal(json_get_int(o, "i", -1), 7);
	assert_int_equal(json_get_int(o, "w", -1), 12);
	assert_int_equal(json_get_int(o, "r", -1), -1);
	assert_int_equal(json_get_int(o, "big", -1), -1);
	assert_int_equal(json_get_int(o, "t", -1), -1);
	assert_int_equal(json_get_int(o, "n", -1), -1);
	assert_true(json_get_real(o, "r", -1) == 2.5);
	assert_true(json_get_real(o, "i", -1) == 7);
	assert_true(json_get_real(o, "b", -1) == -1);
	assert_true(json_get_truth(o, "b", false));
	assert_false(json_get_truth(o, "f", true));
	assert_true(json_get_truth(o, "i", true));
	assert_false(json_get_truth(o, "n", false));
	json_decref(o);
	assert_int_equal(json_get_int(NULL, "i", 3), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strict_and_lenient_differ_where_they_say),
		cmocka_unit_test(depth_has_a_limit),
		cmocka_unit_test(members_are_read_with_a_fallback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
