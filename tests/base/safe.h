/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a text must be to go to a terminal, judged without the code that cleans it: bytes are
 * decoded by arithmetic, and what is forbidden is listed once more.
 */
#ifndef WEIR_TESTS_BASE_SAFE_H
#define WEIR_TESTS_BASE_SAFE_H

#include "core/base/str.h"

/* Decodes one code point by the shortest-form rule; 0 bytes when it is ill-formed. */
static inline size_t safe_decode(struct str s, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)s.ptr[0];
	size_t len = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : 4;

	if (len > s.len || (len == 4 && first >> 3 != 30))
		return 0;
	*code = len == 1 ? first : first & (0x7Fu >> len);
	for (size_t i = 1; i < len; i++) {
		if (((unsigned char)s.ptr[i] & 0xC0) != 0x80)
			return 0;
		*code = *code << 6 | ((unsigned char)s.ptr[i] & 0x3Fu);
	}
	if (*code < least[len] || *code > 0x10FFFF || *code >> 11 == 0x1B)
		return 0;
	return len;
}

static inline bool safe_between(uint32_t code, uint32_t first, uint32_t last)
{
	return code >= first && code <= last;
}

static inline bool safe_code(uint32_t code, bool one_line)
{
	if (code < 0x20)
		return !one_line && (code == '\n' || code == '\t');
	return !(safe_between(code, 0x7F, 0x9F) || code == 0xAD || code == 0x34F ||
		code == 0x61C || safe_between(code, 0x115F, 0x1160) ||
		safe_between(code, 0x17B4, 0x17B5) || safe_between(code, 0x180B, 0x180F) ||
		safe_between(code, 0x200B, 0x200F) || safe_between(code, 0x2028, 0x202E) ||
		safe_between(code, 0x2060, 0x206F) || code == 0x3164 ||
		safe_between(code, 0xE000, 0xF8FF) || safe_between(code, 0xFDD0, 0xFDEF) ||
		safe_between(code, 0xFE00, 0xFE0F) || code == 0xFEFF || code == 0xFFA0 ||
		safe_between(code, 0xFFF0, 0xFFFB) || safe_between(code, 0x1BCA0, 0x1BCA3) ||
		safe_between(code, 0x1D173, 0x1D17A) || safe_between(code, 0xE0000, 0xE0FFF) ||
		code >= 0xF0000 ||
		(code & 0xFFFF) >= 0xFFFE);
}

static inline bool safe_text(struct str s, bool one_line)
{
	uint32_t code;

	for (size_t at = 0; at < s.len;) {
		size_t len = safe_decode((struct str){ s.ptr + at, s.len - at }, &code);

		if (!len || !safe_code(code, one_line))
			return false;
		at += len;
	}
	return true;
}

#endif
