/* SPDX-License-Identifier: GPL-3.0-or-later
 * BERT's tokenizer against ids that Hugging Face's gave (golden.js made them), and its files. */
#include "core/base/json_write.h"
#include "core/base/utf8.h"
#include "tests/embed/golden.h"

/* ---- a tokenizer.json of a vocabulary --------------------------------------------------- */

struct added {
	const char *text;
	bool normalized;
};

/* The rows of golden.js. strip: -1 is null. */
struct variant {
	const char *name;
	bool clean, chinese, lower;
	int strip;
	struct added added[8];
};

static const struct variant variants[] = {
	{ "uncased", true, true, true, -1, { { NULL, false } } },
	{ "cased", true, true, false, -1, { { NULL, false } } },
	{ "accents", true, true, true, 0, { { NULL, false } } },
	{ "stripped", true, true, false, 1, { { NULL, false } } },
	{ "raw", false, false, false, 0, { { NULL, false } } },
	{ "added", true, true, true, -1,
		{ { "Foo", true }, { "漢字", true }, { "e i", true }, { "[CLS][SEP]", false },
			{ "\u200b", false }, { "[MASK", false }, { "é", true } } },
};

static struct mapped read_source(const char *name)
{
	struct buf path = BUF(BUF_LINE_MAX);
	struct mapped file;

	buf_addf(&path, "%s/tests/embed/%s", getenv("top_srcdir"), name);
	file = golden_file(path.ptr);
	buf_release(&path);
	return file;
}

static void put_added(struct json_writer *w, struct str text, size_t id, bool normalized)
{
	json_open(w, '{');
	json_key(w, "id");
	json_put_int(w, (int64_t)id);
	json_key(w, "content");
	json_put_str(w, text);
	json_key(w, "normalized");
	json_put_bool(w, normalized);
	json_close(w, '}');
}

static void put_normalizer(struct json_writer *w, const struct variant *v)
{
	json_key(w, "normalizer");
	json_open(w, '{');
	json_key(w, "type");
	json_put_text(w, "BertNormalizer");
	json_key(w, "clean_text");
	json_put_bool(w, v->clean);
	json_key(w, "handle_chinese_chars");
	json_put_bool(w, v->chinese);
	json_key(w, "lowercase");
	json_put_bool(w, v->lower);
	json_key(w, "strip_accents");
	if (v->strip < 0)
		json_put_null(w);
	else
		json_put_bool(w, v->strip > 0);
	json_close(w, '}');
}

static const char frame[] =
	"\"pre_tokenizer\": {\"type\": \"BertPreTokenizer\"}, \"post_processor\": {\"type\": "
	"\"BertProcessing\", \"cls\": [\"[CLS]\", 2], \"sep\": [\"[SEP]\", 3]}, ";

static void write_tokenizer(struct buf *out, const struct variant *v, struct str vocabulary)
{
	struct json_writer w = { .out = out };
	struct str line, rest = vocabulary;
	size_t id = 0;

	json_open(&w, '{');
	put_normalizer(&w, v);
	buf_addf(out, ", %s", frame);
	buf_add_text(out, "\"model\": {\"type\": \"WordPiece\", \"vocab\": ");
	w.comma = false;
	json_open(&w, '{');
	for (; rest.len && str_cut(&rest, '\n', &line); id++) {
		json_key_str(&w, line);
		json_put_int(&w, (int64_t)id);
	}
	json_close(&w, '}');
	buf_add_text(out, "}, \"added_tokens\": ");
	w.comma = false;
	json_open(&w, '[');
	for (size_t i = 0; i < 5 && str_cut(&vocabulary, '\n', &line); i++)
		put_added(&w, line, i, false);
	for (size_t i = 0; v->added[i].text; i++)
		put_added(&w, str_of(v->added[i].text), id + i, v->added[i].normalized);
	json_close(&w, ']');
	json_close(&w, '}');
}

static struct wordpiece *open_files(const struct wordpiece_files *files)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct wordpiece *w;

	if (wordpiece_read(&w, files, &why))
		fail_msg("%s", why.ptr);
	buf_release(&why);
	return w;
}

static struct wordpiece *open_variant(const struct variant *v, struct str vocabulary)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	struct wordpiece *w;

	write_tokenizer(&text, v, vocabulary);
	w = open_files(&(struct wordpiece_files){ .tokenizer = buf_str(&text) });
	buf_release(&text);
	return w;
}

/* ---- golden ids ------------------------------------------------------------------------- */

