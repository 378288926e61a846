/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers over the Anthropic wire: a message in blocks, streamed or whole, back into one
 * wire_answer. A whole answer is read as its stream would be, block after block. */
#include "core/wire/anthropic.h"

#include "core/wire/anthropic_parts.h"
#include "core/wire/complaint.h"
#include "core/wire/fault.h"

/* ---- blocks ------------------------------------------------------------------------------ */

static void take_reasoning(struct wire_answer *answer, struct wire_block *block, struct str piece)
{
	buf_add_str(&answer->reasoning, piece);
	if (block)
		buf_add_str(&block->thinking, piece);
}

/* The arguments of a call that came with its beginning, if they did. */
static void take_input(struct wire_tool_call *call, struct wire_block *block, const json_t *input)
{
	if (!json_is_object(input) || !json_object_size(input) || call->arguments.len)
		return;
	json_print(&call->arguments, input);
	block->given = true;
}

static void begin_call(struct wire_answer *answer, struct wire_block *block, const json_t *content)
{
	struct wire_tool_call *call =
		wire_calls_at(&answer->calls, block->index, json_get_text(content, "id"));

	if (!call) {
		answer->skipped++;
		return;
	}
	block->kind = BLOCK_CALL;
	block->call = (size_t)(call - answer->calls.ptr);
	if (!call->name.len)
		buf_add_str(&call->name, json_get_text(content, "name"));
	take_input(call, block, json_object_get(content, "input"));
}

/* Adds an element to the array in answer->kept. */
static void keep(struct wire_answer *answer, struct str json)
{
	struct buf *kept = &answer->kept;

	if (kept->len)
		buf_cut_to(kept, kept->len - 1);
	buf_add_char(kept, kept->len ? ',' : '[');
	buf_add_str(kept, json);
	buf_add_char(kept, ']');
}

static void keep_redacted(struct wire_answer *answer, const json_t *content)
{
	struct buf json = BUF(BUF_TEXT_MAX);

	json_print(&json, content);
	keep(answer, buf_str(&json));
	buf_release(&json);
}

static void keep_thinking(struct wire_answer *answer, const struct wire_block *block)
{
	struct buf json = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &json };

	if (!block->thinking.len && !block->signature.len)
		return;
	json_open(&w, '{');
	json_key(&w, "type");
	json_put_text(&w, "thinking");
	json_key(&w, "thinking");
	json_put_str(&w, buf_str(&block->thinking));
	json_key(&w, "signature");
	json_put_str(&w, buf_str(&block->signature));
	json_close(&w, '}');
	keep(answer, buf_str(&json));
	buf_release(&json);
}

/* What a provider runs itself (server_tool_use and its results) is none of our calls, and what it
 * keeps for itself (compaction, fallback) is no answer. */
static bool begin_block(struct wire_answer *answer, int64_t index, const json_t *content,
	const struct wire_sink *sink)
{
	struct wire_block *block = wire_blocks_add(&answer->blocks, index);
	struct str type = json_get_text(content, "type");

	if (str_is(type, "text"))
		return common_take_text(answer, json_object_get(content, "text"), sink);
	if (!block) {
		answer->skipped++;
		return true;
	}
	if (str_is(type, "tool_use")) {
		begin_call(answer, block, content);
	} else if (str_is(type, "thinking")) {
		block->kind = BLOCK_THINKING;
		take_reasoning(answer, block, json_get_text(content, "thinking"));
		buf_add_str(&block->signature, json_get_text(content, "signature"));
	} else if (str_is(type, "redacted_thinking")) {
		keep_redacted(answer, content);
	}
	return true;
}

/* A call without arguments has said nothing about them: that is an empty object. */
static void end_block(struct wire_answer *answer, struct wire_block *block)
{
	if (block->kind == BLOCK_THINKING)
		keep_thinking(answer, block);
	if (block->kind == BLOCK_CALL && !answer->calls.ptr[block->call].arguments.len)
		buf_add_text(&answer->calls.ptr[block->call].arguments, "{}");
	wire_blocks_drop(&answer->blocks, block);
}

