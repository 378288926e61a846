/* SPDX-License-Identifier: GPL-3.0-or-later
 * One call to one model: how it begins, what comes in, and what goes on record about its end. */
#include "core/steps/attempt.h"

#include "core/base/clean.h"
#include "core/base/mask.h"
#include "core/steps/contact.h"
#include "core/wire/fault.h"
#include "core/wire/reader.h"
#include "core/wire/wires.h"

struct attempt_work {
	struct env *env;
	struct decision *d;
	const struct model *model;
	struct attempt_ask ask;
	struct transfer *transfer;
	struct loop_timer *grace; /* from the end that was told on */
	struct wire_reader reader;
	struct secret key;   /* for the mask; wiped with the call */
	struct mask mask;    /* a provider may repeat the key, in an answer as in an error */
	struct buf piece, text;
	size_t attempt;      /* its place in the record */
	int64_t begun;
	enum err net;        /* of the transport */
	struct buf say;      /* its words */
	enum err err;        /* of the whole; its words stand on record */
	bool spoke;          /* a first piece came */
	bool sent;           /* the request went out */
	bool over;           /* nothing more will come */
};

static struct attempt *attempt_of(struct attempt_work *w)
{
	return &w->d->attempts.ptr[w->attempt];
}

static struct attempt_work *work_new(
	struct env *env, struct decision *d, const struct model *model)
{
	struct attempt_work *w = memory_new(sizeof(*w));

	*w = (struct attempt_work){ .env = env, .d = d, .model = model };
	w->piece = w->text = BUF(BUF_TEXT_MAX);
	w->say = BUF(BUF_WHY_MAX);
	w->begun = clock_steady(&env->clock);
	return w;
}

static void work_free(struct attempt_work *w)
{
	transfer_cancel(&w->transfer);
	loop_timer_free(&w->grace);
	wire_reader_release(&w->reader);
	mask_end(&w->mask, &w->piece);
	secret_wipe(&w->key);
	buf_release(&w->piece);
	buf_release(&w->text);
	buf_release(&w->say);
	memory_free(w);
}

/* ---- what comes in ---------------------------------------------------------------------- */

/* What the mask has let through. */
static void tell_piece(struct attempt_work *w)
{
	if (!w->piece.len)
		return;
	buf_add_str(&w->text, buf_str(&w->piece));
	env_emit(w->env, EVENT_TEXT, w->d, buf_str(&w->piece));
	buf_clear(&w->piece);
}

static void note_first(struct attempt_work *w)
{
	int64_t now = clock_steady(&w->env->clock);

	w->spoke = true;
	attempt_of(w)->first_token = now - w->begun;
	if (w->d->took.first_token == SPAN_NONE)
		w->d->took.first_token = now - w->d->begun;
}

static bool take_text(void *ctx, struct str piece)
{
	struct attempt_work *w = ctx;

	if (!w->spoke)
		note_first(w);
	mask_feed(&w->mask, piece, &w->piece);
	tell_piece(w);
	return !buf_is_full(&w->text);
}

static void go_on(void *ctx)
{
	struct attempt_work *w = ctx;

	w->env->resume(w->d);
}

/* The attempt is complete; the flow goes on at the end of this turn. */
static void end_work(struct attempt_work *w)
{
	if (w->over)
		return;
	w->over = true;
	loop_timer_free(&w->grace);
	wire_reader_end(&w->reader);
	mask_end(&w->mask, &w->piece);
	tell_piece(w);
	loop_defer(w->env->loop, go_on, w);
}

static void note_request_id(struct attempt_work *w, struct str id)
{
	struct buf masked = BUF(WIRE_ID_MAX + 1);

	if (!id.len || attempt_of(w)->request_id.len)
		return;
	buf_add_str(&masked, str_part(id, 0, WIRE_ID_MAX));
	mask_text(&masked, w->key.text);
	attempt_of(w)->request_id = arena_str(&w->d->arena, buf_str(&masked));
	buf_release(&masked);
}

