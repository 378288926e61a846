/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tokenizer: what is JSON and what is not, where it fails, and that pieces change nothing. */
#include "core/base/json_scan.h"

#include "tests/check.h"

#include <jansson.h>

/* `wrong` is NULL for JSON, else where and how the scan fails. Rows on which jansson thinks
 * otherwise say so: it wants \u0000 in keys never and integers below 2^63. */
static const struct row {
	const char *text;
	const char *wrong;
	bool jansson_differs;
} rows[] = {
	/* whole values */
	{ "null", NULL, false },
	{ "true", NULL, false },
	{ "false", NULL, false },
	{ "0", NULL, false },
	{ "-0", NULL, false },
	{ "42", NULL, false },
	{ "-7", NULL, false },
	{ "0.5", NULL, false },
	{ "-0.0", NULL, false },
	{ "1e3", NULL, false },
	{ "1E3", NULL, false },
	{ "1e+3", NULL, false },
	{ "1e-3", NULL, false },
	{ "0e0", NULL, false },
	{ "0E-0", NULL, false },
	{ "12.25e10", NULL, false },
	{ "9223372036854775807", NULL, false },
	{ "-9223372036854775808", NULL, false },
	{ "9223372036854775808", NULL, true },
	{ "123456789012345678901234567890", NULL, true },
	{ "1e400", NULL, true },
	{ "1e-400", NULL, false },
	{ "\"\"", NULL, false },
	{ "\"a\"", NULL, false },
	{ "[]", NULL, false },
	{ "{}", NULL, false },
	{ " \t\r\n null \t\r\n ", NULL, false },
	{ "[1]", NULL, false },
	{ "[1,2]", NULL, false },
	{ "[ 1 , 2 ]", NULL, false },
	{ "[[],{},[[]]]", NULL, false },
	{ "{\"a\":1}", NULL, false },
	{ "{\"a\":1,\"b\":2}", NULL, false },
	{ "{ \"a\" : { \"b\" : [ ] } }", NULL, false },
	{ "{\"\":0}", NULL, false },
	{ "{\"a\":1,\"a\":2}", NULL, false },
	{ "[true,false,null]", NULL, false },
	{ "[-1,-0.1,-1e1]", NULL, false },
	{ "[0,0]", NULL, false },
	{ "[\"a\",\"b\"]", NULL, false },
	/* texts */
	{ "\"\\\"\"", NULL, false },
	{ "\"\\\\\"", NULL, false },
	{ "\"\\/\"", NULL, false },
	{ "\"\\b\\f\\n\\r\\t\"", NULL, false },
	{ "\"\\u0041\"", NULL, false },
	{ "\"\\u00e9\\u00E9\"", NULL, false },
	{ "\"\\u20ac\"", NULL, false },
	{ "\"\\uFFFF\"", NULL, false },
	{ "\"\\uD83D\\uDE00\"", NULL, false },
	{ "\"\\ud83d\\ude00\\ud83d\\ude00\"", NULL, false },
	{ "\"\\udbff\\udfff\"", NULL, false },
	{ "\"\\u0000\"", NULL, true },
	{ "\"\\u001f\"", NULL, false },
	{ "\"\x7F\"", NULL, false },
	{ "\"\xC3\xA9\"", NULL, false },
	{ "\"\xE2\x82\xAC\"", NULL, false },
	{ "\"\xF0\x9F\x98\x80\"", NULL, false },
	{ "\"\xF4\x8F\xBF\xBF\"", NULL, false },
	{ "\"\xEF\xBF\xBD\"", NULL, false },
	{ "\"\xEF\xBB\xBF\"", NULL, false },
	{ "\"\xED\x9F\xBF\xEE\x80\x80\"", NULL, false },
	{ "\"/ // /* */ # '\"", NULL, false },
	{ "\"\\\\u0041\"", NULL, false },
	{ "{\"\\u0061\":1}", NULL, false },
	/* nothing, or not all of it */
	{ "", "1:1: the text ends where a value is expected", false },
	{ "   ", "1:4: the text ends where a value is expected", false },
	{ "\n\n", "3:1: the text ends where a value is expected", false },
	{ "[", "1:2: the text ends inside an array: ']' is missing", false },
	{ "[1", "1:3: the text ends inside an array: ']' is missing", false },
	{ "[1,", "1:4: the text ends where a value is expected", false },
	{ "[[1]", "1:5: the text ends inside an array: ']' is missing", false },
	{ "{", "1:2: the text ends inside an object: '}' is missing", false },
	{ "{\"a\"", "1:5: the text ends after a key", false },
	{ "{\"a\":", "1:6: the text ends where a value is expected", false },
	{ "{\"a\":1", "1:7: the text ends inside an object: '}' is missing", false },
	{ "{\"a\":1,", "1:8: the text ends where a key is expected", false },
	{ "{\"a", "1:4: the text ends inside a string: '\"' is missing", false },
	{ "\"", "1:2: the text ends inside a string: '\"' is missing", false },
	{ "\"abc", "1:5: the text ends inside a string: '\"' is missing", false },
	{ "\"\\", "1:3: the text ends inside a string: '\"' is missing", false },
	{ "\"\\u", "1:4: the text ends inside a string: '\"' is missing", false },
	{ "\"\\u00", "1:6: the text ends inside a string: '\"' is missing", false },
	{ "\"\\ud83d", "1:8: the text ends inside a string: '\"' is missing", false },
	{ "\"\\ud83d\\", "1:9: the text ends inside a string: '\"' is missing", false },
	{ "\"\xC3", "1:3: the text ends inside a string: '\"' is missing", false },
	{ "-", "1:2: the text ends inside a number", false },
	{ "1.", "1:3: the text ends inside a number", false },
	{ "1e", "1:3: the text ends inside a number", false },
	{ "1e+", "1:4: the text ends inside a number", false },
	{ "tru", "1:4: the text ends inside a word", false },
	{ "n", "1:2: the text ends inside a word", false },
	/* too much of it */
	{ "1 2", "1:3: expected nothing after the value", false },
	{ "{}{}", "1:3: expected nothing after the value", false },
	{ "[]]", "1:3: expected nothing after the value", false },
	{ "null,", "1:5: expected nothing after the value", false },
	{ "truex", "1:5: expected nothing after the value", false },
	{ "\"a\"b", "1:4: expected nothing after the value", false },
	{ "{} // more", "1:4: expected nothing after the value", false },
	{ "0 0", "1:3: expected nothing after the value", false },
	/* values */
	{ "x", "1:1: expected a value", false },
	{ "]", "1:1: expected a value", false },
	{ "}", "1:1: expected a value", false },
	{ ",", "1:1: expected a value", false },
	{ ":", "1:1: expected a value", false },
	{ "'a'", "1:1: expected a value: texts stand in double quotes", false },
	{ "/* c */ 1", "1:1: expected a value: JSON has no comments", false },
	{ "// c\n1", "1:1: expected a value: JSON has no comments", false },
	{ "\xEF\xBB\xBF{}", "1:1: a byte order mark stands before the text: save it without one",
		false },
	{ "\xC2\xA0" "1", "1:1: expected a value", false },
	{ "\f1", "1:1: expected a value", false },
	{ "\v1", "1:1: expected a value", false },
	{ "True", "1:1: expected a value", false },
	{ "NULL", "1:1: expected a value", false },
	{ "nul1", "1:1: expected a value: did you mean null?", false },
	{ "nan", "1:1: expected a value: did you mean null?", false },
	{ "NaN", "1:1: expected a value", false },
	{ "Infinity", "1:1: expected a value", false },
	{ "-Infinity", "1:2: expected a digit after '-'", false },
	{ "tRue", "1:1: expected a value: did you mean true?", false },
	{ "flase", "1:1: expected a value: did you mean false?", false },
	{ "undefined", "1:1: expected a value", false },
	/* numbers */
	{ "+1", "1:1: expected a value", false },
	{ "01", "1:2: a number does not begin with 0 and a digit", false },
	{ "-01", "1:3: a number does not begin with 0 and a digit", false },
	{ "00", "1:2: a number does not begin with 0 and a digit", false },
	{ ".5", "1:1: expected a value", false },
	{ "-.5", "1:2: expected a digit after '-'", false },
	{ "--1", "1:2: expected a digit after '-'", false },
	{ "1.e1", "1:3: expected a digit after '.'", false },
	{ "1.2.3", "1:4: a number has one '.'", false },
	{ "1e1.5", "1:4: expected nothing after the value", false },
	{ "1ee1", "1:3: expected a digit in the exponent", false },
	{ "1e+-1", "1:4: expected a digit in the exponent", false },
	{ "0x10", "1:2: expected nothing after the value", false },
	{ "1_000", "1:2: expected nothing after the value", false },
	{ "[1a]", "1:3: expected ',' or ']'", false },
	{ "[1 000]", "1:4: expected ',' or ']'", false },
	{ "[-]", "1:3: expected a digit after '-'", false },
	{ "[1.]", "1:4: expected a digit after '.'", false },
	{ "[1e]", "1:4: expected a digit in the exponent", false },
	/* arrays and objects */
	{ "[1,]", "1:4: expected a value: the comma before ']' is one too many", false },
	{ "[,1]", "1:2: expected a value", false },
	{ "[,]", "1:2: expected a value", false },
	{ "[1,,2]", "1:4: expected a value", false },
	{ "[1;2]", "1:3: expected ',' or ']'", false },
	{ "[1:2]", "1:3: expected ',' or ']'", false },
	{ "[1}", "1:3: expected ',' or ']'", false },
	{ "[}", "1:2: expected a value", false },
	{ "[\"a\" \"b\"]", "1:6: expected ',' or ']'", false },
	{ "[\"a\": 1]", "1:5: expected ',' or ']'", false },
	{ "{]", "1:2: expected a key in double quotes", false },
	{ "{\"a\":1]", "1:7: expected ',' or '}'", false },
	{ "{\"a\":1,}", "1:8: expected a key: the comma before '}' is one too many", false },
	{ "{,}", "1:2: expected a key in double quotes", false },
	{ "{a:1}", "1:2: expected a key in double quotes", false },
	{ "{'a':1}", "1:2: expected a key in double quotes", false },
	{ "{1:1}", "1:2: expected a key in double quotes", false },
	{ "{null:1}", "1:2: expected a key in double quotes", false },
	{ "{[]:1}", "1:2: expected a key in double quotes", false },
	{ "{\"a\" 1}", "1:6: expected ':' after the key", false },
	{ "{\"a\"}", "1:5: expected ':' after the key", false },
	{ "{\"a\",1}", "1:5: expected ':' after the key", false },
	{ "{\"a\"=1}", "1:5: expected ':' after the key", false },
	{ "{\"a\"::1}", "1:6: expected a value", false },
	{ "{\"a\":}", "1:6: expected a value", false },
	{ "{\"a\":1 \"b\":2}", "1:8: expected ',' or '}'", false },
	{ "{\"a\":1;\"b\":2}", "1:7: expected ',' or '}'", false },
	{ "{\"a\":1,,\"b\":2}", "1:8: expected a key in double quotes", false },
	{ "{// c\n}", "1:2: expected a key in double quotes", false },
	{ "{\n \"a\": 1,\n \"b\" 2\n}", "3:6: expected ':' after the key", false },
	{ "{\r\n\"a\": x}", "2:6: expected a value", false },
	{ "[\"\xC3\xA9\xE2\x82\xAC\", x]", "1:8: expected a value", false },
	{ "[\"\xF0\x9F\x98\x80\"\n,\n\n  ?]", "4:3: expected a value", false },
	/* texts that are none */
	{ "\"a\nb\"", "1:3: a text ends on the line it begins: '\"' is missing, or \\n is meant",
		false },
	{ "\"\t\"", "1:2: a control character in a text: write it as \\t or \\u001b", false },
	{ "\"\x1B[2J\"", "1:2: a control character in a text: write it as \\t or \\u001b", false },
	{ "\"\r\"", "1:2: a control character in a text: write it as \\t or \\u001b", false },
	{ "\"\\a\"", "1:3: expected one of \" \\ / b f n r t u after '\\'", false },
	{ "\"\\x41\"", "1:3: expected one of \" \\ / b f n r t u after '\\'", false },
	{ "\"\\'\"", "1:3: expected one of \" \\ / b f n r t u after '\\'", false },
	{ "\"\\U0041\"", "1:3: expected one of \" \\ / b f n r t u after '\\'", false },
	{ "\"\\u004\"", "1:7: expected four hexadecimal digits after '\\u'", false },
	{ "\"\\u00g0\"", "1:6: expected four hexadecimal digits after '\\u'", false },
	{ "\"\\u+041\"", "1:4: expected four hexadecimal digits after '\\u'", false },
	{ "\"\\u{41}\"", "1:4: expected four hexadecimal digits after '\\u'", false },
	{ "\"\\ud83d\"", "1:2: half of a surrogate pair", false },
	{ "\"\\ud83dx\"", "1:2: half of a surrogate pair", false },
	{ "\"\\ud83d\\n\"", "1:2: half of a surrogate pair", false },
	{ "\"\\ud83d\\u0041\"", "1:2: half of a surrogate pair", false },
	{ "\"\\ud83d\\ud83d\"", "1:2: half of a surrogate pair", false },
	{ "\"\\ude00\"", "1:2: half of a surrogate pair", false },
	{ "\"ab\\udfff\"", "1:4: half of a surrogate pair", false },
	{ "\"\x80\"", "1:2: the text is not UTF-8", false },
	{ "\"\xC0\x80\"", "1:2: the text is not UTF-8", false },
	{ "\"\xC1\xBF\"", "1:2: the text is not UTF-8", false },
	{ "\"\xC3(\"", "1:2: the text is not UTF-8", false },
	{ "\"\xC3\"", "1:2: the text is not UTF-8", false },
	{ "\"\xE0\x80\x80\"", "1:2: the text is not UTF-8", false },
	{ "\"\xE2\x82\"", "1:2: the text is not UTF-8", false },
	{ "\"\xED\xA0\x80\"", "1:2: the text is not UTF-8", false },
	{ "\"\xF0\x80\x80\x80\"", "1:2: the text is not UTF-8", false },
	{ "\"\xF0\x9F\x98\"", "1:2: the text is not UTF-8", false },
	{ "\"\xF4\x90\x80\x80\"", "1:2: the text is not UTF-8", false },
	{ "\"\xF5\x80\x80\x80\"", "1:2: the text is not UTF-8", false },
	{ "\"\xFF\"", "1:2: the text is not UTF-8", false },
	{ "\"a\xC3\xA9\xFE\"", "1:4: the text is not UTF-8", false },
};

