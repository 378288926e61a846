/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers about limits, in the words and headers of the two wires' providers. */
#include "core/sim/fault_wire.h"

#include "core/base/arena.h"
#include "core/base/clock.h"

#include <inttypes.h>

static const struct {
	const char *words, *letters, *type; /* OpenAI's */
	const char *plural, *headers;       /* for Anthropic's words and headers */
} limits[] = {
	[LIMIT_TPM] = { "tokens per min", "TPM", "tokens", "input tokens per minute",
		"input-tokens" },
	[LIMIT_RPM] = { "requests per min", "RPM", "requests", "requests per minute",
		"requests" },
	[LIMIT_TPD] = { "tokens per day", "TPD", "tokens", "input tokens per day",
		"input-tokens" },
};

/* As the official clients read them: "644ms", "1m9.696s". */
static void put_duration(struct buf *out, int64_t ms)
{
	if (ms < 1000) {
		buf_addf(out, "%" PRId64 "ms", ms);
		return;
	}
	if (ms >= 60000)
		buf_addf(out, "%" PRId64 "m", ms / 60000);
	buf_addf(out, "%" PRId64, ms / 1000 % 60);
	if (ms % 1000)
		buf_addf(out, ".%03" PRId64, ms % 1000);
	buf_add_char(out, 's');
}

static int64_t moment(int64_t from_now_s)
{
	return clock_wall(&clock_real) + from_now_s * US_PER_S;
}

/* "Tue, 24 Nov 2026 15:18:15 GMT", whatever the locale. */
static void put_http_date(struct buf *out, int64_t wall_us)
{
	static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	time_t at = (time_t)(wall_us / US_PER_S);
	struct tm tm;

	gmtime_r(&at, &tm);
	buf_addf(out, "%s, %02d %s %d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday,
		months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void put_retry(struct buf *headers, const struct sim_fault *f)
{
	if (f->retry_after)
		buf_addf(headers, "retry-after: %s\r\n", f->retry_after);
	if (f->retry_ms >= 0)
		buf_addf(headers, "retry-after-ms: %" PRId64 "\r\n", f->retry_ms);
	if (f->retry_date < 0)
		return;
	buf_add_text(headers, "retry-after: ");
	put_http_date(headers, moment(f->retry_date));
	buf_add_text(headers, "\r\n");
}

static void put_openai_headers(struct buf *headers, const struct sim_fault *f)
{
	buf_addf(headers, "x-ratelimit-limit-%s: 30000\r\nx-ratelimit-remaining-%s: 63\r\n"
			  "x-ratelimit-reset-%s: ",
		limits[f->limit].type, limits[f->limit].type, limits[f->limit].type);
	put_duration(headers, f->retry_ms >= 0 ? f->retry_ms : 1000);
	buf_add_text(headers, "\r\n");
}

static void put_anthropic_headers(struct buf *headers, const struct sim_fault *f)
{
	const char *what = limits[f->limit].headers;

	buf_addf(headers, "anthropic-ratelimit-%s-limit: 30000\r\n"
			  "anthropic-ratelimit-%s-remaining: 0\r\nanthropic-ratelimit-%s-reset: ",
		what, what, what);
	clock_format(headers, moment(1));
	buf_add_text(headers, "\r\n");
}

static void pace_words(struct buf *words, enum sim_wire wire, const struct sim_fault *f,
	struct str model)
{
	if (wire == SIM_ANTHROPIC) {
		buf_addf(words, "This request would exceed your organization's rate limit of "
				"30,000 %s.",
			limits[f->limit].plural);
		return;
	}
	buf_addf(words, "Rate limit reached for %.*s in organization org-sim on %s (%s): Limit "
			"30000, Used 29937, Requested 385.",
		STR_ARG(model), limits[f->limit].words, limits[f->limit].letters);
	if (f->retry_ms < 0)
		return;
	buf_add_text(words, " Please try again in ");
	put_duration(words, f->retry_ms);
	buf_add_char(words, '.');
}

static int put_pace(struct buf *headers, struct buf *body, enum sim_wire wire,
	const struct sim_fault *f, struct str model)
{
	struct buf words = BUF(BUF_LINE_MAX);
	struct wire_error error = { .type = "rate_limit_error" };

	put_retry(headers, f);
	if (wire == SIM_ANTHROPIC)
		put_anthropic_headers(headers, f);
	else
		put_openai_headers(headers, f);
	if (wire != SIM_ANTHROPIC) {
		error.type = limits[f->limit].type;
		error.code = "rate_limit_exceeded";
	}
	pace_words(&words, wire, f, model);
	error.message = f->message ? f->message : words.ptr;
	wire_put_error(body, wire, &error);
	buf_release(&words);
	return (int)f->status;
}

static int put_money(struct buf *body, enum sim_wire wire, const struct sim_fault *f)
{
	struct wire_error error = { f->message, "insufficient_quota", "insufficient_quota" };

	if (wire == SIM_ANTHROPIC) {
		error.type = "rate_limit_error";
		error.code = "enforced_spend_limit_reached";
	}
	if (f->code)
		error.code = f->code;
	if (!error.message)
		error.message = wire == SIM_ANTHROPIC
					? "Your organization has reached its monthly spend limit."
					: "You exceeded your current quota, please check your plan "
					  "and billing details.";
	wire_put_error(body, wire, &error);
	return (int)f->status;
}

/* Anthropic calls such a request too large whatever the limit is. */
static int put_never_fits(
	struct buf *body, enum sim_wire wire, const struct sim_fault *f, struct str model)
{
	struct arena arena = ARENA;
	struct wire_error error = { .type = "tokens", .code = "rate_limit_exceeded" };

	if (wire == SIM_ANTHROPIC) {
		error = (struct wire_error){ .type = "request_too_large",
			.message = "Request exceeds the maximum allowed number of bytes." };
	} else {
		error.message = arena_format(&arena,
			"Request too large for %.*s in organization org-sim on tokens per min "
			"(TPM): Limit 30000, Requested 36055. The input or output tokens must be "
			"reduced in order to run successfully.",
			STR_ARG(model))
					.ptr;
	}
	if (f->message)
		error.message = f->message;
	wire_put_error(body, wire, &error);
	arena_release(&arena);
	return wire == SIM_ANTHROPIC ? 413 : (int)f->status;
}

static int put_overloaded(struct buf *body, enum sim_wire wire, const struct sim_fault *f)
{
	struct wire_error error = { .message = "The engine is currently overloaded, please try "
					       "again later",
		.type = "server_error" };
	int status = wire == SIM_ANTHROPIC ? 529 : 503;

	if (wire == SIM_ANTHROPIC)
		error = (struct wire_error){ .message = "Overloaded", .type = "overloaded_error" };
	if (f->message)
		error.message = f->message;
	wire_put_error(body, wire, &error);
	return f->status ? (int)f->status : status;
}

int limit_put(struct buf *headers, struct buf *body, enum sim_wire wire,
	const struct sim_fault *fault, struct str model)
{
	switch (fault->row->kind) {
	case SIM_MONEY:
		return put_money(body, wire, fault);
	case SIM_NEVER_FITS:
		return put_never_fits(body, wire, fault, model);
	case SIM_OVERLOADED:
		return put_overloaded(body, wire, fault);
	default:
		return put_pace(headers, body, wire, fault, model);
	}
}
