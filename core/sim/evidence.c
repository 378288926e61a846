/* SPDX-License-Identifier: GPL-3.0-or-later
 * Word by word, with a look back for titles and currencies. */
#include "core/sim/evidence.h"

#include "core/sim/words.h"

enum { ID_DIGITS = 5 };

static const char *const months[] = { "January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December" };
static const char *const titles[] = { "Mr", "Ms", "Mrs", "Miss", "Dr", "Prof" };
static const char *const currencies[] = { "EUR", "USD", "GBP", "CHF" };

static bool is_one_of(struct str word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(word, list[i]))
			return true;
	return false;
}

static bool is_capital(struct str word)
{
	return word.len > 1 && word.ptr[0] >= 'A' && word.ptr[0] <= 'Z' && word.ptr[1] >= 'a' &&
	       word.ptr[1] <= 'z';
}

static void add_fact(struct evidence *e, struct arena *arena, enum fact fact, struct str text)
{
	struct texts *list = &e->facts[fact];

	for (size_t i = 0; i < list->len; i++)
		if (str_eq(list->ptr[i], text))
			return;
	*vec_add(arena, list) = text;
}

static struct str joined(struct str from, struct str to)
{
	return (struct str){ from.ptr, (size_t)(to.ptr + to.len - from.ptr) };
}

/* "2026-01-31" */
static bool is_iso_date(struct str s)
{
	if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (i != 4 && i != 7 && (s.ptr[i] < '0' || s.ptr[i] > '9'))
			return false;
	return true;
}

static bool is_plain_number(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr("0123456789.,", s.ptr[i]))
			return false;
	return true;
}

/* The bytes of a currency's sign at the end of what stands before a figure. */
static size_t sign_before(struct str before)
{
	static const char *const signs[] = { "$", "\xe2\x82\xac", "\xc2\xa3" };

	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (str_ends(before, signs[i]))
			return strlen(signs[i]);
	return 0;
}

static void add_figure(struct evidence *e, struct arena *arena, struct str text, struct str before,
	struct str word)
{
	bool plain = is_plain_number(word);
	size_t sign = sign_before(str_part(text, 0, (size_t)(word.ptr - text.ptr)));

	if (is_iso_date(word)) {
		add_fact(e, arena, FACT_DATE, word);
	} else if (sign) {
		add_fact(e, arena, FACT_AMOUNT, (struct str){ word.ptr - sign, word.len + sign });
		add_fact(e, arena, FACT_NUMBER, word);
	} else if (before.ptr && is_one_of(before, currencies, ARRAY_LEN(currencies))) {
		add_fact(e, arena, FACT_AMOUNT, joined(before, word));
		add_fact(e, arena, FACT_NUMBER, word);
	} else if (!plain || (word.len >= ID_DIGITS && !memchr(word.ptr, '.', word.len) &&
				     !memchr(word.ptr, ',', word.len))) {
		add_fact(e, arena, FACT_ID, word);
		if (plain)
			add_fact(e, arena, FACT_NUMBER, word);
	} else {
		add_fact(e, arena, FACT_NUMBER, word);
	}
}

/* "January 10, 2027" from "January" on; the words behind it are read again as numbers. */
static void add_long_date(
	struct evidence *e, struct arena *arena, struct str month, struct str rest)
{
	struct word day, year;

	if (!words_next(&rest, &day) || !day.number || day.as_written.len > 2)
		return;
	if (words_next(&rest, &year) && year.number && year.as_written.len == 4)
		day = year;
	add_fact(e, arena, FACT_DATE, joined(month, day.as_written));
}

static void add_word(struct evidence *e, struct arena *arena, struct str text, struct str *rest,
	struct str before, struct str word)
{
	struct str look = *rest;
	struct word next;

	if (is_one_of(word, months, ARRAY_LEN(months))) {
		add_long_date(e, arena, word, look);
		return;
	}
	if (!is_capital(word) || word.ptr == text.ptr || !words_next(&look, &next))
		return;
	if (!is_capital(next.as_written) ||
		next.as_written.ptr - word.ptr - (ptrdiff_t)word.len > 2)
		return;
	if (is_one_of(word, titles, ARRAY_LEN(titles)) || (before.ptr && !is_capital(before))) {
		add_fact(e, arena, FACT_NAME, joined(word, next.as_written));
		*rest = look;
	}
}

static bool is_mail_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '-' || c == '_' || c == '+';
}

static void add_emails(struct evidence *e, struct arena *arena, struct str text)
{
	for (size_t at = 0; at < text.len; at++) {
		size_t from = at, to = at + 1;

		if (text.ptr[at] != '@')
			continue;
		while (from > 0 && is_mail_char(text.ptr[from - 1]))
			from--;
		while (to < text.len && is_mail_char(text.ptr[to]))
			to++;
		while (to > at + 1 && text.ptr[to - 1] == '.')
			to--;
		if (from < at && to > at + 3)
			add_fact(e, arena, FACT_EMAIL, str_part(text, from, to - from));
	}
}

static void add_quoted(struct evidence *e, struct arena *arena, struct str text)
{
	struct str piece;

	for (bool inside = false; str_cut(&text, '"', &piece); inside = !inside)
		if (inside && text.ptr && piece.len)
			add_fact(e, arena, FACT_QUOTED, piece);
}

void evidence_read(struct evidence *e, struct arena *arena, struct str text)
{
	struct str rest = text, before = STR_NONE;
	struct word word;

	while (words_next(&rest, &word)) {
		if (word.number)
			add_figure(e, arena, text, before, word.as_written);
		else
			add_word(e, arena, text, &rest, before, word.as_written);
		before = word.as_written;
	}
	add_emails(e, arena, text);
	add_quoted(e, arena, text);
}

struct str evidence_take(struct evidence *e, enum fact fact)
{
	const struct texts *list = &e->facts[fact];

	if (list->len == 0)
		return STR_NONE;
	if (e->taken[fact] < list->len)
		return list->ptr[e->taken[fact]++];
	return list->ptr[list->len - 1];
}

const char *evidence_say(enum fact fact)
{
	static const char *const names[FACT_COUNT] = { [FACT_ID] = "id", [FACT_AMOUNT] = "amount",
		[FACT_NUMBER] = "number", [FACT_DATE] = "date", [FACT_EMAIL] = "email",
		[FACT_NAME] = "name", [FACT_QUOTED] = "quoted" };

	return names[fact];
}
