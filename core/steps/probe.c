/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small calls, one after another, and what they show. */
#include "core/steps/probe.h"

#include "core/base/json_tree.h"
#include "core/steps/attempt.h"
#include "core/steps/rungs.h"
#include "core/steps/step.h"
#include "core/steps/tokens.h"

/* A model that thinks needs room for it before it says anything. */
enum { ANSWER_TOKENS = 64, THINKING_TOKENS = 1024 };

enum kind { PLAIN, TOOL, SCHEMA, KIND_COUNT };

static const char tool_schema[] =
	"{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":"
	"[\"city\"],\"additionalProperties\":false}";
static const char answer_schema[] =
	"{\"type\":\"object\",\"properties\":{\"colour\":{\"type\":\"string\",\"enum\":[\"red\","
	"\"green\",\"blue\"]},\"count\":{\"type\":\"integer\"}},\"required\":[\"colour\","
	"\"count\"],\"additionalProperties\":false}";
static const char tool_name[] = "get_local_time";
static const char tool_say[] = "Tells the local time in a city.";

struct probe {
	struct probes *probes;
	const struct model *model;
	struct arena arena;
	struct probe_result result;
	enum kind kind;
	struct decision *d;
	struct attempt_work *work; /* NULL while the server is asked which model it has */
	struct str id;		   /* what it said */
	struct loop_timer *timer;
	bool event_stream, late, cancelled;
	void (*done)(void *ctx, struct probe *p);
	void *ctx;
};

static const struct {
	const char *question;
	const char *can; /* what the model map must say; NULL: nothing */
} kinds[KIND_COUNT] = {
	[PLAIN] = { "Answer with the one word: ready", NULL },
	[TOOL] = { "What time is it in Paris now? Call the tool.", "tools" },
	[SCHEMA] = { "There are three apples here, all of them red. Give their colour and count.",
		"json" },
};

static bool is_asked(const struct model *m, enum kind kind)
{
	return !kinds[kind].can || model_can(m, kinds[kind].can) ||
	       (kind == SCHEMA && model_can(m, "schema"));
}

static int64_t answer_tokens(const struct model *m)
{
	int64_t tokens = model_can(m, "reasoning") ? THINKING_TOKENS : ANSWER_TOKENS;

	return m->max_output && m->max_output < tokens ? m->max_output : tokens;
}

/* ---- before a call ---------------------------------------------------------------------- */

size_t probe_calls(const struct model *model)
{
	size_t calls = 0;

	for (int kind = 0; kind < KIND_COUNT; kind++)
		calls += is_asked(model, (enum kind)kind);
	return calls;
}

static int64_t prompt_tokens(const struct model *m, enum kind kind)
{
	const struct message message = { .role = ROLE_USER, .text = str_of(kinds[kind].question) };
	int64_t tokens = tokens_estimate_messages(m->tokenizer, &message, 1);

	if (kind == TOOL)
		tokens += tokenizer_estimate(m->tokenizer, str_of(tool_name)) +
			  tokenizer_estimate(m->tokenizer, str_of(tool_say)) +
			  tokenizer_estimate(m->tokenizer, str_of(tool_schema));
	if (kind == SCHEMA)
		tokens += tokenizer_estimate(m->tokenizer, str_of(answer_schema));
	return tokens;
}

int64_t probe_most(const struct env *env, const struct model *model)
{
	int64_t sum = 0;

	for (int kind = 0; kind < KIND_COUNT; kind++)
		if (is_asked(model, (enum kind)kind))
			sum = money_add(sum, rung_most(env, model,
						     tokenizer_at_most(model->tokenizer,
							     prompt_tokens(model, (enum kind)kind)),
						     answer_tokens(model)));
	return sum;
}

/* ---- what a call shows ------------------------------------------------------------------ */

static void note_error(struct probe *p, struct str say)
{
	if (!p->result.error.ptr)
		p->result.error = arena_str(&p->arena, say);
}

static const char *header(const void *ctx, const char *name)
{
	return transfer_header(ctx, name);
}

static void take_head(void *ctx, const struct transfer *t)
{
	struct probe *p = ctx;
	struct probe_result *r = &p->result;
	const char *type = transfer_header(t, "Content-Type");
	struct str date = str_of(transfer_header(t, "Date"));
	int64_t theirs;

	if (p->kind != PLAIN)
		return;
	p->event_stream = type && str_starts_nocase(str_of(type), "text/event-stream");
	limits_read_head(&r->limits, header, t, clock_wall(&p->probes->env.clock));
	if (date.ptr && clock_parse_http(date, &theirs))
		r->skew = theirs - clock_wall(&p->probes->env.clock);
}

