/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text pieces: comparing, cutting, reading numbers. */
#include "core/base/str.h"

#include <errno.h>
#include <math.h>
#include <strings.h>

enum { WORD_MAX = 64, NUMBER_MAX = 64 };

struct str str_of(const char *text)
{
	return (struct str){ text, text ? strlen(text) : 0 };
}

struct str str_part(struct str s, size_t from, size_t len)
{
	if (from > s.len)
		from = s.len;
	if (len > s.len - from)
		len = s.len - from;
	return (struct str){ s.ptr ? s.ptr + from : NULL, len };
}

bool str_is(struct str s, const char *text)
{
	return s.ptr && s.len == strlen(text) && !memcmp(s.ptr, text, s.len);
}

bool str_eq(struct str a, struct str b)
{
	if (!a.ptr || !b.ptr)
		return a.ptr == b.ptr;
	return a.len == b.len && !memcmp(a.ptr, b.ptr, a.len);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.ptr, b.ptr, n) : 0;

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.len >= n && (!n || !memcmp(s.ptr, prefix, n));
}

bool str_ends(struct str s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.len >= n && (!n || !memcmp(s.ptr + s.len - n, suffix, n));
}

bool str_is_nocase(struct str s, const char *text)
{
	return s.ptr && s.len == strlen(text) && !strncasecmp(s.ptr, text, s.len);
}

bool str_starts_nocase(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.len >= n && (!n || !strncasecmp(s.ptr, prefix, n));
}

size_t str_find_char(struct str s, char c)
{
	const char *at = s.len ? memchr(s.ptr, c, s.len) : NULL;

	return at ? (size_t)(at - s.ptr) : s.len;
}

size_t str_find(struct str s, struct str needle)
{
	if (!needle.len)
		return 0;
	for (size_t i = 0; i + needle.len <= s.len; i++) {
		i += str_find_char(str_part(s, i, s.len), needle.ptr[0]);
		if (i + needle.len <= s.len && !memcmp(s.ptr + i, needle.ptr, needle.len))
			return i;
	}
	return s.len;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

struct str str_trim(struct str s)
{
	while (s.len && is_blank(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len && is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool str_cut(struct str *rest, char sep, struct str *piece)
{
	size_t at;

	if (!rest->ptr)
		return false;
	at = str_find_char(*rest, sep);
	*piece = str_part(*rest, 0, at);
	if (at == rest->len)
		*rest = STR_NONE;
	else
		*rest = str_part(*rest, at + 1, rest->len);
	return true;
}

/* strtoll and strtod want a terminator and skip blanks: neither is ours. */
static bool number_copy(struct str s, char copy[static NUMBER_MAX])
{
	if (!s.len || s.len >= NUMBER_MAX || is_blank(s.ptr[0]) || memchr(s.ptr, '\0', s.len))
		return false;
	memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return true;
}

bool str_to_int(struct str s, int64_t *out)
{
	char copy[NUMBER_MAX], *end;
	long long value;

	if (!number_copy(s, copy))
		return false;
	errno = 0;
	value = strtoll(copy, &end, 10);
	if (errno || *end || end == copy)
		return false;
	*out = value;
	return true;
}

bool str_to_real(struct str s, double *out)
{
	char copy[NUMBER_MAX], *end;
	double value;

	if (!number_copy(s, copy))
		return false;
	value = strtod(copy, &end);
	if (*end || end == copy || !isfinite(value))
		return false;
	*out = value;
	return true;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

size_t str_distance(struct str a, struct str b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	if (a.len > WORD_MAX || b.len > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= b.len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *spare = before;

		now[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t differ = a.ptr[i - 1] != b.ptr[j - 1];

			now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + differ);
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
				a.ptr[i - 2] == b.ptr[j - 1] && before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[b.len];
}

uint64_t str_hash(struct str s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3);
	return h;
}
