/* SPDX-License-Identifier: GPL-3.0-or-later
 * A secret in a stream: hidden however it is cut, and nothing else is. */
#include "core/base/mask.h"
#include "tests/check.h"

#define KEY "key-0123456789-abcdefghij" /* 25 bytes */
#define STARS "*************************"

static const struct {
	const char *secret, *text, *masked;
} cases[] = {
	{ KEY, "", "" },
	{ KEY, "nothing to hide, kkk key key-", "nothing to hide, kkk key key-" },
	{ KEY, "it is " KEY ".", "it is " STARS "." },
	{ KEY, KEY KEY, STARS STARS },
	{ KEY, "key-" KEY "!", "key-" STARS "!" },
	{ KEY, "kkey-0" KEY, "kkey-0" STARS },
	{ KEY, "its front key-0123456789-a and on", "its front **************** and on" },
	{ KEY, "its front key-0123456789- and on", "its front key-0123456789- and on" },
	{ KEY, "cut off: key-0123456789-abcdefghi", "cut off: ************************" },
	{ KEY, "cut off: key-0123", "cut off: key-0123" },
	{ "ab", "aabab ba a", "a**** ba a" },
	{ "********", "all ******** here", "all ******** here" },
	{ "", "no secret: " KEY, "no secret: " KEY },
	{ NULL, "no secret", "no secret" },
};

static void check_in_steps(size_t i, size_t first, size_t step)
{
	struct str text = str_of(cases[i].text);
	struct buf out = BUF(BUF_LINE_MAX);
	struct mask m;

	mask_begin(&m, cases[i].secret);
	mask_feed(&m, str_part(text, 0, first), &out);
	for (size_t at = first; at < text.len; at += step)
		mask_feed(&m, str_part(text, at, step), &out);
	mask_end(&m, &out);
	check_buf(&out, cases[i].masked);
	buf_release(&out);
}

static void a_secret_is_hidden_however_it_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t first = 0; first <= strlen(cases[i].text); first++)
			for (size_t step = 1; step < 30; step += 7)
				check_in_steps(i, first, step);
}

static void a_whole_text_is_masked_in_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf text = BUF(BUF_LINE_MAX);

		buf_add_text(&text, cases[i].text);
		mask_text(&text, cases[i].secret);
		check_buf(&text, cases[i].masked);
		buf_release(&text);
	}
}

/* Ordinary text must not wait for the secret to be ruled out. */
static void what_cannot_be_the_secret_passes_at_once(void **state)
{
	struct buf out = BUF(BUF_LINE_MAX);
	struct mask m;

	(void)state;
	mask_begin(&m, KEY);
	mask_feed(&m, STR("hello k"), &out);
	check_buf(&out, "hello ");
	mask_feed(&m, STR("ing"), &out);
	check_buf(&out, "hello king");
	mask_end(&m, &out);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_is_hidden_however_it_is_cut),
		cmocka_unit_test(a_whole_text_is_masked_in_its_place),
		cmocka_unit_test(what_cannot_be_the_secret_passes_at_once),
	};

	return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}
