/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a tokenizer.json, as a vocabulary and as a text: ids inside the bounds, the same
 * ones each time, and a cut text's are the beginning of the whole one's. */
#include "core/embed/wordpiece.h"
#include "core/base/utf8.h"
#include "tests/fuzz/mutate.h"

enum { IDS_MAX = 300 };

static const char sample[] =
	"The Ｃafé's [SEP] İstanbul 漢字 unaffable\tb[MASK]b \xFF\xED\xA0\x80 x\u0301";

static void check_text(const struct wordpiece *w, struct str text)
{
	const struct wordpiece_info *info = wordpiece_info(w);
	int32_t whole[IDS_MAX], part[IDS_MAX];
	size_t count = wordpiece_encode(w, text, false, whole, IDS_MAX);

	assert_true(count <= IDS_MAX);
	for (size_t i = 0; i < count; i++)
		assert_true(whole[i] >= 0 && (size_t)whole[i] < info->rows);
	for (size_t max = 0; max < 4; max++) {
		size_t got = wordpiece_encode(w, text, false, part, max);

		assert_int_equal(got, max < count ? max : count);
		assert_memory_equal(part, whole, got * sizeof(*part));
	}
	count = wordpiece_encode(w, text, true, part, 2);
	assert_true(count <= 2);
	if (info->first >= 0)
		assert_int_equal(part[0], info->first);
	if (info->last >= 0)
		assert_int_equal(part[count - 1], info->last);
}

static void check_files(struct wordpiece_files files, struct str text)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct wordpiece *w;

	if (wordpiece_read(&w, &files, &why) == ERR_OK) {
		check_text(w, text);
		check_text(w, str_of(sample));
		wordpiece_close(&w);
	} else {
		assert_true(why.len > 0);
		assert_null(w);
	}
	buf_release(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char small[] = "[UNK]\n[CLS]\n[SEP]\na\n##a\nthe\nun\n##aff\n##able\n漢";
	struct str input = { (const char *)data, size };

	check_files((struct wordpiece_files){ .tokenizer = input }, input);
	check_files((struct wordpiece_files){ .vocabulary = input }, input);
	check_files(
		(struct wordpiece_files){ .vocabulary = str_of(small), .config = input }, input);
	check_files((struct wordpiece_files){ .vocabulary = str_of(small) }, input);
	return 0;
}

#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
static const char *const seeds[] = {
	"{\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":"
	"\"##\",\"max_input_chars_per_word\":100,\"vocab\":{\"[UNK]\":0,\"[CLS]\":1,\"[SEP]\":2,"
	"\"the\":3,\"un\":4,\"##aff\":5,\"##able\":6,\"c\":7,\"##afe\":8,\"\\u6f22\":9}},"
	"\"normalizer\":{\"type\":\"BertNormalizer\",\"lowercase\":true,\"strip_accents\":null,"
	"\"clean_text\":true,\"handle_chinese_chars\":true},\"pre_tokenizer\":{\"type\":"
	"\"BertPreTokenizer\"},\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":["
	"{\"SpecialToken\":{\"id\":\"[CLS]\"}},{\"Sequence\":{\"id\":\"A\"}},{\"SpecialToken\":"
	"{\"id\":\"[SEP]\"}}],\"special_tokens\":{\"[CLS]\":{\"ids\":[1]},\"[SEP]\":{\"ids\":[2]}}"
	"},\"added_tokens\":[{\"id\":2,\"content\":\"[SEP]\",\"normalized\":false},{\"id\":10,"
	"\"content\":\"Istan\",\"normalized\":true}],\"truncation\":{\"max_length\":128}}",
	"{\"model\":{\"vocab\":{\"[UNK]\":0,\"a\":1}},\"normalizer\":{\"type\":\"BertNormalizer\","
	"\"lowercase\":false,\"strip_accents\":true,\"clean_text\":false},\"pre_tokenizer\":"
	"{\"type\":\"BertPreTokenizer\"},\"post_processor\":{\"type\":\"BertProcessing\",\"cls\":"
	"[\"a\",1],\"sep\":[\"b\",40]}}",
	("{\"do_lower_case\":false,\"strip_accents\":true,\"tokenize_chinese_chars\":false,"
	"\"unk_token\":{\"content\":\"the\"},\"cls_token\":\"a\"}"),
	"[UNK]\n[CLS]\n[SEP]\n\n##\n##a\na\nthe\r\n漢\n\xFF\n[MASK]\n##\u0301\n",
	"the unaffable [CLS] 漢aaaa \u1E9B\u0323 \u0130 \xE2\x80\x8B \uAC00",
};

FUZZ_MAIN(seeds, 6000, "no_bytes_break_the_tokenizer")
#endif
