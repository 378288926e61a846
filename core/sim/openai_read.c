/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading a request body. Unknown members are ignored, as the real servers do; a known one of the
 * wrong type is an error that names it. */
#include "core/sim/openai.h"

#include "core/base/json.h"

/* A missing member and null are the same. */
static const json_t *member(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return value && !json_is_null(value) ? value : NULL;
}

static bool read_truth(const json_t *object, const char *key, bool *out, struct ask_error *error)
{
	const json_t *value = member(object, key);

	if (value && !json_is_boolean(value))
		return ask_refuse(error, key, "Invalid type for '%s': expected a boolean.", key);
	*out = value && json_is_true(value);
	return true;
}

static bool read_limit(
	const json_t *object, const char *key, int64_t *out, struct ask_error *error)
{
	const json_t *value = member(object, key);

	if (!value)
		return true;
	if (!json_is_integer(value))
		return ask_refuse(error, key, "Invalid type for '%s': expected an integer.", key);
	if (json_integer_value(value) < 1)
		return ask_refuse(error, key, "Invalid value for '%s': expected 1 or more.", key);
	*out = json_integer_value(value);
	return true;
}

static bool read_model(struct ask *ask, struct ask_error *error)
{
	const json_t *value = member(ask->body, "model");
	struct str id;

	if (!value)
		return ask_refuse(error, "model", "You must provide a model parameter.");
	if (!json_is_string(value))
		return ask_refuse(error, "model", "Invalid type for 'model': expected a string.");
	id = json_text(value);
	ask->persona = persona_find(id);
	if (ask->persona)
		return true;
	ask_refuse(error, "model", "The model '%.80s' does not exist.", json_string_value(value));
	error->status = 404;
	error->code = "model_not_found";
	return false;
}

static bool read_parts(const json_t *parts, struct buf *text, struct ask_error *error)
{
	const json_t *part;
	size_t i;

	json_array_foreach(parts, i, part) {
		const json_t *piece = member(part, "text");

		if (!json_is_object(part) || !json_is_string(member(part, "type")))
			return ask_refuse(error, "messages",
				"Invalid part %zu of a content: expected an object with a type.",
				i);
		if (!json_is_string(piece))
			continue;
		if (text->len)
			buf_add_char(text, '\n');
		buf_add_str(text, json_text(piece));
	}
	return true;
}

static bool read_content(
	struct ask *ask, const json_t *content, struct str *out, struct ask_error *error)
{
	struct buf text = BUF(ASK_ALL_MAX);
	bool good;

	*out = STR("");
	if (!content)
		return true;
	if (json_is_string(content)) {
		*out = json_text(content);
		return true;
	}
	if (!json_is_array(content))
		return ask_refuse(error, "messages",
			"Invalid type for a message's content: expected a string or an array.");
	good = read_parts(content, &text, error);
	*out = arena_str(&ask->arena, buf_str(&text));
	buf_release(&text);
	return good;
}

static bool read_role(const json_t *message, enum ask_role *out, struct ask_error *error)
{
	static const struct {
		const char *name;
		enum ask_role role;
	} roles[] = {
		{ "system", ASK_SYSTEM }, { "developer", ASK_SYSTEM }, { "user", ASK_USER },
		{ "assistant", ASK_ASSISTANT }, { "tool", ASK_TOOL }, { "function", ASK_TOOL },
	};
	const json_t *value = member(message, "role");

	for (size_t i = 0; json_is_string(value) && i < ARRAY_LEN(roles); i++) {
		if (!str_is(json_text(value), roles[i].name))
			continue;
		*out = roles[i].role;
		return true;
	}
	return ask_refuse(error, "messages",
		"Invalid role of a message: expected system, developer, user, assistant or tool.");
}

static bool read_messages(struct ask *ask, struct ask_error *error)
{
	const json_t *list = member(ask->body, "messages"), *entry;
	struct buf all = BUF(ASK_ALL_MAX);
	bool good = true;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) == 0)
		return ask_refuse(error, "messages",
			"Invalid 'messages': expected an array with at least one message.");
	if (json_array_size(list) > ASK_MESSAGES_MAX)
		return ask_refuse(error, "messages", "Too many messages: at most %d.",
			ASK_MESSAGES_MAX);
	json_array_foreach(list, i, entry) {
		enum ask_role role = ASK_USER;
		struct str text;

		if (!json_is_object(entry))
			good = ask_refuse(error, "messages",
				"Invalid type for message %zu: expected an object.", i);
		good = good && read_role(entry, &role, error) &&
		       read_content(ask, member(entry, "content"), &text, error);
		if (!good)
			break;
		ask_add(ask, &all, role, text);
	}
	ask->all = arena_str(&ask->arena, buf_str(&all));
	buf_release(&all);
	return good;
}

