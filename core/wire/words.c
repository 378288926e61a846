/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words made plain: small letters, single blanks. */
#include "core/wire/words.h"

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

void words_flatten(struct buf *out, struct str text)
{
	size_t len = text.len < WORDS_READ_MAX ? text.len : WORDS_READ_MAX;
	bool gap = false;

	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text.ptr[i] <= ' ') {
			gap = out->len > 0;
			continue;
		}
		if (gap)
			buf_add_char(out, ' ');
		gap = false;
		buf_add_char(out, small(text.ptr[i]));
	}
}
