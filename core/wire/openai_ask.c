/* SPDX-License-Identifier: GPL-3.0-or-later
 * The request as JSON. */
#include "core/wire/openai_parts.h"

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

void openai_write_request(const struct wire_call *call, struct buf *body)
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
