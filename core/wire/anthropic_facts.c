/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an answer over the Anthropic wire says of itself: errors, usage, why it stopped. */
#include "core/wire/anthropic_parts.h"
#include "core/wire/complaint.h"

/* ---- errors ------------------------------------------------------------------------------ */

/* Some put it inside the error. */
static void take_request_id(struct wire_answer *answer, const json_t *root)
{
	if (!answer->request_id.len)
		buf_add_str(&answer->request_id,
			json_get_text(json_object_get(root, "error"), "request_id"));
}

bool anthropic_find_error(struct wire_answer *answer, const json_t *root)
{
	if (!json_object_get(root, "error") && !str_is(json_get_text(root, "type"), "error") &&
		!str_is(json_get_text(root, "object"), "error"))
		return false;
	if (!complaint_find(answer, root))
		return false;
	take_request_id(answer, root);
	return true;
}

void anthropic_read_error(struct wire_answer *answer, int status, struct str body)
{
	json_t *root = NULL;

	complaint_read(answer, status, body);
	if (!json_read(body, JSON_READ_LENIENT, &root, NULL))
		take_request_id(answer, root);
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
