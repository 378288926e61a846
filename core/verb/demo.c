/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir demo: its row in the table. The demo itself is a face (tui/demo.c), which the program begins
 * before any engine is there; from inside a running one it cannot begin. */
#include "core/verb/verb.h"

static enum err run(struct command *c, struct buf *why)
{
	(void)c;
	why_set(why, "demo: it begins from a shell only: leave, then run weir demo");
	return ERR_USAGE;
}

const struct verb verb_demo = {
	.name = "demo",
	.operands = "",
	.say = "a guided session with the simulator: no key, no network, nothing kept",
	.more = "On a terminal, questions are suggested and yours are answered; without one, four "
		"sample questions are answered in plain text with their decisions. Everything "
		"happens in a folder that is removed at the end.",
	.run = run,
};
