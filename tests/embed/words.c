/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a text falls into words, and that their hashes stay what files were written with. */
#include "core/embed/words.h"

#include "tests/check.h"

static void say_word(struct buf *out, const struct word *word)
{
	char bytes[UTF8_MAX];

	if (out->len)
		buf_add_char(out, '|');
	for (size_t i = 1; i + 1 < word->len; i++)
		buf_add(out, bytes, utf8_write(bytes, word->codes[i]));
}

static size_t say_words(struct buf *out, struct str text)
{
	struct text_words words;
	struct word word;

	text_words_begin(&words, text);
	while (text_words_next(&words, &word))
		say_word(out, &word);
	return words.given;
}

static void texts_fall_into_words(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "", "" },
		{ "  \t\n", "" },
		{ "?!...--", "" },
		{ "Where is my CARD?", "where|is|my|card" },
		{ "Don't panic: it\xE2\x80\x99s fine", "dont|panic|its|fine" },
		{ "'quoted' words", "quoted|words" },
		{ "10am 2,500.75", "10|am|2|500|75" },
		{ "pay $5 & 3%", "pay|$|5|&|3|%" },
		{ "c++ and c#", "c|+|+|and|c|#" },
		{ "snake_case-word", "snake|case|word" },
		{ "Gr\xC3\xB6\xC3\x9F"
		  "e caf\xC3\xA9 cafe\xCC\x81",
			"grosse|cafe|cafe" },
		{ "\xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\x91 \xC2\xBD",
			"ab|1|1|\xE2\x81\x84|2" }, /* full width; a half */
		{ "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82",
			"\xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82" },
		{ "\xE4\xBF\x9D\xE9\x99\xA9"
		  "a\xE8\xB4\xB9",
			"\xE4\xBF\x9D|\xE9\x99\xA9|a|\xE8\xB4\xB9" },
		{ "co\xC2\xADoperate zero\xE2\x80\x8Bwidth", "cooperate|zerowidth" },
		{ "bad\xFF\xC3(bytes\xE2\x82", "bad|bytes" },
		{ "a\xEF\xBF\xBD"
		  "b",
			"a|b" },
		{ "ok \xF0\x9F\x91\x8D\xF0\x9F\x91\x8D", "ok|\xF0\x9F\x91\x8D|\xF0\x9F\x91\x8D" },
		{ "abcdefghijklmnopqrstuvwxyzabcdefghijk",
			"abcdefghijklmnopqrstuvwxyzabcdef|ghijk" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf got = BUF(BUF_LINE_MAX);

		say_words(&got, str_of(cases[i].text));
		check_buf(&got, cases[i].words);
		buf_release(&got);
	}
}

static void only_the_first_words_are_read(void **state)
{
	struct buf text = BUF(BUF_TEXT_MAX), got = BUF(BUF_TEXT_MAX);

	(void)state;
	for (int i = 0; i < 2 * WORDS_MAX; i++)
		buf_add_text(&text, "ab ");
	assert_int_equal(say_words(&got, buf_str(&text)), WORDS_MAX);
	buf_clear(&text);
	buf_add_repeat(&text, '\'', 1 << 20);
	assert_int_equal(say_words(&got, buf_str(&text)), 0);
	buf_release(&text);
	buf_release(&got);
}

static uint32_t key_of(const char *text)
{
	struct text_words words;
	struct word word;

	text_words_begin(&words, str_of(text));
	assert_true(text_words_next(&words, &word));
	return word_key(&word);
}

/* Read from a table that was written: another hash means another HASH_VERSION. */
static void hashes_stay_as_they_are(void **state)
{
	struct text_words words;
	struct word first, second;
	uint32_t grams[WORD_GRAMS_MAX];

	(void)state;
	assert_int_equal(HASH_VERSION, 1);
	text_words_begin(&words, STR("freeze card"));
	assert_true(text_words_next(&words, &first) && text_words_next(&words, &second));
	assert_int_equal(word_key(&first), 2151114655u);
	assert_int_equal(bigram_key(first.hash, second.hash), 3565848484u);
	assert_int_not_equal(
		bigram_key(first.hash, second.hash), bigram_key(second.hash, first.hash));
	assert_int_equal(word_grams(&second, 1000, grams), 9); /* <card>: 4 + 3 + 2 */
	assert_int_equal(grams[0], 955);
	assert_int_equal(key_of("Freeze"), key_of("freeze"));
	assert_int_not_equal(key_of("freeze"), key_of("freezes"));
}

static void pieces_are_within_their_buckets(void **state)
{
	uint32_t grams[WORD_GRAMS_MAX];
	struct text_words words;
	struct word word;

	(void)state;
	text_words_begin(&words, STR("a incomprehensibilities abcdefghijklmnopqrstuvwxyzabcdef"));
	while (text_words_next(&words, &word)) {
		size_t count = word_grams(&word, 7, grams);

		assert_in_range(count, 1, WORD_GRAMS_MAX);
		for (size_t i = 0; i < count; i++)
			assert_true(grams[i] < 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_fall_into_words),
		cmocka_unit_test(only_the_first_words_are_read),
		cmocka_unit_test(hashes_stay_as_they_are),
		cmocka_unit_test(pieces_are_within_their_buckets),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
