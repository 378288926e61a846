/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir ask: one request; the answer on stdout as it streams, then a receipt on stderr. */
#include "core/verb/explain.h"
#include "core/verb/verb.h"

#include "core/base/clean.h"

static const struct verb_option options[] = {
	{ "json", 'j', NULL, COMPLETES_NOTHING, "print the decision as JSON, not the answer" },
	{ "dry-run", 'n', NULL, COMPLETES_NOTHING, "decide and explain, but call no model" },
	{ "tier", 't', "N", COMPLETES_NOTHING,
		"begin at this tier: 1 cheapest, 2 standard, 3 premium" },
	{ "model", 'm', "MODEL", COMPLETES_MODEL, "ask this model and no other" },
	{ "task", 'T', "TASK", COMPLETES_TASK,
		"say what kind of work it is: chat, faq, code, ..." },
	{ "budget", 'b', "USD", COMPLETES_NOTHING, "refuse a call that may cost more than this" },
	{ "max-tokens", '\0', "N", COMPLETES_NOTHING, "limit the answer to so many tokens" },
	{ "system", 's', "TEXT", COMPLETES_NOTHING, "put this system prompt before the question" },
	{ "session", 'S', "NAME", COMPLETES_NOTHING, "name the conversation that it belongs to" },
	{ "user", '\0', "NAME", COMPLETES_NOTHING, "say who asks, for the log" },
	{ "app", '\0', "NAME", COMPLETES_NOTHING, "say which program asks, for the log" },
};

struct ask {
	struct command *c;
	struct id id;
	struct clean clean;
	bool json, said, open_line; /* open_line: the last piece did not end its line */
};

/* ---- the request ------------------------------------------------------------------------ */

static enum err read_text(struct command *c, struct str *text, struct buf *why)
{
	struct buf all = BUF(BUF_TEXT_MAX);
	bool dash = c->operand_count == 1 && !strcmp(c->operands[0], "-");
	enum err err = ERR_OK;

	if (c->operand_count && !dash) {
		*text = command_words(c, 0);
		return ERR_OK;
	}
	if (!c->out.read || (!dash && c->out.input_is_terminal)) {
		why_set(why,
			"ask: expected a question, such as weir ask \"what is a deductible?\"");
		return ERR_USAGE;
	}
	err = c->out.read(c->out.ctx, &all, why);
	*text = arena_str(&c->arena, str_trim(buf_str(&all)));
	buf_release(&all);
	return err;
}

static void add_message(struct decision *d, enum role role, struct str text)
{
	struct request *r = &d->request;

	r->messages[r->message_count++] = (struct message){
		.role = role, .text = arena_str(&d->arena, text)
	};
}

static struct str option_text(struct command *c, struct decision *d, const char *name)
{
	return arena_str(&d->arena, str_of(command_option(c, name)));
}

static enum err read_limits(struct command *c, struct decision *d, struct buf *why)
{
	struct request *r = &d->request;
	const char *task = command_option(c, "task"), *budget = command_option(c, "budget");
	int64_t tier = 0;
	enum task code;
	enum err err;

	err = command_number(c, "tier", 1, TIER_COUNT, 0, &tier, why);
	if (!err)
		err = command_number(c, "max-tokens", 1, 1000000, 0, &r->max_tokens, why);
	if (err)
		return err;
	r->forced_tier = (int)tier;
	if (task && !task_parse(str_of(task), &code)) {
		why_set(why,
			"--task: there is no task \"%s\": choose among %s", task, TASK_CHOICES);
		return ERR_USAGE;
	}
	r->task = task ? (int64_t)code + 1 : 0;
	if (budget && (!money_parse(str_of(budget), &r->budget) || r->budget < 0)) {
		why_set(why, "--budget: expected dollars, such as 0.01, not \"%s\"", budget);
		return ERR_USAGE;
	}
	return ERR_OK;
}

static enum err fill_request(struct command *c, struct decision *d, struct buf *why)
{
	struct request *r = &d->request;
	struct str text, system = str_of(command_option(c, "system"));
	enum err err = read_text(c, &text, why);

	if (!err)
		err = read_limits(c, d, why);
	if (err)
		return err;
	r->messages = arena_alloc(&d->arena, 2 * sizeof(*r->messages));
	if (system.ptr)
		add_message(d, ROLE_SYSTEM, system);
	add_message(d, ROLE_USER, text);
	r->text = r->messages[r->message_count - 1].text;
	r->dry_run = command_has(c, "dry-run");
	r->forced_model = option_text(c, d, "model");
	r->session = option_text(c, d, "session");
	r->user = option_text(c, d, "user");
	r->app = option_text(c, d, "app");
	return ERR_OK;
}

/* What the command line left open, the configuration may say. */
static void fill_defaults(const struct config *config, struct decision *d)
{
	const struct setting *longest = config_find(config, "answer.max_tokens");
	struct request *r = &d->request;

	if (!r->user.ptr)
		r->user = arena_str(&d->arena, config_text(config, "request.user"));
	if (!r->app.ptr)
		r->app = arena_str(&d->arena, config_text(config, "request.app"));
	if (!r->max_tokens && longest)
		r->max_tokens = (int64_t)longest->number;
}

