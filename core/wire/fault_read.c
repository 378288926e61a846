/* SPDX-License-Identifier: GPL-3.0-or-later
 * The shapes of errors. */
#include "core/wire/fault_read.h"

#include "core/wire/fault.h"

enum { DEPTH_MAX = 4 };

struct found {
	struct buf message, code; /* composed here */
	struct str type, param;
	int status;               /* the error's own; 0: it has none */
};

static struct str text_of(const json_t *value)
{
	return json_is_string(value)
		       ? (struct str){ json_string_value(value), json_string_length(value) }
		       : STR_NONE;
}

/* ---- words ------------------------------------------------------------------------------ */

/* Where the words may stand, the likeliest first. */
static const char *const places[] = { "message", "msg", "detail", "error", "error_msg",
	"status_msg", "title" };

/* "body.temperature" of FastAPI's {"loc": ["body", "temperature"], "msg": "..."}. */
static void add_where(struct buf *out, const json_t *loc)
{
	const json_t *part;
	size_t i;

	json_array_foreach(loc, i, part)
		if (json_is_string(part))
			buf_addf(out, "%s%s", i ? "." : "", json_string_value(part));
	if (json_array_size(loc))
		buf_add_text(out, ": ");
}

/* The words of a text, of the first of a list, or of an object that has some. */
static void add_words(struct buf *out, const json_t *value, int depth)
{
	if (json_is_array(value))
		value = json_array_get(value, 0);
	if (json_is_string(value))
		buf_add_str(out, text_of(value));
	if (!json_is_object(value) || depth == DEPTH_MAX)
		return;
	add_where(out, json_object_get(value, "loc"));
	for (size_t i = 0, before = out->len; i < ARRAY_LEN(places) && out->len == before; i++)
		add_words(out, json_object_get(value, places[i]), depth + 1);
}

/* ---- codes ------------------------------------------------------------------------------ */

static void note_status(struct found *f, int64_t number)
{
	if (!f->status && number >= 400 && number <= 599)
		f->status = (int)number;
}

/* A code is a name ("rate_limit_exceeded"), or a number that may be a status, written either way.
 * The first name counts. */
static void note_code(struct found *f, const json_t *value)
{
	struct str text = text_of(value);
	int64_t number;

	if (json_is_integer(value))
		note_status(f, json_integer_value(value));
	else if (str_to_int(text, &number) && number >= 400 && number <= 599)
		note_status(f, number);
	else if (text.len && !f->code.len)
		buf_add_str(&f->code, text);
}

static void read_object(struct found *f, const json_t *error)
{
	const json_t *details = json_object_get(error, "details"),
		     *inner = json_object_get(error, "innererror");

	if (!f->message.len)
		add_words(&f->message, error, 0);
	if (json_is_array(details))
		details = json_array_get(details, 0);
	note_code(f, json_object_get(details, "error_code"));
	note_code(f, json_object_get(error, "code"));
	note_code(f, json_object_get(error, "status"));
	note_code(f, json_object_get(error, "status_code"));
	note_code(f, json_object_get(details, "reason"));
	note_code(f, json_object_get(inner, "code"));
	if (!f->type.len)
		f->type = json_get_text(error, "type");
	if (!f->param.len)
		f->param = json_get_text(error, "param");
}

/* OpenRouter passes on what the provider behind it said, as JSON in a text or as text. */
static json_t *read_raw(struct found *f, const json_t *error)
{
	struct str raw = json_get_text(json_object_get(error, "metadata"), "raw");
	const json_t *list;
	json_t *root = NULL;

	if (!raw.len)
		return NULL;
	if (json_read(raw, JSON_READ_LENIENT, &root, NULL)) {
		buf_add_str(&f->message, raw);
		return NULL;
	}
	list = json_is_array(root) ? json_array_get(root, 0) : root;
	if (json_is_object(json_object_get(list, "error")))
		list = json_object_get(list, "error");
	read_object(f, list);
	return root;
}

