/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing the bytes of a wire. Every answer says that it is simulated. */
#include "core/sim/openai.h"

#include "core/base/json_write.h"
#include "core/sim/token.h"

#define FINGERPRINT "weir-simulator"

enum { CREATED_FIRST = 1735689600, CREATED_SPAN = 31536000 };

enum phase { PHASE_ROLE, PHASE_TEXT, PHASE_FINISH, PHASE_USAGE, PHASE_DONE, PHASE_END };

static void write_head(
	struct json_writer *w, const struct ask *ask, uint64_t key, const char *object)
{
	char id[40];

	snprintf(id, sizeof(id), "chatcmpl-sim%016llx", (unsigned long long)key);
	json_key(w, "id");
	json_put_text(w, id);
	json_key(w, "object");
	json_put_text(w, object);
	json_key(w, "created");
	json_put_int(w, CREATED_FIRST + (int64_t)(key % CREATED_SPAN));
	json_key(w, "model");
	json_put_text(w, ask->persona->id);
	json_key(w, "system_fingerprint");
	json_put_text(w, FINGERPRINT);
}

static void write_usage(struct json_writer *w, const struct ask *ask, const struct reply *reply)
{
	int64_t in = ask_tokens(ask), out = reply_tokens(reply);

	json_key(w, "usage");
	json_open(w, '{');
	json_key(w, "prompt_tokens");
	json_put_int(w, in);
	json_key(w, "completion_tokens");
	json_put_int(w, out);
	json_key(w, "total_tokens");
	json_put_int(w, in + out);
	json_key(w, "prompt_tokens_details");
	json_open(w, '{');
	json_key(w, "cached_tokens");
	json_put_int(w, 0);
	json_close(w, '}');
	json_key(w, "completion_tokens_details");
	json_open(w, '{');
	json_key(w, "reasoning_tokens");
	json_put_int(w, 0);
	json_close(w, '}');
	json_close(w, '}');
}

/* In a stream the first piece carries index, id and name, the later ones only arguments. */
static void write_call(struct json_writer *w, const struct reply *reply, uint64_t key, bool index,
	bool first, struct str arguments)
{
	char id[32];

	json_key(w, "tool_calls");
	json_open(w, '[');
	json_open(w, '{');
	if (index) {
		json_key(w, "index");
		json_put_int(w, 0);
	}
	if (first) {
		snprintf(id, sizeof(id), "call_%012llx", (unsigned long long)(key >> 16));
		json_key(w, "id");
		json_put_text(w, id);
		json_key(w, "type");
		json_put_text(w, "function");
	}
	json_key(w, "function");
	json_open(w, '{');
	if (first) {
		json_key(w, "name");
		json_put_str(w, reply->tool);
	}
	json_key(w, "arguments");
	json_put_str(w, arguments);
	json_close(w, '}');
	json_close(w, '}');
	json_close(w, ']');
}

static void write_finish(struct json_writer *w, const char *finish)
{
	json_key(w, "logprobs");
	json_put_null(w);
	json_key(w, "finish_reason");
	if (finish)
		json_put_text(w, finish);
	else
		json_put_null(w);
}

void openai_write_whole(
	struct buf *out, const struct ask *ask, const struct reply *reply, uint64_t seed)
{
	struct json_writer w = { .out = out };
	uint64_t key = ask_key(ask, seed);

	json_open(&w, '{');
	write_head(&w, ask, key, "chat.completion");
	json_key(&w, "choices");
	json_open(&w, '[');
	json_open(&w, '{');
	json_key(&w, "index");
	json_put_int(&w, 0);
	json_key(&w, "message");
	json_open(&w, '{');
	json_key(&w, "role");
	json_put_text(&w, "assistant");
	json_key(&w, "content");
	json_put_str(&w, reply->tool.ptr ? STR_NONE : reply->text);
	json_key(&w, "refusal");
	json_put_null(&w);
	if (reply->tool.ptr)
		write_call(&w, reply, key, false, true, reply->text);
	json_close(&w, '}');
	write_finish(&w, reply->finish);
	json_close(&w, '}');
	json_close(&w, ']');
	write_usage(&w, ask, reply);
	json_close(&w, '}');
}

void openai_write_error(struct buf *out, const struct ask_error *error)
{
	struct json_writer w = { .out = out };

	json_open(&w, '{');
	json_key(&w, "error");
	json_open(&w, '{');
	json_key(&w, "message");
	json_put_text(&w, error->say);
	json_key(&w, "type");
	json_put_text(&w, error->type);
	json_key(&w, "param");
	json_put_str(&w, str_of(error->param));
	json_key(&w, "code");
	json_put_str(&w, str_of(error->code));
	json_close(&w, '}');
	json_close(&w, '}');
}

