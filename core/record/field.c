/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rows, and reading or writing one field of an object through its row. */
#include "core/record/field.h"

#include "core/base/clock.h"
#include "core/base/near.h"

#include <math.h>

#define AT(type, member) offsetof(struct type, member)
#define NAMES(names) (names), ARRAY_LEN(names)
#define NO_NAMES NULL, 0

static const struct field decision_fields[] = {
	{ "id", FIELD_ID, AT(decision, id), NO_NAMES, NULL, "its name: a UUID of version 7" },
	{ "parent", FIELD_ID, AT(decision, parent), NO_NAMES, NULL,
		"the decision that this one repeats or follows" },
	{ "time", FIELD_TIME, AT(decision, time), NO_NAMES, "UTC", "when the request came in" },
	{ "policy", FIELD_TEXT, AT(decision, policy), NO_NAMES, NULL,
		"the version of the policy that made it" },
	{ "request.text", FIELD_TEXT, AT(decision, request.text), NO_NAMES, NULL,
		"the user's own last words" },
	{ "request.session", FIELD_TEXT, AT(decision, request.session), NO_NAMES, NULL,
		"the conversation it belongs to" },
	{ "request.user", FIELD_TEXT, AT(decision, request.user), NO_NAMES, NULL, "who asked" },
	{ "request.app", FIELD_TEXT, AT(decision, request.app), NO_NAMES, NULL,
		"the component that asked" },
	{ "request.language", FIELD_TEXT, AT(decision, request.language), NO_NAMES, NULL,
		"the language of the question" },
	{ "request.tokens", FIELD_INT, AT(decision, request.tokens), NO_NAMES, "tokens",
		"estimated length of the prompt" },
	{ "rule", FIELD_TEXT, AT(decision, rule), NO_NAMES, NULL, "the rule that fired" },
	{ "classify.by", FIELD_TEXT, AT(decision, classify.by), NO_NAMES, NULL,
		"what named the task: user, default, local, llm, bert, rule" },
	{ "classify.task", FIELD_ENUM, AT(decision, classify.task), NAMES(task_names), NULL,
		"the kind of work" },
	{ "classify.task_p", FIELD_REAL, AT(decision, classify.task_p), NO_NAMES, NULL,
		"probability of that task" },
	{ "classify.complexity", FIELD_REAL, AT(decision, classify.complexity), NO_NAMES, NULL,
		"complexity, from 0 to 1" },
	{ "classify.confidence", FIELD_REAL, AT(decision, classify.confidence), NO_NAMES, NULL,
		"calibrated confidence, from 0 to 1" },
	{ "cache.result", FIELD_ENUM, AT(decision, cache.result), NAMES(cache_result_names), NULL,
		"what the cache said" },
	{ "cache.similarity", FIELD_REAL, AT(decision, cache.similarity), NO_NAMES, "cosine",
		"similarity of the nearest cached question" },
	{ "cache.threshold", FIELD_REAL, AT(decision, cache.threshold), NO_NAMES, "cosine",
		"the similarity that was needed" },
	{ "cache.guard", FIELD_TEXT, AT(decision, cache.guard), NO_NAMES, NULL,
		"the guard that refused a near hit" },
	{ "cache.spans", FIELD_TEXTS, AT(decision, cache.spans), NO_NAMES, NULL,
		"the two pieces that differ" },
	{ "cache.source", FIELD_TEXT, AT(decision, cache.source), NO_NAMES, NULL,
		"the decision whose answer was compared or served" },
	{ "cache.age_s", FIELD_INT, AT(decision, cache.age_s), NO_NAMES, "s",
		"age of that answer" },
	{ "plan.ladder", FIELD_TEXTS, AT(decision, plan.ladder), NO_NAMES, NULL,
		"the models in question, cheapest first" },
	{ "plan.start", FIELD_INT, AT(decision, plan.start), NO_NAMES, NULL,
		"the rung it began at, from 1" },
	{ "plan.why", FIELD_TEXT, AT(decision, plan.why), NO_NAMES, NULL, "why it began there" },
	{ "plan.flip", FIELD_TEXT, AT(decision, plan.flip), NO_NAMES, NULL,
		"the smallest change that would have sent it elsewhere" },
	{ "context.passages", FIELD_TEXTS, AT(decision, context.passages), NO_NAMES, NULL,
		"passages retrieved from the knowledge base" },
	{ "context.tokens_before", FIELD_INT, AT(decision, context.tokens_before), NO_NAMES,
		"tokens", "context before compression" },
	{ "context.tokens_after", FIELD_INT, AT(decision, context.tokens_after), NO_NAMES,
		"tokens", "context after compression" },
	{ "context.by", FIELD_TEXT, AT(decision, context.by), NO_NAMES, NULL,
		"what compressed it" },
	{ "answer.text", FIELD_TEXT, AT(decision, answer.text), NO_NAMES, NULL, "the answer" },
	{ "answer.from", FIELD_ENUM, AT(decision, answer.from), NAMES(answer_from_names), NULL,
		"where the answer came from" },
	{ "answer.model", FIELD_TEXT, AT(decision, answer.model), NO_NAMES, NULL,
		"the model that gave it" },
	{ "answer.tier", FIELD_INT, AT(decision, answer.tier), NO_NAMES, NULL, "its tier" },
	{ "answer.degraded", FIELD_BOOL, AT(decision, answer.degraded), NO_NAMES, NULL,
		"a lesser model answered because better ones were down" },
	{ "answer.stale", FIELD_BOOL, AT(decision, answer.stale), NO_NAMES, NULL,
		"served past its time because nothing else answered" },
	{ "answer.simulated", FIELD_BOOL, AT(decision, answer.simulated), NO_NAMES, NULL,
		"the built-in simulator answered, not a model" },
	{ "cost_usd", FIELD_MONEY, AT(decision, cost), NO_NAMES, "US dollars", "money spent" },
	{ "baseline_usd", FIELD_MONEY, AT(decision, baseline), NO_NAMES, "US dollars",
		"what the premium rung would have cost" },
	{ "saved_usd", FIELD_MONEY, AT(decision, saved), NO_NAMES, "US dollars",
		"baseline less cost" },
	{ "ms.cache", FIELD_SPAN, AT(decision, took.cache), NO_NAMES, "ms", "time in the cache" },
	{ "ms.classify", FIELD_SPAN, AT(decision, took.classify), NO_NAMES, "ms",
		"time to classify" },
	{ "ms.route", FIELD_SPAN, AT(decision, took.route), NO_NAMES, "ms", "time to plan" },
	{ "ms.first_token", FIELD_SPAN, AT(decision, took.first_token), NO_NAMES, "ms",
		"from intake to the first piece of the answer" },
	{ "ms.total", FIELD_SPAN, AT(decision, took.total), NO_NAMES, "ms", "from intake to end" },
	{ "sample.taken", FIELD_BOOL, AT(decision, sample.taken), NO_NAMES, NULL,
		"whether it was put up for review" },
	{ "sample.p", FIELD_REAL, AT(decision, sample.p), NO_NAMES, NULL,
		"with what probability it was" },
	{ "sample.stratum", FIELD_TEXT, AT(decision, sample.stratum), NO_NAMES, NULL,
		"the group it was drawn from" },
	{ "error", FIELD_TEXT, AT(decision, error), NO_NAMES, NULL, "the first error, in words" },
};

