/* SPDX-License-Identifier: GPL-3.0-or-later
 * What follows from a provider's limits: how long to wait, and what to say. */
#include "core/wire/limits.h"

#include "core/base/clock.h"

#define GAUGE_NONE { INT_NONE, INT_NONE, SPAN_NONE, 0 }

const struct limits limits_none = {
	.gauges = {
		GAUGE_NONE,
#define X(code, name) GAUGE_NONE,
		LIMITS_UNIT_LIST(X)
#undef X
	},
	.wait = SPAN_NONE,
	.retry = INT_NONE,
	.hit = { LIMITS_NOTHING, 0, INT_NONE, INT_NONE, INT_NONE },
};

bool limits_never_fit(const struct limits *l)
{
	return l->hit.limit > 0 && l->hit.asked > l->hit.limit;
}

/* A bucket that fills evenly over its window: "Limit 30000, Used 29937, Requested 385" a minute
 * lacks 322 tokens, which are there after 644 ms. */
static int64_t wait_for_bucket(const struct limits_hit *h)
{
	double missing;

	if (h->limit <= 0 || h->window <= 0 || h->used == INT_NONE || h->asked == INT_NONE)
		return SPAN_NONE;
	missing = (double)h->used + (double)h->asked - (double)h->limit;
	if (missing <= 0)
		return SPAN_NONE;
	missing *= (double)h->window / (double)h->limit;
	return missing > (double)MOMENT_MAX ? MOMENT_MAX : (int64_t)missing;
}

static int64_t wait_for_gauges(const struct limits *l)
{
	int64_t longest = SPAN_NONE;

	for (size_t i = 0; i < LIMITS_UNIT_COUNT; i++)
		if (l->gauges[i].left == 0 && l->gauges[i].reset > longest)
			longest = l->gauges[i].reset;
	return longest;
}

int64_t limits_wait(const struct limits *l)
{
	int64_t wait = l->wait;

	if (wait == SPAN_NONE)
		wait = wait_for_bucket(&l->hit);
	if (wait == SPAN_NONE)
		wait = wait_for_gauges(l);
	return wait;
}

/* ---- in words --------------------------------------------------------------------------- */

static const char *const unit_names[LIMITS_UNIT_COUNT] = {
	"",
#define X(code, name) name,
	LIMITS_UNIT_LIST(X)
#undef X
};

static const struct {
	int64_t us;
	const char *name;
} windows[] = {
	{ INT64_C(1) * US_PER_S, " a second" },
	{ INT64_C(60) * US_PER_S, " a minute" },
	{ INT64_C(3600) * US_PER_S, " an hour" },
	{ INT64_C(86400) * US_PER_S, " a day" },
};

static void add_count(struct buf *out, int64_t count)
{
	if (count >= 1000) {
		add_count(out, count / 1000);
		buf_addf(out, ",%03d", (int)(count % 1000));
	} else {
		buf_addf(out, "%d", (int)count);
	}
}

static void add_used(struct buf *out, int64_t used, int64_t limit)
{
	if (used != INT_NONE) {
		add_count(out, used);
		if (limit != INT_NONE) {
			buf_add_text(out, " of ");
			add_count(out, limit);
		}
		buf_add_text(out, " used");
	} else {
		add_count(out, limit);
		buf_add_text(out, " allowed");
	}
}

static void say_hit(const struct limits_hit *h, struct buf *out)
{
	bool counted = h->used != INT_NONE || h->limit != INT_NONE;

	buf_add_text(out, h->unit ? unit_names[h->unit] : "limit");
	for (size_t i = 0; i < ARRAY_LEN(windows); i++)
		if (windows[i].us == h->window)
			buf_add_text(out, windows[i].name);
	if (!counted && h->asked == INT_NONE)
		return;
	buf_add_text(out, ": ");
	if (counted)
		add_used(out, h->used, h->limit);
	if (h->asked != INT_NONE) {
		buf_add_text(out, counted ? ", " : "");
		add_count(out, h->asked);
		buf_add_text(out, " asked");
	}
}

/* What the head says is used up. */
static struct limits_hit hit_of_gauges(const struct limits *l)
{
	struct limits_hit hit = limits_none.hit;

	for (size_t i = 0; i < LIMITS_UNIT_COUNT; i++)
		if (l->gauges[i].left == 0) {
			hit.unit = (enum limits_unit)i;
			hit.limit = hit.used = l->gauges[i].limit;
			hit.window = l->gauges[i].window;
		}
	return hit;
}

void limits_say(const struct limits *l, struct buf *out)
{
	struct limits_hit hit = l->hit;

	if (!hit.unit && hit.limit == INT_NONE && hit.used == INT_NONE)
		hit = hit_of_gauges(l);
	if (hit.unit || hit.limit != INT_NONE || hit.used != INT_NONE)
		say_hit(&hit, out);
}
