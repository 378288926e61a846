/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a configuration: settings or sentences, no control character in either, and a
 * model map or sentences after that. */
#include "core/base/utf8.h"
#include "tests/conf/fixture.h"
#include "tests/fuzz/mutate.h"

static void check_why(const struct buf *why)
{
	assert_true(why->len > 0);
	for (size_t i = 0; i < why->len; i++) {
		unsigned char c = (unsigned char)why->ptr[i];

		assert_true(c == '\n' || (c >= 0x20 && c != 0x7F));
	}
	assert_true(utf8_is_valid(buf_str(why)));
}

static void check_settings(const struct config *c)
{
	struct buf out = BUF(BUF_TEXT_MAX);

	for (size_t i = 0; i < c->count; i++) {
		const struct setting *s = &c->settings[i];
		struct buf path = BUF(BUF_LINE_MAX);

		buf_add_str(&path, s->path);
		assert_ptr_equal(config_find(c, path.ptr), s);
		assert_ptr_equal(option_find(s->path), s->option);
		if (i)
			assert_true(str_cmp(c->settings[i - 1].path, s->path) < 0);
		buf_release(&path);
	}
	config_show(c, STR_NONE, true, &out);
	config_show(c, STR_NONE, false, &out);
	assert_false(buf_is_full(&out));
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct config_sources sources = {
		.file = "config.json",
		.file_text = { (const char *)data, size },
	};
	struct buf why = BUF(BUF_WHY_MAX);
	struct model_map map;
	struct config c;

	if (config_open(&c, &sources, &why) == ERR_OK) {
		check_settings(&c);
		if (model_map_build(&map, &c, &why))
			check_why(&why);
		config_release(&c);
	} else {
		check_why(&why);
	}
	buf_release(&why);
	return 0;
}

#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
static const char *const seeds[] = {
	"{\"providers\": {\"p\": {\"wire\": \"openai\", \"base_url\": \"https://h/v1\", "
	"\"key_env\": "
	"\"P_KEY\", \"rpm\": 5, \"connect_ms\": 100}}, \"models\": {\"m\": {\"provider\": \"p\", "
	"\"id\": \"x\", \"tier\": 1, \"price\": [{\"from\": \"2026-01-01\", \"input\": \"0.14\", "
	"\"output\": 0.28}, {\"from\": \"2026-01-02\", \"hours\": \"01-04\"}], \"can\": "
	"[\"json\"], "
	"\"params\": {\"//\": 0, \"t\": [1, {\"a\": null}]}}}, \"tasks\": {\"faq\": {\"ladder\": "
	"[\"m\"], \"max_output\": 9}}}",
	"{\"// a\": [1], \"routing\": {\"thresholds\": [0.3, 0.7], \"task\": \"faq\"}, \"sim\": "
	"{\"seed\": 7, \"speed\": \"fast\"}}",
	"{\"models\": {\"a.b\": {\"price\": {\"input\": 1}}, \"a\": {\"b\": 1}}, \"simulation\": "
	"{\"ladder\": [\"a.b\", \"\\u001b\"]}}",
	"{\"models\": {\"m\": {\"price\": [], \"price\": [{}, [], 1]}}, \"modles\": {}, \"tasks\": "
	"{\"fax\": {}}, \"providers\": {\"p\": {\"api_key\": \"x\"}}}",
};

FUZZ_MAIN(seeds, 15000, "no_bytes_break_the_configuration")
#endif
