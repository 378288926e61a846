/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a file of tensors says is believed only as far as the file bears it out. */
#include "core/embed/safetensors.h"

#include "tests/check.h"
#include "tests/embed/tensors.h"

#include <math.h>
#include <unistd.h>

static const float six[6] = { 1, -2, 3.5f, 0, 0.1f, -1e-3f };

static void a_file_gives_its_tensors_by_name(void **state)
{
	struct tensor_file f = TENSOR_FILE;
	struct buf bytes = BUF(TENSOR_FILE_MAX), say = BUF(BUF_LINE_MAX);
	const int64_t one = 7;
	struct safetensors s;
	const struct tensor *t;
	float out[6];

	(void)state;
	tensor_file_add(&f, "z", "I64", "[]", &one, sizeof(one));
	tensor_file_add(&f, "b", "F32", "[2, 3]", six, sizeof(six));
	tensor_file_end(&f, &bytes);
	check_ok(safetensors_read(&s, buf_str(&bytes), "x", &say));
	assert_int_equal(s.count, 2);
	assert_null(safetensors_find(&s, STR("a")));
	t = safetensors_find(&s, STR("b"));
	assert_non_null(t);
	assert_true(tensor_is(t, TENSOR_F32, 2, 3));
	assert_false(tensor_is(t, TENSOR_F32, 3, 2) || tensor_is(t, TENSOR_F32, 6, 0));
	tensor_say(t, &say);
	check_buf(&say, "F32 [2, 3]");
	check_ok(tensor_floats(t, 0, 6, out, NULL));
	assert_memory_equal(out, six, sizeof(six));
	check_ok(tensor_floats(t, 4, 2, out, NULL));
	assert_memory_equal(out, six + 4, 2 * sizeof(float));
	check_err(tensor_floats(t, 5, 2, out, NULL), ERR_CORRUPT);
	assert_int_equal(safetensors_find(&s, STR("z"))->rank, 0);
	check_err(tensor_floats(safetensors_find(&s, STR("z")), 0, 1, out, &say), ERR_CORRUPT);
	check_buf(&say, "x: tensor z: not of floating-point numbers (F32, F16, BF16)");
	safetensors_close(&s);
	buf_release(&bytes);
	buf_release(&say);
}

static void half_precision_is_read_exactly(void **state)
{
	static const struct {
		uint16_t half, brain;
		float value, as_brain;
	} rows[] = {
		{ 0x3C00, 0x3F80, 1, 1 }, { 0xC000, 0xC000, -2, -2 },
		{ 0x0001, 0x0001, 0x1p-24f, 0x1p-133f },
		{ 0x83FF, 0x8080, -0x3FFp-24f, -0x1p-126f },
		{ 0x7BFF, 0x7F7F, 65504, 0x1.FEp127f }, { 0x3555, 0x3EAB, 0x1.554p-2f, 0x1.56p-2f },
	};
	struct tensor_file f = TENSOR_FILE;
	struct buf bytes = BUF(TENSOR_FILE_MAX);
	struct safetensors s;
	float out;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		f = TENSOR_FILE;
		tensor_file_add(&f, "h", "F16", "[1]", &rows[i].half, 2);
		tensor_file_add(&f, "b", "BF16", "[1]", &rows[i].brain, 2);
		buf_clear(&bytes);
		tensor_file_end(&f, &bytes);
		check_ok(safetensors_read(&s, buf_str(&bytes), "x", NULL));
		check_ok(tensor_floats(safetensors_find(&s, STR("h")), 0, 1, &out, NULL));
		assert_true(out == rows[i].value);
		check_ok(tensor_floats(safetensors_find(&s, STR("b")), 0, 1, &out, NULL));
		assert_true(out == rows[i].as_brain);
		safetensors_close(&s);
	}
	buf_release(&bytes);
}

/* Every half goes through float and back; floats between two halves go to the nearer one, and
 * from the middle to the even one. */
static void halves_round_to_nearest_even(void **state)
{
	(void)state;
	for (uint32_t h = 0; h < 0x7C00; h++) {
		float low = half_to_float((uint16_t)h), high = half_to_float((uint16_t)(h + 1));
		float middle = h + 1 == 0x7C00 ? 65520 : (low + high) / 2;
		uint16_t even = (uint16_t)(h & 1 ? h + 1 : h);

		assert_int_equal(float_to_half(low), h);
		assert_int_equal(float_to_half(-low), h | 0x8000);
		assert_int_equal(float_to_half(middle), even);
		assert_int_equal(float_to_half(nextafterf(middle, 0)), h);
		assert_int_equal(float_to_half(nextafterf(middle, INFINITY)), h + 1);
	}
	assert_true(isinf(half_to_float(0x7C00)) && isnan(half_to_float(0x7E00)));
	assert_int_equal(float_to_half(NAN) & 0x7E00, 0x7E00);
	assert_int_equal(float_to_half(1e30f), 0x7C00);
}

