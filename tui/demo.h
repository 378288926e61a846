/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The demo: the real program over the simulator, in a state that is thrown away. On a terminal a
 * guided session, line by line; without one, sample questions with their decisions.
 */
#ifndef WEIR_TUI_DEMO_H
#define WEIR_TUI_DEMO_H

#include "core/engine.h"

/* The exit status. `why` gets words when it could not begin. */
int demo_run(const struct engine_setup *setup, int argc, struct buf *why);

#endif
