/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words up to 8 letters stay whole, longer ones go in pieces; digits go in threes; signs go alone
 * or stick to one another. */
#include "core/sim/token.h"

enum { WHOLE_MAX = 8, PIECE = 5, DIGITS = 3, SIGNS = 2 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static bool is_sign(char c)
{
	return !is_digit(c) && !is_word(c) && !is_blank(c);
}

/* How many in a row, up to `most`: a word of a megabyte is not walked at each of its pieces. */
static size_t run(struct str s, size_t from, size_t most, bool (*is)(char c))
{
	size_t len = 0;

	while (len < most && from + len < s.len && is(s.ptr[from + len]))
		len++;
	return len;
}

bool token_next(struct str *rest, struct str *token)
{
	struct str s = *rest;
	size_t at = run(s, 0, s.len, is_blank), len;

	if (s.len == 0)
		return false;
	if ((len = run(s, at, WHOLE_MAX + 1, is_word)) > WHOLE_MAX)
		len = PIECE;
	else if (len == 0 && (len = run(s, at, DIGITS, is_digit)) == 0)
		len = run(s, at, SIGNS, is_sign);
	at += len;
	while (at < s.len && ((unsigned char)s.ptr[at] & 0xc0) == 0x80)
		at++;
	*token = str_part(s, 0, at);
	*rest = str_part(s, at, s.len);
	return true;
}

size_t token_count(struct str text)
{
	struct str token;
	size_t count = 0;

	while (token_next(&text, &token))
		count++;
	return count;
}

struct str token_front(struct str text, size_t tokens)
{
	struct str rest = text, token;

	while (tokens > 0 && token_next(&rest, &token))
		tokens--;
	return str_part(text, 0, text.len - rest.len);
}
