/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words, code and status out of any error. */
#include "core/wire/complaint.h"

#include "core/wire/fault.h"

enum {
	DEPTH_MAX = 5,  /* of objects in errors in texts in objects */
	SAID_MAX = 5,   /* of a list of errors */
	TEXT_MAX = 4 * WIRE_SAY_MAX, /* of one text: its reason may stand at its end */
	SHOWN_MAX = 80, /* of a body that is no JSON */
	STATUS_FIRST = 400,
	STATUS_LAST = 599
};

struct complaint {
	struct buf message, code, type, param;
	int status; /* that it tells itself; 0: none */
};

static const struct complaint no_complaint = {
	.message = { .ptr = buf_nothing, .max = WIRE_ERROR_MAX },
	.code = { .ptr = buf_nothing, .max = WIRE_ID_MAX },
	.type = { .ptr = buf_nothing, .max = WIRE_ID_MAX },
	.param = { .ptr = buf_nothing, .max = WIRE_ID_MAX },
};

static void release(struct complaint *c)
{
	buf_release(&c->message);
	buf_release(&c->code);
	buf_release(&c->type);
	buf_release(&c->param);
}

static void say(struct complaint *c, const json_t *value, int depth);

/* ---- codes ------------------------------------------------------------------------------ */

static void keep_first(struct buf *kept, struct str text)
{
	if (!kept->len)
		buf_add_str(kept, text);
}

/* Many write the HTTP status where others write a code, as a number or as a text. */
static void take_code(struct complaint *c, const json_t *object, const char *key)
{
	struct str text = json_get_text(object, key);
	int64_t number = json_get_int(object, key, 0);
	struct buf digits = BUF(32);

	if (text.len && !str_to_int(text, &number)) {
		keep_first(&c->code, str_is(text, "error") ? STR("") : text);
	} else if (number >= STATUS_FIRST && number <= STATUS_LAST) {
		c->status = c->status ? c->status : (int)number;
	} else if (number && number != 200) {
		buf_addf(&digits, "%lld", (long long)number);
		keep_first(&c->code, buf_str(&digits));
	}
	buf_release(&digits);
}

static const json_t *first_of(const json_t *value)
{
	return json_is_array(value) ? json_array_get(value, 0) : value;
}

/* What stands in the details is more to the point: that a rate limit is one of money. */
static void take_codes(struct complaint *c, const json_t *object)
{
	static const char *const keys[] = { "code", "error_code", "status_code", "statusCode",
		"http_status", "status" };

	take_code(c, first_of(json_object_get(object, "details")), "error_code");
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		take_code(c, object, keys[i]);
	take_code(c, first_of(json_object_get(object, "details")), "reason");
	take_code(c, json_object_get(object, "innererror"), "code");
	if (!str_is(json_get_text(object, "type"), "error"))
		keep_first(&c->type, json_get_text(object, "type"));
	keep_first(&c->type, json_get_text(object, "error_type"));
	keep_first(&c->param, json_get_text(object, "param"));
}

/* ---- words ------------------------------------------------------------------------------ */

/* A text may hold JSON, and its words are in there. */
static void say_text(struct complaint *c, struct str text, int depth)
{
	size_t before = c->message.len;
	json_t *inner = NULL;

	text = str_trim(text);
	if ((str_starts(text, "{") || str_starts(text, "[")) &&
		!json_read(text, JSON_READ_LENIENT, &inner, NULL))
		say(c, inner, depth + 1);
	json_decref(inner);
	if (c->message.len == before)
		buf_add_str(&c->message, str_part(text, 0, TEXT_MAX));
}

static void say_list(struct complaint *c, const json_t *list, int depth)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		size_t before = c->message.len;

		if (i == SAID_MAX)
			break;
		if (before)
			buf_add_text(&c->message, "; ");
		say(c, item, depth + 1);
		if (c->message.len == before + 2)
			buf_cut_to(&c->message, before);
	}
}

/* Where in the request the error is, as pydantic tells it: ["body", "stream_options"]. */
static void say_place(struct complaint *c, const json_t *place)
{
	const json_t *item;
	size_t i;

	json_array_foreach(place, i, item) {
		if (i)
			buf_add_char(&c->message, '.');
		if (json_is_string(item))
			buf_add_str(&c->message, json_text(item));
		else
			buf_addf(&c->message, "%lld", (long long)json_integer_value(item));
	}
	if (json_array_size(place))
		buf_add_text(&c->message, ": ");
}

/* A router says that a provider failed, and beside it what that one said. */
static void say_source(struct complaint *c, const json_t *metadata, int depth)
{
	const json_t *raw = json_object_get(metadata, "raw");
	struct str name = json_get_text(metadata, "provider_name");
	size_t before = c->message.len;

	if (before && raw)
		buf_add_text(&c->message, ": ");
	say(c, raw, depth + 1);
	if (before && c->message.len == before + 2)
		buf_cut_to(&c->message, before);
	if (name.len)
		buf_addf(&c->message, " (%.*s)", STR_ARG(name));
}