static const char *const token_names[] = { "{", "}", "[", "]", "key", "text", "number", "true",
	"false", "null" };

/* Writes each token down: name, place, text. */
static enum err write_down(void *ctx, enum json_token token, struct str text, struct json_place at)
{
	struct buf *log = ctx;

	buf_addf(log, "%s@%zu=%d:%d(", token_names[token], at.byte, at.line, at.column);
	buf_add_str(log, text);
	buf_add_text(log, ") ");
	return ERR_OK;
}

/* The tokens of a text fed in pieces that end at `cuts`, and what went wrong. */
static enum err scan(struct str text, size_t first, size_t step, bool lenient, struct buf *log)
{
	struct json_scan s;
	size_t at = 0, next = first;
	enum err err = ERR_OK;

	buf_clear(log);
	json_scan_begin(&s, (struct json_sink){ write_down, log });
	s.lenient = lenient;
	while (!err && at < text.len) {
		err = json_scan_feed(&s, str_part(text, at, next - at));
		at = next;
		next += step;
	}
	if (!err)
		err = json_scan_end(&s);
	if (err) {
		struct buf why = BUF(BUF_WHY_MAX);

		json_scan_why(&s, &why);
		buf_addf(log, "! %s", why.ptr);
		buf_release(&why);
	}
	json_scan_release(&s);
	return err;
}

