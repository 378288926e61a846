/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fuzz targets as tests: a few thousand inputs grown from seeds by cutting, copying and
 * swapping, the same ones every time. A fuzzer is built of the same file with
 *
 *	clang -fsanitize=fuzzer,address -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
 *
 *	FUZZ_MAIN(seeds, 3000, "no_text_breaks_the_reader")
 */
#ifndef WEIR_TESTS_FUZZ_MUTATE_H
#define WEIR_TESTS_FUZZ_MUTATE_H

#include "core/base/buf.h"
#include "core/base/rng.h"
#include "tests/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_INPUT_MAX = 1 << 16 };

/* What stands between two of JSON's marks around a place. */
static inline struct str fuzz_word(struct str text, struct rng *rng)
{
	static const char marks[] = "{}[],:";
	size_t from = text.len ? (size_t)rng_below(rng, text.len) : 0, to = from;

	while (from && !strchr(marks, text.ptr[from - 1]))
		from--;
	while (to < text.len && !strchr(marks, text.ptr[to]))
		to++;
	return str_part(text, from, to - from);
}

/* A key, text or number gives way to one of another seed: most of these are still JSON. */
static inline void fuzz_swap(struct buf *input, struct rng *rng, struct str other)
{
	struct str out = fuzz_word(buf_str(input), rng), in = fuzz_word(other, rng);
	size_t from = (size_t)(out.ptr - input->ptr);
	struct buf copy = BUF(FUZZ_INPUT_MAX);

	buf_add(&copy, input->ptr, from);
	buf_add_str(&copy, in);
	buf_add(&copy, out.ptr + out.len, input->len - from - out.len);
	buf_clear(input);
	buf_add_str(input, buf_str(&copy));
	buf_release(&copy);
}

static inline void fuzz_change(struct buf *input, struct rng *rng, struct str other)
{
	size_t at = input->len ? (size_t)rng_below(rng, input->len) : 0;
	size_t from = other.len ? (size_t)rng_below(rng, other.len) : 0;
	struct str piece = str_part(other, from, (size_t)rng_below(rng, 40));

	switch (rng_below(rng, 24)) {
	case 0: /* a byte */
		if (input->len)
			input->ptr[at] = (char)rng_below(rng, 256);
		break;
	case 1: /* one that means something */
		if (input->len)
			input->ptr[at] = "{}[]\",:\\/-.0eEu\n\x80\xED\xF0"[rng_below(rng, 19)];
		break;
	case 2: /* cut off */
		buf_cut_to(input, at);
		break;
	case 3: /* cut out of the front */
		buf_drop(input, (size_t)rng_below(rng, 20));
		break;
	case 4: /* a piece of another seed over it */
		if (at + piece.len <= input->len)
			memcpy(input->ptr + at, piece.ptr, piece.len);
		break;
	case 5:
		buf_add_str(input, piece);
		break;
	default:
		fuzz_swap(input, rng, other);
	}
}

static inline void fuzz_run(const char *const *seeds, size_t count, int runs)
{
	struct buf input = BUF(FUZZ_INPUT_MAX);
	struct rng rng;

	rng_seed(&rng, 1);
	for (size_t i = 0; i < count; i++)
		LLVMFuzzerTestOneInput((const uint8_t *)seeds[i], strlen(seeds[i]));
	for (int i = 0; i < runs; i++) {
		uint64_t changes = 1 + rng_below(&rng, 1 + rng_below(&rng, 5));

		buf_clear(&input);
		buf_add_text(&input, seeds[rng_below(&rng, count)]);
		for (; changes; changes--)
			fuzz_change(&input, &rng, str_of(seeds[rng_below(&rng, count)]));
		LLVMFuzzerTestOneInput((const uint8_t *)input.ptr, input.len);
	}
	buf_release(&input);
}

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define FUZZ_MAIN(seeds, runs, name)
#else
#define FUZZ_MAIN(seeds, runs, name)                                                              \
	static void run_all(void **state)                                                         \
	{                                                                                         \
		(void)state;                                                                      \
		fuzz_run(seeds, ARRAY_LEN(seeds), runs);                                          \
	}                                                                                         \
	int main(void)                                                                            \
	{                                                                                         \
		const struct CMUnitTest tests[] = {                                               \
			{ name, run_all, NULL, NULL, NULL },                                      \
		};                                                                                \
		return cmocka_run_group_tests(tests, NULL, NULL);                                 \
	}
#endif

#endif
