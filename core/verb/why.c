/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir why: a decision explained. */
#include "core/verb/explain.h"
#include "core/verb/verb.h"

static const struct verb_option options[] = {
	{ "json", 'j', NULL, COMPLETES_NOTHING, "print it as JSON" },
	{ "answer", 'a', NULL, COMPLETES_NOTHING, "print the answer too" },
};

static enum err run(struct command *c, struct buf *why)
{
	struct buf text = BUF(2 * (size_t)BUF_TEXT_MAX);
	struct store *store;
	struct decision *d;
	enum err err = world_need_store(c->engine, true, why);

	if (err)
		return err;
	store = c->engine->store;
	err = c->operand_count ? store_find(store, str_of(c->operands[0]), &d, why)
			       : store_last(store, &d, why);
	if (err)
		return err;
	if (command_has(c, "json")) {
		command_say_decision(c, d, false);
	} else {
		explain_decision(&text, d, store_short_digits(store, d->id));
		if (command_has(c, "answer"))
			buf_addf(&text, "\n%.*s\n", STR_ARG(d->answer.text));
		command_say_buf(c, &text);
	}
	buf_release(&text);
	decision_free(&d);
	return ERR_OK;
}

const struct verb verb_why = {
	.name = "why",
	.operands = "[ID]",
	.say = "explain a decision: each step, what it cost, what would have sent it elsewhere",
	.more = "ID is the last four or more hex digits of a decision's id; without one, the "
		"newest decision is explained.",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.completes = COMPLETES_ID,
	.run = run,
};