static void each_text_is_json_or_fails_where_it_should(void **state)
{
	struct buf log = BUF(BUF_TEXT_MAX);

	(void)state;
	assert_true(ARRAY_LEN(rows) >= 150);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		enum err err = scan(str_of(row->text), SIZE_MAX / 2, 1, false, &log);
		struct str wrong = buf_str(&log);

		wrong = str_part(wrong, str_find(wrong, STR("! ")) + 2, wrong.len);
		if (err != (row->wrong ? ERR_SYNTAX : ERR_OK))
			fail_msg("%s: %s %s", row->text, err_name(err), log.ptr);
		if (row->wrong && !str_is(wrong, row->wrong))
			fail_msg("%s: \"%.*s\", want \"%s\"", row->text, STR_ARG(wrong),
				row->wrong);
	}
	buf_release(&log);
}

static void pieces_give_the_same_tokens_as_the_whole(void **state)
{
	struct buf whole = BUF(BUF_TEXT_MAX), pieces = BUF(BUF_TEXT_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str text = str_of(rows[i].text);

		for (int lenient = 0; lenient < 2; lenient++) {
			scan(text, SIZE_MAX / 2, 1, lenient, &whole);
			for (size_t cut = 1; cut < text.len; cut++) {
				scan(text, cut, text.len, lenient, &pieces);
				assert_string_equal(pieces.ptr, whole.ptr);
			}
			scan(text, 1, 1, lenient, &pieces);
			assert_string_equal(pieces.ptr, whole.ptr);
		}
	}
	buf_release(&whole);
	buf_release(&pieces);
}

