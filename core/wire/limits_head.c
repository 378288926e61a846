/* SPDX-License-Identifier: GPL-3.0-or-later
 * Limits in the head of an answer: the names of every provider's fields, as one table. */
#include "core/wire/limits.h"

#include "core/base/clock.h"

enum field { LIMIT, LEFT, RESET };

#define A_SECOND US_PER_S
#define A_MINUTE (INT64_C(60) * US_PER_S)
#define A_DAY (INT64_C(86400) * US_PER_S)

/* The three fields of one gauge, whose names differ in one place. */
#define THREE(unit, window, front, limit, left, reset, end)                                       \
	{ front limit end, LIMIT, LIMITS_##unit, window },                                        \
		{ front left end, LEFT, LIMITS_##unit, window },                                  \
	{                                                                                         \
		front reset end, RESET, LIMITS_##unit, window                                     \
	}
#define USUAL(unit, window, front, end)                                                           \
	THREE(unit, window, front, "limit", "remaining", "reset", end)

/* A later row overrules an earlier one. */
static const struct {
	const char *name;
	enum field field;
	enum limits_unit unit;
	int64_t window; /* 0: the name does not say */
} fields[] = {
	USUAL(REQUESTS, 0, "ratelimit-", ""),
	USUAL(REQUESTS, 0, "x-ratelimit-", ""),       /* OpenRouter, Together */
	USUAL(TOKENS, A_MINUTE, "ratelimitbysize-", ""), /* Mistral */
	USUAL(TOKENS, A_MINUTE, "x-ratelimitbysize-", "-minute"),
	USUAL(REQUESTS, A_MINUTE, "x-ratelimit-", "-req-minute"),
	USUAL(REQUESTS, A_DAY, "x-ratelimit-", "-requests-day"), /* Cerebras */
	USUAL(TOKENS, A_MINUTE, "x-ratelimit-", "-tokens-minute"),
	USUAL(TOKENS, 0, "x-ratelimit-", "-tokens_usage_based"),
	USUAL(REQUESTS, 0, "x-ratelimit-", "-requests"), /* OpenAI, Groq, xAI, Azure */
	USUAL(TOKENS, 0, "x-ratelimit-", "-tokens"),
	USUAL(REQUESTS, A_MINUTE, "anthropic-ratelimit-requests-", ""),
	USUAL(TOKENS, A_MINUTE, "anthropic-ratelimit-tokens-", ""),
	USUAL(INPUT, A_MINUTE, "anthropic-ratelimit-input-tokens-", ""),
	USUAL(OUTPUT, A_MINUTE, "anthropic-ratelimit-output-tokens-", ""),
};

/* Azure says -1 and 0 for what it does not know. */
static int64_t read_count(struct str text, int64_t least)
{
	double number;

	if (!str_to_real(str_trim(text), &number) || number < (double)least ||
		number > (double)LIMITS_NUMBER_MAX)
		return INT_NONE;
	return (int64_t)number;
}

static void read_field(struct limits *l, size_t row, struct str text, int64_t now)
{
	struct limits_gauge *g = &l->gauges[fields[row].unit];
	int64_t value = fields[row].field == RESET ? moment_read(text, now)
						   : read_count(text, fields[row].field == LIMIT);

	if (value == (fields[row].field == RESET ? SPAN_NONE : INT_NONE))
		return;
	if (fields[row].window)
		g->window = fields[row].window;
	if (fields[row].field == LIMIT)
		g->limit = value;
	else if (fields[row].field == LEFT)
		g->left = value;
	else
		g->reset = value;
}

/* A wait of nought says nothing, as the official clients have it. */
static int64_t read_wait(
	const char *(*header)(const void *ctx, const char *name), const void *ctx, int64_t now)
{
	const char *ms = header(ctx, "retry-after-ms"), *after = header(ctx, "retry-after");
	int64_t wait = ms ? moment_ms(str_of(ms)) : SPAN_NONE;

	if (wait <= 0 && after)
		wait = moment_read(str_of(after), now);
	return wait > 0 ? wait : SPAN_NONE;
}

void limits_read_head(struct limits *l, const char *(*header)(const void *ctx, const char *name),
	const void *ctx, int64_t now)
{
	const char *retry = header(ctx, "x-should-retry"), *text;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if ((text = header(ctx, fields[i].name)))
			read_field(l, i, str_of(text), now);
	l->wait = read_wait(header, ctx, now);
	if (retry)
		l->retry = str_is_nocase(str_of(retry), "true")    ? 1
			   : str_is_nocase(str_of(retry), "false") ? 0
								   : INT_NONE;
}
