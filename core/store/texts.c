/* SPDX-License-Identifier: GPL-3.0-or-later
 * A JSON array of strings, out and in. */
#include "core/store/texts.h"

#include "core/base/json_write.h"
#include "core/base/utf8.h"

struct reader {
	const char *at, *end;
};

void texts_write(struct buf *out, const struct texts *texts)
{
	struct json_writer w = { .out = out };

	json_open(&w, '[');
	for (size_t i = 0; i < texts->len; i++)
		json_put_str(&w, texts->ptr[i]);
	json_close(&w, ']');
}

static bool take(struct reader *r, char c)
{
	while (r->at < r->end && *r->at && strchr(" \t\r\n", *r->at))
		r->at++;
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool take_word(struct reader *r, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len))
		return false;
	r->at += len;
	return true;
}

static bool take_unit(struct reader *r, uint32_t *unit)
{
	*unit = 0;
	for (int i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdef0123456789ABCDEF";
		const char *digit = r->at < r->end && *r->at ? strchr(digits, *r->at) : NULL;

		if (!digit)
			return false;
		*unit = *unit << 4 | (uint32_t)((digit - digits) % 16);
		r->at++;
	}
	return true;
}

/* After "\u"; lone surrogates become U+FFFD. */
static bool take_unicode(struct reader *r, uint32_t *code)
{
	struct reader next;
	uint32_t low;

	if (!take_unit(r, code))
		return false;
	if (*code < 0xd800 || *code > 0xdfff)
		return true;
	next = *r;
	if (*code < 0xdc00 && take_word(&next, "\\u") && take_unit(&next, &low) &&
		low >= 0xdc00 && low <= 0xdfff) {
		*code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
		*r = next;
	} else {
		*code = UTF8_REPLACEMENT;
	}
	return true;
}

/* After the backslash; `out` has room: an escape is never shorter than what it stands for. */
static bool take_escape(struct reader *r, char *out, size_t *len)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *name = r->at < r->end && *r->at ? strchr(names, *r->at) : NULL;
	uint32_t code;

	if (name) {
		r->at++;
		out[(*len)++] = bytes[name - names];
		return true;
	}
	if (!take_word(r, "u") || !take_unicode(r, &code))
		return false;
	*len += utf8_write(out + *len, code);
	return true;
}

static size_t raw_length(const struct reader *r)
{
	const char *at = r->at;

	while (at < r->end && *at != '"')
		at += *at == '\\' && at + 1 < r->end ? 2 : 1;
	return (size_t)(at - r->at);
}

/* After the opening quote. */
static bool take_string(struct reader *r, struct arena *arena, struct str *text)
{
	char *out = arena_alloc(arena, raw_length(r) + 1);
	size_t len = 0;

	while (r->at < r->end && *r->at != '"') {
		if (*r->at == '\\') {
			r->at++;
			if (!take_escape(r, out, &len))
				return false;
		} else {
			out[len++] = *r->at++;
		}
	}
	*text = (struct str){ out, len };
	return take(r, '"');
}

static bool take_text(struct reader *r, struct arena *arena, struct str *text)
{
	*text = STR_NONE;
	if (take(r, '"'))
		return take_string(r, arena, text);
	return take_word(r, "null");
}

void texts_read(struct arena *arena, struct str json, struct texts *texts)
{
	struct reader r = { json.ptr, json.ptr + json.len };
	struct str text;

	*texts = (struct texts){ 0 };
	if (!json.len || !take(&r, '[') || take(&r, ']'))
		return;
	while (take_text(&r, arena, &text)) {
		*vec_add(arena, texts) = text;
		if (!take(&r, ','))
			return;
	}
}