static void ids_are_those_of_the_original(void **state)
{
	struct mapped rows = read_source("wordpiece.jsonl");
	struct mapped vocabulary = read_source("wordpiece.vocab");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(variants); i++) {
		struct wordpiece *w = open_variant(&variants[i], vocabulary.bytes);

		assert_true(golden_check(w, rows.bytes, variants[i].name) >= 60);
		wordpiece_close(&w);
	}
	mapped_close(&rows);
	mapped_close(&vocabulary);
}

static void a_vocabulary_alone_with_its_configuration_gives_the_same(void **state)
{
	static const struct {
		const char *rules, *config;
	} cases[] = {
		{ "uncased", NULL },
		{ "uncased", "{\"do_lower_case\": true, \"unk_token\": {\"content\": \"[UNK]\"}}" },
		{ "cased", "{\"do_lower_case\": false, \"strip_accents\": null}" },
		{ "accents", "{\"strip_accents\": false}" },
		{ "stripped", "{\"do_lower_case\": false, \"strip_accents\": true}" },
	};
	struct mapped rows = read_source("wordpiece.jsonl");
	struct mapped vocabulary = read_source("wordpiece.vocab");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct wordpiece *w = open_files(&(struct wordpiece_files){
			.vocabulary = vocabulary.bytes, .config = str_of(cases[i].config) });

		assert_true(golden_check(w, rows.bytes, cases[i].rules) >= 60);
		wordpiece_close(&w);
	}
	mapped_close(&rows);
	mapped_close(&vocabulary);
}

/* FNV-1a over the ids of "a?b ?": each code point inside a word and alone. Which are dropped,
 * which stand apart and which part a word is in here, whatever Unicode the library knows. */
static uint32_t sweep(const struct wordpiece *w)
{
	uint32_t hash = UINT32_C(2166136261);

	for (uint32_t code = 0; code < 0x110000; code += code < 0x20000 ? 1 : 61) {
		char text[2 * UTF8_MAX + 3] = "a", c[UTF8_MAX];
		size_t len = utf8_write(c, code);
		int32_t ids[16];
		size_t count;

		if (code >= 0xD800 && code < 0xE000)
			continue;
		memcpy(text + 1, c, len);
		memcpy(text + 1 + len, "b ", 2);
		memcpy(text + 3 + len, c, len);
		count = wordpiece_encode(
			w, (struct str){ text, 3 + 2 * len }, true, ids, ARRAY_LEN(ids));
		for (size_t i = 0; i < count; i++)
			hash = (hash ^ (uint32_t)ids[i]) * UINT32_C(16777619);
	}
	return hash;
}

static void every_code_point_is_taken_as_the_original_takes_it(void **state)
{
	struct mapped vocabulary = read_source("wordpiece.vocab");
	struct wordpiece *uncased = open_variant(&variants[0], vocabulary.bytes);
	struct wordpiece *raw = open_variant(&variants[4], vocabulary.bytes);

	(void)state;
	assert_int_equal(sweep(uncased), 0xf6e3039a);
	assert_int_equal(sweep(raw), 0xf91614de);
	wordpiece_close(&uncased);
	wordpiece_close(&raw);
	mapped_close(&vocabulary);
}

/* ---- by hand ---------------------------------------------------------------------------- */

static const char hand_vocabulary[] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nwant\n##want\n##"
				      "ed\nwa\nun\nrunn\n##ing\n,\nlow\r\nlow\n\n中\n";

static void words_come_apart_into_the_longest_pieces(void **state)
{
	static const struct {
		struct str text;
		const char *ids;
	} cases[] = {
		{ STR("UNwant\u00E9d,running"), "2 8 5 6 11 9 10 3" },
		{ STR("unwanted running"), "2 8 5 6 9 10 3" },
		{ STR("unwantedX"), "2 1 3" }, /* nothing left for the x */
		{ STR("wanted"), "2 4 6 3" },  /* not "wa" */
		{ STR("low"), "2 13 3" },      /* the later line of two */
		{ STR("un\xFFwant\xC0\x80"
		      "ed \xED\xA0\x80"),
			"2 8 5 6 3" }, /* ill-formed */
		{ STR("un\0want\x07"
		      "ed"),
			"2 8 5 6 3" },
		{ STR("low中low"), "2 13 15 13 3" },
		{ STR("low[SEP]low[sep]"), "2 13 3 13 1 1 1 3" },
		{ STR("\t \xC2\xA0\n"), "2 3" },
		{ STR(""), "2 3" },
	};
	struct wordpiece *w =
		open_files(&(struct wordpiece_files){ .vocabulary = str_of(hand_vocabulary) });

	(void)state;
	assert_int_equal(wordpiece_info(w)->rows, 16);
	assert_int_equal(wordpiece_find(w, STR("##ing")), 10);
	assert_int_equal(wordpiece_find(w, STR("##in")), -1);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf got = BUF(BUF_LINE_MAX);
		int32_t ids[32];
		size_t count = wordpiece_encode(w, cases[i].text, true, ids, ARRAY_LEN(ids));

		for (size_t k = 0; k < count; k++)
			buf_addf(&got, k ? " %d" : "%d", (int)ids[k]);
		check_buf(&got, cases[i].ids);
		buf_release(&got);
	}
	wordpiece_close(&w);
}

