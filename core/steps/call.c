/* SPDX-License-Identifier: GPL-3.0-or-later
 * Call: one attempt at one model. Bytes go through the wire's reader; each piece of answer is told
 * to whoever watches as it comes; what was said before a failure or a cancel is kept. */
#include "core/steps/step.h"

#include "core/base/clean.h"
#include "core/base/mask.h"
#include "core/steps/contact.h"
#include "core/steps/rungs.h"
#include "core/steps/tokens.h"
#include "core/wire/fault.h"
#include "core/wire/reader.h"
#include "core/wire/wires.h"

struct call {
	struct env *env;
	struct decision *d;
	const struct model *model;
	struct transfer *transfer;
	struct wire_reader reader;
	struct secret key;   /* for the mask; wiped with the call */
	struct mask mask;    /* a provider may repeat the key, in an answer as in an error */
	struct buf piece, text;
	size_t attempt;      /* its place in the record */
	int64_t begun;
	enum err err;        /* of the transport */
	struct buf say;
	bool over;           /* the attempt is complete; the step may go on */
};

static struct attempt *attempt_of(struct call *c)
{
	return &c->d->attempts.ptr[c->attempt];
}

static struct call *call_new(struct env *env, struct decision *d, const struct model *model)
{
	struct call *c = memory_new(sizeof(*c));

	*c = (struct call){ .env = env, .d = d, .model = model };
	c->piece = c->text = BUF(BUF_TEXT_MAX);
	c->say = BUF(BUF_WHY_MAX);
	c->begun = clock_steady(&env->clock);
	return c;
}

static void call_free(struct call *c)
{
	transfer_cancel(&c->transfer);
	wire_reader_release(&c->reader);
	mask_end(&c->mask, &c->piece);
	secret_wipe(&c->key);
	buf_release(&c->piece);
	buf_release(&c->text);
	buf_release(&c->say);
	memory_free(c);
}

/* ---- what comes in ---------------------------------------------------------------------- */

/* What the mask has let through. */
static void tell_piece(struct call *c)
{
	if (!c->piece.len)
		return;
	buf_add_str(&c->text, buf_str(&c->piece));
	env_emit(c->env, EVENT_TEXT, c->d, buf_str(&c->piece));
	buf_clear(&c->piece);
}

static bool take_text(void *ctx, struct str piece)
{
	struct call *c = ctx;
	struct attempt *a = attempt_of(c);
	int64_t now = clock_steady(&c->env->clock);

	if (a->first_token == SPAN_NONE) {
		a->first_token = now - c->begun;
		if (c->d->took.first_token == SPAN_NONE)
			c->d->took.first_token = now - c->d->begun;
	}
	mask_feed(&c->mask, piece, &c->piece);
	tell_piece(c);
	return !buf_is_full(&c->text);
}

static void go_on(void *ctx)
{
	struct call *c = ctx;

	c->env->resume(c->d);
}

/* The attempt is complete; the flow goes on at the end of this turn. */
static void end_call(struct call *c)
{
	if (c->over)
		return;
	c->over = true;
	wire_reader_end(&c->reader);
	mask_end(&c->mask, &c->piece);
	tell_piece(c);
	loop_defer(c->env->loop, go_on, c);
}

static void take_head(void *ctx, int status, const struct transfer *t)
{
	struct call *c = ctx;

	attempt_of(c)->status = status;
	if (transfer_header(t, "X-Weir-Simulator"))
		c->d->answer.simulated = true;
	wire_reader_head(&c->reader, status, transfer_header(t, "Content-Type"));
}

static enum http_verdict take_body(void *ctx, struct str bytes)
{
	struct call *c = ctx;

	if (wire_reader_feed(&c->reader, bytes))
		return HTTP_GO_ON;
	transfer_finish(&c->transfer);
	end_call(c);
	return HTTP_GO_ON;
}

static void take_end(void *ctx, const struct http_result *result)
{
	struct call *c = ctx;

	c->transfer = NULL;
	c->err = result->err;
	buf_add_str(&c->say, result->say);
	end_call(c);
}

