/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a provider says of pace, in the head of an answer and in the words of an error: what is
 * allowed, what is left, when it is whole again, how long to wait before trying again. Everything
 * is hostile: numbers that cannot be are unknown (INT_NONE, SPAN_NONE), spans are at most
 * MOMENT_MAX, and nothing is ever negative.
 *
 *	struct limits l = limits_none;
 *	limits_read_head(&l, header, ctx, now);
 *	limits_read_words(&l, message);
 *
 * Sources: openai-python and anthropic-sdk-python, _base_client.py (retry-after-ms, retry-after,
 * x-should-retry); the providers' pages on rate limits.
 */
#ifndef WEIR_WIRE_LIMITS_H
#define WEIR_WIRE_LIMITS_H

#include "core/wire/moment.h"

#define LIMITS_NUMBER_MAX (INT64_C(1) << 53)

/* What is counted: code, in words. */
#define LIMITS_UNIT_LIST(X)                                                                       \
	X(REQUESTS, "requests")                                                                   \
	X(TOKENS, "tokens")                                                                       \
	X(INPUT, "input tokens")                                                                  \
	X(OUTPUT, "output tokens")                                                                \
	X(CONCURRENT, "requests at once")

enum limits_unit {
	LIMITS_NOTHING, /* not known */
#define X(code, name) LIMITS_##code,
	LIMITS_UNIT_LIST(X)
#undef X
	LIMITS_UNIT_COUNT
};

/* One limit as the head tells it. */
struct limits_gauge {
	int64_t limit, left; /* INT_NONE: not said */
	int64_t reset;       /* us from now until all of it is there again; SPAN_NONE */
	int64_t window;      /* us that it is counted over, where its name says so; 0 */
};

/* The limit that an error is about. */
struct limits_hit {
	enum limits_unit unit;
	int64_t window;             /* us: a minute, a day; 0: not known */
	int64_t limit, used, asked; /* INT_NONE: not said */
};

struct limits {
	struct limits_gauge gauges[LIMITS_UNIT_COUNT]; /* by unit */
	int64_t wait;  /* us: how long it asks to wait; SPAN_NONE: it does not say */
	int64_t retry; /* 1, 0: it wants to be asked again, or not; INT_NONE: it does not say */
	struct limits_hit hit;
};

extern const struct limits limits_none; /* nothing is known */

/* `header` gives a field of the head by name, NULL where there is none; now: wall us. */
void limits_read_head(struct limits *l, const char *(*header)(const void *ctx, const char *name),
	const void *ctx, int64_t now);

/* The words of an error. What the head has said of the wait stays. */
void limits_read_words(struct limits *l, struct str words);

/* Whether more was asked for than the limit ever allows. */
bool limits_never_fit(const struct limits *l);

/* Us until the same request has a chance: as told, else as the numbers give it, else until what is
 * used up is there again; SPAN_NONE: nobody knows. */
int64_t limits_wait(const struct limits *l);

/* "tokens a minute: 29,937 of 30,000 used, 385 asked"; nothing when no limit is known. */
void limits_say(const struct limits *l, struct buf *out);

#endif
