/* SPDX-License-Identifier: GPL-3.0-or-later
 * Discover: a model whose id is MODEL_ID_ASK is whichever its server has, so that the address of a
 * local server is all that need be known of it. One small request before the call. */
#include "core/steps/step.h"

#include "core/steps/contact.h"
#include "core/steps/rungs.h"
#include "core/wire/fault.h"
#include "core/wire/wires.h"

enum { LIST_MAX = 4 * 1024 * 1024 };

struct discovery {
	struct env *env;
	struct decision *d;
	const struct wire *wire;
	struct transfer *transfer;
	struct buf body, say;
	int status;
	enum err err;
	bool over;
};

static void discovery_free(struct discovery *k)
{
	transfer_cancel(&k->transfer);
	buf_release(&k->body);
	buf_release(&k->say);
	memory_free(k);
}

static void go_on(void *ctx)
{
	struct discovery *k = ctx;

	k->env->resume(k->d);
}

static enum http_verdict take_body(void *ctx, struct str bytes)
{
	struct discovery *k = ctx;

	buf_add_str(&k->body, bytes);
	return HTTP_GO_ON;
}

static void take_end(void *ctx, const struct http_result *result)
{
	struct discovery *k = ctx;

	k->transfer = NULL;
	k->err = result->err;
	k->status = result->status;
	buf_add_str(&k->say, result->say);
	k->over = true;
	loop_defer(k->env->loop, go_on, k);
}

static enum err start(struct discovery *k, const struct model *model)
{
	struct secret key;
	const struct contact contact = { .model = model,
		.method = "GET",
		.path = k->wire->probe,
		.key = &key,
		.answer_max = LIST_MAX };
	enum err err = contact_key(k->env, model, &key, &k->say);

	if (!err)
		err = contact_start(k->env, &contact,
			(struct http_sink){ NULL, take_body, take_end, k }, &k->transfer, &k->say);
	secret_wipe(&key);
	return err;
}

/* Those of a key or a missing address have a mend of their own. */
static bool is_refused(int status)
{
	return status >= 400 && status != 404 && status != 405 && status != 501;
}

static enum step_result fail(struct discovery *k, const struct model *model)
{
	struct str who = model->provider->name;
	struct arena *a = &k->d->arena;
	struct buf url = BUF(BUF_LINE_MAX), mend = BUF(BUF_WHY_MAX);

	contact_address(&url, k->env, model, k->wire->probe);
	fault_add_mend(&mend, fault_of_status(k->status), model);
	if (k->err)
		decision_fail(k->d, k->err,
			arena_format(a, "%.*s: %.*s", STR_ARG(who), STR_ARG(buf_str(&k->say))));
	else if (is_refused(k->status))
		decision_fail(k->d, ERR_PROVIDER,
			arena_format(a, "%.*s: HTTP %d at %s: %s", STR_ARG(who), k->status,
				url.ptr, mend.ptr));
	else
		decision_fail(k->d, ERR_PROVIDER,
			arena_format(a,
				"%.*s: it does not say which models it has (HTTP %d at %s): "
				"name one with WEIR_MODEL, or in models.%.*s.id",
				STR_ARG(who), k->status, url.ptr, STR_ARG(model->name)));
	buf_release(&url);
	buf_release(&mend);
	return STEP_FAIL;
}

static enum step_result finish(struct discovery *k, const struct model *model)
{
	struct decision *d = k->d;
	enum step_result result = STEP_NEXT;

	if (!k->err && k->status == 200)
		d->model_id = k->wire->read_models(buf_str(&k->body), &d->arena);
	if (!d->model_id.len)
		result = fail(k, model);
	d->work = NULL;
	d->cancel_work = NULL;
	discovery_free(k);
	return result;
}

static void cancel(struct decision *d)
{
	struct discovery *k = d->work;

	if (k->over)
		return;
	transfer_cancel(&k->transfer);
	k->over = true;
	k->err = ERR_CANCELLED;
	decision_fail(d, ERR_CANCELLED, STR("cancelled"));
	loop_defer(k->env->loop, go_on, k);
}

enum step_result step_discover(struct env *env, struct decision *d)
{
	const struct model *model = rung_planned(env, d);
	struct discovery *k = d->work;

	if (!str_is(model->id, MODEL_ID_ASK))
		return STEP_NEXT;
	if (k)
		return k->over ? finish(k, model) : STEP_WAIT;
	d->work = k = memory_new(sizeof(*k));
	*k = (struct discovery){ .env = env, .d = d };
	k->body = BUF(LIST_MAX);
	k->say = BUF(BUF_WHY_MAX);
	k->wire = wire_find(model->provider->wire);
	d->cancel_work = cancel;
	k->err = start(k, model);
	if (!k->err)
		return STEP_WAIT;
	return finish(k, model);
}
