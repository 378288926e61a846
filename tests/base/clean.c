/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hostile texts against the sanitiser: known attacks, each whole and split at every byte, and
 * many thousands of made-up ones in many chunkings. */
#include "core/base/clean.h"

#include "core/base/rng.h"
#include "tests/base/safe.h"
#include "tests/check.h"

enum { OUT_MAX = 1 << 16, ROUNDS = 40000, PIECES_MAX = 24 };

#define ZERO_WIDTH_SPACE "\xE2\x80\x8B"
#define JOINER "\xE2\x80\x8D"
#define OVERRIDE "\xE2\x80\xAE"
#define ACUTE "\xCC\x81"
#define ACUTE4 ACUTE ACUTE ACUTE ACUTE
#define FFFD "\xEF\xBF\xBD"

struct attack {
	const char *name;
	struct str text;
	const char *seen;
	size_t found;
};

static const struct attack attacks[] = {
	{ "nothing", STR(""), "", 0 },
	{ "plain", STR("1 < 2 && ~x [a]\t{b}\n"), "1 < 2 && ~x [a]\t{b}\n", 0 },
	{ "a NUL", STR("a\0b"), "a^@b", 1 },
	{ "every other C0",
		STR("\x01\x02\x03\x04\x05\x06\x07\x08\x0B\x0C\x0E\x0F\x10\x11\x12\x13\x14"
		    "\x15\x16\x17\x18\x19\x1A\x1B\x1C\x1D\x1E\x1F\x7F"),
		"^A^B^C^D^E^F^G^H^K^L^N^O^P^Q^R^S^T^U^V^W^X^Y^Z^[^\\^]^^^_^?", 29 },
	{ "CSI that hides a command", STR("rm -rf /\x1B[24D\x1B[Kls"), "rm -rf /^[[24D^[[Kls", 2 },
	{ "OSC 52 into the clipboard", STR("\x1B]52;c;cm0gLXJm\x07"), "^[]52;c;cm0gLXJm^G", 2 },
	{ "OSC 52 ended by ST", STR("\x1B]52;c;eA==\x1B\\"), "^[]52;c;eA==^[\\", 2 },
	{ "OSC 8 with a nested sequence", STR("\x1B]8;;\x1B[0m\x1B[>0q"), "^[]8;;^[[0m^[[>0q", 3 },
	{ "OSC without an end", STR("\x1B]0;title"), "^[]0;title", 1 },
	{ "OSC 50 with a question", STR("\x1B]50;?\x07"), "^[]50;?^G", 2 },
	{ "DCS with a request", STR("\x1BP$q\"p\x1B\\"), "^[P$q\"p^[\\", 2 },
	{ "APC and SOS", STR("\x1B_Gx\x1B\\\x1BXy"), "^[_Gx^[\\^[Xy", 3 },
	{ "reset", STR("\x1B" "c"), "^[c", 1 },
	{ "ESC at the end", STR("end\x1B"), "end^[", 1 },
	{ "CSI as a raw C1 byte", STR("\x9B" "31m"), FFFD "31m", 1 },
	{ "CSI as U+009B", STR("\xC2\x9B" "31m"), "<9B>31m", 1 },
	{ "OSC as raw bytes", STR("\x9D" "52;c;eA==\x9C"), FFFD "52;c;eA==" FFFD, 2 },
	{ "OSC as code points", STR("\xC2\x9D" "52;c;eA==\xC2\x9C"), "<9D>52;c;eA==<9C>", 2 },
	{ "the first and last C1",
		STR("\xC2\x80\xC2\x85\xC2\x9F\xC2\xA0"),
		"<80><85><9F>\xC2\xA0", 3 },
	{ "ESC written too long", STR("\xC0\x9B[2J\xE0\x80\x9B[2J"),
		FFFD FFFD "[2J" FFFD FFFD FFFD "[2J", 5 },
	{ "ESC inside a code point", STR("\xE2\x80\x1B[2J"), FFFD "^[[2J", 2 },
	{ "C1 after a broken lead", STR("\xF0\x9F\xC2\x9Bm"), FFFD "<9B>m", 2 },
	{ "carriage return that overwrites", STR("verdict: FAIL\rverdict: PASS"),
		"verdict: FAIL^Mverdict: PASS", 1 },
	{ "lines of another system", STR("a\r\nb\r\n"), "a\nb\n", 2 },
	{ "carriage returns in heaps", STR("\r\r\n\r\x1B\r"), "^M\n^M^[^M", 5 },
	{ "carriage return before a code point",
		STR("\r\xC3\xA9\r\r\xE2"), "^M\xC3\xA9^M^M" FFFD, 4 },
	{ "backspaces that overwrite", STR("evil\b\b\b\bgood"), "evil^H^H^H^Hgood", 4 },
	{ "bidi override in a file name", STR("photo" OVERRIDE "gpj.exe"),
		"photo<U+202E>gpj.exe", 1 },
	{ "bidi isolates and marks",
		STR("\xE2\x81\xA6x\xE2\x81\xA9\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C"),
		"<U+2066>x<U+2069><U+200E><U+200F><U+061C>", 5 },
	{ "a prompt in tag characters", STR("Hi\xF3\xA0\x81\x92\xF3\xA0\x81\xAD\xF3\xA0\x81\xBF!"),
		"Hi<U+E0052><U+E006D><U+E007F>!", 3 },
	{ "bytes in variation selectors",
		STR("x\xEF\xB8\x80\xEF\xB8\x8F\xF3\xA0\x84\x80\xF3\xA0\x87\xAF"),
		"x<U+FE00><U+FE0F><U+E0100><U+E01EF>", 4 },
	{ "bits in zero-width characters", STR("a" ZERO_WIDTH_SPACE "\xE2\x80\x8C\xE2\x81\xA0" "b"),
		"a<U+200B><U+200C><U+2060>b", 3 },
	{ "invisible operators", STR("\xE2\x81\xA1\xE2\x81\xA4\xE2\x81\xA5"),
		"<U+2061><U+2064><U+2065>", 3 },
	{ "a BOM", STR("\xEF\xBB\xBFtext"), "<U+FEFF>text", 1 },
	{ "a soft hyphen", STR("pass\xC2\xADword"), "pass<U+00AD>word", 1 },
	{ "line and paragraph separators", STR("\xE2\x80\xA8\xE2\x80\xA9"), "<U+2028><U+2029>", 2 },
	{ "fillers that look like blanks", STR("\xE3\x85\xA4\xEF\xBE\xA0\xE1\x85\x9F\xE1\x85\xA0"),
		"<U+3164><U+FFA0><U+115F><U+1160>", 4 },
	{ "annotation", STR("\xEF\xBF\xB9" "a\xEF\xBF\xBA" "b\xEF\xBF\xBB"),
		"<U+FFF9>a<U+FFFA>b<U+FFFB>", 3 },
	{ "noncharacters", STR("\xEF\xB7\x90\xEF\xBF\xBE\xF4\x8F\xBF\xBF"),
		"<U+FDD0><U+FFFE><U+10FFFF>", 3 },
	{ "private use", STR("\xEE\x80\x80\xEF\xA3\xBF\xF3\xB0\x80\x80\xF4\x80\x80\x80"),
		"<U+E000><U+F8FF><U+F0000><U+100000>", 4 },
	{ "a joined emoji", STR("\xF0\x9F\x91\xA9" JOINER "\xF0\x9F\x92\xBB"),
		"\xF0\x9F\x91\xA9<U+200D>\xF0\x9F\x92\xBB", 1 },
	{ "an emoji with a skin tone", STR("\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD"),
		"\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD", 0 },
	{ "zalgo", STR("Z" ACUTE4 ACUTE ACUTE "a" ACUTE), "Z" ACUTE4 "a" ACUTE, 2 },
	{ "zalgo from the first byte", STR(ACUTE4 ACUTE "x"), ACUTE4 "x", 1 },
	{ "zalgo on a line end", STR("a\n" ACUTE4 ACUTE), "a\n" ACUTE4, 1 },
	{ "zalgo after a chip", STR("\x1B" ACUTE4 ACUTE), "^[" ACUTE4, 2 },
	{ "marks do not begin anew after dropped ones",
		STR("e" ACUTE4 ACUTE4 ACUTE4 "\xE2\x83\x9D"), "e" ACUTE4, 9 },
	{ "jamo vowels in a heap",
		STR("\xE1\x84\x80\xE1\x85\xA1\xE1\x85\xA1\xE1\x85\xA1\xE1\x85\xA1\xE1\x85\xA1"),
		"\xE1\x84\x80\xE1\x85\xA1\xE1\x85\xA1\xE1\x85\xA1\xE1\x85\xA1", 1 },
	{ "surrogates", STR("\xED\xA0\xBD\xED\xB8\x80"),
		FFFD FFFD FFFD FFFD FFFD FFFD, 6 },
	{ "past the end of Unicode", STR("\xF4\x90\x80\x80"), FFFD FFFD FFFD FFFD, 4 },
	{ "an end in the middle", STR("a\xF0\x9F\x98"), "a" FFFD, 1 },
	{ "a written replacement character", STR("a" FFFD "b"), "a" FFFD "b", 0 },
	{ "languages",
		STR("\xC3\xA9\xC3\xBC \xD0\xB6 \xD7\xA9 \xE6\x97\xA5 \xE0\xA4\xB9\xE0\xA4\xBF"),
		"\xC3\xA9\xC3\xBC \xD0\xB6 \xD7\xA9 \xE6\x97\xA5 \xE0\xA4\xB9\xE0\xA4\xBF", 0 },
};

