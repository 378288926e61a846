/* SPDX-License-Identifier: GPL-3.0-or-later
 * One request to a provider. */
#include "core/steps/contact.h"

#include "core/wire/wires.h"

void contact_address(
	struct buf *url, const struct env *env, const struct model *model, const char *path)
{
	struct str base = model->provider->simulated ? env->sim_url : model->provider->base_url;
	size_t query = str_find_char(base, '?');
	struct str place = str_part(base, 0, query);

	while (str_ends(place, "/"))
		place.len--;
	buf_addf(url, "%.*s%s", STR_ARG(place), path);
	buf_add_str(url, str_part(base, query, base.len));
}

enum err contact_key(const struct env *env, const struct model *model, struct secret *key,
	struct buf *why)
{
	return secret_read(key, model->provider, env->getenv, env->getenv_ctx, why);
}

/* ---- headers ----------------------------------------------------------------------------- */

struct headers {
	struct http_header *ptr;
	size_t len;
};

/* A later one of a name replaces the one before: the configuration has the last word. */
static void put_header(struct headers *h, const char *name, const char *value)
{
	size_t at = 0;

	while (at < h->len && !str_is_nocase(str_of(h->ptr[at].name), name))
		at++;
	h->ptr[at] = (struct http_header){ name, value };
	h->len += at == h->len;
}

static struct headers gather_headers(const struct wire *wire, const struct provider *p)
{
	static const struct http_header ours[] = {
		{ "Content-Type", "application/json" },
		{ "Accept", "text/event-stream, application/json" },
	};
	size_t most = ARRAY_LEN(ours) + wire->header_count + p->header_count;
	struct headers h = { memory_new(most * sizeof(*h.ptr)), 0 };

	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		put_header(&h, ours[i].name, ours[i].value);
	for (size_t i = 0; i < wire->header_count; i++)
		put_header(&h, wire->headers[i].name, wire->headers[i].value);
	for (size_t i = 0; i < p->header_count; i++)
		put_header(&h, p->headers[i].name, p->headers[i].value);
	return h;
}

/* ------------------------------------------------------------------------------------------ */

enum err contact_start(const struct env *env, const struct contact *contact,
	struct http_sink sink, struct transfer **transfer, struct buf *why)
{
	const struct provider *p = contact->model->provider;
	const struct wire *wire = wire_find(p->wire);
	struct headers headers = gather_headers(wire, p);
	struct buf url = BUF(BUF_LINE_MAX);
	struct http_request request = {
		.method = contact->method,
		.body = contact->body,
		.headers = headers.ptr,
		.header_count = headers.len,
		.key = contact->key->text[0] ? contact->key->text : NULL,
		.key_header = p->key_header.len ? p->key_header.ptr : wire->key_header,
		.ca_file = p->ca_file.ptr,
		.limits = { p->connect_ms, p->first_byte_ms, p->idle_ms, p->total_ms },
		.body_max = contact->answer_max,
	};
	enum err err;

	contact_address(&url, env, contact->model, contact->path);
	request.url = url.ptr;
	err = http_start(env->http, &request, sink, transfer, why);
	buf_release(&url);
	memory_free(headers.ptr);
	return err;
}
