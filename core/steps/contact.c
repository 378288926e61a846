/* SPDX-License-Identifier: GPL-3.0-or-later
 * One request to a provider. */
#include "core/steps/contact.h"

struct str contact_url(const struct env *env, const struct model *model)
{
	return model->provider->simulated ? env->sim_url : model->provider->base_url;
}

enum err contact_key(const struct env *env, const struct model *model, struct secret *key,
	struct buf *why)
{
	return secret_read(key, model->provider, env->getenv, env->getenv_ctx, why);
}

enum err contact_start(const struct env *env, const struct contact *contact,
	struct http_sink sink, struct transfer **transfer, struct buf *why)
{
	static const struct http_header headers[] = {
		{ "Content-Type", "application/json" },
		{ "Accept", "text/event-stream, application/json" },
	};
	const struct provider *p = contact->model->provider;
	struct buf url = BUF(BUF_LINE_MAX);
	struct http_request request = {
		.method = contact->method,
		.body = contact->body,
		.headers = headers,
		.header_count = ARRAY_LEN(headers),
		.ca_file = p->ca_file.ptr,
		.limits = { p->connect_ms, p->first_byte_ms, p->idle_ms, p->total_ms },
		.body_max = contact->answer_max,
	};
	enum err err;

	buf_addf(&url, "%.*s%s", STR_ARG(contact_url(env, contact->model)), contact->path);
	request.url = url.ptr;
	request.bearer = contact->key->text[0] ? contact->key->text : NULL;
	err = http_start(env->http, &request, sink, transfer, why);
	buf_release(&url);
	return err;
}

const char *contact_mend(int64_t status, enum err kind)
{
	static const struct {
		int status;
		const char *mend;
	} mends[] = {
		{ 400, "the provider does not accept the request: see models.*.params" },
		{ 401, "check the API key" },
		{ 402, "the provider wants money" },
		{ 403, "check what the API key may do" },
		{ 404, "check base_url and the model's id" },
		{ 413, "the prompt is too long for it" },
		{ 429, "wait, or use another model" },
	};

	if (kind == ERR_REFUSED)
		return "the provider wants money; waiting will not help";
	if (kind == ERR_NOT_FOUND)
		return "check the model's id";
	for (size_t i = 0; i < ARRAY_LEN(mends); i++)
		if (mends[i].status == status)
			return mends[i].mend;
	return status >= 500 ? "try again later, or use another model" : "try again";
}
