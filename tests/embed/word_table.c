/* SPDX-License-Identifier: GPL-3.0-or-later
 * A tiny table whose vectors can be worked out by hand, files that are wrong, and the one that
 * ships. */
#include "core/embed/word_table.h"

#include "core/base/arena.h"
#include "core/base/crc.h"
#include "tests/check.h"
#include "tests/embed/tensors.h"

#include <math.h>

enum { DIMS = 8, GRAMS = 4, TINY_KEYS = 3 };

/* ---- a tiny table ----------------------------------------------------------------------- */

static uint64_t hash_of(const char *text)
{
	struct text_words words;
	struct word word;

	text_words_begin(&words, str_of(text));
	assert_true(text_words_next(&words, &word));
	return word.hash;
}

static uint32_t key_of(const char *text)
{
	struct text_words words;
	struct word word;

	text_words_begin(&words, str_of(text));
	assert_true(text_words_next(&words, &word));
	return word_key(&word);
}

static int by_key(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

struct tiny {
	uint32_t keys[TINY_KEYS];
	float rows[(TINY_KEYS + GRAMS) * DIMS];
};

static float *row_of(struct tiny *t, uint32_t key)
{
	for (size_t i = 0; i < TINY_KEYS; i++)
		if (t->keys[i] == key)
			return t->rows + i * DIMS;
	fail();
	return NULL;
}

/* "red" points along 0, "car" along 1, "red car" along 2; all pieces along 3. */
static struct tiny make_tiny(void)
{
	uint32_t pair = bigram_key(hash_of("red"), hash_of("car"));
	struct tiny t = { .keys = { key_of("red"), key_of("car"), pair } };

	qsort(t.keys, TINY_KEYS, sizeof(*t.keys), by_key);
	row_of(&t, key_of("red"))[0] = 3;
	row_of(&t, key_of("car"))[1] = 4;
	row_of(&t, pair)[2] = 12;
	for (size_t i = 0; i < GRAMS; i++)
		t.rows[(TINY_KEYS + i) * DIMS + 3] = 1;
	return t;
}

static void write_tiny(struct buf *out, const struct tiny *t, double threshold)
{
	const struct word_table_parts parts = { STR("tiny"), DIMS, TINY_KEYS, GRAMS, t->keys,
		t->rows, threshold };

	word_table_write(&parts, out);
}

static struct word_table *open_tiny(struct buf *bytes)
{
	struct tiny t = make_tiny();
	struct buf why = BUF(BUF_WHY_MAX);
	struct word_table *table = NULL;

	write_tiny(bytes, &t, 0.75);
	if (word_table_read(&table, buf_str(bytes), "tiny", &why))
		fail_msg("%s", why.ptr);
	return table;
}

static void check_vector(
	const struct word_table *t, const char *text, float a, float b, float c, float d)
{
	const float want[4] = { a, b, c, d };
	float got[DIMS];

	word_table_embed(t, str_of(text), got);
	for (size_t i = 0; i < DIMS; i++)
		if (fabsf(got[i] - (i < 4 ? want[i] : 0)) > 1e-6f)
			fail_msg("%s: [%zu] is %g", text, i, (double)got[i]);
}

static void vectors_are_sums_of_rows(void **state)
{
	struct buf bytes = BUF(BUF_TEXT_MAX);
	struct word_table *t = open_tiny(&bytes);
	float half = sqrtf(0.5f); /* <blue> has 4 + 3 + 2 pieces: 9 over the root of 9 is 3 */

	(void)state;
	check_vector(t, "Red", 1, 0, 0, 0);
	check_vector(t, "red red", 1, 0, 0, 0);
	check_vector(t, "car, red!", 0.6f, 0.8f, 0, 0);
	check_vector(t, "red car", 3 / 13.0f, 4 / 13.0f, 12 / 13.0f, 0); /* 3, 4, 12: 13 long */
	check_vector(t, "blue", 0, 0, 0, 1);
	check_vector(t, "red blue", half, 0, 0, half);
	check_vector(t, "", 0, 0, 0, 0);
	check_vector(t, "... \xFF\xFE", 0, 0, 0, 0);
	word_table_close(&t);
	buf_release(&bytes);
}

static void a_file_says_what_it_is(void **state)
{
	struct buf bytes = BUF(BUF_TEXT_MAX), again = BUF(BUF_TEXT_MAX);
	struct word_table *t = open_tiny(&bytes);
	struct tiny other = make_tiny();

	(void)state;
	assert_true(str_starts(word_table_info(t)->id, "tiny-8:"));
	assert_int_equal(word_table_info(t)->dims, DIMS);
	assert_int_equal(word_table_info(t)->known, TINY_KEYS);
	assert_int_equal(word_table_info(t)->grams, GRAMS);
	assert_float_equal(word_table_info(t)->threshold, 0.75, 1e-9);
	write_tiny(&again, &other, 0.75);
	assert_true(str_eq(buf_str(&bytes), buf_str(&again)));
	other.rows[5] += 1; /* other numbers, another id */
	buf_clear(&again);
	write_tiny(&again, &other, (double)NAN);
	assert_false(str_find(buf_str(&again), word_table_info(t)->id) < again.len);
	word_table_close(&t);
	check_ok(word_table_read(&t, buf_str(&again), "tiny", NULL));
	assert_true(isnan(word_table_info(t)->threshold));
	word_table_close(&t);
	buf_release(&bytes);
	buf_release(&again);
}

/* ---- files that are wrong --------------------------------------------------------------- */

static const char good_meta[] = "\"format\":\"weir-table\",\"hash\":\"1\",\"id\":\"x-8:0\"";

/* What a case changes in a file that is fine. */
struct hostile {
	const char *meta;
	const char *keys_type, *rows_type, *rows_shape, *left_out;
	uint32_t second_key;
	float scale;
	bool crooked; /* the numbers begin at an odd place */
	enum err err;
	const char *why;
};

static void add_tensor(struct tensor_file *f, const struct hostile *h, const char *name,
	const char *type, const char *shape, const void *bytes, size_t len)
{
	if (!h->left_out || strcmp(h->left_out, name) != 0)
		tensor_file_add(f, name, type, shape, bytes, len);
}

static void write_hostile(const struct hostile *h, struct buf *out)
{
	const char *meta = h->meta ? h->meta : good_meta;
	const uint32_t keys[2] = { 10, h->second_key ? h->second_key : 20 };
	const float scales[2] = { 1, h->scale };
	const char rows[2 * DIMS] = { 1 }, one = 0;
	struct tensor_file f = TENSOR_FILE;

	buf_addf(&f.header, "\"__metadata__\":{%s}", meta);
	if (h->crooked)
		tensor_file_add(&f, "a", "I8", "[1]", &one, 1);
	add_tensor(&f, h, "keys", h->keys_type ? h->keys_type : "U32", "[2]", keys, sizeof(keys));
	add_tensor(&f, h, "known.scale", "F32", "[2]", scales, sizeof(scales));
	add_tensor(&f, h, "gram.scale", "F32", "[2]", scales, sizeof(scales));
	add_tensor(&f, h, "known.rows", h->rows_type ? h->rows_type : "I8",
		h->rows_shape ? h->rows_shape : "[2,8]", rows, sizeof(rows));
	add_tensor(&f, h, "gram.rows", "I8", "[2,8]", rows, sizeof(rows));
	tensor_file_end(&f, out);
}

static void wrong_files_are_refused_with_a_reason(void **state)
{
	static const struct hostile cases[] = {
		{ .scale = 1, .err = ERR_OK },
		{ .meta = "\"a\":\"b\"",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: it is no table of Weir's: its metadata do not say so" },
		{ .meta = "\"format\":\"weir-table\",\"id\":\"x\"",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: its metadata do not say how its words were hashed" },
		{ .meta = "\"format\":\"weir-table\",\"hash\":\"2\",\"id\":\"x\"",
			.scale = 1,
			.err = ERR_NEWER,
			.why = "f: it was made by a newer version of Weir: update, or train anew" },
		{ .meta = "\"format\":\"weir-table\",\"hash\":\"1\"",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: its metadata have no id, or one too long" },
		{ .meta = "\"format\":\"weir-table\",\"hash\":\"1\",\"id\":\"x\",\"threshold\":"
			  "\"2\"",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: its threshold is no cosine" },
		{ .meta = "\"format\":\"weir-table\",\"hash\":\"1\",\"id\":\"x\",\"threshold\":"
			  "\"nan\"",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: its threshold is no cosine" },
		{ .left_out = "gram.rows",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: it has no tensor \"gram.rows\": it is no table of Weir's" },
		{ .left_out = "keys",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: it has no tensor \"keys\": it is no table of Weir's" },
		{ .keys_type = "F32",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: tensor keys: it has another type or shape than a table's" },
		{ .rows_type = "U8",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: tensor known.rows: it has another type or shape than a "
			       "table's" },
		{ .rows_shape = "[16]",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: its vectors do not have 8 to 256 dimensions, a multiple of 8" },
		{ .rows_shape = "[1,16]",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: tensor known.rows: it has another type or shape than a "
			       "table's" },
		{ .rows_shape = "[4,4]",
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: its vectors do not have 8 to 256 dimensions, a multiple of 8" },
		{ .second_key = 10,
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: tensor keys: the keys do not rise" },
		{ .second_key = 3,
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: tensor keys: the keys do not rise" },
		{ .scale = -1,
			.err = ERR_CORRUPT,
			.why = "f: tensor known.scale: a scale is no number from 0 to 1000000" },
		{ .scale = NAN,
			.err = ERR_CORRUPT,
			.why = "f: tensor known.scale: a scale is no number from 0 to 1000000" },
		{ .scale = INFINITY,
			.err = ERR_CORRUPT,
			.why = "f: tensor known.scale: a scale is no number from 0 to 1000000" },
		{ .crooked = true,
			.scale = 1,
			.err = ERR_CORRUPT,
			.why = "f: tensor keys: its numbers are not aligned" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf bytes = BUF(BUF_TEXT_MAX), why = BUF(BUF_WHY_MAX);
		struct word_table *t = NULL;

		write_hostile(&cases[i], &bytes);
		check_err(word_table_read(&t, buf_str(&bytes), "f", &why), cases[i].err);
		check_buf(&why, cases[i].why ? cases[i].why : "");
		assert_true((t != NULL) == !cases[i].err);
		word_table_close(&t);
		buf_release(&bytes);
		buf_release(&why);
	}
}

static void a_file_that_is_cut_off_is_refused(void **state)
{
	struct buf bytes = BUF(BUF_TEXT_MAX);
	struct word_table *t = open_tiny(&bytes);

	(void)state;
	word_table_close(&t);
	for (size_t len = 0; len < bytes.len; len++) {
		check_err(word_table_read(&t, str_part(buf_str(&bytes), 0, len), "f", NULL),
			ERR_CORRUPT);
		assert_null(t);
	}
	buf_release(&bytes);
}

/* ---- the one that ships ----------------------------------------------------------------- */

static struct word_table *open_shipped(void)
{
	struct arena arena = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	struct word_table *t = NULL;

	if (word_table_open(&t,
		    arena_format(&arena, "%s/embedder/weir.safetensors", getenv("WEIR_DATA")).ptr,
		    &why))
		fail_msg("%s", why.ptr);
	arena_release(&arena);
	return t;
}

static float cosine(const struct word_table *t, const char *x, const char *y)
{
	float a[WORD_TABLE_DIMS_MAX], b[WORD_TABLE_DIMS_MAX], sum = 0;

	word_table_embed(t, str_of(x), a);
	word_table_embed(t, str_of(y), b);
	for (int i = 0; i < word_table_info(t)->dims; i++)
		sum += a[i] * b[i];
	return sum;
}

/* Written for this test; none of them was trained on. */
static void paraphrases_are_nearer_than_strangers(void **state)
{
	static const char *const cases[][3] = {
		{ "how do i put my stolen bank card on ice",
			"please block my debit card, somebody stole it",
			"which bread goes well with onion soup" },
		{ "is hail damage to the roof part of my home insurance",
			"does my house policy pay for a roof ruined by hail",
			"the printer in the office is out of toner again" },
		{ "wake me at half past six tomorrow", "set an alarm for 6:30 in the morning",
			"transfer forty dollars to my savings" },
		{ "my parcel has still not turned up", "where is the package i ordered",
			"teach me a few words of portuguese" },
		{ "what's the weather going to be like in Oslo on Friday",
			"will it rain in Oslo this friday",
			"I'd like to close my account for good" },
		{ "A boy kicks a ball across the grass.", "A child is playing football on a lawn.",
			"The senate votes on the budget next week." },
		{ "the app freezes when i try to log in", "I cannot sign in, the application hangs",
			"how many calories does a banana have" },
		/* Not English: its pieces carry it. */
		{ "wie kann ich meine Kreditkarte sperren", "Kreditkarten sperren lassen",
			"das Wetter in den Bergen bleibt sonnig" },
		{ "\xD0\xB3\xD0\xB4\xD0\xB5 \xD0\xBC\xD0\xBE\xD1\x8F "
		  "\xD0\xBA\xD0\xB0\xD1\x80\xD1\x82\xD0\xB0",
			"\xD0\xB3\xD0\xB4\xD0\xB5 \xD0\xBC\xD0\xBE\xD0\xB8 "
			"\xD0\xBA\xD0\xB0\xD1\x80\xD1\x82\xD1\x8B",
			"\xD0\xB7\xD0\xB0\xD0\xB2\xD1\x82\xD1\x80\xD0\xB0 "
			"\xD0\xB1\xD1\x83\xD0\xB4\xD0\xB5\xD1\x82 "
			"\xD1\x81\xD0\xBD\xD0\xB5\xD0\xB3" },
	};
	struct word_table *t = open_shipped();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		float near = cosine(t, cases[i][0], cases[i][1]);
		float far = cosine(t, cases[i][0], cases[i][2]);

		if (!(near > far + 0.1f))
			fail_msg("%s: %.3f and %.3f", cases[i][0], (double)near, (double)far);
	}
	assert_float_equal(cosine(t, "Freeze my card!", "freeze my card"), 1, 1e-5);
	word_table_close(&t);
}

/* The id is that of the numbers in the file: nobody changed one without the other. */
static void the_shipped_file_is_what_its_id_says(void **state)
{
	struct word_table *t = open_shipped();
	const struct word_table_info *info = word_table_info(t);
	struct arena arena = ARENA;
	FILE *file =
		fopen(arena_format(&arena, "%s/embedder/weir.safetensors", getenv("WEIR_DATA")).ptr,
			"rb");
	char *bytes = memory_new(1 << 23);
	size_t len, header = 8;
	struct str id;

	(void)state;
	assert_non_null(file);
	len = fread(bytes, 1, 1 << 23, file);
	fclose(file);
	assert_in_range(len, 1000000, 4000000); /* 4 MB at most were promised */
	for (int i = 0; i < 8; i++)
		header += (size_t)(unsigned char)bytes[i] << 8 * i;
	id = arena_format(&arena, "weir-%d:%08x", info->dims,
		(unsigned)crc32_more(0, bytes + header, len - header));
	check_str(info->id, id.ptr);
	assert_in_range(info->dims, 64, 128);
	assert_true(info->threshold > 0.5 && info->threshold < 1);
	word_table_close(&t);
	memory_free(bytes);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_sums_of_rows),
		cmocka_unit_test(a_file_says_what_it_is),
		cmocka_unit_test(wrong_files_are_refused_with_a_reason),
		cmocka_unit_test(a_file_that_is_cut_off_is_refused),
		cmocka_unit_test(paraphrases_are_nearer_than_strangers),
		cmocka_unit_test(the_shipped_file_is_what_its_id_says),
	};

	return cmocka_run_group_tests_name("word_table", tests, NULL, NULL);
}
