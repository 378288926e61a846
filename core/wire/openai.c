/* SPDX-License-Identifier: GPL-3.0-or-later
 * The OpenAI wire: events and bodies, back into one wire_answer. */
#include "core/wire/openai.h"

#include "core/wire/complaint.h"
#include "core/wire/fault.h"
#include "core/wire/openai_parts.h"

static void take_id(struct wire_answer *answer, const json_t *root)
{
	if (!answer->request_id.len)
		buf_add_str(&answer->request_id, json_get_text(root, "id"));
}

/* After an error only what was used is news: it is billed. */
static bool read_object(
	struct wire_answer *answer, const json_t *root, const struct wire_sink *sink)
{
	bool go_on = true;

	take_id(answer, root);
	openai_read_usage(answer, root);
	if (answer->error.len)
		return true;
	/* What stands beside an error was said before it. */
	go_on = openai_read_choices(answer, root, sink);
	complaint_find(answer, root);
	return go_on;
}

bool openai_read_tree(
	struct wire_answer *answer, const json_t *root, const struct wire_sink *sink)
{
	const json_t *item;
	size_t i;

	if (json_is_object(root))
		return read_object(answer, root, sink);
	if (!json_is_array(root))
		answer->skipped++;
	json_array_foreach(root, i, item)
		if (json_is_object(item) && !read_object(answer, item, sink))
			return false;
	return true;
}

static bool read_text(struct wire_answer *answer, struct str text, const struct wire_sink *sink);

/* Several values, one a line: a server forgot the blank lines between its events. */
static bool read_lines(struct wire_answer *answer, struct str text, const struct wire_sink *sink)
{
	struct str line;

	while (str_cut(&text, '\n', &line))
		if (!read_text(answer, line, sink))
			return false;
	return true;
}

/* False when nothing that follows matters. */
static bool read_text(struct wire_answer *answer, struct str text, const struct wire_sink *sink)
{
	json_t *root = NULL;
	bool go_on = true;

	text = str_trim(text);
	if (!text.len || openai_read_fast(answer, text, sink, &go_on))
		return go_on;
	if (str_is(text, "[DONE]") || str_is(text, "\"[DONE]\"")) {
		answer->closed = true;
		return false;
	}
	if (!json_read(text, JSON_READ_LENIENT, &root, NULL))
		go_on = openai_read_tree(answer, root, sink);
	else if (str_find_char(text, '\n') < text.len)
		go_on = read_lines(answer, text, sink);
	else
		answer->skipped++; /* the next one may be JSON */
	json_decref(root);
	return go_on;
}

static bool read_event(struct wire_answer *answer, struct str type, struct str data,
	const struct wire_sink *sink)
{
	size_t skipped = answer->skipped;
	bool go_on = read_text(answer, data, sink);

	if (str_is(type, "error") && !answer->error.len) {
		answer->skipped = skipped; /* whatever it is, it is read now */
		complaint_read(answer, 200, data);
	}
	return go_on;
}

static void read_body(struct wire_answer *answer, struct str body, const struct wire_sink *sink)
{
	size_t skipped = answer->skipped;

	body = str_trim(body);
	read_text(answer, body, sink);
	answer->closed = answer->skipped == skipped;
	/* Half an answer is no other kind of answer: it was cut. */
	if (!answer->closed && !str_starts(body, "{") && !str_starts(body, "[")) {
		answer->skipped = skipped;
		complaint_not_json(answer, body);
	}
}

const struct wire wire_openai = {
	.name = "openai",
	.path = "/chat/completions",
	.probe = "/models",
	.write_request = openai_write_request,
	.read_event = read_event,
	.read_body = read_body,
	.read_models = common_first_model,
	.read_error = complaint_read,
};
