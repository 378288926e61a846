/* SPDX-License-Identifier: GPL-3.0-or-later
 * SHA-256 against the examples of FIPS 180-4's publishers (NIST, CAVP). */
#include "core/base/sha256.h"

#include "tests/check.h"

static const struct {
	const char *text;
	size_t times;
	const char *hex;
} examples[] = {
	{ "", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnop"
	  "qrlmnopqrsmnopqrstnopqrstu",
		1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
	{ "a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
};

static void hash(struct str text, size_t step, char hex[SHA256_HEX + 1])
{
	struct sha256 s;

	sha256_begin(&s);
	for (size_t at = 0; at < text.len; at += step)
		sha256_feed(&s, str_part(text, at, step));
	sha256_end(&s, hex);
}

static void the_published_examples_come_out_however_they_are_cut(void **state)
{
	static const size_t steps[] = { 1, 3, 55, 64, 65, 1000000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		struct buf text = BUF(BUF_TEXT_MAX);
		char hex[SHA256_HEX + 1];

		for (size_t n = 0; n < examples[i].times; n++)
			buf_add_text(&text, examples[i].text);
		for (size_t n = 0; n < ARRAY_LEN(steps); n++) {
			hash(buf_str(&text), steps[n], hex);
			assert_string_equal(hex, examples[i].hex);
		}
		buf_release(&text);
	}
}

static void a_sum_is_told_from_what_only_looks_like_one(void **state)
{
	(void)state;
	assert_true(sha256_is_hex(str_of(examples[0].hex)));
	assert_false(sha256_is_hex(STR("")));
	assert_false(sha256_is_hex(str_part(str_of(examples[0].hex), 0, 63)));
	assert_false(sha256_is_hex(
		STR("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")));
	assert_false(sha256_is_hex((struct str){ (char[64]){ 0 }, 64 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_examples_come_out_however_they_are_cut),
		cmocka_unit_test(a_sum_is_told_from_what_only_looks_like_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
