/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an answer over the Anthropic wire says of itself: errors, usage, why it stopped. */
#include "core/wire/anthropic_parts.h"
#include "core/wire/fault.h"

/* ---- errors ------------------------------------------------------------------------------ */

/* What the type of an error says that came inside a 200. */
static const struct {
	const char *type;
	int status;
} error_types[] = {
	{ "invalid_request_error", 400 },
	{ "authentication_error", 401 },
	{ "billing_error", 402 },
	{ "permission_error", 403 },
	{ "not_found_error", 404 },
	{ "request_too_large", 413 },
	{ "rate_limit_error", 429 },
	{ "api_error", 500 },
	{ "timeout_error", 504 },
	{ "overloaded_error", 529 },
};

static int status_of(int status, struct str type)
{
	for (size_t i = 0; status < 300 && i < ARRAY_LEN(error_types); i++)
		if (str_is(type, error_types[i].type))
			return error_types[i].status;
	return status;
}

static void tell_error(struct wire_answer *answer, int status, const json_t *error)
{
	const json_t *details = json_object_get(error, "details");
	struct fault_words words = {
		.code = json_get_text(error, "code"),
		.type = json_get_text(error, "type"),
		.param = json_get_text(error, "param"),
		.message = json_get_text(error, "message"),
	};

	if (!words.code.len)
		words.code = json_get_text(details, "error_code");
	if (json_is_string(error))
		words.message = (struct str){ json_string_value(error), json_string_length(error) };
	else if (!words.message.len)
		words.message = words.type;
	fault_tell(answer, status_of(status, words.type), &words);
}

static void take_request_id(struct wire_answer *answer, const json_t *object)
{
	if (!answer->request_id.len)
		buf_add_str(&answer->request_id, json_get_text(object, "request_id"));
}

bool anthropic_find_error(struct wire_answer *answer, int status, const json_t *root)
{
	const json_t *error = json_object_get(root, "error");

	if (!json_is_object(error) && !json_string_length(error)) {
		if (!str_is(json_get_text(root, "type"), "error"))
			return false;
		error = root;
	}
	tell_error(answer, status, error);
	take_request_id(answer, root);
	take_request_id(answer, error);
	return true;
}

/* The words of a body that is no error of this wire: {"detail": "..."}, {"message": "..."}. */
static struct str other_words(const json_t *root, struct str body)
{
	static const char *const members[] = { "detail", "message", "msg", "errorMessage" };

	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (json_get_text(root, members[i]).len)
			return json_get_text(root, members[i]);
	return body;
}

void anthropic_read_error(struct wire_answer *answer, int status, struct str body)
{
	json_t *root = NULL;

	if (json_read(body, JSON_READ_LENIENT, &root, NULL) ||
		!anthropic_find_error(answer, status, root)) {
		fault_tell(answer, status,
			&(struct fault_words){ .message = other_words(root, body) });
		take_request_id(answer, root);
	}
	json_decref(root);
}

/* ---- usage and the end ------------------------------------------------------------------- */

static int64_t known(int64_t count)
{
	return count == INT_NONE ? 0 : count;
}

/* input_tokens leaves out what was read from the cache or written to it; ours counts the whole
 * prompt. Each count replaces the one told before: message_delta repeats what message_start said,
 * or says it right (some hosts first count the cached tokens as input as well). */
static void read_prompt(struct tokens *t, const json_t *usage)
{
	const json_t *written = json_object_get(usage, "cache_creation");
	struct tokens told = *t;
	int64_t plain =
		t->in == INT_NONE ? INT_NONE : t->in - known(t->cached) - known(t->cache_write);
	int64_t brief = 0, lasting = 0; /* five minutes, an hour */

	common_take_count(&plain, usage, "input_tokens");
	common_take_count(&told.cached, usage, "cache_read_input_tokens");
	common_take_count(&brief, written, "ephemeral_5m_input_tokens");
	common_take_count(&lasting, written, "ephemeral_1h_input_tokens");
	if (brief + lasting > 0)
		told.cache_write = brief + lasting;
	common_take_count(&told.cache_write, usage, "cache_creation_input_tokens");
	if (plain == INT_NONE)
		return;
	told.in = plain + known(told.cached) + known(told.cache_write);
	/* No prompt is empty: a host that ends with zeros has forgotten what it counted. */
	if (told.in > 0 || t->in == INT_NONE)
		*t = told;
}

void anthropic_read_usage(struct wire_answer *answer, const json_t *usage)
{
	struct tokens *t = &answer->tokens;

	if (!json_is_object(usage))
		return;
	read_prompt(t, usage);
	common_take_count(&t->out, usage, "output_tokens");
	common_take_count(
		&t->reasoning, json_object_get(usage, "output_tokens_details"), "thinking_tokens");
}

/* pause_turn: the provider wants to be asked again for the rest. */
static const struct {
	const char *reason;
	enum end end;
} reasons[] = {
	{ "end_turn", END_STOP },
	{ "stop_sequence", END_STOP },
	{ "max_tokens", END_LENGTH },
	{ "model_context_window_exceeded", END_LENGTH },
	{ "tool_use", END_TOOL_CALLS },
	{ "refusal", END_REFUSED },
	{ "pause_turn", END_TRUNCATED },
	{ "compaction", END_TRUNCATED },
};

static void read_reason(struct wire_answer *answer, struct str reason)
{
	if (!reason.len)
		return;
	answer->end = END_STOP;
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (str_is(reason, reasons[i].reason))
			answer->end = reasons[i].end;
}

/* Why it refused, in its own words, or else the name of what it refuses. */
static void read_refusal(struct wire_answer *answer, const json_t *details)
{
	struct str words = json_get_text(details, "explanation");

	if (!words.len)
		words = json_get_text(details, "category");
	if (answer->end != END_REFUSED || !words.len)
		return;
	buf_clear(&answer->refusal);
	buf_add_str(&answer->refusal, words);
}

void anthropic_read_stop(struct wire_answer *answer, const json_t *object)
{
	read_reason(answer, json_get_text(object, "stop_reason"));
	read_refusal(answer, json_object_get(object, "stop_details"));
}