/* ---- how it begins ---------------------------------------------------------------------- */

static enum err start(struct call *c, const struct wire *wire, struct buf *why)
{
	const struct wire_call call = {
		.model = c->model,
		.id = attempt_of(c)->id,
		.messages = c->d->request.messages,
		.message_count = c->d->request.message_count,
		.max_tokens = c->d->request.max_tokens,
		.stream = true,
	};
	struct contact contact = {
		.model = c->model, .method = "POST", .path = wire->path, .answer_max = BUF_TEXT_MAX
	};
	struct buf body = BUF(BUF_TEXT_MAX);
	enum err err = contact_key(c->env, c->model, &c->key, why);

	if (err)
		return err;
	mask_begin(&c->mask, c->key.text);
	contact.key = &c->key;
	wire->write_request(&call, &body);
	contact.body = buf_str(&body);
	err = contact_start(c->env, &contact,
		(struct http_sink){ take_head, take_body, take_end, c }, &c->transfer, why);
	buf_release(&body);
	return err;
}

static void fill_begin(struct call *c)
{
	struct attempt *a = decision_add_attempt(c->d);

	c->attempt = c->d->attempts.len - 1;
	a->model = c->model->name;
	a->provider = c->model->provider->name;
	a->id = c->d->model_id.len ? c->d->model_id : c->model->id;
	a->tier = c->model->tier;
}

/* ---- how it ends ------------------------------------------------------------------------ */

static void fail_attempt(struct call *c, enum end end, enum err err, struct str say)
{
	struct attempt *a = attempt_of(c);

	a->end = end;
	a->error = arena_str(&c->d->arena, say);
	decision_fail(c->d, err, a->error);
}

static void fail_by_provider(struct call *c)
{
	const struct wire_answer *w = &c->reader.answer;
	const struct attempt *a = attempt_of(c);
	struct buf say = BUF(BUF_WHY_MAX);

	buf_addf(&say, "%.*s", STR_ARG(c->model->provider->name));
	if (a->status != 200)
		buf_addf(&say, ": HTTP %d", (int)a->status);
	buf_add_text(&say, ": ");
	clean_line(buf_str(&w->error), &say); /* their words must not break up ours */
	if (!str_ends(buf_str(&say), "."))
		buf_add_char(&say, ':');
	buf_addf(&say, " %s", fault_mend(w->fault));
	mask_text(&say, c->key.text);
	fail_attempt(c, (enum end)w->end, ERR_PROVIDER, buf_str(&say));
	buf_release(&say);
}

static void fail_by_transport(struct call *c)
{
	enum end end = c->err == ERR_TIMEOUT ? END_TIMEOUT : END_HTTP_ERROR;

	if (c->text.len)
		end = END_TRUNCATED;
	fail_attempt(c, end, c->err,
		arena_format(&c->d->arena, "%.*s: %.*s", STR_ARG(c->model->provider->name),
			STR_ARG(buf_str(&c->say))));
}

static void fail_with(struct call *c, const char *what)
{
	fail_attempt(c, (enum end)c->reader.answer.end, ERR_PROVIDER,
		arena_format(&c->d->arena, "%.*s %s", STR_ARG(c->model->name), what));
}

static void judge_end(struct call *c)
{
	const struct wire_answer *w = &c->reader.answer;

	attempt_of(c)->end = w->end;
	if (c->err)
		fail_by_transport(c);
	else if (w->error.len)
		fail_by_provider(c);
	else if (w->end == END_TRUNCATED)
		fail_with(c, "stopped in the middle: its stream ended without an end; try again, "
			     "or use another model");
	else if (w->end == END_TOOL_CALLS)
		fail_with(c, "called a tool although none was offered: use another model");
	else if (!c->text.len && w->end == END_LENGTH)
		fail_with(c, "used up its tokens before it began to answer: raise --max-tokens");
	else if (!c->text.len && !w->refusal.len)
		fail_with(c, "sent an empty answer: try again, or use another model");
}