void openai_write_models(struct buf *out)
{
	struct json_writer w = { .out = out };

	json_open(&w, '{');
	json_key(&w, "object");
	json_put_text(&w, "list");
	json_key(&w, "data");
	json_open(&w, '[');
	for (size_t i = 0; i < persona_count(); i++) {
		json_open(&w, '{');
		json_key(&w, "id");
		json_put_text(&w, persona_at(i)->id);
		json_key(&w, "object");
		json_put_text(&w, "model");
		json_key(&w, "created");
		json_put_int(&w, CREATED_FIRST);
		json_key(&w, "owned_by");
		json_put_text(&w, FINGERPRINT);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
}

static void chunk_open(struct json_writer *w, const struct stream *s, bool choice)
{
	buf_add_text(w->out, "data: ");
	json_open(w, '{');
	write_head(w, s->ask, s->key, "chat.completion.chunk");
	json_key(w, "choices");
	json_open(w, '[');
	if (choice) {
		json_open(w, '{');
		json_key(w, "index");
		json_put_int(w, 0);
		json_key(w, "delta");
		json_open(w, '{');
	}
}

/* Closes the delta and says how the choice stands. */
static void choice_close(struct json_writer *w, const char *finish)
{
	json_close(w, '}');
	write_finish(w, finish);
	json_close(w, '}');
}

static void chunk_close(struct json_writer *w, const struct stream *s)
{
	json_close(w, ']');
	if (s->phase == PHASE_USAGE) {
		write_usage(w, s->ask, s->reply);
	} else if (s->ask->include_usage) {
		json_key(w, "usage");
		json_put_null(w);
	}
	json_close(w, '}');
	buf_add_text(w->out, "\n\n");
}

static void write_role(struct stream *s, struct json_writer *w)
{
	const struct reply *reply = s->reply;

	chunk_open(w, s, true);
	json_key(w, "role");
	json_put_text(w, "assistant");
	json_key(w, "content");
	json_put_str(w, reply->tool.ptr ? STR_NONE : STR(""));
	if (reply->tool.ptr)
		write_call(w, reply, s->key, true, true, STR(""));
	choice_close(w, NULL);
	chunk_close(w, s);
	s->phase = PHASE_TEXT;
}

static void write_text(struct stream *s, struct json_writer *w)
{
	struct str token = STR("");

	token_next(&s->rest, &token);
	chunk_open(w, s, true);
	if (s->reply->tool.ptr) {
		write_call(w, s->reply, s->key, true, false, token);
	} else {
		json_key(w, "content");
		json_put_str(w, token);
	}
	choice_close(w, NULL);
	chunk_close(w, s);
}

/* A reply without a finish reason ends here, as a connection does that just closes. */
static enum stream_step write_tail(struct stream *s, struct json_writer *w)
{
	if (s->phase == PHASE_TEXT)
		s->phase = s->reply->finish ? PHASE_FINISH : PHASE_END;
	if (s->phase == PHASE_FINISH) {
		chunk_open(w, s, true);
		choice_close(w, s->reply->finish);
		chunk_close(w, s);
		s->phase = s->ask->include_usage ? PHASE_USAGE : PHASE_DONE;
	} else if (s->phase == PHASE_USAGE) {
		chunk_open(w, s, false);
		chunk_close(w, s);
		s->phase = PHASE_DONE;
	} else if (s->phase == PHASE_DONE) {
		buf_add_text(w->out, "data: [DONE]\n\n");
		s->phase = PHASE_END;
	} else {
		return STREAM_END;
	}
	return STREAM_EVENT;
}

enum stream_step openai_stream_next(struct stream *s, struct buf *out)
{
	struct json_writer w = { .out = out };

	if (s->phase == PHASE_ROLE) {
		write_role(s, &w);
		return STREAM_EVENT;
	}
	if (s->phase == PHASE_TEXT && s->rest.len > 0) {
		write_text(s, &w);
		return STREAM_TOKEN;
	}
	return write_tail(s, &w);
}

const struct dialect dialect_openai = {
	.id_header = "x-request-id",
	.read = openai_read,
	.write_error = openai_write_error,
	.write_whole = openai_write_whole,
	.stream_next = openai_stream_next,
};
