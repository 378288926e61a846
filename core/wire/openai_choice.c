/* SPDX-License-Identifier: GPL-3.0-or-later
 * Choices: text, reasoning, refusals, tool calls and how it ended. */
#include "core/wire/openai_parts.h"

/* ---- how it ended ----------------------------------------------------------------------- */

/* Of any case. What follows a colon is a reason of the reason ("content_filter: RECITATION"). */
static const struct {
	const char *reason;
	enum end end;
} reasons[] = {
	{ "stop", END_STOP },
	{ "eos", END_STOP },
	{ "eos_token", END_STOP },
	{ "end_turn", END_STOP },
	{ "stop_sequence", END_STOP },
	{ "complete", END_STOP },
	{ "length", END_LENGTH },
	{ "max_tokens", END_LENGTH },
	{ "max_output_tokens", END_LENGTH },
	{ "model_length", END_LENGTH },
	{ "model_context_window_exceeded", END_LENGTH },
	{ "tool_calls", END_TOOL_CALLS },
	{ "tool_call", END_TOOL_CALLS },
	{ "tool_use", END_TOOL_CALLS },
	{ "function_call", END_TOOL_CALLS },
	{ "content_filter", END_REFUSED },
	{ "content_filtered", END_REFUSED },
	{ "refusal", END_REFUSED },
	{ "safety", END_REFUSED },
	{ "recitation", END_REFUSED },
	{ "blocklist", END_REFUSED },
	{ "prohibited_content", END_REFUSED },
	{ "spii", END_REFUSED },
	{ "sensitive", END_REFUSED },
	{ "error", END_TRUNCATED },
	{ "error_toxic", END_REFUSED },
	{ "abort", END_TRUNCATED },
	{ "aborted", END_TRUNCATED },
	{ "cancelled", END_TRUNCATED },
	{ "network_error", END_TRUNCATED },
	{ "insufficient_system_resource", END_TRUNCATED },
	{ "malformed_function_call", END_TRUNCATED },
	{ "function_call_filter", END_TRUNCATED },
	{ "null", END_NONE },
	{ "finish_reason_unspecified", END_NONE },
};

static enum end end_of(struct str reason)
{
	reason = str_trim(str_part(reason, 0, str_find_char(reason, ':')));
	if (!reason.len)
		return END_NONE;
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (str_is_nocase(reason, reasons[i].reason))
			return reasons[i].end;
	return END_STOP; /* an end that nobody has heard of is still one */
}

/* Some tell it twice; a good end does not take a bad one back. */
static void read_finish(struct wire_answer *answer, struct str reason)
{
	enum end end = end_of(reason);
	bool good = end == END_STOP || end == END_TOOL_CALLS;
	bool was_good = answer->end == END_NONE || answer->end == END_STOP ||
			answer->end == END_TOOL_CALLS;

	if (end != END_NONE && (!good || was_good))
		answer->end = end;
}

/* ---- what was said ---------------------------------------------------------------------- */

/* The texts of a text, or of a list of parts. True when there were any. */
static bool add_texts(struct buf *out, const json_t *value)
{
	size_t before = out->len, i;
	const json_t *part;

	buf_add_str(out, json_text(value));
	json_array_foreach(value, i, part)
		buf_add_str(out, json_get_text(part, "text"));
	return out->len > before;
}

static bool take_part(
	struct wire_answer *answer, const json_t *part, const struct wire_sink *sink)
{
	if (json_is_string(part))
		return common_take_text(answer, part, sink);
	if (add_texts(&answer->reasoning, json_object_get(part, "thinking")) ||
		add_texts(&answer->refusal, json_object_get(part, "refusal")))
		return true;
	return common_take_text(answer, json_object_get(part, "text"), sink);
}

/* A text, a part, or a list of parts. */
static bool take_content(
	struct wire_answer *answer, const json_t *content, const struct wire_sink *sink)
{
	const json_t *part;
	size_t i;

	if (!json_is_array(content))
		return take_part(answer, content, sink);
	json_array_foreach(content, i, part)
		if (!take_part(answer, part, sink))
			return false;
	return true;
}

/* Many names for one thing, and some servers send it under two at once. */
static void take_reasoning(struct wire_answer *answer, const json_t *message)
{
	static const char *const names[] = { "reasoning_content", "reasoning", "reasoning_text",
		"thinking", "reasoning_details" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (add_texts(&answer->reasoning, json_object_get(message, names[i])))
			return;
}

/* ---- what it calls ---------------------------------------------------------------------- */

static void take_call(struct wire_answer *answer, const json_t *call, const json_t *function)
{
	const json_t *arguments = json_object_get(function, "arguments");
	struct buf printed = BUF(BUF_TEXT_MAX);
	struct wire_call_piece piece = {
		.index = json_get_int(call, "index", INT_NONE),
		.id = json_get_text(call, "id"),
		.name = json_get_text(function, "name"),
		.arguments = json_get_text(function, "arguments"),
	};

	if (str_is(piece.id, "null"))
		piece.id = STR_NONE;
	/* Some write an object where others write its text. */
	if (json_is_object(arguments)) {
		json_print(&printed, arguments);
		piece.arguments = buf_str(&printed);
	}
	if (!wire_calls_take(&answer->calls, &piece))
		answer->skipped++;
	buf_release(&printed);
}

static void take_calls(struct wire_answer *answer, const json_t *message)
{
	const json_t *calls = json_object_get(message, "tool_calls"), *call;
	const json_t *function = json_object_get(message, "function_call");
	size_t i;

	json_array_foreach(calls, i, call)
		if (json_is_object(call))
			take_call(answer, call, json_object_get(call, "function"));
	if (json_is_object(function))
		take_call(answer, NULL, function);
}

/* ---- choices ---------------------------------------------------------------------------- */

static bool take_message(
	struct wire_answer *answer, const json_t *message, const struct wire_sink *sink)
{
	take_reasoning(answer, message);
	add_texts(&answer->refusal, json_object_get(message, "refusal"));
	take_calls(answer, message);
	return take_content(answer, json_object_get(message, "content"), sink);
}

static bool has_said_anything(const struct wire_answer *answer)
{
	return answer->text_bytes || answer->reasoning.len || answer->refusal.len ||
	       answer->calls.len;
}

/* Where the words of a choice stand. Beside its pieces, or after the last of them, a stream may
 * repeat the whole message (Perplexity, MiniMax): that is no news. */
static const json_t *message_of(
	const struct wire_answer *answer, const json_t *root, const json_t *choice)
{
	const json_t *delta = json_object_get(choice, "delta");
	const json_t *message = json_object_get(choice, "message");
	bool is_chunk = !str_is(json_get_text(root, "object"), "chat.completion");

	if (!json_is_object(message) || json_object_size(delta))
		return delta;
	if (is_chunk && !json_is_object(delta))
		return message;
	return has_said_anything(answer) ? NULL : message;
}

/* Only the first choice is ours: n > 1 is never asked for. */
bool openai_read_choices(
	struct wire_answer *answer, const json_t *root, const struct wire_sink *sink)
{
	const json_t *choices = json_object_get(root, "choices"), *choice;
	size_t i;

	json_array_foreach(choices, i, choice) {
		const json_t *message;

		if (json_get_int(choice, "index", 0) != 0)
			continue;
		message = message_of(answer, root, choice);
		if (!take_message(answer, message, sink) ||
			(!message && !common_take_text(
					     answer, json_object_get(choice, "text"), sink)))
			return false;
		read_finish(answer, json_get_text(choice, "finish_reason"));
	}
	return true;
}
