/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is asked of a simulated model, once its bytes are understood.
 */
#ifndef WEIR_SIM_ASK_H
#define WEIR_SIM_ASK_H

#include "core/base/vec.h"
#include "core/sim/persona.h"

#include <jansson.h>

/* Of a longer question only the front is understood. */
enum { ASK_TEXT_MAX = 16384 };

enum ask_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SCHEMA };
enum ask_tools { TOOLS_AUTO, TOOLS_NONE, TOOLS_REQUIRED };
enum ask_role { ROLE_SYSTEM, ROLE_USER, ROLE_ASSISTANT, ROLE_TOOL };

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

#endif
