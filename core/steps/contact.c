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