static bool take_block(struct wire_answer *answer, int64_t index, const json_t *content,
	const struct wire_sink *sink)
{
	size_t open = answer->blocks.len;
	bool go_on = begin_block(answer, index, content, sink);

	if (answer->blocks.len > open)
		end_block(answer, &answer->blocks.ptr[open]);
	return go_on;
}

static bool take_blocks(
	struct wire_answer *answer, const json_t *content, const struct wire_sink *sink)
{
	const json_t *block;
	size_t i;

	json_array_foreach(
		content, i, block) if (!take_block(answer, (int64_t)i, block, sink)) return false;
	return true;
}

/* A piece of arguments whose call's beginning nobody could read is lost. */
static void take_arguments(struct wire_answer *answer, struct wire_block *block, struct str piece)
{
	struct wire_tool_call *call;

	if (!block)
		answer->skipped++;
	if (!block || block->kind != BLOCK_CALL || !piece.len)
		return;
	call = &answer->calls.ptr[block->call];
	if (block->given)
		buf_clear(&call->arguments);
	block->given = false;
	buf_add_str(&call->arguments, piece);
}

/* ---- events ------------------------------------------------------------------------------ */

/* Everything that was open is whole: the message has ended. */
static void close_message(struct wire_answer *answer)
{
	while (answer->blocks.len)
		end_block(answer, &answer->blocks.ptr[0]);
	answer->closed = true;
}

static bool has_begun(const struct wire_answer *answer)
{
	return answer->text_bytes || answer->calls.len || answer->reasoning.len ||
	       answer->kept.len || answer->blocks.len;
}

/* A proxy that tries again in the middle splices a second message onto the first. Told twice, one
 * and the same counts once; a second one before any word of the first replaces it; after that,
 * the two cannot be told apart any more. */
static bool is_news(struct wire_answer *answer, struct str id)
{
	struct buf *known_id = &answer->blocks.message_id;

	if (known_id->len && str_eq(buf_str(known_id), id))
		return false;
	if (has_begun(answer)) {
		answer->fault = FAULT_SERVER;
		buf_add_text(&answer->error, "a second message began in the middle of the first");
		return false;
	}
	buf_clear(known_id);
	buf_add_str(known_id, id);
	return true;
}

static bool on_message_start(
	struct wire_answer *answer, const json_t *root, const struct wire_sink *sink)
{
	const json_t *message = json_object_get(root, "message");
	const json_t *content = json_object_get(message, "content");

	if (!is_news(answer, json_get_text(message, "id")))
		return !answer->error.len;
	anthropic_read_usage(answer, json_object_get(message, "usage"));
	if (!json_array_size(content))
		return true;
	/* An answer that was ready is told at once, with its end. */
	anthropic_read_stop(answer, message);
	return take_blocks(answer, content, sink);
}

static int64_t index_of(const json_t *root)
{
	return json_get_int(root, "index", INT_NONE);
}

static bool on_block_start(
	struct wire_answer *answer, const json_t *root, const struct wire_sink *sink)
{
	return begin_block(answer, index_of(root), json_object_get(root, "content_block"), sink);
}

static bool on_block_delta(
	struct wire_answer *answer, const json_t *root, const struct wire_sink *sink)
{
	const json_t *delta = json_object_get(root, "delta");
	struct wire_block *block = wire_blocks_find(&answer->blocks, index_of(root));
	struct str type = json_get_text(delta, "type");

	if (str_is(type, "text_delta"))
		return common_take_text(answer, json_object_get(delta, "text"), sink);
	if (str_is(type, "thinking_delta"))
		take_reasoning(answer, block, json_get_text(delta, "thinking"));
	else if (str_is(type, "signature_delta") && block)
		buf_add_str(&block->signature, json_get_text(delta, "signature"));
	else if (str_is(type, "input_json_delta"))
		take_arguments(answer, block, json_get_text(delta, "partial_json"));
	return true;
}

static bool on_block_stop(
	struct wire_answer *answer, const json_t *root, const struct wire_sink *sink)
{
	struct wire_block *block = wire_blocks_find(&answer->blocks, index_of(root));