static void jansson_agrees_but_where_it_is_known_to_differ(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		json_error_t error;
		json_t *value = json_loads(row->text, JSON_DECODE_ANY, &error);

		if ((value != NULL) != ((row->wrong == NULL) != row->jansson_differs))
			fail_msg("%s: jansson %s", row->text, value ? "takes it" : error.text);
		json_decref(value);
	}
}

static void tokens_come_with_their_place_and_their_text(void **state)
{
	static const struct {
		const char *text, *tokens;
	} cases[] = {
		{ " {\"a\" : [1.50, true,\n \"x\\ty\"]}",
			"{@1=1:2() key@2=1:3(a) [@8=1:9() number@9=1:10(1.50) true@15=1:16() "
			"text@22=2:2(x\ty) ]@28=2:8() }@29=2:9() " },
		{ "[\"\xC3\xA9\", \"\\u00e9\", null, false, -0e1]",
			"[@0=1:1() text@1=1:2(\xC3\xA9) text@7=1:7(\xC3\xA9) null@17=1:17() "
			"false@23=1:23() number@30=1:30(-0e1) ]@34=1:34() " },
		{ "\"\\ud83d\\ude00\"", "text@0=1:1(\xF0\x9F\x98\x80) " },
		{ "12", "number@0=1:1(12) " },
	};
	struct buf log = BUF(BUF_TEXT_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		check_ok(scan(str_of(cases[i].text), SIZE_MAX / 2, 1, false, &log));
		check_buf(&log, cases[i].tokens);
	}
	buf_release(&log);
}

