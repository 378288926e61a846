/* SPDX-License-Identifier: GPL-3.0-or-later
 * BertNormalizer and BertPreTokenizer of Hugging Face's tokenizers, one code point at a time. */
#include "core/embed/letters.h"

struct range {
	uint32_t first, last;
};

/* Marks, punctuation, format characters and compositions that Unicode has today and the models'
 * tokenizers (Unicode 8) do not know: letters like any other to them. Between them stand only
 * characters that are plain letters anyway. */
static const struct range young[] = {
	{ 0x61D, 0x61D },
	{ 0x7FD, 0x7FD },
	{ 0x890, 0x8E2 },
	{ 0x9FD, 0x9FE },
	{ 0xA76, 0xA76 },
	{ 0xAFA, 0xAFF },
	{ 0xB55, 0xB55 },
	{ 0xC04, 0xC3C },
	{ 0xC77, 0xC77 },
	{ 0xC84, 0xC84 },
	{ 0xD00, 0xD00 },
	{ 0xD3B, 0xD3C },
	{ 0xD81, 0xD81 },
	{ 0xEBA, 0xEBA },
	{ 0xECE, 0xECE },
	{ 0x180F, 0x1886 },
	{ 0x1ABF, 0x1AEB },
	{ 0x1B4E, 0x1B4F },
	{ 0x1B7D, 0x1B7F },
	{ 0x1DF6, 0x1DFB },
	{ 0x2E43, 0x2E5D },
	{ 0xA82C, 0xA82C },
	{ 0xA8C5, 0xA8C5 },
	{ 0xA8FF, 0xA8FF },
	{ 0xA9BD, 0xA9BD },
	{ 0x105C9, 0x105E4 },
	{ 0x10D24, 0x10F89 },
	{ 0x11070, 0x11074 },
	{ 0x110C2, 0x110CD },
	{ 0x111CF, 0x111CF },
	{ 0x1123E, 0x11241 },
	{ 0x1133B, 0x1133B },
	{ 0x11383, 0x1145E },
	{ 0x11660, 0x1166C },
	{ 0x116B9, 0x116B9 },
	{ 0x1182F, 0x11FFF },
	{ 0x12FF1, 0x13455 },
	{ 0x1611E, 0x1612F },
	{ 0x16D68, 0x16F4F },
	{ 0x16FE2, 0x16FE4 },
	{ 0x1CF00, 0x1CF46 },
	{ 0x1E000, 0x1E6F5 },
	{ 0x1E944, 0x1E95F },
};

/* With the typing slip of the original, which leaves out U+2B820 to U+2B91F. */
static const struct range chinese[] = {
	{ 0x3400, 0x4DBF },
	{ 0x4E00, 0x9FFF },
	{ 0xF900, 0xFAFF },
	{ 0x20000, 0x2A6DF },
	{ 0x2A700, 0x2B73F },
	{ 0x2B740, 0x2B81F },
	{ 0x2B920, 0x2CEAF },
	{ 0x2F800, 0x2FA1F },
};

/* White_Space past ASCII. */
static const struct range blanks[] = {
	{ 0x85, 0x85 },
	{ 0xA0, 0xA0 },
	{ 0x1680, 0x1680 },
	{ 0x2000, 0x200A },
	{ 0x2028, 0x2029 },
	{ 0x202F, 0x202F },
	{ 0x205F, 0x205F },
	{ 0x3000, 0x3000 },
};

static bool is_in(const struct range *ranges, size_t count, uint32_t code)
{
	size_t low = 0;

	while (count > 1) {
		size_t half = count / 2;

		low += code >= ranges[low + half].first ? half : 0;
		count -= half;
	}
	return code >= ranges[low].first && code <= ranges[low].last;
}

/* What the models' tokenizers take it for, as Unicode's two letters. */
static const char *category(uint32_t code)
{
	switch (code) {
	case 0x166D:
	case 0x111C9: /* punctuation in Unicode 8, no longer today */
		return "Po";
	case 0x1734:
	case 0x1171E: /* nonspacing then, spacing today */
		return "Mn";
	default:
		return is_in(young, ARRAY_LEN(young), code) ? "Lo" : utf8_category(code);
	}
}

bool letters_is_blank(uint32_t code)
{
	if (code < 0x80)
		return code == ' ' || (code >= '\t' && code <= '\r');
	return is_in(blanks, ARRAY_LEN(blanks), code);
}

bool letters_is_punctuation(uint32_t code)
{
	if (code < 0x80)
		return (code > ' ' && code < '0') || (code > '9' && code < 'A') ||
		       (code > 'Z' && code < 'a') || (code > 'z' && code < 0x7F);
	return category(code)[0] == 'P';
}

/* A control, but for tab and line ends; a format or private-use character. */
static bool is_dropped(uint32_t code)
{
	if (code < 0x80)
		return (code < ' ' && code != '\t' && code != '\n' && code != '\r') || code == 0x7F;
	return code == UTF8_REPLACEMENT || (category(code)[0] == 'C' && category(code)[1] != 'n');
}

static bool is_chinese(uint32_t code)
{
	return code >= chinese[0].first && is_in(chinese, ARRAY_LEN(chinese), code);
}

static void put(struct letters *l, uint32_t code)
{
	l->ahead[l->count++] = code;
}

/* The one code point whose lower case is two. */
static void put_lower(struct letters *l, uint32_t code)
{
	enum { I_WITH_DOT = 0x130, DOT_ABOVE = 0x307 };

	if (l->rules->lower && code == I_WITH_DOT) {
		put(l, 'i');
		put(l, DOT_ABOVE);
	} else {
		put(l, l->rules->lower ? utf8_lower(code) : code);
	}
}

static void put_stripped(struct letters *l, uint32_t code)
{
	uint32_t parts[UTF8_PARTS_MAX] = { code };
	size_t count = 1;

	if (l->rules->strip && !is_in(young, ARRAY_LEN(young), code))
		count = utf8_decompose(code, parts);
	for (size_t i = 0; i < count; i++)
		if (!l->rules->strip || strcmp(category(parts[i]), "Mn") != 0)
			put_lower(l, parts[i]);
}

static void expand(struct letters *l, uint32_t code)
{
	bool apart = l->rules->chinese && is_chinese(code);

	if (l->rules->clean && is_dropped(code))
		return;
	if (l->rules->clean && letters_is_blank(code)) {
		put(l, ' ');
		return;
	}
	if (apart)
		put(l, ' ');
	put_stripped(l, code);
	if (apart)
		put(l, ' ');
}

/* No table is needed for ASCII. */
static void expand_ascii(struct letters *l, uint32_t code)
{
	bool upper = code >= 'A' && code <= 'Z';

	if (l->rules->clean && is_dropped(code))
		return;
	put(l, l->rules->clean && letters_is_blank(code) ? ' '
		: l->rules->lower && upper		 ? code | 0x20
							 : code);
}

void letters_begin(struct letters *l, const struct letters_rules *rules, struct str text)
{
	l->rules = rules;
	l->rest = text;
	l->at = l->count = 0;
}

bool letters_next(struct letters *l, uint32_t *code)
{
	while (l->at == l->count) {
		size_t took;

		if (!l->rest.len)
			return false;
		took = utf8_read(l->rest, code);
		l->rest.ptr += took;
		l->rest.len -= took;
		l->at = l->count = 0;
		if (*code < 0x80)
			expand_ascii(l, *code);
		else
			expand(l, *code);
	}
	*code = l->ahead[l->at++];
	return true;
}