static void a_long_text_is_cut_inside_its_frame(void **state)
{
	struct wordpiece *w =
		open_files(&(struct wordpiece_files){ .vocabulary = str_of(hand_vocabulary) });
	const struct str text = STR("unwanted low, unwantedX low running");
	int32_t whole[32], part[32];
	size_t count = wordpiece_encode(w, text, true, whole, ARRAY_LEN(whole));

	(void)state;
	for (size_t max = 2; max <= count + 1; max++) {
		size_t got = wordpiece_encode(w, text, true, part, max);
		size_t want = max < count ? max : count;

		assert_int_equal(got, want);
		assert_memory_equal(part, whole, (want - 1) * sizeof(*part));
		assert_int_equal(part[want - 1], 3);
	}
	for (size_t max = 0; max < count - 2; max++) {
		assert_int_equal(wordpiece_encode(w, text, false, part, max), max);
		assert_memory_equal(part, whole + 1, max * sizeof(*part));
	}
	wordpiece_close(&w);
}

static void a_text_of_any_length_ends(void **state)
{
	static const char *const units[] = { "[", "x", "un", "low ", "\xCC\x81", "中", "\xFF",
		"[SEP" };
	struct wordpiece *w =
		open_files(&(struct wordpiece_files){ .vocabulary = str_of(hand_vocabulary) });

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct buf text = BUF(BUF_TEXT_MAX);
		int32_t ids[256];

		while (text.len < 1 << 20)
			buf_add_text(&text, units[i]);
		assert_in_range(wordpiece_encode(w, buf_str(&text), true, ids, ARRAY_LEN(ids)), 2,
			ARRAY_LEN(ids));
		buf_release(&text);
	}
	wordpiece_close(&w);
}

/* ---- files that are refused ------------------------------------------------------------- */

#define MODEL "\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"[UNK]\": 0, \"a\": 1}}"
#define NORMALIZER "\"normalizer\": {\"type\": \"BertNormalizer\"}"
#define SPLITTER "\"pre_tokenizer\": {\"type\": \"BertPreTokenizer\"}"
#define WITH(more) "{" MODEL ", " NORMALIZER ", " SPLITTER ", " more "}"

