/* SPDX-License-Identifier: GPL-3.0-or-later
 * Commas, blanks and escapes for json_write.h. */
#include "core/base/json_write.h"

#include "core/base/utf8.h"

#include <math.h>

static void new_line(struct json_writer *w)
{
	if (!w->indent)
		return;
	buf_add_char(w->out, '\n');
	buf_add_repeat(w->out, ' ', (size_t)(w->indent * w->depth));
}

/* What stands between this value or key and the one before. */
static void before(struct json_writer *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (!w->depth)
		return;
	if (w->comma)
		buf_add_char(w->out, ',');
	new_line(w);
}

void json_open(struct json_writer *w, char bracket)
{
	before(w);
	buf_add_char(w->out, bracket);
	w->depth++;
	w->comma = false;
}

void json_close(struct json_writer *w, char bracket)
{
	w->depth--;
	if (w->comma)
		new_line(w);
	buf_add_char(w->out, bracket);
	w->comma = true;
}

static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* Also DEL and U+0080..9F, and further below what is invisible or reorders: whatever prints this
 * text, no terminal obeys it and nobody is deceived by it. */
static void add_escaped(struct buf *out, uint32_t code)
{
	static const char letters[] = "btn\0fr";

	if (code == '"' || code == '\\')
		buf_addf(out, "\\%c", (int)code);
	else if (code >= '\b' && code <= '\r' && letters[code - '\b'])
		buf_addf(out, "\\%c", letters[code - '\b']);
	else
		buf_addf(out, "\\u%04x", (unsigned)code);
}

/* Beyond the Basic Multilingual Plane an escape is a pair of surrogates. */
static void add_hidden(struct buf *out, uint32_t code)
{
	if (code < 0x10000)
		buf_addf(out, "\\u%04x", (unsigned)code);
	else
		buf_addf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + ((code - 0x10000) >> 10)),
			(unsigned)(0xDC00 + ((code - 0x10000) & 0x3FF)));
}

static void add_code(struct buf *out, uint32_t code)
{
	char bytes[UTF8_MAX];

	if (code < 0xA0 && !is_plain((char)code))
		add_escaped(out, code);
	else if (utf8_kind(code) == UTF8_HIDDEN)
		add_hidden(out, code);
	else
		buf_add(out, bytes, utf8_write(bytes, code));
}

static void add_quoted(struct buf *out, struct str text)
{
	buf_add_char(out, '"');
	while (text.len) {
		size_t n = 0;
		uint32_t code;

		while (n < text.len && is_plain(text.ptr[n]))
			n++;
		buf_add(out, text.ptr, n);
		text = str_part(text, n, text.len);
		if (!text.len)
			break;
		n = utf8_read(text, &code);
		add_code(out, code);
		text = str_part(text, n, text.len);
	}
	buf_add_char(out, '"');
}

void json_key_str(struct json_writer *w, struct str key)
{
	before(w);
	add_quoted(w->out, key);
	buf_add_text(w->out, w->indent ? ": " : ":");
	w->after_key = true;
	w->comma = true;
}

void json_key(struct json_writer *w, const char *key)
{
	json_key_str(w, str_of(key));
}

void json_put_raw(struct json_writer *w, struct str json)
{
	before(w);
	buf_add_str(w->out, json);
	w->comma = true;
}

void json_put_str(struct json_writer *w, struct str text)
{
	if (!text.ptr) {
		json_put_null(w);
		return;
	}
	before(w);
	add_quoted(w->out, text);
	w->comma = true;
}

void json_put_text(struct json_writer *w, const char *text)
{
	json_put_str(w, str_of(text));
}

void json_put_int(struct json_writer *w, int64_t value)
{
	before(w);
	buf_addf(w->out, "%lld", (long long)value);
	w->comma = true;
}

/* The fewest digits that read back as the same number; a real stays one ("2.0"). */
static void add_shortest(struct buf *out, double value)
{
	char text[32];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	buf_add_text(out, text);
	if (!strpbrk(text, ".e"))
		buf_add_text(out, ".0");
}

void json_put_real(struct json_writer *w, double value, int decimals)
{
	if (!isfinite(value)) {
		json_put_null(w);
		return;
	}
	before(w);
	if (decimals < 0)
		add_shortest(w->out, value);
	else
		buf_addf(w->out, "%.*f", decimals, value);
	w->comma = true;
}

void json_put_bool(struct json_writer *w, bool value)
{
	json_put_raw(w, value ? STR("true") : STR("false"));
}

void json_put_null(struct json_writer *w)
{
	json_put_raw(w, STR("null"));
}
