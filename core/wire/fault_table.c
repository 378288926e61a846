/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of codes and words. */
#include "core/wire/fault_table.h"
#include "core/wire/words.h"

enum row_kind {
	CODE,  /* the code or the type, by its letters and digits; '*' at an end: anything */
	WORDS, /* in the message, in small letters; '*': one word; '^': at its beginning */
	VAGUE  /* as CODE, where nothing else is known */
};

static const struct row {
	enum wire_fault fault;
	enum row_kind kind;
	const char *text;
} rows[] = {
	{ FAULT_MONEY, CODE, "insufficient_quota" },
	{ FAULT_MONEY, CODE, "*billing*" },
	{ FAULT_MONEY, CODE, "*spend_limit*" },
	{ FAULT_MONEY, CODE, "*usage_limit*" },
	{ FAULT_MONEY, CODE, "*credit_balance*" },
	{ FAULT_MONEY, CODE, "credit_limit*" },
	{ FAULT_MONEY, CODE, "insufficient_balance*" },
	{ FAULT_MONEY, CODE, "insufficient_credit*" },
	{ FAULT_MONEY, CODE, "insufficient_funds*" },
	{ FAULT_MONEY, CODE, "payment_required*" },
	{ FAULT_MONEY, CODE, "exceeded_current_quota*" },
	{ FAULT_MONEY, CODE, "Arrearage" },
	{ FAULT_MONEY, CODE, "*Overdue*" },
	{ FAULT_MONEY, CODE, "*FreeTierOnly" },
	{ FAULT_MONEY, WORDS, "credit balance is too low" },
	{ FAULT_MONEY, WORDS, "insufficient balance" },
	{ FAULT_MONEY, WORDS, "insufficient account balance" },
	{ FAULT_MONEY, WORDS, "insufficient credits" },
	{ FAULT_MONEY, WORDS, "insufficient funds" },
	{ FAULT_MONEY, WORDS, "insufficient quota" },
	{ FAULT_MONEY, WORDS, "requires more credits" },
	{ FAULT_MONEY, WORDS, "credits are depleted" },
	{ FAULT_MONEY, WORDS, "all available credits" },
	{ FAULT_MONEY, WORDS, "have any credits" },
	{ FAULT_MONEY, WORDS, "out of credits" },
	{ FAULT_MONEY, WORDS, "included credits" },
	{ FAULT_MONEY, WORDS, "purchase more credits" },
	{ FAULT_MONEY, WORDS, "credit limit exceeded" },
	{ FAULT_MONEY, WORDS, "spend limit" },
	{ FAULT_MONEY, WORDS, "spending limit" },
	{ FAULT_MONEY, WORDS, "billing hard limit" },
	{ FAULT_MONEY, WORDS, "api usage limits" },
	{ FAULT_MONEY, WORDS, "account is in good standing" },
	{ FAULT_MONEY, WORDS, "check your billing" },
	{ FAULT_MONEY, WORDS, "payment required" },
	{ FAULT_MONEY, WORDS, "please recharge" },
	{ FAULT_MONEY, WORDS, "past invoices" },
	{ FAULT_MONEY, WORDS, "free tier of the model has been exhausted" },
	{ FAULT_PACE, CODE, "RESOURCE_EXHAUSTED" }, /* Google says "plan and billing" of a pace */
	{ FAULT_MONEY, WORDS, "plan and billing" },

	{ FAULT_NEVER_FITS, WORDS, "request too large for *" },

	{ FAULT_TOO_LONG, CODE, "context_length_exceeded" },
	{ FAULT_TOO_LONG, CODE, "context_window_exceeded" },
	{ FAULT_TOO_LONG, CODE, "model_context_window_exceeded" },
	{ FAULT_TOO_LONG, CODE, "exceed_context_size_error" },
	{ FAULT_TOO_LONG, CODE, "request_too_large" },
	{ FAULT_TOO_LONG, WORDS, "prompt is too long" },
	{ FAULT_TOO_LONG, WORDS, "input is too long" },
	{ FAULT_TOO_LONG, WORDS, "input is too large to process" },
	{ FAULT_TOO_LONG, WORDS, "maximum context length" },
	{ FAULT_TOO_LONG, WORDS, "maximum prompt length" },
	{ FAULT_TOO_LONG, WORDS, "context length exceeded" },
	{ FAULT_TOO_LONG, WORDS, "available context size" },
	{ FAULT_TOO_LONG, WORDS, "exceed context limit" },
	{ FAULT_TOO_LONG, WORDS, "context window" },
	{ FAULT_TOO_LONG, WORDS, "model token limit" },
	{ FAULT_TOO_LONG, WORDS, "reduce the length of the messages" },
	{ FAULT_TOO_LONG, WORDS, "maximum number of tokens" },
	{ FAULT_TOO_LONG, WORDS, "range of input length" },
	{ FAULT_TOO_LONG, WORDS, "`inputs` tokens + `max_new_tokens` must be" },

	{ FAULT_FILTER, CODE, "content_filter*" },
	{ FAULT_FILTER, CODE, "content_policy*" },
	{ FAULT_FILTER, CODE, "ResponsibleAIPolicyViolation" },
	{ FAULT_FILTER, CODE, "*DataInspectionFailed" },
	{ FAULT_FILTER, CODE, "SensitiveContentDetected*" },
	{ FAULT_FILTER, CODE, "moderation*" },
	{ FAULT_FILTER, CODE, "invalid_prompt" },
	{ FAULT_FILTER, WORDS, "content filter" },
	{ FAULT_FILTER, WORDS, "content management policy" },
	{ FAULT_FILTER, WORDS, "inappropriate content" },
	{ FAULT_FILTER, WORDS, "content exists risk" },
	{ FAULT_FILTER, WORDS, "considered high risk" },
	{ FAULT_FILTER, WORDS, "input was flagged" },
	{ FAULT_FILTER, WORDS, "violates usage guidelines" },

	{ FAULT_MODEL, CODE, "model_not_found*" },
	{ FAULT_MODEL, CODE, "model_not_exist*" },
	{ FAULT_MODEL, CODE, "model_not_available" },
	{ FAULT_MODEL, CODE, "model_not_supported" },
	{ FAULT_MODEL, CODE, "model_decommissioned" },
	{ FAULT_MODEL, CODE, "invalid_model*" },
	{ FAULT_MODEL, CODE, "unknown_model" },
	{ FAULT_MODEL, CODE, "DeploymentNotFound" },
	{ FAULT_MODEL, CODE, "InvalidEndpointOrModel*" },
	{ FAULT_MODEL, WORDS, "model * does not exist" },
	{ FAULT_MODEL, WORDS, "model * not found" },
	{ FAULT_MODEL, WORDS, "model * was not found" },
	{ FAULT_MODEL, WORDS, "model * is not available" },
	{ FAULT_MODEL, WORDS, "model * is not supported" },
	{ FAULT_MODEL, WORDS, "model * has been decommissioned" },
	{ FAULT_MODEL, WORDS, "models/* is not found" },
	{ FAULT_MODEL, WORDS, "model not found" },
	{ FAULT_MODEL, WORDS, "model not exist" },
	{ FAULT_MODEL, WORDS, "not found the model" },
	{ FAULT_MODEL, WORDS, "no such model" },
	{ FAULT_MODEL, WORDS, "invalid model" },
	{ FAULT_MODEL, WORDS, "unknown model" },
	{ FAULT_MODEL, WORDS, "is not a valid model" },
	{ FAULT_MODEL, WORDS, "no endpoints found" },
	{ FAULT_MODEL, WORDS, "unable to access model" },
	{ FAULT_MODEL, WORDS, "have access to model" },
	{ FAULT_MODEL, WORDS, "try pulling it" },
	{ FAULT_MODEL, WORDS, "work with the specified model" },
	{ FAULT_MODEL, WORDS, "deployment for this resource does not exist" },
	{ FAULT_MODEL, WORDS, "^model: *" },

	{ FAULT_KEY, CODE, "invalid_api_key" },
	{ FAULT_KEY, CODE, "API_KEY_INVALID" },
	{ FAULT_KEY, CODE, "authentication*" },
	{ FAULT_KEY, CODE, "invalid_authentication*" },
	{ FAULT_KEY, CODE, "invalid_token" },
	{ FAULT_KEY, CODE, "unauthenticated" },
	{ FAULT_KEY, CODE, "unauthorized" },
	{ FAULT_KEY, WORDS, "incorrect api key" },
	{ FAULT_KEY, WORDS, "invalid api key" },
	{ FAULT_KEY, WORDS, "invalid api token" },
	{ FAULT_KEY, WORDS, "invalid x-api-key" },
	{ FAULT_KEY, WORDS, "api key not valid" },
	{ FAULT_KEY, WORDS, "api key expired" },
	{ FAULT_KEY, WORDS, "provide an api key" },
	{ FAULT_KEY, WORDS, "no auth credentials" },
	{ FAULT_KEY, WORDS, "authentication fails" },
	{ FAULT_KEY, WORDS, "invalid authentication" },
	{ FAULT_KEY, WORDS, "invalid subscription key" },
	{ FAULT_KEY, WORDS, "access token is missing" },
	{ FAULT_KEY, WORDS, "token has expired" },

	{ FAULT_FORBIDDEN, CODE, "permission*" },
	{ FAULT_FORBIDDEN, CODE, "*access_denied*" },
	{ FAULT_FORBIDDEN, CODE, "insufficient_permissions" },
	{ FAULT_FORBIDDEN, CODE, "unsupported_country*" },
	{ FAULT_FORBIDDEN, CODE, "model_terms_required" },
	{ FAULT_FORBIDDEN, CODE, "blocked_api_access" },
	{ FAULT_FORBIDDEN, CODE, "organization_restricted" },
	{ FAULT_FORBIDDEN, WORDS, "organization has been disabled" },
	{ FAULT_FORBIDDEN, WORDS, "organization must be verified" },
	{ FAULT_FORBIDDEN, WORDS, "location is not supported" },
	{ FAULT_FORBIDDEN, WORDS, "does not have permission" },

	{ FAULT_OVERLOADED, CODE, "*overloaded*" },
	{ FAULT_OVERLOADED, CODE, "*unavailable*" },
	{ FAULT_OVERLOADED, CODE, "*capacity*" },
	{ FAULT_OVERLOADED, CODE, "queue_exceeded" },
	{ FAULT_OVERLOADED, CODE, "insufficient_system_resource" },
	{ FAULT_OVERLOADED, CODE, "model_not_ready*" },
	{ FAULT_OVERLOADED, WORDS, "^overloaded" },
	{ FAULT_OVERLOADED, WORDS, "is overloaded" },
	{ FAULT_OVERLOADED, WORDS, "currently overloaded" },
	{ FAULT_OVERLOADED, WORDS, "currently loading" },
	{ FAULT_OVERLOADED, WORDS, "loading model" },
	{ FAULT_OVERLOADED, WORDS, "too busy" },
	{ FAULT_OVERLOADED, WORDS, "over capacity" },
	{ FAULT_OVERLOADED, WORDS, "tier capacity exceeded" },
	{ FAULT_OVERLOADED, WORDS, "high traffic" },
	{ FAULT_OVERLOADED, WORDS, "no instances available" },
	{ FAULT_OVERLOADED, WORDS, "temporarily unavailable" },

	{ FAULT_PACE, CODE, "rate_limit*" },
	{ FAULT_PACE, CODE, "*rate_limit" },
	{ FAULT_PACE, CODE, "*rate_limit_exceeded" },
	{ FAULT_PACE, CODE, "Throttling*" },
	{ FAULT_PACE, CODE, "too_many_*" },
	{ FAULT_PACE, CODE, "slow_down" },
	{ FAULT_PACE, CODE, "limit_requests" },
	{ FAULT_PACE, CODE, "limit_burst_rate" },
	{ FAULT_PACE, CODE, "request_quota_exceeded" },
	{ FAULT_PACE, CODE, "token_quota_exceeded" },
	{ FAULT_PACE, CODE, "requests" },
	{ FAULT_PACE, CODE, "tokens" },
	{ FAULT_PACE, WORDS, "^throttling" },
	{ FAULT_PACE, WORDS, "rate limit" },
	{ FAULT_PACE, WORDS, "too many requests" },

	{ FAULT_ADDRESS, WORDS, "invalid url" },
	{ FAULT_ADDRESS, WORDS, "unknown request url" },

	{ FAULT_REQUEST, CODE, "unsupported_value" },
	{ FAULT_REQUEST, CODE, "unsupported_parameter" },
	{ FAULT_REQUEST, CODE, "unknown_parameter" },
	{ FAULT_REQUEST, CODE, "invalid_parameter*" },

	{ FAULT_ADDRESS, VAGUE, "not_found*" },
	{ FAULT_SERVER, VAGUE, "api_error" },
	{ FAULT_SERVER, VAGUE, "*server_error" },
	{ FAULT_SERVER, VAGUE, "internal*" },
	{ FAULT_SERVER, VAGUE, "timeout*" },
	{ FAULT_SERVER, VAGUE, "deadline_exceeded" },
	{ FAULT_SERVER, VAGUE, "bad_gateway" },
	{ FAULT_REQUEST, VAGUE, "invalid*" },
	{ FAULT_REQUEST, VAGUE, "bad_request*" },
	{ FAULT_REQUEST, VAGUE, "validation*" },
	{ FAULT_REQUEST, VAGUE, "Client specified an invalid argument" },
};

