/* SPDX-License-Identifier: GPL-3.0-or-later
 * The decoder of Unicode's table 3-7, and utf8proc's tables with the corrections that terminals
 * need. The only file that includes utf8proc.h. */
#include "core/base/utf8.h"

#include <utf8proc.h>

/* One row per kind of first byte: how long the sequence is and what its second byte may be, which
 * is where overlong forms, surrogates and codes past U+10FFFF are refused. */
struct lead {
	unsigned char first, last;
	unsigned char len;
	unsigned char second_min, second_max;
};

static const struct lead leads[] = {
	{ 0xC2, 0xDF, 2, 0x80, 0xBF },
	{ 0xE0, 0xE0, 3, 0xA0, 0xBF },
	{ 0xE1, 0xEC, 3, 0x80, 0xBF },
	{ 0xED, 0xED, 3, 0x80, 0x9F },
	{ 0xEE, 0xEF, 3, 0x80, 0xBF },
	{ 0xF0, 0xF0, 4, 0x90, 0xBF },
	{ 0xF1, 0xF3, 4, 0x80, 0xBF },
	{ 0xF4, 0xF4, 4, 0x80, 0x8F },
};

struct range {
	uint32_t first, last;
};

/* Default_Ignorable_Code_Point, the places reserved for it included (utf8proc's own flag leaves
 * those out); the separators and the annotation marks of U+FFF9. */
static const struct range hidden[] = {
	{ 0x00AD, 0x00AD }, { 0x034F, 0x034F }, { 0x061C, 0x061C }, { 0x115F, 0x1160 },
	{ 0x17B4, 0x17B5 }, { 0x180B, 0x180F }, { 0x200B, 0x200F }, { 0x2028, 0x202E },
	{ 0x2060, 0x206F }, { 0x3164, 0x3164 }, { 0xFDD0, 0xFDEF }, { 0xFE00, 0xFE0F },
	{ 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 }, { 0xFFF0, 0xFFFB }, { 0x1BCA0, 0x1BCA3 },
	{ 0x1D173, 0x1D17A }, { 0xE0000, 0xE0FFF },
};

/* Jamo vowels and finals: terminals draw them into the syllable before; utf8proc before 2.10
 * gives them a column. */
static const struct range jamo[] = { { 0x1160, 0x11FF }, { 0xD7B0, 0xD7FF } };

/* Ideographs that a younger Unicode may assign here are wide already today. */
static const struct range wide[] = { { 0x20000, 0x2FFFD }, { 0x30000, 0x3FFFD } };

static bool is_in(const struct range *ranges, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count && code >= ranges[i].first; i++)
		if (code <= ranges[i].last)
			return true;
	return false;
}

static const struct lead *lead_of(unsigned char byte)
{
	for (size_t i = 0; i < ARRAY_LEN(leads); i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

/* How many bytes at the front belong to one sequence; at least 1. */
static size_t part_len(const struct lead *lead, const unsigned char *bytes, size_t len)
{
	size_t at = 1;

	if (len < 2 || bytes[1] < lead->second_min || bytes[1] > lead->second_max)
		return 1;
	for (at = 2; at < lead->len && at < len; at++)
		if ((bytes[at] & 0xC0) != 0x80)
			break;
	return at;
}

size_t utf8_read(struct str s, uint32_t *code)
{
	const unsigned char *bytes = (const unsigned char *)s.ptr;
	const struct lead *lead;
	size_t len;

	*code = bytes[0];
	if (bytes[0] < 0x80)
		return 1;
	*code = UTF8_REPLACEMENT;
	lead = lead_of(bytes[0]);
	if (!lead)
		return 1;
	len = part_len(lead, bytes, s.len);
	if (len < lead->len)
		return len;
	*code = bytes[0] & (0xFFu >> (len + 1));
	for (size_t i = 1; i < len; i++)
		*code = *code << 6 | (bytes[i] & 0x3Fu);
	return len;
}

size_t utf8_unfinished(struct str s)
{
	const unsigned char *bytes = (const unsigned char *)s.ptr;

	for (size_t back = 1; back < UTF8_MAX && back <= s.len; back++) {
		const unsigned char *from = bytes + s.len - back;
		const struct lead *lead = lead_of(*from);

		if (lead)
			return back < lead->len && part_len(lead, from, back) == back ? back : 0;
	}
	return 0;
}

size_t utf8_write(char out[UTF8_MAX], uint32_t code)
{
	static const unsigned char first[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t at = len; at-- > 1; code >>= 6)
		out[at] = (char)(0x80 | (code & 0x3F));
	out[0] = (char)(first[len] | code);
	return len;
}

static size_t ascii_len(struct str s)
{
	size_t len = 0;

	while (len < s.len && (unsigned char)s.ptr[len] < 0x80)
		len++;
	return len;
}

/* No ill-formed part of three bytes begins with EF, as U+FFFD itself does. */
bool utf8_is_ill_formed(struct str s, uint32_t code, size_t len)
{
	return code == UTF8_REPLACEMENT && !(len == 3 && (unsigned char)s.ptr[0] == 0xEF);
}

bool utf8_is_valid(struct str s)
{
	while (s.len) {
		uint32_t code;
		size_t len = ascii_len(s);

		if (!len) {
			len = utf8_read(s, &code);
			if (utf8_is_ill_formed(s, code, len))
				return false;
		}
		s = str_part(s, len, s.len);
	}
	return true;
}

size_t utf8_count(struct str s)
{
	size_t count = 0;
	uint32_t code;

	for (size_t at = 0; at < s.len; count++)
		at += utf8_read(str_part(s, at, s.len), &code);
	return count;
}

/* Noncharacters, and format characters but for the few that have a glyph (the Arabic number
 * signs and their kin, which stand before what they enclose). */
static bool is_hidden(uint32_t code, const utf8proc_property_t *property)
{
	if ((code & 0xFFFE) == 0xFFFE || is_in(hidden, ARRAY_LEN(hidden), code))
		return true;
	if (property->category == UTF8PROC_CATEGORY_CF)
		return property->boundclass != UTF8PROC_BOUNDCLASS_PREPEND;
	if (property->category == UTF8PROC_CATEGORY_CN)
		return utf8_width(code) == 0;
	return property->category == UTF8PROC_CATEGORY_CS;
}

enum utf8_kind utf8_kind(uint32_t code)
{
	const utf8proc_property_t *property;

	if (code < 0x20 || (code >= 0x7F && code < 0xA0))
		return UTF8_CONTROL;
	if (code < 0x80)
		return UTF8_SHOWN;
	property = utf8proc_get_property((utf8proc_int32_t)code);
	if (is_hidden(code, property))
		return UTF8_HIDDEN;
	if (property->category == UTF8PROC_CATEGORY_CO)
		return UTF8_PRIVATE;
	if (property->category == UTF8PROC_CATEGORY_MN ||
		property->category == UTF8PROC_CATEGORY_MC ||
		property->category == UTF8PROC_CATEGORY_ME)
		return UTF8_MARK;
	return utf8_width(code) ? UTF8_SHOWN : UTF8_MARK;
}

const char *utf8_category(uint32_t code)
{
	return utf8proc_category_string((utf8proc_int32_t)code);
}

size_t utf8_decompose(uint32_t code, uint32_t out[UTF8_PARTS_MAX])
{
	utf8proc_int32_t parts[UTF8_PARTS_MAX];
	int boundary = 0;
	utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)code, parts,
		UTF8_PARTS_MAX, UTF8PROC_DECOMPOSE, &boundary);

	if (count < 1 || count > UTF8_PARTS_MAX) {
		out[0] = code;
		return 1;
	}
	for (utf8proc_ssize_t i = 0; i < count; i++)
		out[i] = (uint32_t)parts[i];
	return (size_t)count;
}

