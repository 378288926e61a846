/* SPDX-License-Identifier: GPL-3.0-or-later
 * The most frequent chunk, straight from its tokens: one choice, in it one piece of text, and
 * nothing else that would have to be looked at. The first token that is more than that leaves the
 * chunk to the tree, untouched; so both ways give the same answer, which a test holds. */
#include "core/wire/openai_parts.h"

#include "core/base/json_scan.h"

enum place { OUTSIDE, IN_ROOT, IN_CHOICES, IN_CHOICE, IN_DELTA, PLACE_COUNT };

enum key {
	KEY_OTHER,
	KEY_ID,
	KEY_MARK, /* that may say "error" */
	KEY_ERROR,
	KEY_CHOICES,
	KEY_INDEX,
	KEY_DELTA,
	KEY_ROLE,
	KEY_CONTENT,
	KEY_COUNT
};

#define NAME(text) { text, sizeof(text) - 1 }

static const struct {
	enum place place;
	enum key key;
	struct str name;
} keys[] = {
	{ IN_ROOT, KEY_ID, NAME("id") },
	{ IN_ROOT, KEY_MARK, NAME("object") },
	{ IN_ROOT, KEY_MARK, NAME("type") },
	{ IN_ROOT, KEY_ERROR, NAME("error") },
	{ IN_ROOT, KEY_CHOICES, NAME("choices") },
	{ IN_CHOICE, KEY_INDEX, NAME("index") },
	{ IN_CHOICE, KEY_DELTA, NAME("delta") },
	{ IN_DELTA, KEY_ROLE, NAME("role") },
	{ IN_DELTA, KEY_CONTENT, NAME("content") },
};

struct fast {
	const struct wire_answer *answer;
	enum place place;
	enum key key;
	bool seen[KEY_COUNT]; /* of those that may stand once */
	bool chosen;          /* the one choice is there */
	struct buf text;
};

static bool take_key(struct fast *f, struct str name)
{
	f->key = KEY_OTHER;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (keys[i].place == f->place && str_eq(name, keys[i].name))
			f->key = keys[i].key;
	if (f->key < KEY_CHOICES || f->key == KEY_INDEX)
		return true;
	if (f->seen[f->key])
		return false;
	f->seen[f->key] = true;
	return true;
}

static bool open_object(struct fast *f)
{
	if (f->place == OUTSIDE)
		f->place = IN_ROOT;
	else if (f->place == IN_CHOICE && f->key == KEY_DELTA)
		f->place = IN_DELTA;
	else if (f->place == IN_CHOICES && !f->chosen)
		f->place = IN_CHOICE;
	else
		return false;
	f->chosen |= f->place == IN_CHOICE;
	return true;
}

static bool open_array(struct fast *f)
{
	bool choices = f->place == IN_ROOT && f->key == KEY_CHOICES;

	f->place = choices ? IN_CHOICES : f->place;
	return choices;
}

static bool close_one(struct fast *f)
{
	f->place--;
	f->key = KEY_OTHER;
	return true;
}

static bool take_string(struct fast *f, struct str text)
{
	if (f->place == IN_DELTA && f->key == KEY_CONTENT) {
		buf_add_str(&f->text, text);
		return str_find_char(text, '\0') == text.len;
	}
	if (f->place == IN_DELTA)
		return f->key == KEY_ROLE;
	if (f->place != IN_ROOT)
		return false;
	if (f->key == KEY_ID)
		return f->answer->request_id.len;
	return f->key == KEY_OTHER || (f->key == KEY_MARK && !str_is_nocase(text, "error"));
}

static bool take_number(const struct fast *f, struct str text)
{
	if (f->place == IN_CHOICE)
		return f->key == KEY_INDEX && str_is(text, "0");
	return f->place == IN_ROOT && f->key == KEY_OTHER;
}

static bool take_null(const struct fast *f)
{
	return f->place != OUTSIDE && f->place != IN_CHOICES && f->key != KEY_CHOICES &&
	       f->key != KEY_DELTA;
}

static bool take(struct fast *f, enum json_token token, struct str text)
{
	switch (token) {
	case JSON_TOKEN_KEY:
		return take_key(f, text);
	case JSON_TOKEN_OBJECT:
		return open_object(f);
	case JSON_TOKEN_ARRAY:
		return open_array(f);
	case JSON_TOKEN_OBJECT_END:
	case JSON_TOKEN_ARRAY_END:
		return close_one(f);
	case JSON_TOKEN_STRING:
		return take_string(f, text);
	case JSON_TOKEN_NUMBER:
		return take_number(f, text);
	case JSON_TOKEN_NULL:
		return take_null(f);
	case JSON_TOKEN_TRUE:
	case JSON_TOKEN_FALSE:
		break;
	}
	return f->place == IN_ROOT && f->key == KEY_OTHER;
}

static enum err take_token(void *ctx, enum json_token token, struct str text, struct json_place at)
{
	(void)at;
	return take(ctx, token, text) ? ERR_OK : ERR_SYNTAX;
}

static bool scan(struct fast *f, struct str data)
{
	struct json_scan s;
	bool whole;

	json_scan_begin(&s, (struct json_sink){ take_token, f });
	s.lenient = true;
	whole = !json_scan_feed(&s, data) && !json_scan_end(&s);
	json_scan_release(&s);
	return whole && f->seen[KEY_DELTA];
}

bool openai_read_fast(struct wire_answer *answer, struct str data, const struct wire_sink *sink,
	bool *go_on)
{
	struct fast f = { .answer = answer, .text = BUF(BUF_TEXT_MAX) };
	bool simple = !answer->error.len && scan(&f, data);

	if (simple && f.text.len) {
		answer->text_bytes += f.text.len;
		*go_on = sink->text(sink->ctx, buf_str(&f.text));
	}
	buf_release(&f.text);
	return simple;
}
