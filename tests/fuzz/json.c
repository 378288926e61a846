/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes: the scanner gives one verdict however they are cut, and what is read strictly can be
 * printed and read again. */
#include "core/base/json.h"
#include "core/base/json_scan.h"
#include "core/base/utf8.h"
#include "tests/fuzz/mutate.h"

/* A hash of all tokens, their texts and places. */
static enum err add_token(void *ctx, enum json_token token, struct str text, struct json_place at)
{
	uint64_t *sum = ctx;

	assert_true(utf8_is_valid(text));
	*sum = (*sum ^ str_hash(text)) * 31 + (uint64_t)token;
	*sum = *sum * 31 + at.byte;
	*sum = *sum * 31 + (uint64_t)(at.line * 1000 + at.column);
	return ERR_OK;
}

static enum err scan(struct str text, size_t step, bool lenient, uint64_t *sum)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct json_scan s;
	enum err err = ERR_OK;

	*sum = 0;
	json_scan_begin(&s, (struct json_sink){ add_token, sum });
	s.lenient = lenient;
	for (size_t at = 0; at < text.len && !err; at += step)
		err = json_scan_feed(&s, str_part(text, at, step));
	if (!err)
		err = json_scan_end(&s);
	if (err) {
		json_scan_why(&s, &why);
		*sum ^= str_hash(buf_str(&why));
		assert_true(why.len > 0);
	}
	json_scan_release(&s);
	buf_release(&why);
	return err;
}

static void check_pieces(struct str text, bool lenient)
{
	uint64_t whole, pieces;
	enum err err = scan(text, text.len ? text.len : 1, lenient, &whole);

	for (size_t step = 1; step <= 3; step++) {
		assert_int_equal(scan(text, step, lenient, &pieces), err);
		assert_true(pieces == whole);
	}
}

static void check_values(struct str text, enum json_read_flags flags)
{
	struct buf why = BUF(BUF_WHY_MAX), once = BUF(BUF_TEXT_MAX), twice = BUF(BUF_TEXT_MAX);
	json_t *value = NULL, *same = NULL;

	if (json_read(text, flags, &value, &why) == ERR_OK) {
		json_print(&once, value);
		check_ok(json_read(buf_str(&once), JSON_READ_STRICT, &same, &why));
		json_print(&twice, same);
		assert_true(str_eq(buf_str(&once), buf_str(&twice)));
	} else {
		assert_true(why.len > 0);
		assert_null(value);
	}
	json_decref(value);
	json_decref(same);
	buf_release(&why);
	buf_release(&once);
	buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };

	check_pieces(text, false);
	check_pieces(text, true);
	check_values(text, JSON_READ_STRICT);
	check_values(text, JSON_READ_LENIENT);
	return 0;
}

#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
static const char *const seeds[] = {
	"{\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"Hi \\ud83d\\ude00\"}}]}",
	"[0,-0,1.5,-2e3,1E-4,9223372036854775807,9223372036854775808,1e400,true,false,null]",
	" { \"a\" : [ ] , \"b\" : { } ,\n\t\"c\" : \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\" } ",
	"\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\\u0000\\ud800\\udc00\"",
	"[[[[[[[[{\"a\":{\"a\":{\"a\":[{}]}}}]]]]]]]]",
	"\xEF\xBB\xBF{\"a\":1,\"a\":2}",
};

FUZZ_MAIN(seeds, 10000, "no_bytes_break_the_json_reader")
#endif
