/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing the bytes of the wire, padded with blanks as the real ones are. */
#include "core/sim/anthropic.h"

#include "core/base/json.h"
#include "core/base/json_write.h"
#include "core/sim/token.h"

enum { PAD_MAX = 8 };

enum phase {
	PHASE_START,
	PHASE_OPEN,
	PHASE_PING,
	PHASE_TEXT,
	PHASE_CLOSE,
	PHASE_DELTA,
	PHASE_STOP,
	PHASE_END
};

static void put(struct json_writer *w, const char *key, const char *text)
{
	json_key(w, key);
	json_put_text(w, text);
}

static void put_nothing(struct json_writer *w, const char *key)
{
	json_key(w, key);
	json_put_null(w);
}

static const char *reason_of(const struct reply *reply)
{
	static const struct {
		const char *finish, *reason;
	} rows[] = { { "stop", "end_turn" }, { "length", "max_tokens" },
		{ "tool_calls", "tool_use" } };

	for (size_t i = 0; reply->finish && i < ARRAY_LEN(rows); i++)
		if (!strcmp(reply->finish, rows[i].finish))
			return rows[i].reason;
	return NULL;
}

static void put_usage(struct json_writer *w, const struct ask *ask, int64_t out)
{
	json_key(w, "usage");
	json_open(w, '{');
	json_key(w, "input_tokens");
	json_put_int(w, ask_tokens(ask));
	json_key(w, "cache_creation_input_tokens");
	json_put_int(w, 0);
	json_key(w, "cache_read_input_tokens");
	json_put_int(w, 0);
	json_key(w, "output_tokens");
	json_put_int(w, out);
	json_close(w, '}');
}

/* The members of a message before its content. */
static void put_head(struct json_writer *w, const struct ask *ask, uint64_t key)
{
	char id[40];

	snprintf(id, sizeof(id), "msg_sim%016llx", (unsigned long long)key);
	put(w, "id", id);
	put(w, "type", "message");
	put(w, "role", "assistant");
	put(w, "model", ask->persona->id);
}

/* A block of the answer with `text` in it, or that of a call with `input` (JSON). */
static void put_block(struct json_writer *w, const struct reply *reply, uint64_t key,
	struct str text, struct str input)
{
	char id[40];

	json_open(w, '{');
	put(w, "type", reply->tool.ptr ? "tool_use" : "text");
	if (reply->tool.ptr) {
		snprintf(id, sizeof(id), "toolu_sim%012llx", (unsigned long long)(key >> 16));
		put(w, "id", id);
		json_key(w, "name");
		json_put_str(w, reply->tool);
		json_key(w, "input");
		json_put_raw(w, input);
	} else {
		json_key(w, "text");
		json_put_str(w, text);
	}
	json_close(w, '}');
}

/* Arguments that are broken on purpose cannot stand in a whole answer. */
static struct str input_of(const struct reply *reply)
{
	json_t *input = NULL;
	bool good =
		!json_read(reply->text, JSON_READ_LENIENT, &input, NULL) && json_is_object(input);

	json_decref(input);
	return good ? reply->text : STR("{}");
}

void anthropic_write_whole(
	struct buf *out, const struct ask *ask, const struct reply *reply, uint64_t seed)
{
	struct json_writer w = { .out = out };
	uint64_t key = ask_key(ask, seed);

	json_open(&w, '{');
	put_head(&w, ask, key);
	json_key(&w, "content");
	json_open(&w, '[');
	put_block(&w, reply, key, reply->text, input_of(reply));
	json_close(&w, ']');
	json_key(&w, "stop_reason");
	json_put_str(&w, str_of(reason_of(reply)));
	put_nothing(&w, "stop_sequence");
	put_usage(&w, ask, reply_tokens(reply));
	json_close(&w, '}');
}

void anthropic_write_error(struct buf *out, const struct ask_error *error)
{
	struct json_writer w = { .out = out };
	char id[40];

	snprintf(id, sizeof(id), "req_sim%016llx", (unsigned long long)error->key);
	json_open(&w, '{');
	put(&w, "type", "error");
	json_key(&w, "error");
	json_open(&w, '{');
	put(&w, "type", error->type);
	put(&w, "message", error->say);
	json_close(&w, '}');
	put(&w, "request_id", id);
	json_close(&w, '}');
}

