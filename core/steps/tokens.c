/* SPDX-License-Identifier: GPL-3.0-or-later
 * The token estimate. */
#include "core/steps/tokens.h"

#include "core/base/utf8.h"

enum { BYTES_A_TOKEN = 4, FRAME_TOKENS = 4, WIDE_FROM = 0x2E80 };

int64_t tokens_estimate(struct str text)
{
	int64_t narrow = 0, wide = 0, words = 0, fourths;
	bool in_word = false;

	while (text.len) {
		uint32_t code;
		size_t used = utf8_read(text, &code);
		bool blank = code == ' ' || code == '\n' || code == '\t';

		if (code >= WIDE_FROM)
			wide++;
		else
			narrow += (int64_t)used;
		words += !blank && !in_word;
		in_word = !blank;
		text = str_part(text, used, text.len);
	}
	fourths = (narrow + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN;
	return wide + (fourths > words ? fourths : words);
}

int64_t tokens_estimate_messages(const struct message *messages, size_t count)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += tokens_estimate(messages[i].text) + FRAME_TOKENS;
	return sum;
}