uint32_t utf8_lower(uint32_t code)
{
	return (uint32_t)utf8proc_tolower((utf8proc_int32_t)code);
}

/* Ideographs, their extensions and compatibility forms. */
static const struct range ideographs[] = {
	{ 0x3400, 0x4DBF }, { 0x4E00, 0x9FFF }, { 0xF900, 0xFAFF }, { 0x20000, 0x2FA1F },
	{ 0x30000, 0x3FFFD },
};

enum utf8_class utf8_class(uint32_t code)
{
	if (is_in(ideographs, ARRAY_LEN(ideographs), code))
		return UTF8_IDEOGRAPH;
	switch (utf8proc_category((utf8proc_int32_t)code)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
		return UTF8_LETTER;
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return UTF8_NUMBER;
	case UTF8PROC_CATEGORY_SC:
	case UTF8PROC_CATEGORY_SM:
	case UTF8PROC_CATEGORY_SO:
		return code == UTF8_REPLACEMENT ? UTF8_APART : UTF8_SYMBOL;
	case UTF8PROC_CATEGORY_CF:
		return UTF8_JOINER;
	default:
		return UTF8_APART;
	}
}

/* Accents, Hebrew points, Arabic vowel marks. */
static const struct range accents[] = {
	{ 0x0300, 0x036F }, { 0x0591, 0x05C7 }, { 0x064B, 0x0652 }, { 0x0670, 0x0670 },
};

size_t utf8_fold(uint32_t code, uint32_t out[UTF8_FOLD_MAX])
{
	utf8proc_int32_t parts[UTF8_FOLD_MAX];
	int boundary = 0;
	utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)code, parts,
		UTF8_FOLD_MAX, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD,
		&boundary);
	size_t len = 0;

	if (count < 0 || count > UTF8_FOLD_MAX) {
		out[0] = code;
		return 1;
	}
	for (utf8proc_ssize_t i = 0; i < count; i++)
		if (!is_in(accents, ARRAY_LEN(accents), (uint32_t)parts[i]))
			out[len++] = (uint32_t)parts[i];
	return len;
}

int utf8_width(uint32_t code)
{
	const utf8proc_property_t *property;

	if (code >= 0x20 && code < 0x7F)
		return 1;
	if (is_in(jamo, ARRAY_LEN(jamo), code))
		return 0;
	property = utf8proc_get_property((utf8proc_int32_t)code);
	if (property->category == UTF8PROC_CATEGORY_CN && is_in(wide, ARRAY_LEN(wide), code))
		return 2;
	if (property->category == UTF8PROC_CATEGORY_CF &&
		property->boundclass == UTF8PROC_BOUNDCLASS_PREPEND)
		return 1;
	return utf8proc_charwidth((utf8proc_int32_t)code);
}

size_t utf8_columns(struct str s)
{
	size_t columns = 0;
	uint32_t code;

	for (size_t at = 0; at < s.len;) {
		at += utf8_read(str_part(s, at, s.len), &code);
		columns += (size_t)utf8_width(code);
	}
	return columns;
}

struct str utf8_fit(struct str s, size_t columns)
{
	size_t whole = 0; /* where the last base begins: everything before it fits */
	uint32_t code;

	for (size_t at = 0; at < s.len;) {
		size_t len = utf8_read(str_part(s, at, s.len), &code);
		size_t width = (size_t)utf8_width(code);

		if (width && utf8_kind(code) != UTF8_MARK)
			whole = at;
		if (width > columns)
			return str_part(s, 0, whole);
		columns -= width;
		at += len;
	}
	return s;
}
