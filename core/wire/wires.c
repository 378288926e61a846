/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of wires. */
#include "core/wire/wires.h"

#include "core/base/json.h"
#include "core/wire/anthropic.h"
#include "core/wire/openai.h"

static const struct wire *const wires[] = { &wire_openai, &wire_anthropic };

const struct wire *wire_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(wires); i++)
		if (str_is(name, wires[i]->name))
			return wires[i];
	return NULL;
}

static json_t *request_to(const struct wire *wire, const struct model *model)
{
	const struct message question = { .role = ROLE_USER, .text = STR("?") };
	const struct wire_call call = { .model = model,
		.id = model->id,
		.messages = &question,
		.message_count = 1,
		.max_tokens = 1,
		.stream = true };
	struct buf body = BUF(BUF_TEXT_MAX);
	json_t *request = NULL;

	wire->write_request(&call, &body);
	if (json_read(buf_str(&body), JSON_READ_LENIENT, &request, NULL))
		request = NULL;
	buf_release(&body);
	return request;
}

void wire_left_out(const struct model *model, struct buf *names)
{
	const struct wire *wire = wire_find(model->provider->wire);
	json_t *params = NULL, *request, *value;
	size_t before = names->len;
	const char *key;

	if (!wire || !model->params.ptr ||
		json_read(model->params, JSON_READ_STRICT, &params, NULL))
		return;
	request = request_to(wire, model);
	json_object_foreach(params, key, value)
		if (!json_equal(value, json_object_get(request, key)))
			buf_addf(names, "%s%s", names->len > before ? ", " : "", key);
	json_decref(request);
	json_decref(params);
}
