/* SPDX-License-Identifier: GPL-3.0-or-later
 * Decides what kind of reply is due, whether it fails, and has it composed. */
#include "core/sim/answer.h"

#include "core/base/json.h"
#include "core/base/json_write.h"
#include "core/sim/compose.h"
#include "core/sim/facts.h"
#include "core/sim/kind.h"
#include "core/sim/schema.h"
#include "core/sim/token.h"
#include "core/sim/tool.h"
#include "core/sim/words.h"

enum { RETRIES_MAX = 2 }; /* of a tool that reports errors */

static void compose_kind(struct compose *c, enum kind kind)
{
	switch (kind) {
	case KIND_ASK:
		quote_answer(c);
		break;
	case KIND_CHAT:
		craft_chat(c);
		break;
	case KIND_LETTER:
		letter_write(c);
		break;
	case KIND_TRANSLATE:
		chore_translate(c);
		break;
	case KIND_SUMMARIZE:
		chore_summarize(c);
		break;
	case KIND_CLASSIFY:
		chore_classify(c);
		break;
	case KIND_EXTRACT:
		chore_extract(c);
		break;
	case KIND_CODE:
		craft_code(c);
		break;
	case KIND_REASON:
		craft_reason(c);
		break;
	}
}

/* A result that answers is said; a letter weaves it in by itself. */
static void compose_text(struct compose *c, enum kind kind)
{
	if (kind != KIND_LETTER && c->ask->result.ptr) {
		if (facts_are_error(c->ask->result))
			buf_add_text(&c->out, "The lookup did not work, so I cannot give you the "
					      "details of the record. ");
		else if (facts_say(&c->out, c->ask->result))
			return;
	}
	compose_kind(c, kind);
}

static void know_evidence(struct compose *c, struct evidence *e, struct str answer)
{
	e->question = c->ask->question;
	e->answer = answer;
	evidence_read(e, c->arena, c->ask->question);
	if (c->found) {
		const struct kb_passage *p = c->hits[0].passage;

		e->citation = arena_format(c->arena, "kb:%.*s", STR_ARG(p->id));
		e->heading = p->heading;
		e->domain = c->kb->docs.ptr[p->doc].domain;
		e->section = c->kb->docs.ptr[p->doc].section;
	}
}

/* Facts of the answer serve after those of the question; a citation is not one. */
static void know_answer(struct compose *c, struct evidence *e)
{
	struct str rest = e->answer, piece, cited;

	while (str_cut(&rest, '[', &piece)) {
		evidence_read(e, c->arena, piece);
		if (!str_cut(&rest, ']', &cited))
			break;
	}
}

/* In JSON an answer stands without a greeting. */
static void compose_plain(struct compose *c, enum kind kind)
{
	if (kind == KIND_ASK && c->found && !c->ask->result.ptr)
		quote_passage(c, c->hits[0].passage, c->ask->persona->sentences);
	else
		compose_text(c, kind);
}

/* The plain form of json_object: no schema says what is wanted. */
static void write_object(struct json_writer *w, const struct compose *c, struct str answer)
{
	json_open(w, '{');
	json_key(w, "answer");
	json_put_str(w, answer);
	json_key(w, "found");
	json_put_bool(w, c->found);
	json_key(w, "citations");
	json_open(w, '[');
	if (c->found) {
		struct str id = arena_format(
			c->arena, "kb:%.*s", STR_ARG(c->hits[0].passage->id));

		json_put_str(w, id);
	}
	json_close(w, ']');
	json_close(w, '}');
}

/* "Extract ... as JSON": a list for each kind of fact. */
static void write_facts(struct json_writer *w, struct compose *c)
{
	struct str text = kind_payload(c->ask->question);
	struct evidence e = { 0 };

	evidence_read(&e, c->arena, text.ptr ? text : c->ask->question);
	json_open(w, '{');
	for (size_t fact = 0; fact < FACT_COUNT; fact++) {
		if (e.facts[fact].len == 0)
			continue;
		json_key(w, evidence_say((enum fact)fact));
		json_open(w, '[');
		for (size_t i = 0; i < e.facts[fact].len; i++)
			json_put_str(w, e.facts[fact].ptr[i]);
		json_close(w, ']');
	}
	json_close(w, '}');
}