static void what_is_not_spoken_is_refused_with_a_reason(void **state)
{
	static const struct {
		const char *tokenizer;
		enum err err;
		const char *say;
	} cases[] = {
		{ "", ERR_CORRUPT, "tokenizer.json: 1:1:" },
		{ "[]", ERR_CORRUPT, "expected an object" },
		{ "{\"model\": {\"type\": \"BPE\"}}", ERR_CONFIG, "its model is BPE" },
		{ "{\"model\": {\"merges\": [], \"vocab\": {}}}", ERR_CONFIG,
			"its model is not said" },
		{ "{}", ERR_CONFIG, "its model is not said" },
		{ "{" MODEL "}", ERR_CONFIG, "its normalizer is not said" },
		{ "{" MODEL ", \"normalizer\": {\"type\": \"NFKC\"}}", ERR_CONFIG,
			"its normalizer is NFKC" },
		{ "{" MODEL ", " NORMALIZER ", \"pre_tokenizer\": {\"type\": \"Metaspace\"}}",
			ERR_CONFIG, "its pre_tokenizer is Metaspace" },
		{ "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {}}, " NORMALIZER ", " SPLITTER
		  "}",
			ERR_CORRUPT, "model.vocab has 0 pieces" },
		{ "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}, " NORMALIZER
		  ", " SPLITTER "}",
			ERR_CORRUPT, "\"[UNK]\", is not in the vocabulary" },
		{ "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"[UNK]\": -1}}, " NORMALIZER
		  ", " SPLITTER "}",
			ERR_CORRUPT, "has the id -1" },
		{ "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"[UNK]\": "
		  "4294967296}}, " NORMALIZER ", " SPLITTER "}",
			ERR_CORRUPT, "has the id 4294967296" },
		{ "{\"model\": {\"type\": \"WordPiece\", \"max_input_chars_per_word\": 100000, "
		  "\"vocab\": {\"[UNK]\": 0}}, " NORMALIZER ", " SPLITTER "}",
			ERR_CONFIG, "max_input_chars_per_word is 100000" },
		{ "{\"model\": {\"type\": \"WordPiece\", \"continuing_subword_prefix\": "
		  "\"#################\", \"vocab\": {\"[UNK]\": 0}}, " NORMALIZER ", " SPLITTER
		  "}",
			ERR_CORRUPT, "longer than 16 bytes" },
		{ WITH("\"post_processor\": {\"type\": \"ByteLevel\"}"), ERR_CONFIG,
			"its post_processor is ByteLevel" },
		{ WITH("\"post_processor\": {\"type\": \"BertProcessing\"}"), ERR_CORRUPT,
			"whose id it does not give" },
		{ WITH("\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": []}"),
			ERR_CONFIG, "more around a text" },
		{ WITH("\"added_tokens\": [{\"content\": \"\", \"id\": 2}]"), ERR_CORRUPT,
			"added_tokens" },
		{ WITH("\"added_tokens\": [{\"content\": \"x\", \"id\": -2}]"), ERR_CORRUPT,
			"added_tokens" },
		{ WITH("\"added_tokens\": [{\"content\": \"x\", \"id\": 2, \"single_word\": "
		       "true}]"),
			ERR_CONFIG, "single_word" },
		{ WITH("\"truncation\": {\"direction\": \"Left\"}"), ERR_CONFIG,
			"truncation.direction" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct wordpiece_files files = { .folder = "models/x" };
		struct buf why = BUF(BUF_WHY_MAX);
		struct wordpiece *w;

		files.tokenizer = str_of(cases[i].tokenizer);
		check_err(wordpiece_read(&w, &files, &why), cases[i].err);
		assert_null(w);
		if (str_find(buf_str(&why), str_of(cases[i].say)) == why.len ||
			!str_starts(buf_str(&why), "models/x/tokenizer.json: "))
			fail_msg("\"%s\" has no \"%s\"", why.ptr, cases[i].say);
		buf_release(&why);
	}
}

static void what_the_files_say_is_told(void **state)
{
	static const char text[] =
		WITH("\"truncation\": {\"max_length\": 128}, \"added_tokens\": "
		     "[{\"content\": \"x\", \"id\": 7}], \"post_processor\": {\"type\": "
		     "\"TemplateProcessing\", \"single\": [{\"Sequence\": {\"id\": \"A\"}}, "
		     "{\"SpecialToken\": {\"id\": \"e\"}}], \"special_tokens\": {\"e\": {\"ids\": "
		     "[9]}}}");
	struct wordpiece *w = open_files(&(struct wordpiece_files){ .tokenizer = str_of(text) });
	const struct wordpiece_info *info = wordpiece_info(w);

	(void)state;
	assert_int_equal(info->rows, 10);
	assert_int_equal(info->limit, 128);
	assert_int_equal(info->first, -1);
	assert_int_equal(info->last, 9);
	assert_int_equal(info->unknown, 0);
	wordpiece_close(&w);
}

static void a_folder_without_either_file_says_so(void **state)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct wordpiece *w;

	(void)state;
	check_err(wordpiece_open(&w, "/nonexistent", &why), ERR_NOT_FOUND);
	assert_null(w);
	check_buf(&why, "/nonexistent/tokenizer.json: it is not there, and no vocab.txt either: a "
			"model needs one of them");
	buf_release(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_those_of_the_original),
		cmocka_unit_test(a_vocabulary_alone_with_its_configuration_gives_the_same),
		cmocka_unit_test(every_code_point_is_taken_as_the_original_takes_it),
		cmocka_unit_test(words_come_apart_into_the_longest_pieces),
		cmocka_unit_test(a_long_text_is_cut_inside_its_frame),
		cmocka_unit_test(a_text_of_any_length_ends),
		cmocka_unit_test(what_is_not_spoken_is_refused_with_a_reason),
		cmocka_unit_test(what_the_files_say_is_told),
		cmocka_unit_test(a_folder_without_either_file_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
