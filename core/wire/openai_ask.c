/* SPDX-License-Identifier: GPL-3.0-or-later
 * The request as JSON: what is asked, and no member that the model or its host would reject. */
#include "core/wire/openai_parts.h"

#define FAILED "The tool failed: "
#define OBEY                                                                                      \
	"Answer with JSON alone, no other words, no fence around it. It must obey this JSON "     \
	"Schema:\n"

/* Members that are ours alone, whatever models.*.params says; and those of them that are ours
 * only when the call says something about them. */
#define OURS "model|messages|stream|stream_options|n|tools|functions|function_call"
#define OUR_LIMIT "|max_tokens|max_completion_tokens"
#define OUR_FORMAT "|response_format"

/* What OpenAI's reasoning models answer with a 400, unless they are told not to reason. */
#define REJECTED                                                                                  \
	"|temperature|top_p|presence_penalty|frequency_penalty|logprobs|top_logprobs|logit_bias"  \
	"|stop|max_tokens"

/* Hosts that take other stream options than most. */
static const struct {
	const char *url;
	const char *options; /* NULL: it rejects any, and sends its usage unasked */
} hosts[] = {
	{ "https://api.openai.com/", "{\"include_usage\":true,\"include_obfuscation\":false}" },
	{ "https://api.mistral.ai/", NULL },
};

/* ---- what the model takes --------------------------------------------------------------- */

/* o1, o3-mini, gpt-5, gpt-6.2-sol: but not gpt-4o, and not gpt-5-chat. */
static bool is_reasoning_id(struct str id)
{
	int64_t version = 0;
	size_t digits;

	if (str_starts(id, "openai/"))
		id = str_part(id, strlen("openai/"), id.len);
	if (str_starts(id, "o"))
		return id.len > 1 && id.ptr[1] >= '1' && id.ptr[1] <= '9' &&
		       (id.len == 2 || id.ptr[2] == '-');
	if (!str_starts(id, "gpt-") || str_find(id, STR("-chat")) < id.len)
		return false;
	id = str_part(id, strlen("gpt-"), id.len);
	for (digits = 0; digits < id.len && id.ptr[digits] >= '0' && id.ptr[digits] <= '9';)
		digits++;
	return str_to_int(str_part(id, 0, digits), &version) && version >= 5;
}

static bool counts_completion(const struct model *m)
{
	return str_is(m->max_tokens_as, "max_completion_tokens");
}

static bool is_told_not_to_reason(struct str params)
{
	json_t *object = NULL;
	bool none = params.ptr && !json_read(params, JSON_READ_STRICT, &object, NULL) &&
		    str_is(json_get_text(object, "reasoning_effort"), "none");

	json_decref(object);
	return none;
}

static bool rejects_sampling(const struct wire_call *call)
{
	const struct model *m = call->model;
	bool reasons = is_reasoning_id(call->id) ||
		       (counts_completion(m) && model_can(m, "reasoning"));

	return reasons && !is_told_not_to_reason(m->params);
}

static const char *limit_name(const struct wire_call *call)
{
	return counts_completion(call->model) || is_reasoning_id(call->id)
		       ? "max_completion_tokens"
		       : "max_tokens";
}

/* ---- messages --------------------------------------------------------------------------- */

static void put_calls(struct json_writer *w, const struct message *m)
{
	json_key(w, "tool_calls");
	json_open(w, '[');
	for (size_t i = 0; i < m->call_count; i++) {
		const struct tool_call *call = &m->calls[i];

		json_open(w, '{');
		json_key(w, "id");
		json_put_str(w, call->id);
		json_key(w, "type");
		json_put_text(w, "function");
		json_key(w, "function");
		json_open(w, '{');
		json_key(w, "name");
		json_put_str(w, call->name);
		json_key(w, "arguments");
		json_put_str(w, call->arguments.len ? call->arguments : STR("{}"));
		json_close(w, '}');
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_content(struct json_writer *w, const struct message *m)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	if (m->failed)
		buf_add_text(&text, FAILED);
	common_add_text(&text, m);
	json_key(w, "content");
	json_put_str(w, text.len || !m->call_count ? buf_str(&text) : STR_NONE);
	buf_release(&text);
}

static void put_message(struct json_writer *w, const struct message *m)
{
	json_open(w, '{');
	json_key(w, "role");
	json_put_text(w, role_names[m->role]);
	put_content(w, m);
	if (m->call_count)
		put_calls(w, m);
	if (m->call_id.len) {
		json_key(w, "tool_call_id");
		json_put_str(w, m->call_id);
	}
	json_close(w, '}');
}

/* For a model that takes no schema: words, in front of all others. */
static void put_schema_in_words(struct json_writer *w, struct str schema)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	struct message m = { .role = ROLE_SYSTEM };

	buf_add_text(&text, OBEY);
	buf_add_str(&text, schema);
	m.text = buf_str(&text);
	put_message(w, &m);
	buf_release(&text);
}

