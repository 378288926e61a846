/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a simulated model answers, before it becomes bytes of a wire.
 */
#ifndef WEIR_SIM_REPLY_H
#define WEIR_SIM_REPLY_H

#include "core/base/arena.h"

enum reply_shape { SHAPE_TEXT, SHAPE_LETTER, SHAPE_JSON, SHAPE_TOOL, SHAPE_COUNT };

/* All text lives in the arena of the request. */
struct reply {
	enum reply_shape shape;
	struct str text;      /* the answer, or the arguments of the tool as JSON text */
	struct str tool;      /* the tool's name; no text: none is called */
	const char *finish;   /* "stop", "length", "tool_calls"; NULL: breaks off without a word */
};

#endif
