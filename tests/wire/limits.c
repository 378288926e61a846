/* SPDX-License-Identifier: GPL-3.0-or-later
 * Durations, dates, heads and words of limits; the expected values are worked out by hand. */
#include "core/wire/limits.h"
#include "tests/check.h"

#define NOW INT64_C(1795251600000000) /* 2026-11-21T09:00:00Z */
#define MS INT64_C(1000)
#define S INT64_C(1000000)

static void trap_28_durations_and_dates_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t us;
	} cases[] = {
		{ "12ms", 12 * MS },
		{ "644ms", 644 * MS },
		{ "1s", S },
		{ "6m0s", 360 * S },
		{ "1m9.696s", 69696 * MS },
		{ "1h2m", 3720 * S },
		{ "6 seconds", 6 * S },
		{ "1 minute and 3 seconds", 63 * S },
		{ "250us", 250 },
		{ "2", 2 * S },
		{ "0.5", 500 * MS },
		{ "0", 0 },
		{ "2026-11-21T09:00:30Z", 30 * S },
		{ "2026-11-21T10:00:30.25+01:00", 30 * S },
		{ "2026-11-21T08:59:00Z", 0 },
		{ "Sat, 21 Nov 2026 09:01:00 GMT", 60 * S },
		{ "Saturday, 21-Nov-26 09:01:00 GMT", 60 * S },
		{ "Sat Nov 21 09:01:00 2026", 60 * S },
		{ "1795251615", 15 * S },
		{ "1795251615000", 15 * S },
		/* hostile */
		{ "-1", SPAN_NONE },
		{ "-5s", SPAN_NONE },
		{ "nan", SPAN_NONE },
		{ "inf", SPAN_NONE },
		{ "", SPAN_NONE },
		{ "soon", SPAN_NONE },
		{ "1e300", MOMENT_MAX },
		{ "99999999999999999999h", MOMENT_MAX },
		{ "999999999999999999999999999d", MOMENT_MAX },
		{ "2999-01-01T00:00:00Z", MOMENT_MAX },
		{ "Sat, 99 Nov 2026 09:01:00 GMT", SPAN_NONE },
		{ "2026-13-21T09:00:30Z", SPAN_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (moment_read(str_of(cases[i].text), NOW) != cases[i].us)
			fail_msg("\"%s\" is %lld us, not %lld", cases[i].text,
				(long long)moment_read(str_of(cases[i].text), NOW),
				(long long)cases[i].us);
}

/* ---- words ------------------------------------------------------------------------------ */

static const struct {
	const char *words;
	const char *say;
	int64_t wait;
	bool never;
} said[] = {
	{ "Rate limit reached for gpt-4o in organization org-1 on tokens per min (TPM): Limit "
	  "30000, Used 29937, Requested 385. Please try again in 644ms. Visit https://x.",
		"tokens a minute: 29,937 of 30,000 used, 385 asked", 644 * MS, false },
	/* 322 tokens are missing, and 500 come each second */
	{ "on tokens per min (TPM): Limit 30000, Used 29937, Requested 385.",
		"tokens a minute: 29,937 of 30,000 used, 385 asked", 644 * MS, false },
	{ "on tokens per day (TPD): Limit 100000, Used 99000, Requested 2000. Please try again in "
	  "14m24s.",
		"tokens a day: 99,000 of 100,000 used, 2,000 asked", 864 * S, false },
	{ "Request too large on tokens per min (TPM): Limit 30000, Requested 36055.",
		"tokens a minute: 30,000 allowed, 36,055 asked", SPAN_NONE, true },
	{ "Throttling: TPM(10680324/10000000)",
		"tokens a minute: 10,680,324 of 10,000,000 used", SPAN_NONE, false },
	{ "would exceed your organization's rate limit of 30,000 input tokens per minute",
		"input tokens a minute: 30,000 allowed", SPAN_NONE, false },
	{ "have exceeded token rate limit of your pricing tier. Please retry after 6 seconds.",
		"tokens a minute", 6 * S, false },
	{ "reached max concurrency: 1, please try again after 1 seconds", "requests at once", S,
		false },
	{ "Rate limit exceeded: free-models-per-day", "requests a day", SPAN_NONE, false },
	{ "Limit 99999999999999999999999, Requested -5", "", SPAN_NONE, false },
	{ "for my-tpm-model: nothing said", "", SPAN_NONE, false },
	{ "try again in 0s", "", SPAN_NONE, false },
};

static void trap_28_which_limit_stands_in_the_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		struct limits l = limits_none;
		struct buf say = BUF(BUF_WHY_MAX);

		limits_read_words(&l, str_of(said[i].words));
		limits_say(&l, &say);
		if (!str_is(buf_str(&say), said[i].say) || limits_wait(&l) != said[i].wait ||
			limits_never_fit(&l) != said[i].never)
			fail_msg("%s\nis \"%s\", wait %lld", said[i].words, say.ptr,
				(long long)limits_wait(&l));
		buf_release(&say);
	}
}