static void put_messages(struct json_writer *w, const struct wire_call *call)
{
	json_key(w, "messages");
	json_open(w, '[');
	if (call->schema.len && !model_can(call->model, "schema"))
		put_schema_in_words(w, call->schema);
	for (size_t i = 0; i < call->message_count; i++)
		put_message(w, &call->messages[i]);
	json_close(w, ']');
}

/* ---- tools and schema ------------------------------------------------------------------- */

static void put_tools(struct json_writer *w, const struct wire_call *call)
{
	json_key(w, "tools");
	json_open(w, '[');
	for (size_t i = 0; i < call->tool_count; i++) {
		json_open(w, '{');
		json_key(w, "type");
		json_put_text(w, "function");
		json_key(w, "function");
		common_put_tool(w, &call->tools[i], "parameters",
			STR("{\"type\":\"object\",\"properties\":{}}"));
		json_close(w, '}');
	}
	json_close(w, ']');
}

static bool has_text(const json_t *list, const char *text)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (json_is_string(item) && !strcmp(json_string_value(item), text))
			return true;
	return false;
}

static bool is_strict(const json_t *schema);

/* A strict object knows all its members and wants each of them. */
static bool is_strict_object(const json_t *schema)
{
	json_t *members = json_object_get(schema, "properties"), *member;
	const char *key;

	if (!json_is_false(json_object_get(schema, "additionalProperties")))
		return false;
	json_object_foreach(members, key, member)
		if (!has_text(json_object_get(schema, "required"), key) || !is_strict(member))
			return false;
	return true;
}

/* Strict mode is refused for a schema that leaves anything open; each part has to be closed. */
static bool is_strict(const json_t *schema)
{
	json_t *part;
	size_t i;

	if (!json_is_object(schema) || json_object_get(schema, "$ref"))
		return false;
	if (str_is(json_get_text(schema, "type"), "object"))
		return is_strict_object(schema);
	json_array_foreach(json_object_get(schema, "anyOf"), i, part)
		if (!is_strict(part))
			return false;
	part = json_object_get(schema, "items");
	return !part || is_strict(part);
}

static void put_schema(struct json_writer *w, struct str schema)
{
	json_t *tree = NULL;
	bool strict = !json_read(schema, JSON_READ_STRICT, &tree, NULL) &&
		      str_is(json_get_text(tree, "type"), "object") && is_strict(tree);

	json_decref(tree);
	json_key(w, "json_schema");
	json_open(w, '{');
	json_key(w, "name");
	json_put_text(w, "answer");
	json_key(w, "strict");
	json_put_bool(w, strict);
	json_key(w, "schema");
	json_put_raw(w, schema);
	json_close(w, '}');
}

static void put_format(struct json_writer *w, const struct wire_call *call)
{
	bool schema = model_can(call->model, "schema");

	if (!schema && !model_can(call->model, "json"))
		return;
	json_key(w, "response_format");
	json_open(w, '{');
	json_key(w, "type");
	json_put_text(w, schema ? "json_schema" : "json_object");
	if (schema)
		put_schema(w, call->schema);
	json_close(w, '}');
}

/* ---- the rest --------------------------------------------------------------------------- */

static void put_params(struct json_writer *w, const struct wire_call *call)
{
	struct buf ours = BUF(BUF_LINE_MAX);

	buf_add_text(&ours, OURS);
	if (call->max_tokens > 0)
		buf_add_text(&ours, OUR_LIMIT);
	if (call->schema.len)
		buf_add_text(&ours, OUR_FORMAT);
	if (!call->tool_count)
		buf_add_text(&ours, "|tool_choice|parallel_tool_calls");
	if (rejects_sampling(call))
		buf_add_text(&ours, REJECTED);
	common_put_params(w, call->model->params, ours.ptr);
	buf_release(&ours);
}

static void put_stream(struct json_writer *w, const struct wire_call *call)
{
	const struct provider *p = call->model->provider;
	const char *options = "{\"include_usage\":true}";

	json_key(w, "stream");
	json_put_bool(w, call->stream);
	for (size_t i = 0; p && i < ARRAY_LEN(hosts); i++)
		if (str_starts_nocase(p->base_url, hosts[i].url))
			options = hosts[i].options;
	if (call->stream && options) {
		json_key(w, "stream_options");
		json_put_raw(w, str_of(options));
	}
}

void openai_write_request(const struct wire_call *call, struct buf *body)
{
	struct json_writer w = { .out = body };

	json_open(&w, '{');
	json_key(&w, "model");
	json_put_str(&w, call->id);
	put_messages(&w, call);
	if (call->max_tokens > 0) {
		json_key(&w, limit_name(call));
		json_put_int(&w, call->max_tokens);
	}
	if (call->tool_count)
		put_tools(&w, call);
	if (call->schema.len)
		put_format(&w, call);
	put_params(&w, call);
	put_stream(&w, call);
	json_close(&w, '}');
}