static void numbers_that_are_none_are_refused(void **state)
{
	static const uint32_t bits[] = { 0x7FC00000, 0x7F800000, 0xFF800000, 0x7F800001 };
	struct buf bytes = BUF(TENSOR_FILE_MAX), why = BUF(BUF_WHY_MAX);
	struct safetensors s;
	float out[2];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
		struct tensor_file f = TENSOR_FILE;
		uint32_t two[2] = { 0, bits[i] };

		tensor_file_add(&f, "w", "F32", "[2]", two, sizeof(two));
		buf_clear(&bytes);
		tensor_file_end(&f, &bytes);
		check_ok(safetensors_read(&s, buf_str(&bytes), "x", &why));
		check_err(tensor_floats(&s.tensors[0], 0, 2, out, &why), ERR_CORRUPT);
		check_buf(&why, "x: tensor w: one of its numbers is NaN or infinite");
		safetensors_close(&s);
	}
	buf_release(&bytes);
	buf_release(&why);
}

#define T(name, type, shape, from, to)                                                            \
	"\"" name "\":{\"dtype\":\"" type "\",\"shape\":" shape ",\"data_offsets\":[" from "," to \
	"]}"

static const struct {
	const char *header;
	size_t numbers; /* bytes after the header */
	const char *why;
} hostile[] = {
	{ "", 0, "x: header: 1:1: " },
	{ "{", 0, "x: header: 1:2: " },
	{ "[]", 0, "x: an array stands where the format has none" },
	{ "7", 0, "x: a number stands where the format has none, or is no size" },
	{ "{\"a\":7}", 0, "x: a number stands where the format has none, or is no size" },
	{ "{\"a\":\"b\"}", 0, "x: a text stands where the format has none" },
	{ "{\"a\":null}", 0, "x: true, false or null stand where the format has none" },
	{ "{\"a\":{}}", 0, "x: tensor a: dtype, shape or data_offsets is missing" },
	{ "{\"a\":{\"dtype\":{}}}", 0, "x: tensor a: an object stands where the format has none" },
	{ "{\"a\":{\"dtype\":[]}}", 0, "x: tensor a: an array stands where the format has none" },
	{ "{\"a\":{\"dtype\":\"F99\"}}", 0, "x: tensor a: its type of number is not known here" },
	{ "{\"a\":{\"shape\":[[]]}}", 0, "x: tensor a: an array stands where the format has none" },
	{ "{\"a\":{\"shape\":[-1]}}", 0,
		"x: tensor a: a number stands where the format has none, or is no size" },
	{ "{\"a\":{\"shape\":[1.5]}}", 0,
		"x: tensor a: a number stands where the format has none, or is no size" },
	{ "{\"a\":{\"shape\":[1,1,1,1,1,1,1,1,1]}}", 0,
		"x: tensor a: its shape has too many dimensions" },
	{ "{\"a\":{\"data_offsets\":[0]}}", 0, "x: tensor a: data_offsets are not two" },
	{ "{\"a\":{\"data_offsets\":[0,1,2]}}", 0, "x: tensor a: data_offsets are not two" },
	{ "{\"a\":{\"data_offset\":[0,1]}}", 0,
		"x: tensor a: it has a member twice or one that the format does not know" },
	{ "{\"a\":{\"shape\":[1],\"shape\":[1]}}", 0,
		"x: tensor a: it has a member twice or one that the format does not know" },
	{ "{\"__metadata__\":{\"a\":1}}", 0,
		"x: a number stands where the format has none, or is no size" },
	{ "{" T("a", "F32", "[2]", "0", "8") "}", 7,
		"x: tensor a: its numbers lie past the end of the file: it is cut off, or "
		"damaged" },
	{ "{" T("a", "F32", "[2]", "8", "0") "}", 8,
		"x: tensor a: its numbers lie past the end of the file: it is cut off, or "
		"damaged" },
	{ "{" T("a", "F32", "[3]", "0", "8") "}", 8,
		"x: tensor a: its shape and its bytes do not agree" },
	{ "{" T("a", "F16", "[2]", "0", "8") "}", 8,
		"x: tensor a: its shape and its bytes do not agree" },
	{ "{" T("a", "F32", "[0]", "0", "0") "}", 0,
		"x: tensor a: its shape has no elements, or too many" },
	{ "{" T("a", "I8", "[4294967296,4294967296]", "0", "0") "}", 0,
		"x: tensor a: its shape has no elements, or too many" },
	{ "{" T("a", "F64", "[2305843009213693952]", "0", "0") "}", 0,
		"x: tensor a: its shape has no elements, or too many" },
	{ "{" T("a", "I8", "[99999999999999999999]", "0", "0") "}", 0,
		"x: tensor a: a number stands where the format has none, or is no size" },
	{ "{" T("a", "I8", "[4]", "0", "4") "," T("b", "I8", "[4]", "2", "6") "}", 6,
		"x: tensor b: it overlaps another one" },
	{ "{" T("a", "I8", "[4]", "0", "4") "," T("b", "I8", "[4]", "0", "4") "}", 4,
		"overlaps another one" },
	{ "{" T("a", "I8", "[4]", "0", "4") "," T("b", "I8", "[2]", "5", "7") "}", 7,
		"x: tensor b: the bytes before it belong to nothing" },
	{ "{" T("a", "I8", "[4]", "0", "4") "}", 5, "x: the bytes at its end belong to nothing" },
	{ "{" T("a", "I8", "[4]", "0", "4") "," T("a", "I8", "[2]", "4", "6") "}", 6,
		"x: tensor a: its name is there twice" },
};