/* Whether what the provider counted is all there was: a count that came before the end is of what
 * had been said until then. */
static bool count_is_final(const struct wire_answer *w)
{
	return w->end == END_STOP || w->end == END_LENGTH || w->end == END_REFUSED ||
	       w->end == END_TOOL_CALLS;
}

static int64_t estimate_said(const struct call *c)
{
	return tokens_estimate(buf_str(&c->text)) +
	       tokens_estimate(buf_str(&c->reader.answer.reasoning));
}

static void count_tokens(struct call *c)
{
	struct tokens *t = &attempt_of(c)->tokens;
	const struct wire_answer *w = &c->reader.answer;
	bool final = w->tokens.out != INT_NONE && count_is_final(w);

	*t = w->tokens;
	t->estimated = t->in == INT_NONE || !final;
	if (t->in == INT_NONE)
		t->in = c->d->request.tokens;
	if (!final && t->out < estimate_said(c)) /* "not known" is the least of all */
		t->out = estimate_said(c);
	if (t->cached == INT_NONE)
		t->cached = 0;
	if (t->reasoning == INT_NONE)
		t->reasoning = 0;
}

/* An error before anything was said costs nothing: nobody bills a 401. What was said is billed. */
static int64_t cost_of(struct call *c)
{
	const struct attempt *a = attempt_of(c);
	int64_t cost;

	if (!c->text.len && (a->end == END_HTTP_ERROR || a->end == END_RATE_LIMITED ||
				    a->status == INT_NONE))
		return 0;
	cost = model_cost(c->model, clock_wall(&c->env->clock), &a->tokens);
	return cost == MONEY_UNKNOWN ? c->reader.answer.cost : cost;
}

static void fill_answer(struct call *c)
{
	struct decision *d = c->d;
	struct str said;

	mask_text(&c->reader.answer.refusal, c->key.text);
	said = buf_str(c->text.len ? &c->text : &c->reader.answer.refusal);
	if (!said.len)
		return;
	if (d->err)
		attempt_of(c)->text = arena_str(&d->arena, said);
	d->answer.text = arena_str(&d->arena, said);
	d->answer.from = ANSWER_FROM_MODEL;
	d->answer.model = c->model->name;
	d->answer.tier = c->model->tier;
}

static enum step_result finish(struct call *c)
{
	struct decision *d = c->d;
	struct env *env = c->env;
	struct attempt *a = attempt_of(c);

	a->total = clock_steady(&env->clock) - c->begun;
	if (a->end != END_CANCELLED)
		judge_end(c);
	count_tokens(c);
	a->cost = cost_of(c);
	fill_answer(c);
	d->work = NULL;
	d->cancel_work = NULL;
	call_free(c);
	env_emit(env, EVENT_ATTEMPT_END, d, STR_NONE);
	return d->err ? STEP_FAIL : STEP_NEXT;
}

static void cancel(struct decision *d)
{
	struct call *c = d->work;

	if (c->over)
		return;
	transfer_cancel(&c->transfer);
	fail_attempt(c, END_CANCELLED, ERR_CANCELLED, STR("cancelled"));
	end_call(c);
}

enum step_result step_call(struct env *env, struct decision *d)
{
	const struct model *model;
	const struct wire *wire;
	struct call *c = d->work;
	enum err err;

	if (c)
		return c->over ? finish(c) : STEP_WAIT;
	model = rung_planned(env, d);
	wire = wire_find(model->provider->wire);
	d->work = c = call_new(env, d, model);
	d->cancel_work = cancel;
	fill_begin(c);
	wire_reader_begin(&c->reader, wire, (struct wire_sink){ take_text, c });
	env_emit(env, EVENT_ATTEMPT, d, STR_NONE);
	err = start(c, wire, &c->say);
	if (!err)
		return STEP_WAIT;
	c->err = err;
	c->over = true;
	return finish(c);
}