static void say_object(struct complaint *c, const json_t *object, int depth)
{
	static const char *const keys[] = { "error", "message", "msg", "detail", "errors",
		"error_message", "error_msg", "errorMessage", "status_msg", "title", "reason" };
	size_t before = c->message.len;

	say_place(c, json_object_get(object, "loc"));
	for (size_t i = 0, said = c->message.len; i < ARRAY_LEN(keys); i++) {
		say(c, json_object_get(object, keys[i]), depth + 1);
		if (c->message.len > said)
			break;
	}
	if (c->message.len > before)
		take_codes(c, object);
	say_source(c, json_object_get(object, "metadata"), depth);
}

static void say(struct complaint *c, const json_t *value, int depth)
{
	if (depth > DEPTH_MAX)
		return;
	if (json_is_string(value))
		say_text(c, json_text(value), depth);
	else if (json_is_array(value))
		say_list(c, value, depth);
	else if (json_is_object(value))
		say_object(c, value, depth);
}

/* ---- bodies ----------------------------------------------------------------------------- */

/* A page shows its words between its tags; its title says it shortest. */
static void say_page(struct complaint *c, struct str page)
{
	size_t title = str_find(page, STR("<title>"));
	bool tag = false, gap = false;

	if (title < page.len) {
		page = str_part(page, title, page.len);
		page = str_part(page, 0, str_find(page, STR("</title>")));
	}
	for (size_t i = 0; i < page.len && c->message.len < WIRE_SAY_MAX; i++) {
		char one = page.ptr[i];

		tag |= one == '<';
		if (tag || strchr(" \t\r\n", one)) {
			gap = c->message.len > 0;
		} else {
			if (gap)
				buf_add_char(&c->message, ' ');
			buf_add_char(&c->message, one);
			gap = false;
		}
		tag &= one != '>';
	}
}

static void tell(struct wire_answer *answer, struct complaint *c, int status)
{
	const struct fault_words words = { .code = buf_str(&c->code),
		.type = buf_str(&c->type),
		.param = buf_str(&c->param),
		.message = buf_str(&c->message) };

	if (status < STATUS_FIRST && c->status)
		status = c->status;
	fault_tell(answer, status, &words);
}

static void take_request_id(struct wire_answer *answer, const json_t *object)
{
	keep_first(&answer->request_id, json_get_text(object, "request_id"));
	keep_first(&answer->request_id, json_get_text(object, "requestId"));
}

/* It says of itself that it is one. */
static bool is_marked(const json_t *root)
{
	return json_is_true(json_object_get(root, "error")) ||
	       str_is_nocase(json_get_text(root, "object"), "error") ||
	       str_is(json_get_text(root, "type"), "error");
}

/* Where an error may stand in a chunk or an answer. */
static const json_t *error_of(const json_t *root)
{
	const json_t *error = json_object_get(root, "error");

	if (json_is_string(error) || json_is_object(error) || json_is_array(error))
		return error;
	error = json_object_get(root, "base_resp");
	if (json_get_int(error, "status_code", 0))
		return error;
	return is_marked(root) || !json_object_get(root, "choices") ? root : NULL;
}

/* An error proper that has a code and no words: what stands beside it is none of its own. */
static bool say_code(struct complaint *c, const json_t *error, const json_t *root)
{
	if (!error || error == root)
		return false;
	take_codes(c, error);
	return c->code.len || c->type.len;
}

bool complaint_find(struct wire_answer *answer, const json_t *root)
{
	const json_t *error = error_of(root);
	struct complaint c = no_complaint;
	bool found;

	say(&c, error, 0);
	take_codes(&c, error);
	found = c.message.len || is_marked(root) ||
		(error != root && (c.status || c.code.len || c.type.len));
	if (found) {
		take_codes(&c, root);
		take_request_id(answer, root);
		tell(answer, &c, 0);
	}
	release(&c);
	return found;
}

void complaint_read(struct wire_answer *answer, int status, struct str body)
{
	struct complaint c = no_complaint;
	json_t *root = NULL;

	body = str_trim(body);
	if (!json_read(body, JSON_READ_LENIENT, &root, NULL)) {
		say(&c, root, 0);
		take_codes(&c, root);
		take_request_id(answer, root);
	} else if (str_starts(body, "<")) {
		say_page(&c, body);
	}
	if (!c.message.len && !say_code(&c, error_of(root), root) && !str_is(body, "{}") &&
		!str_is(body, "[]"))
		buf_add_str(&c.message, str_part(body, 0, TEXT_MAX));
	tell(answer, &c, status);
	json_decref(root);
	release(&c);
}

void complaint_not_json(struct wire_answer *answer, struct str body)
{
	struct complaint c = no_complaint;
	struct str shown = body = str_trim(body);

	answer->fault = FAULT_OTHER;
	if (str_starts(body, "<")) {
		/* Somebody else answers there. */
		answer->fault = FAULT_ADDRESS;
		say_page(&c, body);
		shown = buf_str(&c.message);
	}
	buf_add_text(&answer->error, answer->fault == FAULT_ADDRESS
					     ? "the answer is a web page, not JSON"
					     : "the answer is not JSON");
	if (shown.len)
		buf_add_text(&answer->error, ": ");
	buf_add_str(&answer->error, str_part(shown, 0, SHOWN_MAX));
	release(&c);
}