static void check_split(const struct attack *a, size_t first, size_t second)
{
	struct buf out = BUF(OUT_MAX);
	struct clean c;

	clean_begin(&c, false);
	clean_feed(&c, str_part(a->text, 0, first), &out);
	clean_feed(&c, str_part(a->text, first, second - first), &out);
	clean_feed(&c, str_part(a->text, second, a->text.len), &out);
	clean_end(&c, &out);
	if (!str_is(buf_str(&out), a->seen) || c.found != a->found)
		fail_msg("%s, split at %zu and %zu: %zu found, \"%s\"", a->name, first, second,
			c.found, out.ptr);
	buf_release(&out);
}

static void an_attack_is_seen_however_it_is_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(attacks); i++)
		for (size_t first = 0; first <= attacks[i].text.len; first++)
			for (size_t second = first; second <= attacks[i].text.len; second++)
				check_split(&attacks[i], first, second);
}

static void an_attack_is_seen_when_it_drips_in_by_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(attacks); i++) {
		struct buf out = BUF(OUT_MAX);
		struct clean c;

		clean_begin(&c, false);
		for (size_t at = 0; at < attacks[i].text.len; at++)
			clean_feed(&c, str_part(attacks[i].text, at, 1), &out);
		clean_end(&c, &out);
		check_buf(&out, attacks[i].seen);
		assert_int_equal(c.found, attacks[i].found);
		buf_release(&out);
	}
}

