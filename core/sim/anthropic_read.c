/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading a request body. Members that are not known are passed over, though the real server
 * refuses them: other wires' parameters do no harm here. */
#include "core/sim/anthropic.h"

#include "core/base/json.h"

struct reading {
	struct ask *ask;
	struct ask_error *error;
	struct buf all, text; /* text: of the blocks since the last result of a tool */
	size_t number;	      /* of the message */
	const json_t *before; /* the content of the message before */
};

static bool has_type(const json_t *block, const char *type)
{
	return str_is(json_get_text(block, "type"), type);
}

/* ---- the model and the limits ------------------------------------------------------------ */

static bool read_model(struct ask *ask, struct ask_error *error)
{
	const json_t *value = json_object_get(ask->body, "model");

	if (!value)
		return ask_refuse(error, NULL, "model: Field required");
	if (!json_is_string(value))
		return ask_refuse(error, NULL, "model: Input should be a valid string");
	ask->persona = persona_find(json_text(value));
	if (ask->persona)
		return true;
	ask_refuse(error, NULL, "model: %.80s", json_string_value(value));
	error->status = 404;
	error->type = "not_found_error";
	return false;
}

static bool read_limit(struct ask *ask, struct ask_error *error)
{
	const json_t *value = json_object_get(ask->body, "max_tokens");

	if (!value)
		return ask_refuse(error, NULL, "max_tokens: Field required");
	if (!json_is_integer(value))
		return ask_refuse(error, NULL, "max_tokens: Input should be a valid integer");
	if (json_integer_value(value) < 1)
		return ask_refuse(
			error, NULL, "max_tokens: Input should be greater than or equal to 1");
	ask->max_tokens = json_integer_value(value);
	return true;
}

static bool read_stream(struct ask *ask, struct ask_error *error)
{
	const json_t *value = json_object_get(ask->body, "stream");

	ask->stream = json_is_true(value);
	return !value || json_is_boolean(value) ||
	       ask_refuse(error, NULL, "stream: Input should be a valid boolean");
}

/* ---- blocks ------------------------------------------------------------------------------ */

static bool refuse_block(struct reading *r, const char *say)
{
	return ask_refuse(r->error, NULL, "messages.%zu: %s", r->number, say);
}

static bool take_text(struct reading *r, const json_t *value)
{
	if (!str_trim(json_text(value)).len)
		return refuse_block(r, "text content blocks must be non-empty");
	if (r->text.len)
		buf_add_char(&r->text, '\n');
	buf_add_str(&r->text, json_text(value));
	return true;
}

/* What was gathered becomes a message. */
static void end_text(struct reading *r, enum ask_role role)
{
	if (r->text.len || role == ASK_ASSISTANT)
		ask_add(r->ask, &r->all, role, arena_str(&r->ask->arena, buf_str(&r->text)));
	buf_clear(&r->text);
}

static bool is_id(struct str id)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-";

	for (size_t i = 0; i < id.len; i++)
		if (!id.ptr[i] || !strchr(letters, id.ptr[i]))
			return false;
	return id.len > 0;
}

static bool take_call(struct reading *r, const json_t *block)
{
	if (!is_id(json_get_text(block, "id")))
		return refuse_block(r, "tool_use.id: String should match pattern "
				       "'^[a-zA-Z0-9_-]+$'");
	if (!json_get_text(block, "name").len)
		return refuse_block(r, "tool_use.name: Field required");
	return json_is_object(json_object_get(block, "input")) ||
	       refuse_block(r, "tool_use.input: Input should be a valid dictionary");
}

/* Whether blocks of `content` hold one of a type whose `key` is the id. */
static bool has_id(const json_t *content, const char *type, const char *key, struct str id)
{
	const json_t *block;
	size_t i;

	json_array_foreach(
		content, i, block) if (has_type(block, type) &&
				       str_eq(json_get_text(block, key), id)) return true;
	return false;
}