/* ---- heads ------------------------------------------------------------------------------ */

struct head {
	const char *fields[12]; /* name, value, ... */
};

static const char *find(const void *ctx, const char *name)
{
	const struct head *h = ctx;

	for (size_t i = 0; i + 1 < ARRAY_LEN(h->fields) && h->fields[i]; i += 2)
		if (str_is_nocase(str_of(h->fields[i]), name))
			return h->fields[i + 1];
	return NULL;
}

static void the_head_tells_limits_and_waits(void **state)
{
	static const struct {
		struct head head;
		enum limits_unit unit;
		int64_t limit, left, reset, wait, retry;
	} cases[] = {
		{ { { "x-ratelimit-limit-tokens", "30000", "x-ratelimit-remaining-tokens", "63",
			  "x-ratelimit-reset-tokens", "6m0s" } },
			LIMITS_TOKENS, 30000, 63, 360 * S, SPAN_NONE, INT_NONE },
		{ { { "X-RateLimit-Limit", "20", "X-RateLimit-Remaining", "0",
			  "X-RateLimit-Reset", "1795251660000" } },
			LIMITS_REQUESTS, 20, 0, 60 * S, 60 * S, INT_NONE },
		{ { { "anthropic-ratelimit-input-tokens-limit", "50000",
			  "anthropic-ratelimit-input-tokens-remaining", "0",
			  "anthropic-ratelimit-input-tokens-reset", "2026-11-21T09:00:20Z",
			  "retry-after", "13" } },
			LIMITS_INPUT, 50000, 0, 20 * S, 13 * S, INT_NONE },
		{ { { "x-ratelimit-limit-requests", "-1", "x-ratelimit-remaining-requests", "-1",
			  "x-ratelimit-reset-requests", "x" } },
			LIMITS_REQUESTS, INT_NONE, INT_NONE, SPAN_NONE, SPAN_NONE, INT_NONE },
		{ { { "retry-after-ms", "644.5", "retry-after", "9", "x-should-retry", "true" } },
			LIMITS_TOKENS, INT_NONE, INT_NONE, SPAN_NONE, 644500, 1 },
		{ { { "retry-after-ms", "nan", "retry-after", "Sat, 21 Nov 2026 09:00:05 GMT",
			  "x-should-retry", "false" } },
			LIMITS_TOKENS, INT_NONE, INT_NONE, SPAN_NONE, 5 * S, 0 },
		{ { { "retry-after", "-3" } },
			LIMITS_TOKENS, INT_NONE, INT_NONE, SPAN_NONE, SPAN_NONE, INT_NONE },
		{ { { "ratelimitbysize-limit", "500000", "ratelimitbysize-remaining", "499972",
			  "ratelimitbysize-reset", "19" } },
			LIMITS_TOKENS, 500000, 499972, 19 * S, SPAN_NONE, INT_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct limits l = limits_none;
		const struct limits_gauge *g = &l.gauges[cases[i].unit];

		limits_read_head(&l, find, &cases[i].head, NOW);
		if (g->limit != cases[i].limit || g->left != cases[i].left ||
			g->reset != cases[i].reset || limits_wait(&l) != cases[i].wait ||
			l.retry != cases[i].retry)
			fail_msg("case %zu: limit %lld left %lld reset %lld wait %lld", i,
				(long long)g->limit, (long long)g->left, (long long)g->reset,
				(long long)limits_wait(&l));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trap_28_durations_and_dates_are_read),
		cmocka_unit_test(trap_28_which_limit_stands_in_the_words),
		cmocka_unit_test(the_head_tells_limits_and_waits),
	};

	return cmocka_run_group_tests_name("wire/limits", tests, NULL, NULL);
}