/* What providers call a call in the head of its answer. */
static void read_request_id(struct attempt_work *w, const struct transfer *t)
{
	static const char *const names[] = { "request-id", "x-request-id", "apim-request-id" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		note_request_id(w, str_of(transfer_header(t, names[i])));
}

static const char *header_of(const void *ctx, const char *name)
{
	return transfer_header(ctx, name);
}

static void take_head(void *ctx, int status, const struct transfer *t)
{
	struct attempt_work *w = ctx;

	read_request_id(w, t);
	attempt_of(w)->status = status;
	if (w->ask.head)
		w->ask.head(w->ask.ctx, t);
	if (transfer_header(t, "X-Weir-Simulator"))
		w->d->answer.simulated = true;
	wire_reader_head(&w->reader, status, transfer_header(t, "Content-Type"));
	limits_read_head(&w->reader.answer.limits, header_of, t, clock_wall(&w->env->clock));
}

/* Nothing that could follow matters. */
static void stop_listening(void *ctx)
{
	struct attempt_work *w = ctx;

	transfer_finish(&w->transfer);
	end_work(w);
}

/* Each byte that still comes makes it wait anew. */
static void begin_grace(struct attempt_work *w)
{
	if (w->grace)
		loop_timer_set(w->grace, ATTEMPT_GRACE);
	else
		w->grace = loop_timer_add(w->env->loop, ATTEMPT_GRACE, 0, stop_listening, w);
}

static enum http_verdict take_body(void *ctx, struct str bytes)
{
	struct attempt_work *w = ctx;
	const struct wire_answer *answer = &w->reader.answer;

	if (!wire_reader_feed(&w->reader, bytes))
		stop_listening(w);
	else if (answer->end != END_NONE || answer->error.len)
		begin_grace(w);
	return HTTP_GO_ON;
}

static void take_end(void *ctx, const struct http_result *result)
{
	struct attempt_work *w = ctx;

	w->transfer = NULL;
	w->net = result->err;
	w->sent = result->times.sent >= 0;
	buf_add_str(&w->say, result->say);
	end_work(w);
}

/* ---- how it begins ---------------------------------------------------------------------- */

static enum err start(struct attempt_work *w, const struct wire *wire, struct buf *why)
{
	const struct wire_call call = {
		.model = w->model,
		.id = attempt_of(w)->id,
		.messages = w->d->request.messages,
		.message_count = w->d->request.message_count,
		.max_tokens = w->d->request.max_tokens,
		.stream = true,
		.tools = w->ask.tools,
		.tool_count = w->ask.tool_count,
		.schema = w->ask.schema,
	};
	struct contact contact = {
		.model = w->model, .method = "POST", .path = wire->path, .answer_max = BUF_TEXT_MAX
	};
	struct buf body = BUF(BUF_TEXT_MAX);
	enum err err = contact_key(w->env, w->model, &w->key, why);

	if (err)
		return err;
	w->reader.max_tokens = call.max_tokens;
	mask_begin(&w->mask, w->key.text);
	contact.key = &w->key;
	wire->write_request(&call, &body);
	contact.body = buf_str(&body);
	err = contact_start(w->env, &contact,
		(struct http_sink){ take_head, take_body, take_end, w }, &w->transfer, why);
	buf_release(&body);
	return err;
}

static void fill_begin(struct attempt_work *w)
{
	struct attempt *a = decision_add_attempt(w->d);

	w->attempt = w->d->attempts.len - 1;
	a->model = w->model->name;
	a->provider = w->model->provider->name;
	a->id = w->d->model_id.len ? w->d->model_id : w->model->id;
	a->tier = w->model->tier;
}

/* ---- how it ends ------------------------------------------------------------------------ */

static void fail_attempt(struct attempt_work *w, enum end end, enum err err, struct str say)
{
	struct attempt *a = attempt_of(w);

	w->err = err;
	a->end = end;
	a->error = arena_str(&w->d->arena, say);
}

/* A provider's support asks for it. */
static void name_request(struct buf *say, struct str id)
{
	if (!id.len || str_find(buf_str(say), id) < say->len)
		return;
	buf_add_text(say, " (request ");
	clean_line(id, say);
	buf_add_char(say, ')');
}

static void fail_by_provider(struct attempt_work *w)
{
	const struct wire_answer *answer = &w->reader.answer;
	const struct attempt *a = attempt_of(w);
	struct buf say = BUF(BUF_WHY_MAX);

	buf_addf(&say, "%.*s", STR_ARG(w->model->provider->name));
	if (a->status != 200)
		buf_addf(&say, ": HTTP %d", (int)a->status);
	buf_add_text(&say, ": ");
	clean_line(buf_str(&answer->error), &say); /* their words must not break up ours */
	if (str_ends(buf_str(&say), ".") && !str_ends(buf_str(&say), "..."))
		buf_cut_to(&say, say.len - 1);
	name_request(&say, a->request_id);
	buf_add_text(&say, ": ");
	fault_add_mend(&say, answer->fault, w->model);
	mask_text(&say, w->key.text);
	fail_attempt(w, (enum end)answer->end, ERR_PROVIDER, buf_str(&say));
	buf_release(&say);
}

static void fail_by_transport(struct attempt_work *w)
{
	enum end end = w->net == ERR_TIMEOUT ? END_TIMEOUT : END_HTTP_ERROR;

	if (w->text.len)
		end = END_TRUNCATED;
	fail_attempt(w, end, w->net,
		arena_format(&w->d->arena, "%.*s: %.*s", STR_ARG(w->model->provider->name),
			STR_ARG(buf_str(&w->say))));
}

static void fail_with(struct attempt_work *w, const char *what)
{
	fail_attempt(w, (enum end)w->reader.answer.end, ERR_PROVIDER,
		arena_format(&w->d->arena, "%.*s: %.*s %s", STR_ARG(w->model->provider->name),
			STR_ARG(w->model->name), what));
}

/* Told by the provider: a connection that breaks after it takes nothing away. */
static bool has_ended(const struct wire_answer *answer)
{
	return answer->end != END_NONE && answer->end != END_TRUNCATED;
}

static void judge_end(struct attempt_work *w)
{
	const struct wire_answer *answer = &w->reader.answer;

	attempt_of(w)->end = answer->end;
	if (answer->error.len)
		fail_by_provider(w);
	else if (w->net && !has_ended(answer))
		fail_by_transport(w);
	else if (answer->end == END_TRUNCATED && !w->text.len)
		fail_with(w, "sent no answer: it ended before it began; try again, or use another "
			     "model");
	else if (answer->end == END_TRUNCATED)
		fail_with(w, "stopped in the middle: its stream ended without an end; try again, "
			     "or use another model");
	else if (answer->end == END_TOOL_CALLS && w->ask.tool_count)
		return; /* it was asked to */
	else if (answer->end == END_TOOL_CALLS)
		fail_with(w, "called a tool although none was offered: use another model");
	else if (!w->text.len && answer->end == END_LENGTH)
		fail_with(w, "used up its tokens before it began to answer: raise --max-tokens");
	else if (!w->text.len && !answer->refusal.len && answer->end == END_REFUSED)
		fail_with(w, "refused to answer, without a word why: ask in other words, or use "
			     "another model");
	else if (!w->text.len && !answer->refusal.len)
		fail_with(w, "sent an empty answer: try again, or use another model");
}

/* For the record; what was not told is not known. */
static struct str told(struct attempt_work *w, struct buf *text)
{
	mask_text(text, w->key.text);
	return text->len ? arena_str(&w->d->arena, buf_str(text)) : STR_NONE;
}

/* An answer of which a part was lost is an answer, but it is not to be trusted blindly. */
static void note_losses(struct attempt_work *w)
{
	size_t lost = w->reader.answer.skipped;
	struct verdict *v;

	if (!lost)
		return;
	v = attempt_add_verdict(w->d, attempt_of(w));
	v->validator = STR("stream");
	v->result = VERDICT_WARN;
	v->say = arena_format(&w->d->arena,
		"%zu event%s could not be read: a part of the answer may be missing", lost,
		lost == 1 ? "" : "s");
}

/* Where it refuses in the middle, its answer is on record as far as it went, and this beside it. */
static void note_refusal(struct attempt_work *w)
{
	const struct buf *words = &w->reader.answer.refusal;
	struct verdict *v;

	if (attempt_of(w)->end != END_REFUSED)
		return;
	v = attempt_add_verdict(w->d, attempt_of(w));
	v->validator = STR("refusal");
	v->result = VERDICT_FAIL;
	v->say = arena_str(&w->d->arena,
		words->len ? buf_str(words) : STR("the provider's filter ended the answer"));
}

/* What the model calls goes on record, though nothing runs it. */
static void note_calls(struct attempt_work *w)
{
	const struct wire_calls *calls = &w->reader.answer.calls;
	struct buf text = BUF(BUF_TEXT_MAX);

	for (size_t i = 0; i < calls->len; i++) {
		struct tool_run *run = decision_add_tool_run(w->d);

		buf_clear(&text);
		wire_call_put_arguments(&calls->ptr[i], &text);
		run->arguments = told(w, &text);
		run->id = told(w, &calls->ptr[i].id);
		run->name = told(w, &calls->ptr[i].name);
	}
	buf_release(&text);
}

/* Whether what the provider counted is all there was: a count that came before the end is of what
 * had been said until then. */
static bool count_is_final(const struct wire_answer *answer)
{
	return answer->end == END_STOP || answer->end == END_LENGTH || answer->end == END_REFUSED ||
	       answer->end == END_TOOL_CALLS;
}

static int64_t estimate_said(const struct attempt_work *w)
{
	const struct tokenizer *t = w->model->tokenizer;

	return tokenizer_estimate(t, buf_str(&w->text)) +
	       tokenizer_estimate(t, buf_str(&w->reader.answer.reasoning));
}

static void count_tokens(struct attempt_work *w)
{
	struct tokens *t = &attempt_of(w)->tokens;
	const struct wire_answer *answer = &w->reader.answer;
	bool final = answer->tokens.out != INT_NONE && count_is_final(answer);

	*t = answer->tokens;
	t->estimated = t->in == INT_NONE || !final;
	if (t->in == INT_NONE)
		t->in = w->d->request.tokens;
	if (!final && t->out < estimate_said(w)) /* "not known" is the least of all */
		t->out = estimate_said(w);
	if (t->cached == INT_NONE)
		t->cached = 0;
	if (t->reasoning == INT_NONE)
		t->reasoning = 0;
}

/* An error before anything was said costs nothing: nobody bills a 401. What was said is billed. */
static int64_t cost_of(struct attempt_work *w)
{
	const struct attempt *a = attempt_of(w);
	int64_t cost;

	if (!w->text.len && (a->end == END_HTTP_ERROR || a->end == END_RATE_LIMITED ||
				    a->status == INT_NONE))
		return 0;
	cost = model_cost(w->model, clock_wall(&w->env->clock), &a->tokens);
	return cost == MONEY_UNKNOWN ? w->reader.answer.cost : cost;
}

static void fill_answer(struct attempt_work *w)
{
	struct decision *d = w->d;
	struct str said;

	said = buf_str(w->text.len ? &w->text : &w->reader.answer.refusal);
	if (!said.len)
		return;
	if (w->err)
		attempt_of(w)->text = arena_str(&d->arena, said);
	d->answer.text = arena_str(&d->arena, said);
	d->answer.from = ANSWER_FROM_MODEL;
	d->answer.model = w->model->name;
	d->answer.tier = w->model->tier;
}

static struct attempt_outcome outcome_of(struct attempt_work *w)
{
	return (struct attempt_outcome){
		.err = w->err,
		.fault = w->net ? FAULT_NONE : w->reader.answer.fault,
		.limits = w->reader.answer.limits,
		.sent = w->sent,
		.answered = attempt_of(w)->status != INT_NONE,
		.spoke = w->text.len > 0,
	};
}

struct attempt_outcome attempt_finish(struct attempt_work **work)
{
	struct attempt_work *w = *work;
	struct decision *d = w->d;
	struct env *env = w->env;
	struct attempt *a = attempt_of(w);
	struct attempt_outcome outcome;

	a->total = clock_steady(&env->clock) - w->begun;
	note_request_id(w, buf_str(&w->reader.answer.request_id));
	mask_text(&w->reader.answer.refusal, w->key.text);
	if (a->end != END_CANCELLED)
		judge_end(w);
	note_losses(w);
	note_refusal(w);
	note_calls(w);
	count_tokens(w);
	a->cost = cost_of(w);
	fill_answer(w);
	outcome = outcome_of(w);
	work_free(w);
	*work = NULL;
	env_emit(env, EVENT_ATTEMPT_END, d, STR_NONE);
	return outcome;
}

bool attempt_is_over(const struct attempt_work *w)
{
	return w->over;
}

void attempt_cancel(struct attempt_work *w)
{
	if (w->over)
		return;
	transfer_cancel(&w->transfer);
	fail_attempt(w, END_CANCELLED, ERR_CANCELLED, STR("cancelled"));
	end_work(w);
}

struct attempt_work *attempt_begin(
	struct env *env, struct decision *d, const struct model *model)
{
	const struct attempt_ask nothing = { .schema = STR_NONE };

	return attempt_begin_with(env, d, model, &nothing);
}

struct attempt_work *attempt_begin_with(struct env *env, struct decision *d,
	const struct model *model, const struct attempt_ask *ask)
{
	const struct wire *wire = wire_find(model->provider->wire);
	struct attempt_work *w = work_new(env, d, model);

	w->ask = *ask;
	fill_begin(w);
	wire_reader_begin(&w->reader, wire, (struct wire_sink){ take_text, w });
	w->reader.max_tokens = d->request.max_tokens;
	env_emit(env, EVENT_ATTEMPT, d, STR_NONE);
	w->net = start(w, wire, &w->say);
	w->over = w->net != ERR_OK;
	return w;
}