static enum probe_mark mark(bool yes)
{
	return yes ? PROBE_YES : PROBE_NO;
}

static bool wants_key(const struct model *m)
{
	return m->provider->key_env.len || m->provider->key_file.len;
}

static void judge_plain(struct probe *p, const struct attempt *a, enum err err)
{
	struct probe_result *r = &p->result;

	r->status = a->status;
	r->reached = mark(a->status != INT_NONE);
	if (wants_key(p->model) && (a->status == 401 || a->status == 403))
		r->key = PROBE_NO;
	if (err)
		return;
	if (wants_key(p->model))
		r->key = PROBE_YES;
	r->first_token = a->first_token;
	r->total = a->total;
	r->streams = mark(p->event_stream);
	r->usage = mark(!a->tokens.estimated);
	if (!p->event_stream)
		note_error(p, STR("it answers whole, although a stream was asked for"));
}

static const struct json_node *member(
	const struct json_node *object, const char *key, enum json_token kind)
{
	const struct json_node *n = json_tree_get(object, key);

	return n && n->kind == kind ? n : NULL;
}

/* The object that a text is, all of it; NULL when it is none. */
static const struct json_node *read_object(struct probe *p, struct str text)
{
	struct json_node *root = NULL;

	if (!text.ptr || json_tree_read(text, &p->arena, &root, NULL) != ERR_OK)
		return NULL;
	return root && root->kind == JSON_TOKEN_OBJECT ? root : NULL;
}

static void judge_tool(struct probe *p)
{
	const struct tool_run *run = p->d->tools.len ? &p->d->tools.ptr[0] : NULL;
	bool named = run && str_is(run->name, tool_name);
	bool whole =
		named && member(read_object(p, run->arguments), "city", JSON_TOKEN_STRING) != NULL;

	p->result.tools = mark(whole);
	if (!run)
		note_error(p, STR("it did not call the tool that it was offered"));
	else if (!named)
		note_error(p, STR("it called a tool that it was not offered"));
	else if (!whole)
		note_error(p, STR("it called the tool with arguments that are not as described"));
}

static bool obeys(const struct json_node *object)
{
	const struct json_node *colour = member(object, "colour", JSON_TOKEN_STRING);
	const struct json_node *count = member(object, "count", JSON_TOKEN_NUMBER);
	struct str name = json_tree_text(colour);
	int64_t whole;

	for (const struct json_node *n = object ? object->first : NULL; n; n = n->next)
		if (n != colour && n != count)
			return false;
	return count && str_to_int(count->text, &whole) &&
	       (str_is(name, "red") || str_is(name, "green") || str_is(name, "blue"));
}

static void judge_schema(struct probe *p)
{
	bool good = obeys(read_object(p, str_trim(p->d->answer.text)));

	p->result.schema = mark(good);
	if (!good)
		note_error(p, STR("its answer does not obey the schema that was asked for"));
}

static void judge_call(struct probe *p, enum err err)
{
	const struct attempt *a = &p->d->attempts.ptr[p->d->attempts.len - 1];

	p->result.calls++;
	p->result.cost = money_add(p->result.cost, a->cost);
	p->result.estimated |= a->tokens.estimated && a->cost;
	if (p->kind == PLAIN)
		judge_plain(p, a, err);
	else if (err && p->kind == TOOL)
		p->result.tools = PROBE_NO;
	else if (err)
		p->result.schema = PROBE_NO;
	else if (p->kind == TOOL)
		judge_tool(p);
	else
		judge_schema(p);
	if (err)
		note_error(p, a->error);
}

/* ---- one call after another ------------------------------------------------------------- */

static void step(void *ctx);

static void end_probe(struct probe *p)
{
	loop_timer_free(&p->timer);
	p->result.cancelled = p->cancelled && !p->late;
	p->done(p->ctx, p);
}

static void fill_request(struct probe *p)
{
	struct decision *d = p->d;
	struct request *r = &d->request;

	r->messages = arena_new(&d->arena, struct message);
	r->messages[0] =
		(struct message){ .role = ROLE_USER, .text = str_of(kinds[p->kind].question) };
	r->message_count = 1;
	r->text = r->messages[0].text;
	r->tokens = prompt_tokens(p->model, p->kind);
	r->max_tokens = answer_tokens(p->model);
	*vec_add(&d->arena, &d->plan.ladder) = p->model->name;
	d->plan.start = 1;
	d->model_id = p->id;
	d->run = p;
}