static const struct field attempt_fields[] = {
	{ "model", FIELD_TEXT, AT(attempt, model), NO_NAMES, NULL, "the model called" },
	{ "provider", FIELD_TEXT, AT(attempt, provider), NO_NAMES, NULL, "whose endpoint" },
	{ "id", FIELD_TEXT, AT(attempt, id), NO_NAMES, NULL, "what the provider calls the model" },
	{ "request_id", FIELD_TEXT, AT(attempt, request_id), NO_NAMES, NULL,
		"what the provider calls the call" },
	{ "tier", FIELD_INT, AT(attempt, tier), NO_NAMES, NULL, "its tier" },
	{ "status", FIELD_INT, AT(attempt, status), NO_NAMES, NULL, "HTTP status" },
	{ "end", FIELD_ENUM, AT(attempt, end), NAMES(end_names), NULL, "how it ended" },
	{ "ttft_ms", FIELD_SPAN, AT(attempt, first_token), NO_NAMES, "ms", "time to first token" },
	{ "total_ms", FIELD_SPAN, AT(attempt, total), NO_NAMES, "ms", "the whole call" },
	{ "tokens.in", FIELD_INT, AT(attempt, tokens.in), NO_NAMES, "tokens", "prompt" },
	{ "tokens.cached", FIELD_INT, AT(attempt, tokens.cached), NO_NAMES, "tokens",
		"of them read from the provider's cache" },
	{ "tokens.cache_write", FIELD_INT, AT(attempt, tokens.cache_write), NO_NAMES, "tokens",
		"of them written into the provider's cache" },
	{ "tokens.out", FIELD_INT, AT(attempt, tokens.out), NO_NAMES, "tokens", "answer" },
	{ "tokens.reasoning", FIELD_INT, AT(attempt, tokens.reasoning), NO_NAMES, "tokens",
		"of them spent on reasoning" },
	{ "tokens.estimated", FIELD_BOOL, AT(attempt, tokens.estimated), NO_NAMES, NULL,
		"counted here because the provider did not say" },
	{ "cost_usd", FIELD_MONEY, AT(attempt, cost), NO_NAMES, "US dollars", "its price" },
	{ "quality", FIELD_REAL, AT(attempt, quality), NO_NAMES, NULL,
		"probability that the answer is acceptable" },
	{ "text", FIELD_TEXT, AT(attempt, text), NO_NAMES, NULL,
		"what it had said, where that did not become the answer" },
	{ "error", FIELD_TEXT, AT(attempt, error), NO_NAMES, NULL, "what went wrong" },
};