/* ---- the answer ------------------------------------------------------------------------- */

static void interrupt_later(void *ctx)
{
	command_interrupt(ctx);
}

static void say_piece(struct ask *ask, struct str piece, bool last)
{
	struct buf text = BUF(2 * (size_t)BUF_TEXT_MAX);

	clean_feed(&ask->clean, piece, &text);
	if (last)
		clean_end(&ask->clean, &text);
	if (text.len)
		ask->open_line = text.ptr[text.len - 1] != '\n';
	command_say_clean(ask->c, buf_str(&text));
	buf_release(&text);
	/* A stream must not be cancelled from inside itself. */
	if (ask->c->gone && !last)
		loop_defer(ask->c->engine->loop, interrupt_later, ask->c);
}

static void tell_who_answers(struct command *c)
{
	const struct engine *e = c->engine;

	if (!e->env.simulate || e->setup.throw_away)
		return;
	if (e->setup.simulate)
		command_note(c, "weir: the built-in simulator answers, not a model\n");
	else
		command_error(c,
			"weir: no provider is configured, so the built-in simulator answers, not a "
			"model\n      (set OPENAI_API_KEY, ANTHROPIC_API_KEY or WEIR_BASE_URL)\n");
}

static void take_event(void *ctx, const struct event *event)
{
	struct ask *ask = ctx;

	if (event->kind == EVENT_ATTEMPT)
		tell_who_answers(ask->c);
	if (event->kind == EVENT_WAIT)
		command_note(ask->c, "weir: %.*s\n", STR_ARG(event->text));
	if (event->kind == EVENT_TEXT && !ask->json) {
		ask->said = true;
		say_piece(ask, event->text, false);
	}
	ask->id = event->decision->id;
}

static void say_dry_run(struct command *c, const struct decision *d)
{
	struct buf text = BUF(2 * (size_t)BUF_TEXT_MAX); /* it repeats the question */

	explain_decision(&text, d, 0);
	command_say_buf(c, &text);
	buf_release(&text);
}

static void say_answer(struct ask *ask, const struct decision *d)
{
	if (d->request.dry_run && !d->err)
		say_dry_run(ask->c, d);
	else if (!ask->said && d->answer.text.ptr)
		say_piece(ask, d->answer.text, false);
	say_piece(ask, STR(""), true);
	if (ask->open_line)
		command_say_clean(ask->c, STR("\n"));
}

static void say_receipt(struct ask *ask, const struct decision *d)
{
	struct buf line = BUF(BUF_LINE_MAX);

	explain_receipt(&line, d, store_short_digits(ask->c->engine->store, d->id));
	command_note(ask->c, "-- %s\n", line.ptr);
	buf_release(&line);
}

static void say_error(struct ask *ask, enum err err, struct str say)
{
	command_error(ask->c, "weir: %.*s\n", STR_ARG(say.len ? say : str_of(err_say(err))));
}

/* Whether somebody answered at all: without that there is nothing to give a receipt for. */
static bool was_heard(const struct decision *d)
{
	return d->attempts.len && d->attempts.ptr[d->attempts.len - 1].status != INT_NONE;
}

static void take_done(void *ctx, struct decision *d, enum err record_err, struct str record_say)
{
	struct ask *ask = ctx;
	struct command *c = ask->c;
	enum err err = d->err ? d->err : record_err;

	if (ask->json)
		command_say_decision(c, d, !c->out.terminal[ENGINE_OUT]);
	else
		say_answer(ask, d);
	if (record_err)
		say_error(ask, record_err, record_say);
	if (c->gone)
		say_error(ask, ERR_IO, STR("nobody reads the answer any more: stopped"));
	else if (d->err)
		say_error(ask, d->err, d->error);
	if (!record_err && !ask->json && was_heard(d))
		say_receipt(ask, d);
	command_end(c, c->gone ? err_exit(ERR_IO) : err_exit(err));
}

static void interrupt(struct command *c)
{
	struct ask *ask = c->state;

	flow_cancel(c->engine->flow, ask->id);
}

static enum err run(struct command *c, struct buf *why)
{
	struct decision *d = decision_new();
	struct ask *ask = arena_new(&c->arena, struct ask);
	enum err err = fill_request(c, d, why);

	if (!err)
		err = world_need_flow(c->engine, why);
	if (err) {
		decision_free(&d);
		return err;
	}
	fill_defaults(&c->engine->config, d);
	ask->c = c;
	ask->json = command_has(c, "json");
	clean_begin(&ask->clean, false);
	c->state = ask;
	command_wait(c, interrupt);
	flow_submit(c->engine->flow, d, (struct flow_watch){ take_event, take_done, ask });
	return ERR_OK;
}

const struct verb verb_ask = {
	.name = "ask",
	.operands = "TEXT or -",
	.say = "ask one question and stream the answer",
	.more = "The answer goes to stdout as it comes, and nothing else does; what stands beside "
		"it (who answers, the receipt with model, cost and the decision's id) goes to "
		"stderr. With \"-\", or with no words on a pipe, the question is read from stdin. "
		"An interrupt keeps the part that came and records the decision as cancelled.",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.run = run,
};
