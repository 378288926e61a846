/* SPDX-License-Identifier: GPL-3.0-or-later
 * The OpenAI wire: a request as JSON, chunks and whole answers back into one wire_answer. */
#include "core/wire/openai.h"

#include "core/base/json.h"
#include "core/base/json_write.h"
#include "core/wire/fault_read.h"

/* ---- asking ---------------------------------------------------------------------------- */

static void put_messages(struct json_writer *w, const struct wire_call *call)
{
	json_key(w, "messages");
	json_open(w, '[');
	for (size_t i = 0; i < call->message_count; i++) {
		json_open(w, '{');
		json_key(w, "role");
		json_put_text(w, role_names[call->messages[i].role]);
		json_key(w, "content");
		json_put_str(w, call->messages[i].text);
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* The model's own parameters, {"temperature": 0}, member by member beside ours. */
static void put_params(struct json_writer *w, struct str params)
{
	json_t *object = NULL, *value;
	struct buf text = BUF(BUF_LINE_MAX);
	const char *key;

	if (!params.ptr || json_read(params, JSON_READ_STRICT, &object, NULL))
		return;
	json_object_foreach(object, key, value) {
		buf_clear(&text);
		json_print(&text, value);
		json_key(w, key);
		json_put_raw(w, buf_str(&text));
	}
	json_decref(object);
	buf_release(&text);
}

static void write_request(const struct wire_call *call, struct buf *body)
{
	struct json_writer w = { .out = body };

	json_open(&w, '{');
	json_key(&w, "model");
	json_put_str(&w, call->id);
	put_messages(&w, call);
	if (call->max_tokens > 0) {
		json_key_str(&w, call->model->max_tokens_as.len ? call->model->max_tokens_as
								: STR("max_tokens"));
		json_put_int(&w, call->max_tokens);
	}
	put_params(&w, call->model->params);
	json_key(&w, "stream");
	json_put_bool(&w, call->stream);
	if (call->stream) {
		json_key(&w, "stream_options");
		json_put_raw(&w, STR("{\"include_usage\":true}"));
	}
	json_close(&w, '}');
}

/* ---- answers --------------------------------------------------------------------------- */

static const struct {
	const char *reason;
	enum end end;
} reasons[] = {
	{ "stop", END_STOP },
	{ "eos", END_STOP },
	{ "length", END_LENGTH },
	{ "max_tokens", END_LENGTH },
	{ "tool_calls", END_TOOL_CALLS },
	{ "function_call", END_TOOL_CALLS },
	{ "content_filter", END_REFUSED },
	{ "insufficient_system_resource", END_TRUNCATED },
};

static void read_finish(struct wire_answer *answer, struct str reason)
{
	if (!reason.len)
		return;
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (str_is(reason, reasons[i].reason)) {
			answer->end = reasons[i].end;
			return;
		}
	answer->end = END_STOP;
}

/* A count below zero is no count. */
static void read_count(int64_t *count, const json_t *object, const char *key)
{
	int64_t told = json_get_int(object, key, *count);

	if (told >= 0)
		*count = told;
}

static void read_usage(struct wire_answer *answer, const json_t *usage)
{
	struct tokens *t = &answer->tokens;

	if (!json_is_object(usage))
		return;
	read_count(&t->in, usage, "prompt_tokens");
	read_count(&t->out, usage, "completion_tokens");
	read_count(&t->cached, json_object_get(usage, "prompt_tokens_details"), "cached_tokens");
	read_count(&t->reasoning, json_object_get(usage, "completion_tokens_details"),
		"reasoning_tokens");
}

static bool put_text(struct wire_answer *answer, const json_t *value, const struct wire_sink *sink)
{
	struct str piece;

	if (!json_is_string(value) || !json_string_length(value))
		return true;
	piece = (struct str){ json_string_value(value), json_string_length(value) };
	answer->text_bytes += piece.len;
	return sink->text(sink->ctx, piece);
}

/* A text, or a list of parts with texts in them. */
static bool put_content(
	struct wire_answer *answer, const json_t *content, const struct wire_sink *sink)
{
	const json_t *part;
	size_t i;

	if (!json_is_array(content))
		return put_text(answer, content, sink);
	json_array_foreach(content, i, part)
		if (!put_text(answer, json_object_get(part, "text"), sink))
			return false;
	return true;
}


/* A delta of a chunk or the message of a whole answer: they have the same members. */
static bool read_message(
	struct wire_answer *answer, const json_t *message, const struct wire_sink *sink)
{
	buf_add_str(&answer->refusal, json_get_text(message, "refusal"));
	buf_add_str(&answer->reasoning, json_get_text(message, "reasoning_content"));
	buf_add_str(&answer->reasoning, json_get_text(message, "reasoning"));
	return put_content(answer, json_object_get(message, "content"), sink);
}

/* Only the first choice is ours: n > 1 is never asked for. */
static bool read_choices(struct wire_answer *answer, const json_t *root, const char *member,
	const struct wire_sink *sink)
{
	const json_t *choices = json_object_get(root, "choices"), *choice;
	size_t i;

	json_array_foreach(choices, i, choice) {
		if (json_get_int(choice, "index", 0) != 0)
			continue;
		if (!read_message(answer, json_object_get(choice, member), sink))
			return false;
		read_finish(answer, json_get_text(choice, "finish_reason"));
	}
	return true;
}

/* A refusal in its own field ends with "stop" and no content: it is no success. */
static void settle_refusal(struct wire_answer *answer)
{
	if (answer->end == END_STOP && answer->refusal.len && !answer->text_bytes)
		answer->end = END_REFUSED;
}

static bool read_event(struct wire_answer *answer, struct str type, struct str data,
	const struct wire_sink *sink)
{
	json_t *root = NULL;
	bool go_on = true;

	(void)type;
	data = str_trim(data);
	if (str_is(data, "[DONE]")) {
		answer->closed = true;
		settle_refusal(answer);
		return false;
	}
	/* A chunk that is no JSON is passed over: the next one may be. */
	if (json_read(data, JSON_READ_LENIENT, &root, NULL) || !json_is_object(root)) {
		answer->skipped++;
	} else if (fault_read(answer, 200, root)) {
		go_on = false;
	} else {
		read_usage(answer, json_object_get(root, "usage"));
		go_on = read_choices(answer, root, "delta", sink);
		settle_refusal(answer);
	}
	json_decref(root);
	return go_on;
}

static void read_body(struct wire_answer *answer, struct str body, const struct wire_sink *sink)
{
	json_t *root = NULL;

	if (json_read(body, JSON_READ_LENIENT, &root, NULL) || !json_is_object(root)) {
		answer->fault = FAULT_OTHER;
		buf_add_text(&answer->error, "the answer is not JSON: ");
		buf_add_str(&answer->error, str_part(str_trim(body), 0, 80));
	} else if (!fault_read(answer, 200, root)) {
		read_usage(answer, json_object_get(root, "usage"));
		read_choices(answer, root, "message", sink);
		settle_refusal(answer);
		answer->closed = true;
	}
	json_decref(root);
}

static struct str read_models(struct str body, struct arena *arena)
{
	struct str id = STR_NONE;
	json_t *root = NULL;

	if (!json_read(body, JSON_READ_LENIENT, &root, NULL))
		id = arena_str(arena,
			json_get_text(json_array_get(json_object_get(root, "data"), 0), "id"));
	json_decref(root);
	return id;
}

const struct wire wire_openai = {
	.name = "openai",
	.path = "/chat/completions",
	.probe = "/models",
	.write_request = write_request,
	.read_event = read_event,
	.read_body = read_body,
	.read_models = read_models,
	.read_error = fault_read_body,
};