static void hostile_headers_are_refused_with_the_reason(void **state)
{
	static const char zeros[16];
	struct buf bytes = BUF(TENSOR_FILE_MAX), why = BUF(BUF_WHY_MAX);
	struct safetensors s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		buf_clear(&bytes);
		buf_clear(&why);
		tensor_file_raw(&bytes, str_of(hostile[i].header),
			(struct str){ zeros, hostile[i].numbers });
		check_err(safetensors_read(&s, buf_str(&bytes), "x", &why), ERR_CORRUPT);
		if (str_find(buf_str(&why), str_of(hostile[i].why)) == why.len)
			fail_msg("%s: got \"%s\"", hostile[i].header, why.ptr);
	}
	buf_release(&bytes);
	buf_release(&why);
}

static void deep_headers_end_at_the_third_level(void **state)
{
	struct buf header = BUF(TENSOR_FILE_MAX), bytes = BUF(TENSOR_FILE_MAX);
	struct safetensors s;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_add_text(&header, "{\"a\":");
	tensor_file_raw(&bytes, buf_str(&header), STR(""));
	check_err(safetensors_read(&s, buf_str(&bytes), "x", NULL), ERR_CORRUPT);
	buf_release(&header);
	buf_release(&bytes);
}

/* The whole file is good, no front part of it is. */
static void a_file_cut_off_anywhere_is_refused(void **state)
{
	struct tensor_file f = TENSOR_FILE;
	struct buf bytes = BUF(TENSOR_FILE_MAX);
	struct safetensors s;

	(void)state;
	tensor_file_add(&f, "a", "F32", "[6]", six, sizeof(six));
	tensor_file_end(&f, &bytes);
	for (size_t len = 0; len < bytes.len; len++)
		check_err(safetensors_read(&s, str_part(buf_str(&bytes), 0, len), "x", NULL),
			ERR_CORRUPT);
	check_ok(safetensors_read(&s, buf_str(&bytes), "x", NULL));
	safetensors_close(&s);
	bytes.ptr[7] = 1; /* 2^56 bytes of header */
	check_err(safetensors_read(&s, buf_str(&bytes), "x", NULL), ERR_CORRUPT);
	buf_release(&bytes);
}

static void a_file_on_disk_is_mapped(void **state)
{
	char path[] = "/tmp/weir-tensors-XXXXXX";
	struct tensor_file f = TENSOR_FILE;
	struct buf bytes = BUF(TENSOR_FILE_MAX), why = BUF(BUF_WHY_MAX);
	struct safetensors s;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	check_err(safetensors_open(&s, path, 1000, &why), ERR_CORRUPT); /* empty */
	tensor_file_add(&f, "a", "F32", "[6]", six, sizeof(six));
	tensor_file_end(&f, &bytes);
	assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
	check_ok(safetensors_open(&s, path, 1000, &why));
	assert_memory_equal(s.tensors[0].bytes.ptr, six, sizeof(six));
	safetensors_close(&s);
	check_err(safetensors_open(&s, path, 50, &why), ERR_TOO_BIG);
	close(fd);
	unlink(path);
	check_err(safetensors_open(&s, path, 1000, &why), ERR_NOT_FOUND);
	check_err(safetensors_open(&s, "/tmp", 1000, &why), ERR_IO);
	check_buf(&why, "/tmp: this is no plain file");
	buf_release(&bytes);
	buf_release(&why);
}

static void the_words_of_the_file_are_kept(void **state)
{
	struct buf bytes = BUF(TENSOR_FILE_MAX);
	struct safetensors s;

	(void)state;
	tensor_file_raw(
		&bytes, STR("{\"__metadata__\":{\"format\":\"pt\",\"seed\":\"7\"}}"), STR(""));
	check_ok(safetensors_read(&s, buf_str(&bytes), "x", NULL));
	check_str(safetensors_meta(&s, "seed"), "7");
	assert_null(safetensors_meta(&s, "pt").ptr);
	safetensors_close(&s);
	buf_release(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_gives_its_tensors_by_name),
		cmocka_unit_test(half_precision_is_read_exactly),
		cmocka_unit_test(halves_round_to_nearest_even),
		cmocka_unit_test(numbers_that_are_none_are_refused),
		cmocka_unit_test(hostile_headers_are_refused_with_the_reason),
		cmocka_unit_test(deep_headers_end_at_the_third_level),
		cmocka_unit_test(a_file_cut_off_anywhere_is_refused),
		cmocka_unit_test(a_file_on_disk_is_mapped),
		cmocka_unit_test(the_words_of_the_file_are_kept),
	};

	return cmocka_run_group_tests_name("safetensors", tests, NULL, NULL);
}
