/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a file of tensors: refused with words, or every tensor lies inside the bytes, none
 * shares any with another, and all can be read. The length of the header is put right, so that
 * what changes is what the header says. */
#include "core/embed/safetensors.h"
#include "tests/embed/tensors.h"
#include "tests/fuzz/mutate.h"

static void look_at(const struct safetensors *s, const struct tensor *t, struct str bytes)
{
	size_t part = t->count < 64 ? t->count : 64;
	float out[64];

	assert_true(t->count > 0 && t->bytes.len >= t->count);
	assert_true(t->bytes.ptr >= bytes.ptr);
	assert_true(t->bytes.ptr + t->bytes.len <= bytes.ptr + bytes.len);
	assert_true(safetensors_find(s, t->name) == t);
	for (size_t i = 0; i < s->count; i++) {
		const struct tensor *other = &s->tensors[i];

		assert_true(other == t || other->bytes.ptr >= t->bytes.ptr + t->bytes.len ||
			    t->bytes.ptr >= other->bytes.ptr + other->bytes.len);
	}
	if (!tensor_floats(t, t->count - part, part, out, NULL))
		for (size_t i = 0; i < part; i++)
			assert_true(out[i] - out[i] == 0);
}

static void read_one(struct str bytes)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct safetensors s;
	enum err err = safetensors_read(&s, bytes, "x", &why);

	assert_true(err ? why.len > 0 : !why.len);
	for (size_t i = 0; i < s.count; i++)
		look_at(&s, &s.tensors[i], bytes);
	safetensors_close(&s);
	buf_release(&why);
}

/* As it is, and as a header up to its last brace with what follows as numbers. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size };
	struct buf whole = BUF(FUZZ_INPUT_MAX + 8);
	size_t end = size;

	read_one(all);
	while (end && all.ptr[end - 1] != '}')
		end--;
	tensor_file_raw(&whole, str_part(all, 0, end), str_part(all, end, size));
	read_one(buf_str(&whole));
	buf_release(&whole);
	return 0;
}

static const char *const seeds[] = {
	"{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
	"\"b\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[16,20]}}0123456789abcdef0123",
	"{\"__metadata__\":{\"format\":\"pt\"},\"w\":{\"data_offsets\":[0,8],\"shape\":[8],"
	"\"dtype\":\"I8\"}}01234567",
	"{\"s\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}}01234567",
	"{\"c\":{\"dtype\":\"BF16\",\"shape\":[1,1,4],\"data_offsets\":[0,8]}}01234567",
	"{\"h\":{\"dtype\":\"I8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[8,0]}}",
};

FUZZ_MAIN(seeds, 4000, "no_file_of_tensors_reaches_past_its_end")