static void lenient_makes_lone_surrogates_replacements(void **state)
{
	static const struct {
		const char *text, *tokens;
	} cases[] = {
		{ "\"\\ud83d\"", "text@0=1:1(\xEF\xBF\xBD) " },
		{ "\"\\ude00!\"", "text@0=1:1(\xEF\xBF\xBD!) " },
		{ "\"\\ud83dx\"", "text@0=1:1(\xEF\xBF\xBDx) " },
		{ "\"\\ud83d\\n\"", "text@0=1:1(\xEF\xBF\xBD\n) " },
		{ "\"\\ud83d\\u0041\"", "text@0=1:1(\xEF\xBF\xBD" "A) " },
		{ "\"\\ud83d\\ud83d\\ude00\"", "text@0=1:1(\xEF\xBF\xBD\xF0\x9F\x98\x80) " },
		{ "\"\\ud83d\xC3\xA9\"", "text@0=1:1(\xEF\xBF\xBD\xC3\xA9) " },
	};
	struct buf log = BUF(BUF_TEXT_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		check_ok(scan(str_of(cases[i].text), SIZE_MAX / 2, 1, true, &log));
		check_buf(&log, cases[i].tokens);
	}
	check_err(scan(STR("\"\\ud83d\\x\""), 99, 1, true, &log), ERR_SYNTAX);
	check_err(scan(STR("\"\xED\xA0\x80\""), 99, 1, true, &log), ERR_SYNTAX);
	buf_release(&log);
}

