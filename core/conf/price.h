/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a call costs. A list of prices belongs to one model at one provider; its rows are told
 * apart by the day they begin on, hours and weekdays (UTC), and the length of the prompt.
 *
 * Long prompts. A row with `above` holds for prompts of more tokens than that, for the whole call
 * and not only for the tokens beyond: so bill OpenAI (over 272,000), Anthropic (over 200,000) and
 * Google, and so do genai-prices read their "tiers" ("applies to ALL tokens"). The prompt counts
 * whole, with what came from the provider's cache and what went there.
 *
 * What is not known stays unknown and is never zero. Cached tokens without a price of their own
 * make the cost unknown, not "at most the input price": most providers read them at a tenth or a
 * half of it, and writing them may cost more than it. Without such tokens no such price is needed.
 */
#ifndef WEIR_CONF_PRICE_H
#define WEIR_CONF_PRICE_H

#include "core/base/str.h"

/* One meaning for every provider: `in` counts the whole prompt, `cached` and `cache_write` are
 * parts of it; `out` counts all that was generated, `reasoning` is a part of it. */
struct tokens {
	int64_t in, cached, cache_write, out, reasoning; /* INT64_MIN: not known */
	bool estimated;
};
#define TOKENS_NONE \
	((struct tokens){ INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, false })

#define DAY_CHOICES "mon|tue|wed|thu|fri|sat|sun"
enum { DAYS_A_WEEK = 7, MINUTES_A_DAY = 24 * 60 };

/* One row of a price history; pico-dollars a token, MONEY_UNKNOWN where unknown. */
struct price {
	int64_t from_us; /* valid from this time (UTC); INT64_MIN: always */
	int begin, end;	 /* minutes of the day (UTC), [begin, end); an end that is not after the
			  * begin is on the next day; -1, -1: all day */
	unsigned days;	 /* bit 0: Monday; of the day that the hours begin on; 0: every day */
	int64_t above;	 /* only for prompts of more tokens than this */
	int64_t input, cached, cache_write, output;
};

/* Of any time and length, all unknown. */
extern const struct price price_none;

/* Whether two rows hold for the same time and length. */
bool price_same_when(const struct price *a, const struct price *b);

/* "01-04", "16:30-00:30"; false for anything else, and when both are one time. */
bool price_read_hours(struct str text, int *begin, int *end);

/* The row in force for a prompt of so many tokens: of those begun, of this hour, weekday and
 * length the latest; among equals the one for the longest prompts, then the one for certain hours
 * or days, the later of two. NULL when no price is known. */
const struct price *price_in_force(
	const struct price *rows, size_t count, int64_t wall_us, int64_t prompt);

/* Pico-dollars for a call; parts of the prompt that are more than it count as all of it, parts
 * that nobody told as none. MONEY_UNKNOWN when a needed price is unknown, a count is missing or
 * negative, or the sum does not fit. */
int64_t price_cost(const struct price *p, const struct tokens *tokens);

/* The most it may come to, whatever the provider's cache does. */
int64_t price_most(const struct price *p, int64_t in, int64_t out);

#endif
