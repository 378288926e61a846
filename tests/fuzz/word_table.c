/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a table of words: refused with words, or every text gives a vector of length 1 or
 * of zeros. The numbers are made to fit what most headers say, so that the table's own checks are
 * reached. */
#include "core/embed/word_table.h"
#include "tests/embed/tensors.h"
#include "tests/fuzz/mutate.h"

#include <math.h>

static void embed(const struct word_table *t)
{
	static const char *const texts[] = { "", "a", "freeze my card", "\xFF\xE4\xBF\x9D 10am",
		"supercalifragilisticexpialidocious" };
	float vector[WORD_TABLE_DIMS_MAX];

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		double square = 0;

		word_table_embed(t, str_of(texts[i]), vector);
		for (int k = 0; k < word_table_info(t)->dims; k++)
			square += (double)vector[k] * (double)vector[k];
		assert_true(square < 1e-9 || fabs(square - 1) < 1e-3);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size };
	struct buf whole = BUF(FUZZ_INPUT_MAX + 8), header = BUF(FUZZ_INPUT_MAX + 8);
	struct buf why = BUF(BUF_WHY_MAX);
	struct word_table *t = NULL;
	size_t end = size;
	enum err err;

	while (end && all.ptr[end - 1] != '}')
		end--;
	buf_add_str(&header, str_part(all, 0, end));
	buf_add_repeat(&header, ' ', (8 - header.len % 8) % 8);
	tensor_file_raw(&whole, buf_str(&header), str_part(all, end, size));
	err = word_table_read(&t, buf_str(&whole), "x", &why);
	assert_true(err ? why.len > 0 && !t : !why.len && t);
	if (t)
		embed(t);
	word_table_close(&t);
	buf_release(&whole);
	buf_release(&header);
	buf_release(&why);
	return 0;
}

/* Two keys and two buckets of 8 numbers: 8 + 8 + 8 + 16 + 16 bytes, no zero among them. */
#define TENSORS                                                                            \
	"\"keys\":{\"dtype\":\"U32\",\"shape\":[2],\"data_offsets\":[0,8]},"               \
	"\"known.scale\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]},"       \
	"\"gram.scale\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]},"       \
	"\"known.rows\":{\"dtype\":\"I8\",\"shape\":[2,8],\"data_offsets\":[24,40]},"      \
	"\"gram.rows\":{\"dtype\":\"I8\",\"shape\":[2,8],\"data_offsets\":[40,56]}}"       \
	"\x01\x01\x01\x01\x02\x02\x02\x02\x01\x01\x80\x3F\x01\x01\x80\x3F\x01\x01\x80\x3F" \
	"\x01\x01\x80\x3F"                                                                 \
	"abcdefghijklmnopABCDEFGHIJKLMNOP"

static const char *const seeds[] = {
	"{\"__metadata__\":{\"format\":\"weir-table\",\"hash\":\"1\",\"id\":\"x-8:1\"}," TENSORS,
	"{\"__metadata__\":{\"threshold\":\"0.8\",\"format\":\"weir-table\",\"hash\":\"1\","
	"\"id\":\"y-8:2\"}," TENSORS,
};

FUZZ_MAIN(seeds, 4000, "no_table_of_words_reaches_past_its_end")