/* ---- codes ------------------------------------------------------------------------------ */

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
	return (small(c) >= 'a' && small(c) <= 'z') || (c >= '0' && c <= '9');
}

/* Letters and digits alone, small: "Throttling.RateQuota" is "throttlingratequota". */
static void add_letters(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_letter(text.ptr[i]))
			buf_add_char(out, small(text.ptr[i]));
}

/* Whether `code` has the pattern's letters at `at`, and ends there unless anything may follow. */
static bool has_letters(struct str code, size_t at, const char *pattern)
{
	for (; *pattern; pattern++) {
		if (*pattern == '*' && !pattern[1])
			return true;
		if (is_letter(*pattern) && (at >= code.len || code.ptr[at++] != small(*pattern)))
			return false;
	}
	return at == code.len;
}

static bool code_fits(struct str code, const char *pattern)
{
	size_t last = *pattern == '*' ? code.len : 0;

	for (size_t at = 0; code.len && at <= last; at++)
		if (has_letters(code, at, pattern))
			return true;
	return false;
}

/* ---- words ------------------------------------------------------------------------------ */

/* Whether `text` begins as `pattern` says. */
static bool begins_as(struct str text, struct str pattern)
{
	size_t at = 0;

	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.ptr[i] == '*') {
			if (at >= text.len || text.ptr[at] == ' ')
				return false;
			at += str_find_char(str_part(text, at, text.len), ' ');
		} else if (at >= text.len || text.ptr[at++] != pattern.ptr[i]) {
			return false;
		}
	}
	return true;
}

static bool words_fit(struct str text, struct str pattern)
{
	if (str_starts(pattern, "^"))
		return begins_as(text, str_part(pattern, 1, pattern.len));
	for (size_t at = 0; at < text.len; at++)
		if (begins_as(str_part(text, at, text.len), pattern))
			return true;
	return false;
}

/* ---- both ------------------------------------------------------------------------------- */

enum wire_fault fault_find(const struct fault_words *words, bool vague)
{
	struct buf code = BUF(BUF_LINE_MAX), type = BUF(BUF_LINE_MAX), said = BUF(BUF_LINE_MAX);
	enum wire_fault found = FAULT_NONE;

	add_letters(&code, str_part(words->code, 0, WIRE_ID_MAX));
	add_letters(&type, str_part(words->type, 0, WIRE_ID_MAX));
	words_flatten(&said, words->message);
	for (size_t i = 0; !found && i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];

		if (row->kind == VAGUE && !vague)
			continue;
		if (row->kind == WORDS ? words_fit(buf_str(&said), str_of(row->text))
				       : code_fits(buf_str(&code), row->text) ||
						 code_fits(buf_str(&type), row->text))
			found = row->fault;
	}
	buf_release(&code);
	buf_release(&type);
	buf_release(&said);
	return found;
}