static void the_table_of_attacks_is_itself_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(attacks); i++)
		if (!safe_text(str_of(attacks[i].seen), false))
			fail_msg("%s", attacks[i].name);
	assert_false(safe_text(STR("\xC2\x9B"), false));
	assert_false(safe_text(STR("\x9B"), false));
	assert_false(safe_text(STR("\r"), false));
	assert_false(safe_text(STR("\t"), true));
	assert_false(safe_text(STR("\xED\xA0\xBD"), false));
	assert_false(safe_text(STR(OVERRIDE), false));
}

static void one_line_stays_one_line(void **state)
{
	static const struct {
		struct str text;
		const char *seen;
		size_t found;
	} cases[] = {
		{ STR("a\nb\tc"), "a^Jb c", 0 },
		{ STR("a\r\nb"), "a^Jb", 1 },
		{ STR("a\rb\x1B[A"), "a^Mb^[[A", 2 },
		{ STR("\xE2\x80\xA8\xC2\x85\x0B\x0C"), "<U+2028><85>^K^L", 4 },
		{ STR("\n\n"), "^J^J", 0 },
		{ STR("a" ACUTE4 "\t" ACUTE4 ACUTE), "a" ACUTE4 " " ACUTE4, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF(OUT_MAX);

		assert_int_equal(clean_line(cases[i].text, &out), cases[i].found);
		check_buf(&out, cases[i].seen);
		buf_release(&out);
	}
	assert_int_equal(clean_line(STR_NONE, NULL), 0);
}

static void a_cleaner_that_begins_anew_remembers_nothing(void **state)
{
	struct buf out = BUF(OUT_MAX);
	struct clean c;

	(void)state;
	clean_begin(&c, false);
	clean_feed(&c, STR("x" ACUTE4 "\xF0\x9F"), &out);
	clean_begin(&c, true);
	clean_feed(&c, STR("\x98\x80" ACUTE4 "\xE2\x80"), &out);
	clean_end(&c, &out);
	clean_end(&c, &out);
	check_buf(&out, "x" ACUTE4 FFFD FFFD ACUTE4 FFFD);
	assert_int_equal(c.found, 3);
	buf_release(&out);
}

static void a_full_buffer_holds_no_half_of_anything(void **state)
{
	static const struct str text = STR("a\xE2\x80\xAE\xF0\x9F\x98\x80\x1B\xEE\x80\x80\xFFz");

	(void)state;
	for (size_t ceiling = 0; ceiling < 40; ceiling++) {
		struct buf out = BUF(ceiling);
		struct str rest;

		clean_text(text, &out);
		assert_true(safe_text(buf_str(&out), true));
		rest = buf_str(&out);
		assert_int_equal(str_find_char(rest, '<') < rest.len,
			str_find(rest, STR("<U+202E>")) < rest.len);
		assert_false(str_ends(rest, "^"));
		buf_release(&out);
	}
}

/* Bytes in which attacks are dense: pieces of sequences, marks, and noise. */
static void make_up(struct rng *r, struct buf *text)
{
	static const char *const pieces[] = {
		"\x1B[", "\x1B]52;c;", "\r", "\n", "\r\n", "\t", "\b", "\xC2\x9B", "\x9B", "\xC2",
		"\xE2\x80", "\xE2\x80\xAE", "\xF0\x9F", "\xF0\x9F\x98\x80", "\xF3\xA0\x81\x92",
		"\xEF\xB8\x8F", ACUTE, ACUTE4, "\xED\xA0", "\xEF\xBF\xBD", "\xEF\xBF", "plain text",
		"e", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xE1\x85\xA1", "\xE3\x80\xAE",
	};

	for (uint64_t left = rng_below(r, PIECES_MAX); left--;) {
		if (rng_below(r, 3))
			buf_add_text(text, pieces[rng_below(r, ARRAY_LEN(pieces))]);
		else
			buf_add_char(text, (char)rng_below(r, 256));
	}
}

static size_t clean_in_chunks(struct rng *r, struct str text, bool one_line, struct buf *out)
{
	struct clean c;

	clean_begin(&c, one_line);
	while (text.len) {
		size_t len = (size_t)rng_below(r, text.len < 6 ? text.len + 1 : 7);

		clean_feed(&c, str_part(text, 0, len), out);
		text = str_part(text, len, text.len);
	}
	clean_end(&c, out);
	return c.found;
}

static void check_made_up(struct rng *r, struct str text, bool one_line)
{
	struct buf whole = BUF(OUT_MAX), chunks = BUF(OUT_MAX), again = BUF(OUT_MAX);
	size_t found = one_line ? clean_line(text, &whole) : clean_text(text, &whole);

	assert_true(safe_text(buf_str(&whole), one_line));
	for (int i = 0; i < 3; i++) {
		buf_clear(&chunks);
		assert_int_equal(clean_in_chunks(r, text, one_line, &chunks), found);
		check_buf(&chunks, whole.ptr);
	}
	assert_int_equal(one_line ? clean_line(buf_str(&whole), &again)
				  : clean_text(buf_str(&whole), &again), 0);
	check_buf(&again, whole.ptr);
	if (!found && !one_line)
		assert_true(str_eq(buf_str(&whole), text));
	buf_release(&whole);
	buf_release(&chunks);
	buf_release(&again);
}

static void made_up_bytes_come_out_safe_in_any_chunking(void **state)
{
	struct buf text = BUF(OUT_MAX);
	struct rng r;

	(void)state;
	rng_seed(&r, 7);
	for (int round = 0; round < ROUNDS; round++) {
		buf_clear(&text);
		make_up(&r, &text);
		check_made_up(&r, (struct str){ text.ptr, text.len }, round & 1);
	}
	buf_release(&text);
}

static void every_code_point_alone_comes_out_safe(void **state)
{
	(void)state;
	for (uint32_t code = 0; code < 0x110000; code++) {
		const char bytes[4] = { (char)(0xF0 | code >> 18),
			(char)(0x80 | (code >> 12 & 0x3F)), (char)(0x80 | (code >> 6 & 0x3F)),
			(char)(0x80 | (code & 0x3F)) };
		const char shorter[3] = { (char)(0xE0 | code >> 12), bytes[2], bytes[3] };
		struct buf out = BUF(64);

		clean_text(code < 0x10000 ? (struct str){ shorter, 3 }
					  : (struct str){ bytes, 4 }, &out);
		if (!out.len || !safe_text(buf_str(&out), false))
			fail_msg("U+%04X", (unsigned)code);
		buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_attack_is_seen_however_it_is_split),
		cmocka_unit_test(an_attack_is_seen_when_it_drips_in_by_bytes),
		cmocka_unit_test(the_table_of_attacks_is_itself_safe),
		cmocka_unit_test(one_line_stays_one_line),
		cmocka_unit_test(a_cleaner_that_begins_anew_remembers_nothing),
		cmocka_unit_test(a_full_buffer_holds_no_half_of_anything),
		cmocka_unit_test(made_up_bytes_come_out_safe_in_any_chunking),
		cmocka_unit_test(every_code_point_alone_comes_out_safe),
	};

	return cmocka_run_group_tests_name("clean", tests, NULL, NULL);
}
