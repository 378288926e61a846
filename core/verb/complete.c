/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir complete: what the shells' completion functions call. */
#include "core/verb/completing.h"

static enum err run(struct command *c, struct buf *why)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	(void)why;
	complete_words(c->engine, c->operand_count, c->operands, &text);
	command_say_buf(c, &text);
	buf_release(&text);
	return ERR_OK;
}

const struct verb verb_complete = {
	.name = "complete",
	.operands = "WORD ...",
	.say = "what the last word of a command line may become",
	.hidden = true,
	.raw = true,
	.run = run,
};