static void a_nul_byte_counts_like_any_other(void **state)
{
	struct buf log = BUF(BUF_TEXT_MAX);

	(void)state;
	check_ok(scan(STR("\"a\\u0000b\""), 99, 1, false, &log));
	assert_true(str_eq(buf_str(&log), STR("text@0=1:1(a\0b) ")));
	check_err(scan(STR("\"a\0b\""), 99, 1, false, &log), ERR_SYNTAX);
	check_err(scan(STR("[1]\0"), 99, 1, false, &log), ERR_SYNTAX);
	check_err(scan(STR("\"\\\0\""), 99, 1, false, &log), ERR_SYNTAX);
	buf_release(&log);
}

static void depth_has_a_limit(void **state)
{
	struct buf text = BUF(BUF_TEXT_MAX), log = BUF(BUF_TEXT_MAX);

	(void)state;
	buf_add_repeat(&text, '[', JSON_SCAN_DEPTH_MAX);
	buf_add_repeat(&text, ']', JSON_SCAN_DEPTH_MAX);
	check_ok(scan(buf_str(&text), text.len, 1, false, &log));
	buf_clear(&text);
	buf_add_repeat(&text, '[', JSON_SCAN_DEPTH_MAX + 1);
	check_err(scan(buf_str(&text), text.len, 1, false, &log), ERR_TOO_BIG);
	assert_true(str_ends(buf_str(&log), "! 1:513: nested more than 512 deep"));
	buf_release(&text);
	buf_release(&log);
}

static void a_text_has_a_limit(void **state)
{
	struct buf text = BUF(BUF_TEXT_MAX), log = BUF(BUF_TEXT_MAX);

	(void)state;
	buf_add_char(&text, '"');
	buf_add_repeat(&text, 'x', JSON_SCAN_STRING_MAX);
	buf_add_char(&text, '"');
	check_ok(scan(buf_str(&text), text.len, 1, false, &log));
	text.ptr[text.len - 1] = 'x';
	check_err(scan(buf_str(&text), text.len, 1, false, &log), ERR_TOO_BIG);
	check_buf(&log, "! 1:1: a text or number of more than 16 MiB");
	buf_release(&text);
	buf_release(&log);
}

static enum err refuse_numbers(
	void *ctx, enum json_token token, struct str text, struct json_place at)
{
	(void)text;
	(void)at;
	++*(int *)ctx;
	return token == JSON_TOKEN_NUMBER ? ERR_REFUSED : ERR_OK;
}

static void a_sink_stops_the_scan_with_its_error(void **state)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct json_scan s;
	int tokens = 0;

	(void)state;
	json_scan_begin(&s, (struct json_sink){ refuse_numbers, &tokens });
	check_err(json_scan_feed(&s, STR("[true, 1, 2]")), ERR_REFUSED);
	check_err(json_scan_feed(&s, STR("3")), ERR_REFUSED);
	check_err(json_scan_end(&s), ERR_REFUSED);
	assert_int_equal(tokens, 3);
	json_scan_why(&s, &why);
	check_buf(&why, "1:8: refused by policy");
	json_scan_release(&s);

	tokens = 0;
	json_scan_begin(&s, (struct json_sink){ refuse_numbers, &tokens });
	check_ok(json_scan_feed(&s, STR("7")));
	check_err(json_scan_end(&s), ERR_REFUSED);
	json_scan_release(&s);
	buf_release(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_is_json_or_fails_where_it_should),
		cmocka_unit_test(pieces_give_the_same_tokens_as_the_whole),
		cmocka_unit_test(jansson_agrees_but_where_it_is_known_to_differ),
		cmocka_unit_test(tokens_come_with_their_place_and_their_text),
		cmocka_unit_test(lenient_makes_lone_surrogates_replacements),
		cmocka_unit_test(a_nul_byte_counts_like_any_other),
		cmocka_unit_test(depth_has_a_limit),
		cmocka_unit_test(a_text_has_a_limit),
		cmocka_unit_test(a_sink_stops_the_scan_with_its_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