static bool take_result(struct reading *r, const json_t *block)
{
	const json_t *content = json_object_get(block, "content"), *part;
	struct buf text = BUF(ASK_ALL_MAX);
	size_t i;

	if (!has_id(r->before, "tool_use", "id", json_get_text(block, "tool_use_id")))
		return refuse_block(r, "unexpected `tool_use_id` found in `tool_result` blocks: "
				       "each must have a `tool_use` block in the previous message");
	buf_add_str(&text, json_text(content));
	json_array_foreach(content, i, part) buf_add_str(&text, json_get_text(part, "text"));
	ask_add(r->ask, &r->all, ASK_TOOL, arena_str(&r->ask->arena, buf_str(&text)));
	buf_release(&text);
	return true;
}

static bool take_block(struct reading *r, enum ask_role role, const json_t *block)
{
	if (has_type(block, "text"))
		return take_text(r, json_object_get(block, "text"));
	if (role == ASK_ASSISTANT && has_type(block, "tool_use"))
		return take_call(r, block);
	if (role == ASK_ASSISTANT && has_type(block, "thinking"))
		return json_is_string(json_object_get(block, "signature")) ||
		       refuse_block(r, "thinking.signature: Field required");
	if (role == ASK_ASSISTANT && has_type(block, "redacted_thinking"))
		return true;
	if (role == ASK_USER && has_type(block, "tool_result"))
		return take_result(r, block);
	if (role == ASK_USER && (has_type(block, "image") || has_type(block, "document")))
		return true;
	return refuse_block(r, "content: Input tag does not match any of the expected tags");
}

/* Every call of the message before has its result here. */
static bool are_answered(struct reading *r, const json_t *content)
{
	const json_t *block;
	size_t i;

	json_array_foreach(
		r->before, i, block) if (has_type(block, "tool_use") &&
					 !has_id(content, "tool_result", "tool_use_id",
						 json_get_text(block, "id"))) return refuse_block(r,
		"`tool_use` ids were found without `tool_result` "
		"blocks immediately after");
	return true;
}

/* ---- messages ---------------------------------------------------------------------------- */

static bool read_content(struct reading *r, enum ask_role role, const json_t *content)
{
	const json_t *block;
	size_t i;

	if (!are_answered(r, content))
		return false;
	if (json_is_string(content))
		return take_text(r, content);
	if (!json_array_size(content))
		return refuse_block(r, "messages must have non-empty content");
	json_array_foreach(content, i, block) if (!take_block(r, role, block)) return false;
	return true;
}

static bool read_message(struct reading *r, const json_t *message)
{
	struct str name = json_get_text(message, "role");
	bool user = str_is(name, "user");
	enum ask_role role = user ? ASK_USER : ASK_ASSISTANT;
	const json_t *content = json_object_get(message, "content");

	if (!user && !str_is(name, "assistant"))
		return refuse_block(r, "role: Input should be 'user' or 'assistant'");
	if (user != (r->number % 2 == 0))
		return ask_refuse(r->error, NULL,
			"messages: roles must alternate between \"user\" "
			"and \"assistant\", and the first is \"user\"");
	if (!read_content(r, role, content))
		return false;
	end_text(r, role);
	r->before = content;
	return true;
}

static bool read_messages(struct reading *r)
{
	const json_t *list = json_object_get(r->ask->body, "messages"), *message;
	size_t i;

	if (!json_array_size(list) || json_array_size(list) > ASK_MESSAGES_MAX)
		return ask_refuse(r->error, NULL,
			"messages: at least one message is required, and "
			"at most %d",
			ASK_MESSAGES_MAX);
	json_array_foreach(list, i, message)
	{
		r->number = i;
		if (!read_message(r, message))
			return false;
	}
	return true;
}

