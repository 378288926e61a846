/* SPDX-License-Identifier: GPL-3.0-or-later
 * One value set in a file, the rest of it byte for byte as it was. */
#include "core/conf/config_edit.h"

#include "core/base/json.h"
#include "tests/check.h"

static void one_value_is_set_and_nothing_else(void **state)
{
	static const struct {
		const char *text, *path, *json, *want;
	} cases[] = {
		{ "", "embedder.name", "\"x\"", "{\n \"embedder\": {\"name\": \"x\"}\n}\n" },
		{ "{}", "a.b.c", "1", "{\n \"a\": {\"b\": {\"c\": 1}}}" },
		{ "{ }", "a", "1", "{\n \"a\": 1 }" },
		{ "{\"x\": 1}", "a.b", "2", "{\n \"a\": {\"b\": 2},\"x\": 1}" },
		{ "{\n \"//\": \"mine\",\n \"x\": 1\n}\n", "a", "2",
			"{\n \"a\": 2,\n \"//\": \"mine\",\n \"x\": 1\n}\n" },
		{ "{\"a\": {\"z\": 1}}", "a.b", "2", "{\"a\": {\"b\": 2, \"z\": 1}}" },
		{ "{\"a\": {}}", "a.b", "2", "{\"a\": {\"b\": 2}}" },
		{ "{\"a\": {\"b\" : \"old \\\" \\\\\" , \"z\": 1}}", "a.b", "\"new\"",
			"{\"a\": {\"b\" : \"new\" , \"z\": 1}}" },
		{ "{\"a\":{\"b\":12.5}}", "a.b", "7", "{\"a\":{\"b\":7}}" },
		{ "{\"a\":{\"b\":true,\"c\":0}}", "a.b", "false", "{\"a\":{\"b\":false,\"c\":0}}" },
		{ "{\"a\":{\"b\":[1,{\"b\":2}],\"c\":0}}", "a.b", "7",
			"{\"a\":{\"b\":7,\"c\":0}}" },
		{ "{\"a\":{\"b\":{\"b\":{}}},\"c\":0}", "a.b", "7", "{\"a\":{\"b\":7},\"c\":0}" },
		/* the same name elsewhere is another one */
		{ "{\"b\": 1, \"z\": {\"a\": {\"b\": 2}}, \"a\": {\"z\": {\"b\": 3}, \"b\": 4}}",
			"a.b", "9",
			"{\"b\": 1, \"z\": {\"a\": {\"b\": 2}}, \"a\": {\"z\": {\"b\": 3}, \"b\": "
			"9}}" },
		{ "{\"z\": [{\"a\": {\"b\": 2}}], \"a\": {}}", "a.b", "9",
			"{\"z\": [{\"a\": {\"b\": 2}}], \"a\": {\"b\": 9}}" },
		{ "{\"z\": {}, \"a\": {\"z\": {}, \"y\": []}}", "a.b", "9",
			"{\"z\": {}, \"a\": {\"b\": 9, \"z\": {}, \"y\": []}}" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF(BUF_TEXT_MAX), why = BUF(BUF_WHY_MAX);
		json_t *value = NULL;

		check_ok(config_edit(
			str_of(cases[i].text), cases[i].path, str_of(cases[i].json), &out, &why));
		check_buf(&out, cases[i].want);
		check_ok(json_read(buf_str(&out), JSON_READ_STRICT, &value, &why));
		json_decref(value);
		buf_release(&out);
		buf_release(&why);
	}
}

static void what_is_no_object_is_said_with_its_place(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "[]", "1:1: expected an object here" },
		{ "{\n \"a\": 7}", "2:7: expected an object here" },
		{ "{\"a\": [{}]}", "1:7: expected an object here" },
		{ "{\"a\": {\"b\": 1}", "1:15: " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF(BUF_TEXT_MAX), why = BUF(BUF_WHY_MAX);

		check_err(config_edit(str_of(cases[i].text), "a.b", STR("1"), &out, &why),
			ERR_SYNTAX);
		if (!str_starts(buf_str(&why), cases[i].why))
			fail_msg("got \"%s\", want \"%s\"", why.ptr, cases[i].why);
		assert_int_equal(out.len, 0);
		buf_release(&out);
		buf_release(&why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_value_is_set_and_nothing_else),
		cmocka_unit_test(what_is_no_object_is_said_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
