/* SPDX-License-Identifier: GPL-3.0-or-later
 * What reading a request has in common over all wires. */
#include "core/sim/ask.h"

#include "core/base/json.h"
#include "core/base/utf8.h"
#include "core/sim/fail.h"
#include "core/sim/token.h"

#include <stdarg.h>

enum { MESSAGE_TOKENS = 4 };

bool ask_refuse(struct ask_error *error, const char *param, const char *format, ...)
{
	va_list args;

	error->status = 400;
	error->type = "invalid_request_error";
	error->code = NULL;
	error->param = param;
	va_start(args, format);
	vsnprintf(error->say, sizeof(error->say), format, args);
	va_end(args);
	return false;
}

bool ask_parse(struct ask *ask, struct str body, struct ask_error *error)
{
	struct buf why = BUF(BUF_WHY_MAX);
	enum err err = utf8_is_valid(body) ? json_read(body, JSON_READ_LENIENT, &ask->body, &why)
					   : ERR_SYNTAX;

	if (err)
		ask_refuse(error, NULL,
			"We could not parse the JSON body of your request. (%.120s)",
			why.len ? why.ptr : "it is not valid UTF-8");
	buf_release(&why);
	if (err)
		return false;
	return json_is_object(ask->body) ||
	       ask_refuse(error, NULL, "The JSON body of your request must be an object.");
}

static void note(struct ask *ask, const struct ask_message *m)
{
	if (m->role == ASK_USER) {
		ask->before = ask->question;
		ask->question = str_part(m->text, 0, ASK_TEXT_MAX);
		ask->result = STR_NONE;
		ask->results = 0;
	} else if (m->role == ASK_SYSTEM) {
		ask->rules = str_part(m->text, 0, ASK_TEXT_MAX);
	} else if (m->role == ASK_TOOL) {
		ask->result = m->text;
		ask->results++;
	}
}

void ask_add(struct ask *ask, struct buf *all, enum ask_role role, struct str text)
{
	struct ask_message *m = vec_add(&ask->arena, &ask->messages);

	*m = (struct ask_message){ role, text };
	note(ask, m);
	buf_addf(all, "%d:", (int)role);
	buf_add_str(all, text);
	buf_add_char(all, '\n');
}

uint64_t ask_key(const struct ask *ask, uint64_t seed)
{
	return fail_key(fail_key(seed, str_of(ask->persona->id)), ask->all);
}

int64_t ask_tokens(const struct ask *ask)
{
	size_t tokens = 0;

	for (size_t i = 0; i < ask->messages.len; i++)
		tokens += MESSAGE_TOKENS + token_count(ask->messages.ptr[i].text);
	if (ask->tools) {
		struct buf text = BUF(BUF_TEXT_MAX);

		json_print(&text, ask->tools);
		tokens += token_count(buf_str(&text));
		buf_release(&text);
	}
	return (int64_t)tokens;
}

void ask_release(struct ask *ask)
{
	json_decref(ask->body);
	ask->body = NULL;
	arena_release(&ask->arena);
}
