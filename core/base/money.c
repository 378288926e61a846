/* SPDX-License-Identifier: GPL-3.0-or-later
 * Checked sums, exact reading and writing of pico-dollars. */
#include "core/base/money.h"

enum { DECIMALS = 12, PER_MILLION_DECIMALS = 6, SHOWN_DECIMALS = 9 };

int64_t money_add(int64_t a, int64_t b)
{
	int64_t sum;

	if (a == MONEY_UNKNOWN || b == MONEY_UNKNOWN || __builtin_add_overflow(a, b, &sum))
		return MONEY_UNKNOWN;
	return sum;
}

int64_t money_sub(int64_t a, int64_t b)
{
	return b == MONEY_UNKNOWN ? MONEY_UNKNOWN : money_add(a, -b);
}

int64_t money_times(int64_t a, int64_t count)
{
	int64_t product;

	if (a == MONEY_UNKNOWN || __builtin_mul_overflow(a, count, &product))
		return MONEY_UNKNOWN;
	return product;
}

static bool add_digit(int64_t *value, char c)
{
	return c >= '0' && c <= '9' && !__builtin_mul_overflow(*value, 10, value) &&
	       !__builtin_add_overflow(*value, c - '0', value);
}

/* Reads a decimal scaled by 10^decimals; digits beyond them must be zeros. */
static bool parse_scaled(struct str s, int decimals, int64_t *out)
{
	bool negative = str_starts(s, "-");
	size_t i = negative, digits = 0;
	int64_t value = 0;
	int left = decimals;

	for (; i < s.len && s.ptr[i] != '.'; i++, digits++)
		if (!add_digit(&value, s.ptr[i]))
			return false;
	for (i++; i < s.len; i++, digits++) {
		if (left > 0 ? !add_digit(&value, s.ptr[i]) : s.ptr[i] != '0')
			return false;
		left -= left > 0;
	}
	for (; left > 0; left--)
		if (!add_digit(&value, '0'))
			return false;
	if (!digits)
		return false;
	*out = negative ? -value : value;
	return true;
}

bool money_parse(struct str text, int64_t *pico)
{
	return parse_scaled(text, DECIMALS, pico);
}

bool money_parse_per_million(struct str text, int64_t *pico_per_token)
{
	return parse_scaled(text, PER_MILLION_DECIMALS, pico_per_token);
}

/* Drops the exponent off the end; more than this cannot matter. */
static bool cut_exponent(struct str *number, int *decimals)
{
	enum { EXPONENT_MAX = 40 };
	size_t at = str_find_char(*number, 'e');
	struct str exponent;
	int64_t value = 0;

	if (at == number->len)
		at = str_find_char(*number, 'E');
	if (at == number->len)
		return true;
	exponent = str_part(*number, at + 1, number->len);
	if (str_starts(exponent, "+"))
		exponent = str_part(exponent, 1, exponent.len);
	if (!str_to_int(exponent, &value) || value < -EXPONENT_MAX || value > EXPONENT_MAX)
		return false;
	number->len = at;
	*decimals += (int)value;
	return true;
}

/* Fewer than no decimals: digits before the point have to be zeros, too. */
static bool parse_whole(struct str s, int decimals, int64_t *out)
{
	size_t point = str_find_char(s, '.');
	int64_t divisor = 1;

	for (; decimals < 0; decimals++)
		if (__builtin_mul_overflow(divisor, 10, &divisor))
			return false;
	if (!parse_scaled(s, decimals, out) || *out % divisor || *out < 0 || point == 0)
		return false;
	*out /= divisor;
	return true;
}

bool money_read_per_token(struct str number, int64_t *pico)
{
	int decimals = DECIMALS;

	return cut_exponent(&number, &decimals) && parse_whole(number, decimals, pico);
}

bool money_read_per_million(struct str number, int64_t *pico_per_token)
{
	int decimals = PER_MILLION_DECIMALS;

	return cut_exponent(&number, &decimals) && parse_whole(number, decimals, pico_per_token);
}

static uint64_t size_of(int64_t pico)
{
	return pico < 0 ? 0 - (uint64_t)pico : (uint64_t)pico;
}

void money_format(struct buf *out, int64_t pico)
{
	uint64_t size = size_of(pico);
	char decimals[DECIMALS + 1];
	int len = DECIMALS;

	if (pico == MONEY_UNKNOWN) {
		buf_add_text(out, "unknown");
		return;
	}
	snprintf(decimals, sizeof(decimals), "%012llu", (unsigned long long)(size % MONEY_DOLLAR));
	while (len > SHOWN_DECIMALS && decimals[len - 1] == '0')
		len--;
	buf_addf(out, "%s%llu.%.*s", pico < 0 ? "-" : "",
		(unsigned long long)(size / MONEY_DOLLAR), len, decimals);
}

void money_say(struct buf *out, int64_t pico)
{
	uint64_t size = size_of(pico), least = MONEY_DOLLAR / 1000;
	int decimals = size >= MONEY_DOLLAR ? 2 : 4;

	if (pico == MONEY_UNKNOWN) {
		buf_add_text(out, "unknown");
		return;
	}
	for (; size && size < least && decimals < DECIMALS; least /= 10)
		decimals++;
	buf_addf(out, "%s$%.*f", pico < 0 ? "-" : "", decimals,
		(double)size / (double)MONEY_DOLLAR);
}
