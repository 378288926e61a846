/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is asked of a simulated model, once its bytes are understood.
 */
#ifndef WEIR_SIM_ASK_H
#define WEIR_SIM_ASK_H

#include "core/base/buf.h"
#include "core/base/vec.h"
#include "core/sim/persona.h"

#include <jansson.h>

/* Of a longer question only the front is understood. */
enum { ASK_TEXT_MAX = 16384 };

enum ask_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SCHEMA };
enum ask_tools { TOOLS_AUTO, TOOLS_NONE, TOOLS_REQUIRED };
enum ask_role { ASK_SYSTEM, ASK_USER, ASK_ASSISTANT, ASK_TOOL };

struct ask_message {
	enum ask_role role;
	struct str text; /* the text parts, joined by line ends */
};

struct ask {
	struct arena arena; /* of this request: its texts and its reply */
	json_t *body;
	const struct persona *persona;
	struct {
		struct ask_message *ptr;
		size_t len, cap;
	} messages;
	struct str question;    /* the last user message, its front */
	struct str rules;       /* the last system message, its front */
	struct str before;      /* the user message before that one */
	struct str result;      /* what a tool said after the question; no text: none did */
	size_t results;         /* how many times tools answered since */
	struct str all;         /* every text, in order: for what depends on the whole request */
	bool stream, include_usage;
	int64_t max_tokens;     /* 0: no limit */
	enum ask_format format;
	const json_t *schema;   /* with FORMAT_SCHEMA */
	const json_t *tools;    /* an array of function tools, NULL: none */
	enum ask_tools tool_choice;
	struct str tool_forced; /* by name */
};

void ask_release(struct ask *ask);

/* An answer that is not one: a status and words. */
struct ask_error {
	unsigned status;
	const char *type, *code, *param; /* code and param may be NULL */
	char say[256];
	uint64_t key; /* of the request */
};

/* Ceilings of what is read. */
enum { ASK_MESSAGES_MAX = 4096, ASK_TOOLS_MAX = 128, ASK_ALL_MAX = 16 * 1024 * 1024 };

/* Sets *error: a request that is wrong at `param` (may be NULL). False always. */
bool ask_refuse(struct ask_error *error, const char *param, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* ask->body from its bytes; an object. */
bool ask_parse(struct ask *ask, struct str body, struct ask_error *error);

/* One more message; `all` gathers what becomes ask->all. The question is the last user message; a
 * result of a tool counts only when it came after. */
void ask_add(struct ask *ask, struct buf *all, enum ask_role role, struct str text);

/* One number for the whole request, not for its bytes: a stream and a whole answer share it. */
uint64_t ask_key(const struct ask *ask, uint64_t seed);

int64_t ask_tokens(const struct ask *ask); /* of the prompt */

#endif