static void compose_json(struct compose *c, enum kind kind)
{
	struct str answer;
	struct evidence e = { 0 };
	struct json_writer w = { .out = &c->out };

	compose_plain(c, kind);
	answer = arena_str(c->arena, buf_str(&c->out));
	buf_clear(&c->out);
	if (c->ask->format == FORMAT_SCHEMA) {
		know_evidence(c, &e, answer);
		know_answer(c, &e);
		schema_fill(&w, c->ask->schema, &e);
	} else if (kind == KIND_EXTRACT) {
		write_facts(&w, c);
	} else {
		write_object(&w, c, answer);
	}
}

static void compose_call(struct compose *c, const json_t *function, struct reply *reply)
{
	const json_t *parameters = json_object_get(function, "parameters");
	struct json_writer w = { .out = &c->out };
	struct evidence e = { 0 };

	know_evidence(c, &e, c->ask->question);
	reply->tool = json_get_text(function, "name");
	reply->finish = "tool_calls";
	if (json_is_object(parameters)) {
		schema_fill(&w, parameters, &e);
	} else {
		json_open(&w, '{');
		json_close(&w, '}');
	}
}

/* A tool is called once, and again only after it reported an error. */
static const json_t *wanted_tool(struct compose *c)
{
	const struct ask *ask = c->ask;
	struct evidence e = { 0 };

	if (!ask->tools || ask->results > RETRIES_MAX)
		return NULL;
	if (ask->result.ptr && !facts_are_error(ask->result))
		return NULL;
	know_evidence(c, &e, ask->question);
	return tool_pick(c->arena, ask, &e);
}

static void limit_reply(struct reply *reply, int64_t max_tokens)
{
	struct str front;

	if (max_tokens <= 0 || max_tokens > INT32_MAX)
		return;
	front = token_front(reply->text, (size_t)max_tokens);
	if (front.len == reply->text.len)
		return;
	reply->text = front;
	reply->finish = "length";
}

static enum reply_shape shape_of(const struct ask *ask, enum kind kind, const json_t *function)
{
	if (function)
		return SHAPE_TOOL;
	if (ask->format != FORMAT_TEXT)
		return SHAPE_JSON;
	return kind == KIND_LETTER ? SHAPE_LETTER : SHAPE_TEXT;
}

static void compose_reply(struct compose *c, enum kind kind, const json_t *function,
	struct reply *reply)
{
	reply->finish = "stop";
	switch (reply->shape) {
	case SHAPE_TOOL:
		compose_call(c, function, reply);
		break;
	case SHAPE_JSON:
		compose_json(c, kind);
		break;
	default:
		compose_text(c, kind);
	}
	reply->text = arena_str(c->arena, buf_str(&c->out));
}

enum failure answer_make(const struct answer_world *world, struct ask *ask, struct reply *reply)
{
	struct str normal = words_normal(&ask->arena, ask->question);
	uint64_t key = fail_key(fail_key(world->seed, ask->all), str_of(ask->persona->id));
	enum kind kind = kind_wants_label(ask->rules) ? KIND_CLASSIFY : kind_of(ask->question);
	const json_t *function;
	enum failure failure;
	struct compose c;

	compose_begin(&c, world->kb, world->search, ask, kind, key);
	function = wanted_tool(&c);
	*reply = (struct reply){ .shape = shape_of(ask, kind, function) };
	failure = fail_draw(
		ask->persona, world->seed, normal, ask->messages.len, reply->shape);
	if (failure == FAIL_WANDER)
		compose_wander(&c);
	compose_reply(&c, kind, function, reply);
	fail_apply(reply, failure, &ask->arena, &c.rng);
	limit_reply(reply, ask->max_tokens);
	compose_release(&c);
	return failure;
}