/* ---- the stream -------------------------------------------------------------------------- */

static struct json_writer begin_event(struct buf *out, const char *type)
{
	struct json_writer w = { .out = out };

	buf_addf(out, "event: %s\ndata: ", type);
	json_open(&w, '{');
	put(&w, "type", type);
	return w;
}

static void end_event(struct json_writer *w, const struct stream *s)
{
	json_close(w, '}');
	buf_add_repeat(w->out, ' ', (s->key + s->rest.len) % PAD_MAX);
	buf_add_text(w->out, "\n\n");
}

static void put_index(struct json_writer *w)
{
	json_key(w, "index");
	json_put_int(w, 0);
}

static void write_start(const struct stream *s, struct buf *out)
{
	struct json_writer w = begin_event(out, "message_start");

	json_key(&w, "message");
	json_open(&w, '{');
	put_head(&w, s->ask, s->key);
	json_key(&w, "content");
	json_put_raw(&w, STR("[]"));
	put_nothing(&w, "stop_reason");
	put_nothing(&w, "stop_sequence");
	put_usage(&w, s->ask, 1);
	json_close(&w, '}');
	end_event(&w, s);
}

static void write_open(const struct stream *s, struct buf *out)
{
	struct json_writer w = begin_event(out, "content_block_start");

	put_index(&w);
	json_key(&w, "content_block");
	put_block(&w, s->reply, s->key, STR(""), STR("{}"));
	end_event(&w, s);
}

static void write_piece(struct stream *s, struct buf *out)
{
	struct json_writer w = begin_event(out, "content_block_delta");
	bool call = s->reply->tool.ptr;
	struct str token = STR("");

	token_next(&s->rest, &token);
	put_index(&w);
	json_key(&w, "delta");
	json_open(&w, '{');
	put(&w, "type", call ? "input_json_delta" : "text_delta");
	json_key(&w, call ? "partial_json" : "text");
	json_put_str(&w, token);
	json_close(&w, '}');
	end_event(&w, s);
}

static void write_close(const struct stream *s, struct buf *out)
{
	struct json_writer w = begin_event(out, "content_block_stop");

	put_index(&w);
	end_event(&w, s);
}

static void write_reason(const struct stream *s, struct buf *out)
{
	struct json_writer w = begin_event(out, "message_delta");

	json_key(&w, "delta");
	json_open(&w, '{');
	put(&w, "stop_reason", reason_of(s->reply));
	put_nothing(&w, "stop_sequence");
	json_close(&w, '}');
	put_usage(&w, s->ask, reply_tokens(s->reply));
	end_event(&w, s);
}

static void write_bare(const struct stream *s, struct buf *out, const char *type)
{
	struct json_writer w = begin_event(out, type);

	end_event(&w, s);
}

/* A reply without a reason ends in its text, as a connection does that just closes. */
enum stream_step anthropic_stream_next(struct stream *s, struct buf *out)
{
	switch (s->phase) {
	case PHASE_START:
		write_start(s, out);
		break;
	case PHASE_OPEN:
		write_open(s, out);
		break;
	case PHASE_PING:
		write_bare(s, out, "ping");
		break;
	case PHASE_TEXT:
		if (s->rest.len) {
			write_piece(s, out);
			return STREAM_TOKEN;
		}
		if (!s->reply->finish)
			return STREAM_END;
		s->phase++;
		return anthropic_stream_next(s, out);
	case PHASE_CLOSE:
		write_close(s, out);
		break;
	case PHASE_DELTA:
		write_reason(s, out);
		break;
	case PHASE_STOP:
		write_bare(s, out, "message_stop");
		break;
	default:
		return STREAM_END;
	}
	s->phase++;
	return STREAM_EVENT;
}

const struct dialect dialect_anthropic = {
	.id_header = "request-id",
	.read = anthropic_read,
	.write_error = anthropic_write_error,
	.write_whole = anthropic_write_whole,
	.stream_next = anthropic_stream_next,
};