static void begin_call(struct probe *p)
{
	const struct wire_tool tool = { str_of(tool_name), str_of(tool_say), str_of(tool_schema) };
	struct attempt_ask ask = { .head = take_head, .ctx = p };

	p->d = decision_new();
	fill_request(p);
	if (p->kind == TOOL) {
		ask.tools = &tool;
		ask.tool_count = 1;
	}
	if (p->kind == SCHEMA)
		ask.schema = str_of(answer_schema);
	p->work = attempt_begin_with(&p->probes->env, p->d, p->model, &ask);
	if (attempt_is_over(p->work))
		loop_defer(p->probes->env.loop, step, p);
}

static bool has_time(const struct probe *p)
{
	return !p->late && !p->cancelled;
}

/* The next kind that the model is asked for; the last one ends it. */
static void go_on(struct probe *p, bool good)
{
	decision_free(&p->d);
	while (good && ++p->kind < KIND_COUNT)
		if (is_asked(p->model, p->kind) && has_time(p)) {
			begin_call(p);
			return;
		}
	end_probe(p);
}

static void say_late(struct probe *p)
{
	if (p->late)
		p->result.error = STR("the time limit of the check passed: raise --timeout");
}

static void finish_call(struct probe *p)
{
	enum err err = attempt_finish(&p->work).err;

	if (has_time(p))
		judge_call(p, err);
	else
		p->result.cost =
			money_add(p->result.cost, p->d->attempts.ptr[p->d->attempts.len - 1].cost);
	say_late(p);
	go_on(p, has_time(p) && (!err || p->kind != PLAIN));
}

static void ask_which(struct probe *p)
{
	enum step_result result = step_discover(&p->probes->env, p->d);

	if (result == STEP_WAIT)
		return;
	if (result == STEP_NEXT) {
		p->id = arena_str(&p->arena, p->d->model_id);
		decision_free(&p->d);
		begin_call(p);
		return;
	}
	p->result.reached = mark(p->d->err == ERR_PROVIDER);
	note_error(p, p->d->error);
	say_late(p);
	go_on(p, false);
}

static void step(void *ctx)
{
	struct probe *p = ctx;

	if (!p->work)
		ask_which(p);
	else if (attempt_is_over(p->work))
		finish_call(p);
}

static void resume(struct decision *d)
{
	step(d->run);
}

static void emit(const struct event *event)
{
	(void)event; /* nobody watches */
}

void probes_open(struct probes *probes, const struct env *env)
{
	probes->env = *env;
	probes->env.resume = resume;
	probes->env.emit = emit;
}

static void stop(struct probe *p)
{
	if (p->work)
		attempt_cancel(p->work);
	else if (p->d && p->d->cancel_work)
		p->d->cancel_work(p->d);
}

static void take_timeout(void *ctx)
{
	struct probe *p = ctx;

	p->late = true;
	stop(p);
}

void probe_cancel(struct probe *p)
{
	p->cancelled = true;
	stop(p);
}

/* From a turn, as all that follows. */
static void begin(void *ctx)
{
	struct probe *p = ctx;

	if (!has_time(p)) {
		end_probe(p);
	} else if (str_is(p->model->id, MODEL_ID_ASK)) {
		p->d = decision_new();
		fill_request(p);
		ask_which(p);
	} else {
		begin_call(p);
	}
}

struct probe *probe_begin(struct probes *probes, const struct model *model, int64_t limit_us,
	void (*done)(void *ctx, struct probe *p), void *ctx)
{
	struct probe *p = memory_new(sizeof(*p));

	*p = (struct probe){ .probes = probes, .model = model, .done = done, .ctx = ctx };
	p->result = (struct probe_result){
		.status = INT_NONE,
		.first_token = SPAN_NONE,
		.total = SPAN_NONE,
		.skew = SPAN_NONE,
		.limits = limits_none,
	};
	p->timer = loop_timer_add(probes->env.loop, limit_us, 0, take_timeout, p);
	loop_defer(probes->env.loop, begin, p);
	return p;
}

void probe_free(struct probe **p)
{
	if (!*p)
		return;
	loop_timer_free(&(*p)->timer);
	decision_free(&(*p)->d);
	arena_release(&(*p)->arena);
	memory_free(*p);
	*p = NULL;
}

const struct model *probe_model(const struct probe *p)
{
	return p->model;
}

const struct probe_result *probe_result(const struct probe *p)
{
	return &p->result;
}

bool probe_failed(const struct probe_result *r)
{
	return r->error.ptr || r->reached != PROBE_YES || r->key == PROBE_NO ||
	       r->streams == PROBE_NO || r->tools == PROBE_NO || r->schema == PROBE_NO;
}
