/* SPDX-License-Identifier: GPL-3.0-or-later
 * Builds jansson's values from the tokens of json_scan.h, and prints them with json_write.h. */
#include "core/base/json.h"

#include "core/base/json_scan.h"
#include "core/base/json_write.h"
#include "core/base/utf8.h"

#include <errno.h>
#include <float.h>
#include <math.h>

struct builder {
	bool lenient;
	json_t *root;
	json_t *open[JSON_DEPTH_MAX]; /* borrowed: each belongs to the one before */
	size_t depth;
	struct buf key, spare;
	struct json_place at;
	struct buf *why;
};

static enum err refuse(struct builder *b, const char *say)
{
	why_set(b->why, "%d:%d: %s", b->at.line, b->at.column, say);
	return ERR_SYNTAX;
}

/* jansson takes NUL bytes in texts but not in keys; a provider's are not worth a stream. */
static struct str without_nul(struct builder *b, struct str text)
{
	struct str piece;

	if (!text.len || !memchr(text.ptr, '\0', text.len))
		return text;
	buf_clear(&b->spare);
	for (bool more = false; str_cut(&text, '\0', &piece); more = true) {
		if (more)
			buf_add_text(&b->spare, "\xEF\xBF\xBD");
		buf_add_str(&b->spare, piece);
	}
	return buf_str(&b->spare);
}

/* Takes the reference over. */
static enum err attach(struct builder *b, json_t *value)
{
	json_t *parent = b->depth ? b->open[b->depth - 1] : NULL;
	int failed = 0;

	if (!value)
		return refuse(b, "a value that cannot be kept");
	if (!parent)
		b->root = value;
	else if (json_is_array(parent))
		failed = json_array_append_new(parent, value);
	else
		failed = json_object_set_new_nocheck(parent, b->key.ptr, value);
	return failed ? refuse(b, "a value that cannot be kept") : ERR_OK;
}

static enum err open_one(struct builder *b, json_t *value)
{
	enum err err = attach(b, value);

	if (!err)
		b->open[b->depth++] = value; /* json_scan.h stops at the same depth */
	return err;
}

static enum err take_key(struct builder *b, struct str text)
{
	if (memchr(text.ptr, '\0', text.len)) {
		if (!b->lenient)
			return refuse(b, "a key with \\u0000 in it");
		text = without_nul(b, text);
	}
	buf_clear(&b->key);
	buf_add_str(&b->key, text);
	if (!b->lenient && json_object_get(b->open[b->depth - 1], b->key.ptr)) {
		refuse(b, "this key stands twice: ");
		if (b->why) {
			struct json_writer w = { .out = b->why };

			json_put_str(&w, str_part(text, 0, 80));
		}
		return ERR_SYNTAX;
	}
	return ERR_OK;
}

static enum err take_text(struct builder *b, struct str text)
{
	if (b->lenient)
		text = without_nul(b, text);
	return attach(b, json_stringn_nocheck(text.ptr, text.len));
}

static enum err take_number(struct builder *b, struct str text)
{
	char *digits;
	int64_t whole;
	double real;

	if (str_to_int(text, &whole))
		return attach(b, json_integer(whole));
	buf_clear(&b->spare);
	buf_add_str(&b->spare, text);
	digits = b->spare.ptr;
	if (!b->lenient && !strpbrk(digits, ".eE"))
		return refuse(b, "a whole number of more than 63 bits");
	real = strtod(digits, NULL);
	if (isinf(real) && !b->lenient)
		return refuse(b, "a number that is too large");
	return attach(b, json_real(isinf(real) ? copysign(DBL_MAX, real) : real));
}

static enum err take_token(void *ctx, enum json_token token, struct str text, struct json_place at)
{
	struct builder *b = ctx;

	b->at = at;
	switch (token) {
	case JSON_TOKEN_OBJECT:
		return open_one(b, json_object());
	case JSON_TOKEN_ARRAY:
		return open_one(b, json_array());
	case JSON_TOKEN_OBJECT_END:
	case JSON_TOKEN_ARRAY_END:
		b->depth--;
		return ERR_OK;
	case JSON_TOKEN_KEY:
		return take_key(b, text);
	case JSON_TOKEN_STRING:
		return take_text(b, text);
	case JSON_TOKEN_NUMBER:
		return take_number(b, text);
	case JSON_TOKEN_TRUE:
	case JSON_TOKEN_FALSE:
		return attach(b, json_boolean(token == JSON_TOKEN_TRUE));
	case JSON_TOKEN_NULL:
		break;
	}
	return attach(b, json_null());
}

