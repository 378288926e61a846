/* SPDX-License-Identifier: GPL-3.0-or-later
 * A model of one's own against any number of texts: WEIR_MINILM names its folder, WEIR_WORDPIECE
 * the file that golden.js made for it. */
#include "tests/embed/golden.h"

static void its_ids_are_those_of_the_original(void **state)
{
	struct mapped rows = golden_file(getenv("WEIR_WORDPIECE"));
	struct buf why = BUF(BUF_WHY_MAX);
	struct wordpiece *w;

	(void)state;
	if (wordpiece_open(&w, getenv("WEIR_MINILM"), &why))
		fail_msg("%s", why.ptr);
	print_message("# %zu texts\n", golden_check(w, rows.bytes, "model"));
	wordpiece_close(&w);
	mapped_close(&rows);
	buf_release(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_ids_are_those_of_the_original),
	};

	if (getenv("WEIR_MINILM") && getenv("WEIR_WORDPIECE"))
		return cmocka_run_group_tests(tests, NULL, NULL);
	puts("1..0 # SKIP WEIR_MINILM and WEIR_WORDPIECE name no model and no texts");
	return 0;
}
