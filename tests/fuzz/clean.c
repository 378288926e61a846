/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sanitiser under a fuzzer. As a test it is fed every pair of bytes and a few thousand longer
 * strings; a fuzzer is built of the same file with
 *
 *	clang -fsanitize=fuzzer,address -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
 *
 * The first byte of the input says how the rest is cut into pieces. */
#include "core/base/clean.h"

#include "core/base/rng.h"
#include "tests/base/safe.h"
#include "tests/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static size_t in_pieces(struct str text, size_t piece, bool one_line, struct buf *out)
{
	struct clean c;

	clean_begin(&c, one_line);
	for (; text.len; text = str_part(text, piece, text.len))
		clean_feed(&c, str_part(text, 0, piece), out);
	clean_end(&c, out);
	return c.found;
}

static void clean_and_judge(struct str text, size_t piece, bool one_line)
{
	struct buf whole = BUF(BUF_TEXT_MAX), pieces = BUF(BUF_TEXT_MAX), again = BUF(BUF_TEXT_MAX);
	size_t found = in_pieces(text, SIZE_MAX, one_line, &whole);

	must(!buf_is_full(&whole));
	must(safe_text(buf_str(&whole), one_line));
	must(in_pieces(text, piece, one_line, &pieces) == found);
	must(str_eq(buf_str(&whole), buf_str(&pieces)));
	must(in_pieces(buf_str(&whole), piece, one_line, &again) == 0);
	must(str_eq(buf_str(&whole), buf_str(&again)));
	buf_release(&whole);
	buf_release(&pieces);
	buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };

	if (!size)
		return 0;
	text = str_part(text, 1, size);
	clean_and_judge(text, 1 + data[0] % 16u, data[0] & 0x80);
	return 0;
}

#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION

static void every_pair_of_bytes_holds(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		const uint8_t data[] = { 0, (uint8_t)(pair >> 8), (uint8_t)pair };

		LLVMFuzzerTestOneInput(data, sizeof(data));
	}
}

/* Mostly bytes from 0x80: plain ones seldom meet. */
static void long_strings_of_high_bytes_hold(void **state)
{
	uint8_t data[64];
	struct rng r;

	(void)state;
	rng_seed(&r, 11);
	for (int round = 0; round < 5000; round++) {
		size_t len = 1 + (size_t)rng_below(&r, sizeof(data));

		for (size_t i = 0; i < len; i++)
			data[i] = (uint8_t)(rng_next(&r) >> 32 | (rng_below(&r, 4) ? 0x80 : 0));
		LLVMFuzzerTestOneInput(data, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_of_bytes_holds),
		cmocka_unit_test(long_strings_of_high_bytes_hold),
	};

	return cmocka_run_group_tests_name("fuzz/clean", tests, NULL, NULL);
}

#endif
