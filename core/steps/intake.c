/* SPDX-License-Identifier: GPL-3.0-or-later
 * Intake: the prompt is counted and its task named. Until a classifier is there, a task is what
 * the caller says or the configured default; the record says which. */
#include "core/steps/step.h"

#include "core/steps/tokens.h"

static bool has_words(const struct request *r)
{
	return str_trim(r->text).len > 0;
}

enum step_result step_intake(struct env *env, struct decision *d)
{
	struct request *r = &d->request;
	enum task task;

	if (!has_words(r)) {
		decision_fail(d, ERR_USAGE, STR("the question is empty: give some words to ask"));
		return STEP_FAIL;
	}
	r->tokens = tokens_estimate_messages(
		tokenizer_find(STR("other")), r->messages, r->message_count);
	d->classify.by = STR("default");
	d->classify.task = r->task;
	if (r->task)
		d->classify.by = STR("user");
	else if (task_parse(config_text(env->config, "routing.task"), &task))
		d->classify.task = (int64_t)task + 1;
	d->cache.result = CACHE_OFF;
	return STEP_NEXT;
}