static const struct field verdict_fields[] = {
	{ "validator", FIELD_TEXT, AT(verdict, validator), NO_NAMES, NULL, "which check" },
	{ "result", FIELD_ENUM, AT(verdict, result), NAMES(verdict_names), NULL, "what it found" },
	{ "at", FIELD_INT, AT(verdict, at), NO_NAMES, "tokens", "where" },
	{ "say", FIELD_TEXT, AT(verdict, say), NO_NAMES, NULL, "in words" },
};

static const struct field tool_fields[] = {
	{ "id", FIELD_TEXT, AT(tool_run, id), NO_NAMES, NULL,
		"what the provider calls the call of it" },
	{ "name", FIELD_TEXT, AT(tool_run, name), NO_NAMES, NULL, "the tool" },
	{ "arguments", FIELD_JSON, AT(tool_run, arguments), NO_NAMES, NULL, "as it was called" },
	{ "ms", FIELD_SPAN, AT(tool_run, span), NO_NAMES, "ms", "how long it ran" },
	{ "ok", FIELD_MAYBE, AT(tool_run, ok), NO_NAMES, NULL,
		"whether it succeeded, where it was run" },
};

const struct field_table decision_table = {
	"decision", decision_fields, ARRAY_LEN(decision_fields)
};
const struct field_table attempt_table = { "attempt", attempt_fields, ARRAY_LEN(attempt_fields) };
const struct field_table verdict_table = { "verdict", verdict_fields, ARRAY_LEN(verdict_fields) };
const struct field_table tool_table = { "tool", tool_fields, ARRAY_LEN(tool_fields) };

static struct str last_part(const char *path)
{
	const char *dot = strrchr(path, '.');

	return str_of(dot ? dot + 1 : path);
}

const struct field *field_find(const struct field_table *table, struct str name)
{
	const struct field *found = NULL;
	size_t matches = 0;

	for (size_t i = 0; i < table->count; i++) {
		const struct field *f = &table->fields[i];

		if (str_is(name, f->path))
			return f;
		if (str_eq(last_part(f->path), name)) {
			found = f;
			matches++;
		}
	}
	return matches == 1 ? found : NULL;
}

const char *field_nearest(const struct field_table *table, struct str name)
{
	struct near near = { .typed = name };
	const char *nearest = NULL;

	for (size_t i = 0; i < table->count; i++) {
		const char *path = table->fields[i].path;

		if (near_offer(&near, str_of(path)) || near_offer(&near, last_part(path)))
			nearest = path;
	}
	return nearest;
}

static const void *place(const struct field *f, const void *object)
{
	return (const char *)object + f->offset;
}

int64_t field_int(const struct field *f, const void *object)
{
	const void *at = place(f, object);

	return f->type == FIELD_BOOL ? *(const bool *)at : *(const int64_t *)at;
}

void field_set_int(const struct field *f, void *object, int64_t value)
{
	void *at = (char *)object + f->offset;

	if (f->type == FIELD_BOOL)
		*(bool *)at = value != 0;
	else
		*(int64_t *)at = value;
}

double field_real(const struct field *f, const void *object)
{
	return *(const double *)place(f, object);
}

void field_set_real(const struct field *f, void *object, double value)
{
	*(double *)(void *)((char *)object + f->offset) = value;
}

struct str field_text(const struct field *f, const void *object)
{
	return *(const struct str *)place(f, object);
}

