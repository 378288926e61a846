/* SPDX-License-Identifier: GPL-3.0-or-later
 * The OpenAI wire: a request as JSON, chunks and whole answers back into one wire_answer. */
#include "core/wire/openai.h"

#include "core/wire/common.h"
#include "core/wire/fault.h"

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
	common_put_params(&w, call->model->params, "");
	json_key(&w, "stream");
	json_put_bool(&w, call->stream);
	if (call->stream) {
		json_key(&w, "stream_options");
		json_put_raw(&w, STR("{\"include_usage\":true}"));
	}
	json_close(&w, '}');
}

/* ---- errors ---------------------------------------------------------------------------- */

static void set_error(struct wire_answer *answer, int status, const json_t *error)
{
	struct fault_words words = {
		.code = json_get_text(error, "code"),
		.type = json_get_text(error, "type"),
		.param = json_get_text(error, "param"),
		.message = json_get_text(error, "message"),
	};

	if (json_is_string(error))
		words.message = (struct str){ json_string_value(error), json_string_length(error) };
	fault_tell(answer, status, &words);
}

/* {"error": {...}}, {"error": "..."}, {"object": "error", "message": ...}. */
static bool find_error(struct wire_answer *answer, int status, const json_t *root)
{
	const json_t *error = json_object_get(root, "error");

	if (json_is_object(error) || json_is_string(error)) {
		set_error(answer, status, error);
		return true;
	}
	if (str_is(json_get_text(root, "object"), "error")) {
		set_error(answer, status, root);
		return true;
	}
	return false;
}

static void read_error(struct wire_answer *answer, int status, struct str body)
{
	json_t *root = NULL;

	if (json_read(body, JSON_READ_LENIENT, &root, NULL) || !find_error(answer, status, root))
		fault_tell(answer, status, &(struct fault_words){ .message = body });
	json_decref(root);
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

static void read_usage(struct wire_answer *answer, const json_t *usage)
{
	struct tokens *t = &answer->tokens;

	if (!json_is_object(usage))
		return;
	common_take_count(&t->in, usage, "prompt_tokens");
	common_take_count(&t->out, usage, "completion_tokens");
	common_take_count(&t->cached, json_object_get(usage, "prompt_tokens_details"),
		"cached_tokens");
	common_take_count(&t->reasoning, json_object_get(usage, "completion_tokens_details"),
		"reasoning_tokens");
}

/* A text, or a list of parts with texts in them. */
static bool put_content(
	struct wire_answer *answer, const json_t *content, const struct wire_sink *sink)
{
	const json_t *part;
	size_t i;

	if (!json_is_array(content))
		return common_take_text(answer, content, sink);
	json_array_foreach(content, i, part)
		if (!common_take_text(answer, json_object_get(part, "text"), sink))
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
	} else if (find_error(answer, 200, root)) {
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
		common_not_json(answer, body);
	} else if (!find_error(answer, 200, root)) {
		read_usage(answer, json_object_get(root, "usage"));
		read_choices(answer, root, "message", sink);
		settle_refusal(answer);
		answer->closed = true;
	}
	json_decref(root);
}

const struct wire wire_openai = {
	.name = "openai",
	.path = "/chat/completions",
	.probe = "/models",
	.write_request = write_request,
	.read_event = read_event,
	.read_body = read_body,
	.read_models = common_first_model,
	.read_error = read_error,
};