static enum err read_once(
	struct str text, enum json_read_flags flags, json_t **out, struct buf *why)
{
	struct builder b = {
		.lenient = flags & JSON_READ_LENIENT,
		.key = BUF(JSON_SCAN_STRING_MAX),
		.spare = BUF(3 * (size_t)JSON_SCAN_STRING_MAX),
		.why = why,
	};
	struct json_scan scan;
	enum err err;

	json_scan_begin(&scan, (struct json_sink){ take_token, &b });
	scan.lenient = b.lenient;
	if (b.lenient && str_starts(text, "\xEF\xBB\xBF"))
		text = str_part(text, 3, text.len);
	err = json_scan_feed(&scan, text);
	if (!err)
		err = json_scan_end(&scan);
	if (err && scan.say && why)
		json_scan_why(&scan, why);
	if (err)
		json_decref(b.root);
	else
		*out = b.root;
	json_scan_release(&scan);
	buf_release(&b.key);
	buf_release(&b.spare);
	return err;
}

/* The text with U+FFFD for each ill-formed part. */
static void repair(struct buf *out, struct str text)
{
	while (text.len) {
		char bytes[UTF8_MAX];
		uint32_t code;
		size_t used = utf8_read(text, &code);

		buf_add(out, bytes, utf8_write(bytes, code));
		text = str_part(text, used, text.len);
	}
}

enum err json_read(
	struct str text, enum json_read_flags flags, json_t **out, struct buf *why)
{
	enum err err = read_once(text, flags, out, why);
	struct buf repaired = BUF(3 * text.len + 1); /* U+FFFD has three bytes */

	/* Few texts need it, so it is only looked for in what was refused. */
	if (!err || !(flags & JSON_READ_LENIENT) || utf8_is_valid(text))
		return err;
	repair(&repaired, text);
	if (why)
		buf_clear(why);
	err = read_once(buf_str(&repaired), flags, out, why);
	buf_release(&repaired);
	return err;
}

struct str json_text(const json_t *value)
{
	if (!json_is_string(value))
		return STR_NONE;
	return (struct str){ json_string_value(value), json_string_length(value) };
}

struct str json_get_text(const json_t *object, const char *key)
{
	return json_text(json_object_get(object, key));
}

int64_t json_get_int(const json_t *object, const char *key, int64_t fallback)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_integer(value))
		return json_integer_value(value);
	/* Some providers write a count as 12.0. */
	if (json_is_real(value) && fabs(json_real_value(value)) < 0x1p53 &&
		trunc(json_real_value(value)) == json_real_value(value))
		return (int64_t)json_real_value(value);
	return fallback;
}

double json_get_real(const json_t *object, const char *key, double fallback)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : fallback;
}

bool json_get_truth(const json_t *object, const char *key, bool fallback)
{
	const json_t *value = json_object_get(object, key);

	return json_is_boolean(value) ? json_is_true(value) : fallback;
}

static void print(struct json_writer *w, const json_t *value);

static void print_object(struct json_writer *w, const json_t *value)
{
	json_t *object = (json_t *)(uintptr_t)value; /* jansson's iterators want it so */
	const char *key;
	json_t *member;

	json_open(w, '{');
	json_object_foreach(object, key, member) {
		json_key(w, key);
		print(w, member);
	}
	json_close(w, '}');
}

static void print_array(struct json_writer *w, const json_t *value)
{
	json_open(w, '[');
	for (size_t i = 0; i < json_array_size(value); i++)
		print(w, json_array_get(value, i));
	json_close(w, ']');
}

static void print(struct json_writer *w, const json_t *value)
{
	if (json_is_object(value))
		print_object(w, value);
	else if (json_is_array(value))
		print_array(w, value);
	else if (json_is_string(value))
		json_put_str(w, json_text(value));
	else if (json_is_integer(value))
		json_put_int(w, json_integer_value(value));
	else if (json_is_real(value))
		json_put_real(w, json_real_value(value), -1);
	else if (json_is_boolean(value))
		json_put_bool(w, json_is_true(value));
	else
		json_put_null(w);
}

void json_print(struct buf *out, const json_t *value)
{
	struct json_writer w = { .out = out };

	print(&w, value);
}