void field_set_text(const struct field *f, void *object, struct str text)
{
	*(struct str *)(void *)((char *)object + f->offset) = text;
}

struct texts *field_texts(const struct field *f, void *object)
{
	return (struct texts *)(void *)((char *)object + f->offset);
}

struct id *field_id(const struct field *f, void *object)
{
	return (struct id *)(void *)((char *)object + f->offset);
}

static const char *enum_name(const struct field *f, const void *object)
{
	int64_t code = field_int(f, object);

	return code > 0 && (size_t)code < f->name_count ? f->names[code] : NULL;
}

bool field_is_null(const struct field *f, const void *object)
{
	switch (f->type) {
	case FIELD_ID:
		return id_is_none(*(const struct id *)place(f, object));
	case FIELD_TEXT:
	case FIELD_JSON:
		return !field_text(f, object).ptr;
	case FIELD_REAL:
		return isnan(field_real(f, object));
	case FIELD_INT:
	case FIELD_MONEY:
	case FIELD_TIME:
	case FIELD_SPAN:
	case FIELD_MAYBE:
		return field_int(f, object) == INT_NONE;
	case FIELD_ENUM:
		return !enum_name(f, object);
	case FIELD_TEXTS:
	case FIELD_BOOL:
		return false;
	}
	return true;
}

static void say_texts(struct buf *out, const struct texts *texts)
{
	for (size_t i = 0; i < texts->len; i++) {
		if (i)
			buf_add_text(out, ", ");
		buf_add_str(out, texts->ptr[i]);
	}
}

static void say_id(struct buf *out, struct id id)
{
	char text[ID_TEXT + 1];

	id_write(id, text);
	buf_add_text(out, text);
}

void field_say(struct buf *out, const struct field *f, const void *object)
{
	if (field_is_null(f, object))
		return;
	switch (f->type) {
	case FIELD_ID:
		say_id(out, *(const struct id *)place(f, object));
		break;
	case FIELD_TEXT:
	case FIELD_JSON:
		buf_add_str(out, field_text(f, object));
		break;
	case FIELD_TEXTS:
		say_texts(out, place(f, object));
		break;
	case FIELD_INT:
		buf_addf(out, "%lld", (long long)field_int(f, object));
		break;
	case FIELD_REAL:
		buf_addf(out, "%.4g", field_real(f, object));
		break;
	case FIELD_BOOL:
	case FIELD_MAYBE:
		buf_add_text(out, field_int(f, object) ? "yes" : "no");
		break;
	case FIELD_MONEY:
		money_format(out, field_int(f, object));
		break;
	case FIELD_TIME:
		clock_format(out, field_int(f, object));
		break;
	case FIELD_SPAN:
		buf_addf(out, "%.1f", (double)field_int(f, object) / US_PER_MS);
		break;
	case FIELD_ENUM:
		buf_add_text(out, enum_name(f, object));
		break;
	}
}

static void json_texts(struct json_writer *w, const struct texts *texts)
{
	json_open(w, '[');
	for (size_t i = 0; i < texts->len; i++)
		json_put_str(w, texts->ptr[i]);
	json_close(w, ']');
}

void field_json(struct json_writer *w, const struct field *f, const void *object)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	if (field_is_null(f, object)) {
		json_put_null(w);
		return;
	}
	switch (f->type) {
	case FIELD_TEXTS:
		json_texts(w, place(f, object));
		break;
	case FIELD_INT:
		json_put_int(w, field_int(f, object));
		break;
	case FIELD_REAL:
		json_put_real(w, field_real(f, object), -1);
		break;
	case FIELD_BOOL:
	case FIELD_MAYBE:
		json_put_bool(w, field_int(f, object));
		break;
	case FIELD_SPAN:
		json_put_real(w, (double)field_int(f, object) / US_PER_MS, 3);
		break;
	case FIELD_JSON:
		json_put_raw(w, field_text(f, object));
		break;
	case FIELD_TEXT:
		json_put_str(w, field_text(f, object));
		break;
	case FIELD_ID:
	case FIELD_MONEY:
	case FIELD_TIME:
	case FIELD_ENUM:
		field_say(&text, f, object);
		json_put_str(w, buf_str(&text));
		break;
	}
	buf_release(&text);
}

bool field_parse_enum(const struct field *f, struct str name, int64_t *code)
{
	for (size_t i = 1; i < f->name_count; i++)
		if (str_is(name, f->names[i])) {
			*code = (int64_t)i;
			return true;
		}
	return false;
}