/* ---- shapes ----------------------------------------------------------------------------- */

/* An object without its own "error" member that is one all the same. `sure`: the status has
 * already said so. */
static bool is_bare_error(const json_t *root, bool sure)
{
	const json_t *code = json_object_get(root, "code");

	if (str_is(json_get_text(root, "object"), "error") ||
		str_is(json_get_text(root, "type"), "error"))
		return true;
	if (sure)
		return true;
	return (json_string_length(code) || json_integer_value(code)) &&
	       json_is_string(json_object_get(root, "message")) &&
	       !json_object_get(root, "choices");
}

/* MiniMax puts it beside everything else, with a code of 0 where all is well. */
static const json_t *base_error(const json_t *root)
{
	const json_t *base = json_object_get(root, "base_resp");

	return json_get_int(base, "status_code", 0) ? base : NULL;
}

static bool is_error(const json_t *error)
{
	return json_object_size(error) || json_string_length(error);
}

static void tell(struct wire_answer *answer, int status, const struct found *f)
{
	const struct fault_words words = { buf_str(&f->code), f->type, f->param,
		buf_str(&f->message) };

	fault_tell(answer, status >= 200 && status <= 299 && f->status ? f->status : status,
		&words);
}

static bool read_shape(struct wire_answer *answer, int status, const json_t *root, bool sure)
{
	struct found f = { .message = BUF(WIRE_ERROR_MAX), .code = BUF(WIRE_ERROR_MAX) };
	const json_t *error;
	json_t *raw = NULL;
	bool found = true;

	if (json_is_array(root))
		root = json_array_get(root, 0);
	error = json_object_get(root, "error");
	if (json_is_object(error) && is_error(error)) {
		raw = read_raw(&f, error);
		read_object(&f, error);
	} else if (is_error(error)) {
		add_words(&f.message, error, 0);
		read_object(&f, root);
	} else if (base_error(root)) {
		read_object(&f, base_error(root));
	} else if (json_is_object(root) && is_bare_error(root, sure)) {
		read_object(&f, root);
	} else {
		found = false;
	}
	if (found)
		tell(answer, status, &f);
	json_decref(raw);
	buf_release(&f.message);
	buf_release(&f.code);
	return found;
}

bool fault_read(struct wire_answer *answer, int status, const json_t *root)
{
	return read_shape(answer, status, root, false);
}

/* ---- what is no JSON -------------------------------------------------------------------- */

/* What stands between <NAME ...> and the next tag. */
static struct str inside(struct str page, const char *open)
{
	size_t at = 0;
	struct str rest;

	while (at < page.len && !str_starts_nocase(str_part(page, at, page.len), open))
		at++;
	rest = str_part(page, at, page.len);
	at = str_find_char(rest, '>');
	rest = str_part(rest, at + 1, rest.len);
	return str_trim(str_part(rest, 0, str_find_char(rest, '<')));
}

static void tell_page(struct wire_answer *answer, int status, struct str page)
{
	struct buf say = BUF(WIRE_ERROR_MAX);
	struct str title = inside(page, "<title");

	if (!title.len)
		title = inside(page, "<h1");
	buf_add_text(&say, "a web page instead of an answer");
	if (title.len)
		buf_addf(&say, ": \"%.*s\"", STR_ARG(title));
	fault_tell(answer, status, &(struct fault_words){ .message = buf_str(&say) });
	buf_release(&say);
}

void fault_read_body(struct wire_answer *answer, int status, struct str body)
{
	json_t *root = NULL;

	body = str_trim(body);
	if (str_starts(body, "<"))
		tell_page(answer, status, body);
	else if (json_read(body, JSON_READ_LENIENT, &root, NULL) ||
		 !read_shape(answer, status, root, true))
		fault_tell(answer, status, &(struct fault_words){ .message = body });
	json_decref(root);
}