static bool read_system(struct reading *r)
{
	const json_t *system = json_object_get(r->ask->body, "system"), *block;
	size_t i;

	if (!system)
		return true;
	if (!json_is_string(system) && !json_is_array(system))
		return ask_refuse(r->error, NULL, "system: Input should be a valid string");
	buf_add_str(&r->text, json_text(system));
	json_array_foreach(
		system, i, block) if (!take_text(r, json_object_get(block, "text"))) return false;
	end_text(r, ASK_SYSTEM);
	return true;
}

static bool read_talk(struct ask *ask, struct ask_error *error)
{
	struct reading r = {
		.ask = ask, .error = error, .all = BUF(ASK_ALL_MAX), .text = BUF(ASK_ALL_MAX)
	};
	bool good = read_system(&r) && read_messages(&r);

	ask->all = arena_str(&ask->arena, buf_str(&r.all));
	buf_release(&r.all);
	buf_release(&r.text);
	return good;
}

/* ---- tools and the form of the answer ---------------------------------------------------- */

static bool read_choice(struct ask *ask, struct ask_error *error)
{
	const json_t *choice = json_object_get(ask->body, "tool_choice");

	if (!choice || has_type(choice, "auto"))
		return true;
	if (has_type(choice, "none")) {
		ask->tool_choice = TOOLS_NONE;
	} else if (has_type(choice, "any")) {
		ask->tool_choice = TOOLS_REQUIRED;
	} else if (has_type(choice, "tool") && json_get_text(choice, "name").len) {
		ask->tool_choice = TOOLS_REQUIRED;
		ask->tool_forced = json_get_text(choice, "name");
	} else {
		return ask_refuse(error, NULL,
			"tool_choice: Input tag does not match any of the "
			"expected tags: 'auto', 'any', 'tool', 'none'");
	}
	return true;
}

/* The rest of the simulator knows tools in one form. Whatever a real server would run itself is
 * left out. */
static bool read_tools(struct ask *ask, struct ask_error *error)
{
	const json_t *tools = json_object_get(ask->body, "tools"), *tool;
	json_t *ours;
	size_t i;

	if (tools && (!json_is_array(tools) || json_array_size(tools) > ASK_TOOLS_MAX))
		return ask_refuse(error, NULL, "tools: Input should be a valid list of at most %d",
			ASK_TOOLS_MAX);
	json_array_foreach(tools, i,
		tool) if (!json_get_text(tool, "name").len ||
			  (!json_object_get(tool, "type") &&
				  !json_is_object(json_object_get(
					  tool, "input_schema")))) return ask_refuse(error, NULL,
		"tools.%zu: name and input_schema: Field required", i);
	ours = json_array();
	json_array_foreach(tools, i,
		tool) if (json_object_get(tool, "input_schema")) json_array_append_new(ours,
		json_pack("{s:{s:O, s:O*, s:O}}", "function", "name", json_object_get(tool, "name"),
			"description", json_object_get(tool, "description"), "parameters",
			json_object_get(tool, "input_schema")));
	json_object_set_new(ask->body, "tools", ours);
	ask->tools = json_array_size(ours) ? ours : NULL;
	return read_choice(ask, error);
}

static bool read_format(struct ask *ask, struct ask_error *error)
{
	const json_t *format =
		json_object_get(json_object_get(ask->body, "output_config"), "format");

	if (!format)
		return true;
	ask->format = FORMAT_SCHEMA;
	ask->schema = json_object_get(format, "schema");
	return (has_type(format, "json_schema") && json_is_object(ask->schema)) ||
	       ask_refuse(error, NULL,
		       "output_config.format: Input should be a json_schema with "
		       "its schema");
}

bool anthropic_read(struct ask *ask, struct str body, struct ask_error *error)
{
	return ask_parse(ask, body, error) && read_model(ask, error) && read_limit(ask, error) &&
	       read_stream(ask, error) && read_talk(ask, error) && read_format(ask, error) &&
	       read_tools(ask, error);
}
