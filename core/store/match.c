/* SPDX-License-Identifier: GPL-3.0-or-later
 * Finding and matching text, and handing both to SQL. */
#include "core/store/match.h"

#include "core/base/str.h"
#include "core/store/texts.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool starts(const char *at, struct str part)
{
	for (size_t i = 0; i < part.len; i++)
		if (lower(at[i]) != lower(part.ptr[i]))
			return false;
	return true;
}

static bool match_find(struct str text, struct str part)
{
	if (!part.len)
		return text.ptr != NULL;
	for (size_t i = 0; i + part.len <= text.len; i++)
		if (lower(text.ptr[i]) == lower(part.ptr[0]) && starts(text.ptr + i, part))
			return true;
	return false;
}

/* Backtracks to the last '*' only: linear in practice, never worse than text times pattern. */
static bool match_whole(struct str text, struct str pattern)
{
	size_t t = 0, p = 0, star = SIZE_MAX, mark = 0;

	if (!text.ptr)
		return false;
	while (t < text.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			mark = t;
		} else if (p < pattern.len && pattern.ptr[p] == text.ptr[t]) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

static struct str value_text(sqlite3_value *value)
{
	const char *text = (const char *)sqlite3_value_text(value);

	return (struct str){ text, text ? (size_t)sqlite3_value_bytes(value) : 0 };
}

static void sql_find(sqlite3_context *ctx, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int(ctx, match_find(value_text(values[0]), value_text(values[1])));
}

static void sql_match(sqlite3_context *ctx, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int(ctx, match_whole(value_text(values[0]), value_text(values[1])));
}

static void sql_has(sqlite3_context *ctx, int count, sqlite3_value **values)
{
	struct arena arena = ARENA;
	struct str pattern = value_text(values[1]);
	bool wild = sqlite3_value_int(values[2]), found = false;
	struct texts texts;

	(void)count;
	texts_read(&arena, value_text(values[0]), &texts);
	for (size_t i = 0; i < texts.len && !found; i++)
		found = wild ? match_whole(texts.ptr[i], pattern) :
			       str_eq(texts.ptr[i], pattern);
	arena_release(&arena);
	sqlite3_result_int(ctx, found);
}

void match_register(sqlite3 *handle)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

	sqlite3_create_function(handle, "weir_find", 2, flags, NULL, sql_find, NULL, NULL);
	sqlite3_create_function(handle, "weir_match", 2, flags, NULL, sql_match, NULL, NULL);
	sqlite3_create_function(handle, "weir_has", 3, flags, NULL, sql_has, NULL, NULL);
}
