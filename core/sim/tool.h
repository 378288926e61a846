/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether and how a simulated model calls a tool.
 */
#ifndef WEIR_SIM_TOOL_H
#define WEIR_SIM_TOOL_H

#include "core/sim/ask.h"
#include "core/sim/evidence.h"

/* The function to call: the one forced, else the one whose name or description shares words with
 * the question and whose required arguments stand in it. NULL: none. */
const json_t *tool_pick(
	struct arena *arena, const struct ask *ask, const struct evidence *evidence);

#endif