	(void)sink;
	if (block)
		end_block(answer, block);
	return true;
}

static bool on_message_delta(
	struct wire_answer *answer, const json_t *root, const struct wire_sink *sink)
{
	(void)sink;
	anthropic_read_stop(answer, json_object_get(root, "delta"));
	anthropic_read_usage(answer, json_object_get(root, "usage"));
	return true;
}

static bool on_message_stop(
	struct wire_answer *answer, const json_t *root, const struct wire_sink *sink)
{
	(void)root;
	(void)sink;
	close_message(answer);
	return false;
}

/* New kinds of events may come any time: those that are not here are passed over. */
static const struct {
	const char *type;
	bool (*take)(struct wire_answer *answer, const json_t *root, const struct wire_sink *sink);
} events[] = {
	{ "content_block_delta", on_block_delta },
	{ "content_block_start", on_block_start },
	{ "content_block_stop", on_block_stop },
	{ "message_start", on_message_start },
	{ "message_delta", on_message_delta },
	{ "message_stop", on_message_stop },
};

static bool take_event(struct wire_answer *answer, struct str type, const json_t *root,
	const struct wire_sink *sink)
{
	for (size_t i = 0; i < ARRAY_LEN(events); i++)
		if (str_is(type, events[i].type))
			return events[i].take(answer, root, sink);
	return true;
}

/* An event that is no JSON is lost, unless its name alone says enough. */
static bool take_unread(struct wire_answer *answer, struct str type, struct str data)
{
	if (str_is(type, "error")) {
		fault_tell(answer, 200, &(struct fault_words){ .message = data });
		return false;
	}
	if (str_is(type, "message_stop")) {
		close_message(answer);
		return false;
	}
	answer->skipped++;
	return true;
}

static bool read_event(
	struct wire_answer *answer, struct str type, struct str data, const struct wire_sink *sink)
{
	json_t *root = NULL;
	struct str said;
	bool go_on;

	data = str_trim(data);
	if (str_is(data, "[DONE]")) {
		close_message(answer);
		return false;
	}
	if (json_read(data, JSON_READ_LENIENT, &root, NULL) || !json_is_object(root)) {
		go_on = take_unread(answer, type, data);
	} else if (anthropic_find_error(answer, root)) {
		go_on = false;
	} else {
		said = json_get_text(root, "type");
		go_on = take_event(answer, said.len ? said : type, root, sink);
	}
	json_decref(root);
	return go_on;
}

/* ---- whole answers ----------------------------------------------------------------------- */

static void take_message(
	struct wire_answer *answer, const json_t *message, const struct wire_sink *sink)
{
	const json_t *content = json_object_get(message, "content");

	anthropic_read_usage(answer, json_object_get(message, "usage"));
	anthropic_read_stop(answer, message);
	if (json_is_array(content) ? take_blocks(answer, content, sink)
				   : common_take_text(answer, content, sink))
		close_message(answer);
}

static void read_body(struct wire_answer *answer, struct str body, const struct wire_sink *sink)
{
	json_t *root = NULL;

	if (json_read(body, JSON_READ_LENIENT, &root, NULL) || !json_is_object(root)) {
		complaint_not_json(answer, body);
	} else if (json_object_get(root, "content")) {
		if (!anthropic_find_error(answer, root))
			take_message(answer, root, sink);
	} else if (!complaint_find(answer, root)) {
		answer->fault = FAULT_ADDRESS;
		buf_add_text(&answer->error, "the answer is not a message of the Anthropic wire");
	}
	json_decref(root);
}

static const struct http_header headers[] = {
	{ "anthropic-version", "2023-06-01" },
};

const struct wire wire_anthropic = {
	.name = "anthropic",
	.path = "/messages",
	.key_header = "x-api-key",
	.headers = headers,
	.header_count = ARRAY_LEN(headers),
	.probe = "/models",
	.write_request = anthropic_write_request,
	.read_event = read_event,
	.read_body = read_body,
	.read_models = common_first_model,
	.read_error = anthropic_read_error,
};