static bool read_format(struct ask *ask, struct ask_error *error)
{
	const json_t *format = member(ask->body, "response_format");
	const json_t *type = member(format, "type"), *schema;

	if (!format)
		return true;
	if (!json_is_object(format) || !json_is_string(type))
		return ask_refuse(error, "response_format",
			"Invalid 'response_format': expected an object with a type.");
	if (str_is(json_text(type), "text"))
		return true;
	if (str_is(json_text(type), "json_object")) {
		ask->format = FORMAT_JSON;
		return true;
	}
	if (!str_is(json_text(type), "json_schema"))
		return ask_refuse(error, "response_format",
			"Invalid type of 'response_format': expected "
			"text, json_object or json_schema.");
	schema = member(member(format, "json_schema"), "schema");
	if (!json_is_object(schema))
		return ask_refuse(error, "response_format.json_schema",
			"Missing required parameter: 'response_format.json_schema.schema'.");
	ask->format = FORMAT_SCHEMA;
	ask->schema = schema;
	return true;
}

static bool read_choice(struct ask *ask, struct ask_error *error)
{
	const json_t *choice = member(ask->body, "tool_choice");
	const json_t *name = member(member(choice, "function"), "name");

	if (!choice || (json_is_string(choice) && str_is(json_text(choice), "auto")))
		return true;
	if (json_is_string(choice) && str_is(json_text(choice), "none")) {
		ask->tool_choice = TOOLS_NONE;
	} else if (json_is_string(choice) && str_is(json_text(choice), "required")) {
		ask->tool_choice = TOOLS_REQUIRED;
	} else if (json_is_string(name)) {
		ask->tool_choice = TOOLS_REQUIRED;
		ask->tool_forced = json_text(name);
	} else {
		return ask_refuse(error, "tool_choice",
			"Invalid 'tool_choice': expected auto, none, required or a function by "
			"name.");
	}
	return true;
}

static bool read_tools(struct ask *ask, struct ask_error *error)
{
	const json_t *tools = member(ask->body, "tools"), *tool;
	size_t i;

	if (!tools)
		return read_choice(ask, error);
	if (!json_is_array(tools))
		return ask_refuse(error, "tools", "Invalid type for 'tools': expected an array.");
	if (json_array_size(tools) > ASK_TOOLS_MAX)
		return ask_refuse(error, "tools", "Too many tools: at most %d.", ASK_TOOLS_MAX);
	json_array_foreach(tools, i, tool) {
		const json_t *function = member(tool, "function");
		const json_t *parameters = member(function, "parameters");

		if (!json_is_string(member(function, "name")))
			return ask_refuse(
				error, "tools", "Tool %zu has no function with a name.", i);
		if (parameters && !json_is_object(parameters))
			return ask_refuse(error, "tools",
				"Invalid parameters of tool %zu: expected a JSON Schema.", i);
	}
	ask->tools = json_array_size(tools) ? tools : NULL;
	return read_choice(ask, error);
}

static bool read_stream(struct ask *ask, struct ask_error *error)
{
	const json_t *options = member(ask->body, "stream_options");

	if (!read_truth(ask->body, "stream", &ask->stream, error))
		return false;
	if (!options)
		return true;
	if (!json_is_object(options))
		return ask_refuse(error, "stream_options",
			"Invalid type for 'stream_options': expected an object.");
	if (!ask->stream)
		return ask_refuse(error, "stream_options",
			"The 'stream_options' parameter is only allowed when 'stream' is true.");
	return read_truth(options, "include_usage", &ask->include_usage, error);
}

static bool read_limits(struct ask *ask, struct ask_error *error)
{
	int64_t answers = 1;

	if (!read_limit(ask->body, "max_tokens", &ask->max_tokens, error) ||
		!read_limit(ask->body, "max_completion_tokens", &ask->max_tokens, error) ||
		!read_limit(ask->body, "n", &answers, error))
		return false;
	return answers == 1 || ask_refuse(error, "n", "Only one answer at a time: 'n' must be 1.");
}

bool openai_read(struct ask *ask, struct str body, struct ask_error *error)
{
	return ask_parse(ask, body, error) && read_model(ask, error) &&
	       read_messages(ask, error) && read_stream(ask, error) && read_limits(ask, error) &&
	       read_format(ask, error) && read_tools(ask, error);
}
