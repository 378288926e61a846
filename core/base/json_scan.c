/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tokenizer of json_scan.h: one state, one function for each, one byte at a time; runs of
 * plain bytes in texts are taken together. */
#include "core/base/json_scan.h"

#include "core/base/utf8.h"

enum state {
	AT_VALUE,
	AT_FIRST_VALUE, /* of an array: it may end instead */
	AT_KEY,
	AT_FIRST_KEY,
	AT_COLON,
	AT_NEXT, /* after a value in an object or array */
	AT_END,  /* after the whole value */
	IN_TEXT,
	IN_WIDE, /* in a text, inside a code point of several bytes */
	IN_ESCAPE,
	IN_UNICODE,
	AT_LOW_ESCAPE, /* after a high surrogate: its other half must follow */
	AT_LOW_U,
	IN_WORD,
	AT_DIGITS, /* after a minus */
	IN_ZERO,
	IN_DIGITS,
	AT_FRACTION,
	IN_FRACTION,
	AT_EXPONENT,
	AT_EXPONENT_DIGITS,
	IN_EXPONENT,
	STATE_COUNT
};

/* TAKEN: the byte belongs to the token; AGAIN: the token ended before it. */
enum step { TAKEN, AGAIN, FAILED };

static const struct {
	char text[6];
	enum json_token token;
	const char *say;
} words[] = {
	{ "true", JSON_TOKEN_TRUE, "expected a value: did you mean true?" },
	{ "false", JSON_TOKEN_FALSE, "expected a value: did you mean false?" },
	{ "null", JSON_TOKEN_NULL, "expected a value: did you mean null?" },
};

void json_scan_begin(struct json_scan *s, struct json_sink sink)
{
	memset(s, 0, sizeof(*s));
	s->sink = sink;
	s->at = s->start = s->wrong = (struct json_place){ 0, 1, 1 };
	s->text = BUF(JSON_SCAN_STRING_MAX);
	s->stack = BUF(JSON_SCAN_DEPTH_MAX);
	s->state = AT_VALUE;
}

void json_scan_release(struct json_scan *s)
{
	buf_release(&s->text);
	buf_release(&s->stack);
}

static enum step fail_at(struct json_scan *s, struct json_place at, enum err err, const char *say)
{
	s->err = err;
	s->say = say;
	s->wrong = at;
	return FAILED;
}

static enum step fail(struct json_scan *s, const char *say)
{
	return fail_at(s, s->at, ERR_SYNTAX, say);
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static char open_bracket(const struct json_scan *s)
{
	return s->stack.len ? s->stack.ptr[s->stack.len - 1] : '\0';
}

static void after_value(struct json_scan *s)
{
	s->state = s->stack.len ? AT_NEXT : AT_END;
}

static enum step emit(struct json_scan *s, enum json_token token, struct str text)
{
	enum err err = s->sink.token(s->sink.ctx, token, text, s->start);

	return err ? fail_at(s, s->start, err, NULL) : TAKEN;
}

static enum step open_one(struct json_scan *s, char bracket)
{
	bool object = bracket == '{';

	s->start = s->at;
	buf_add_char(&s->stack, bracket);
	if (buf_is_full(&s->stack))
		return fail_at(s, s->at, ERR_TOO_BIG, "nested more than 512 deep");
	s->state = object ? AT_FIRST_KEY : AT_FIRST_VALUE;
	return emit(s, object ? JSON_TOKEN_OBJECT : JSON_TOKEN_ARRAY, STR_NONE);
}

static enum step close_one(struct json_scan *s)
{
	bool object = open_bracket(s) == '{';

	s->start = s->at;
	buf_cut_to(&s->stack, s->stack.len - 1);
	after_value(s);
	return emit(s, object ? JSON_TOKEN_OBJECT_END : JSON_TOKEN_ARRAY_END, STR_NONE);
}

static enum step begin_text(struct json_scan *s, bool key)
{
	s->start = s->at;
	s->is_key = key;
	buf_clear(&s->text);
	s->state = IN_TEXT;
	return TAKEN;
}

static enum step begin_number(struct json_scan *s, unsigned char c)
{
	s->start = s->at;
	buf_clear(&s->text);
	buf_add_char(&s->text, (char)c);
	s->state = c == '-' ? AT_DIGITS : c == '0' ? IN_ZERO : IN_DIGITS;
	return TAKEN;
}

static enum step begin_word(struct json_scan *s, unsigned char c)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (words[i].text[0] != (char)c)
			continue;
		s->start = s->at;
		s->word = (int)i;
		s->taken = 1;
		s->state = IN_WORD;
		return TAKEN;
	}
	if (c == '\'')
		return fail(s, "expected a value: texts stand in double quotes");
	if (c == '/')
		return fail(s, "expected a value: JSON has no comments");
	if (c == 0xEF && !s->at.byte)
		return fail(s, "a byte order mark stands before the text: save it without one");
	return fail(s, "expected a value");
}

static enum step at_value(struct json_scan *s, unsigned char c)
{
	if (is_blank(c))
		return TAKEN;
	if (c == '{' || c == '[')
		return open_one(s, (char)c);
	if (c == '"')
		return begin_text(s, false);
	if (c == '-' || is_digit(c))
		return begin_number(s, c);
	if (c == ']' && open_bracket(s) == '[')
		return fail(s, "expected a value: the comma before ']' is one too many");
	return begin_word(s, c);
}

static enum step at_first_value(struct json_scan *s, unsigned char c)
{
	return c == ']' ? close_one(s) : at_value(s, c);
}

static enum step at_key(struct json_scan *s, unsigned char c)
{
	if (is_blank(c))
		return TAKEN;
	if (c == '"')
		return begin_text(s, true);
	if (c == '}')
		return fail(s, "expected a key: the comma before '}' is one too many");
	return fail(s, "expected a key in double quotes");
}

static enum step at_first_key(struct json_scan *s, unsigned char c)
{
	return c == '}' ? close_one(s) : at_key(s, c);
}

static enum step at_colon(struct json_scan *s, unsigned char c)
{
	if (is_blank(c))
		return TAKEN;
	if (c != ':')
		return fail(s, "expected ':' after the key");
	s->state = AT_VALUE;
	return TAKEN;
}

static enum step at_next(struct json_scan *s, unsigned char c)
{
	bool object = open_bracket(s) == '{';

	if (is_blank(c))
		return TAKEN;
	if (c == (object ? '}' : ']'))
		return close_one(s);
	if (c != ',')
		return fail(s, object ? "expected ',' or '}'" : "expected ',' or ']'");
	s->state = object ? AT_KEY : AT_VALUE;
	return TAKEN;
}

static enum step at_end(struct json_scan *s, unsigned char c)
{
	return is_blank(c) ? TAKEN : fail(s, "expected nothing after the value");
}

static enum step add_bytes(struct json_scan *s, const void *bytes, size_t len)
{
	buf_add(&s->text, bytes, len);
	if (buf_is_full(&s->text))
		return fail_at(s, s->start, ERR_TOO_BIG, "a text or number of more than 16 MiB");
	return TAKEN;
}

static enum step add_code(struct json_scan *s, uint32_t code)
{
	char bytes[UTF8_MAX];

	return add_bytes(s, bytes, utf8_write(bytes, code));
}

static enum step end_text(struct json_scan *s)
{
	if (!s->is_key) {
		after_value(s);
		return emit(s, JSON_TOKEN_STRING, buf_str(&s->text));
	}
	s->state = AT_COLON;
	return emit(s, JSON_TOKEN_KEY, buf_str(&s->text));
}

static enum step in_text(struct json_scan *s, unsigned char c)
{
	if (c == '"')
		return end_text(s);
	if (c < 0x20 && s->lenient)
		return add_bytes(s, &c, 1);
	if (c == '\n')
		return fail(s, "a text ends on the line it begins: '\"' is missing, or \\n is "
			"meant");
	if (c < 0x20)
		return fail(s, "a control character in a text: write it as \\t or \\u001b");
	if (c >= 0x80) {
		s->mark = s->at;
		s->taken = 1;
		s->wide[0] = (char)c;
		s->state = IN_WIDE;
		if (utf8_unfinished((struct str){ s->wide, 1 }) == 1)
			return TAKEN;
		return fail(s, "the text is not UTF-8");
	}
	if (c != '\\')
		return add_bytes(s, &c, 1);
	s->mark = s->at;
	s->state = IN_ESCAPE;
	return TAKEN;
}

static enum step in_wide(struct json_scan *s, unsigned char c)
{
	struct str wide = { s->wide, 0 };

	s->wide[s->taken++] = (char)c;
	wide.len = (size_t)s->taken;
	if (wide.len < UTF8_MAX && utf8_unfinished(wide) == wide.len)
		return TAKEN;
	if (!utf8_is_valid(wide))
		return fail_at(s, s->mark, ERR_SYNTAX, "the text is not UTF-8");
	s->state = IN_TEXT;
	return add_bytes(s, wide.ptr, wide.len);
}

static enum step in_escape(struct json_scan *s, unsigned char c)
{
	static const char letters[] = "\"\\/bfnrt", codes[] = "\"\\/\b\f\n\r\t";
	const char *letter = c ? strchr(letters, c) : NULL;

	if (c == 'u') {
		s->taken = 0;
		s->unicode = 0;
		s->state = IN_UNICODE;
		return TAKEN;
	}
	if (!letter)
		return fail(s, "expected one of \" \\ / b f n r t u after '\\'");
	s->state = IN_TEXT;
	return add_bytes(s, &codes[letter - letters], 1);
}

static bool hex_digit(unsigned char c, uint32_t *value)
{
	if (is_digit(c))
		*value = c - '0';
	else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		*value = (c | 0x20) - 'a' + 10u;
	else
		return false;
	return true;
}

static const char lone[] = "half of a surrogate pair";

/* A high surrogate is followed by something else than its other half. */
static enum step drop_high(struct json_scan *s)
{
	if (!s->lenient)
		return fail_at(s, s->mark, ERR_SYNTAX, lone);
	s->high = 0;
	return add_code(s, UTF8_REPLACEMENT);
}

static enum step end_unicode(struct json_scan *s)
{
	bool low = s->unicode >= 0xDC00 && s->unicode <= 0xDFFF;
	uint32_t code = s->unicode;

	s->state = IN_TEXT;
	if (s->high && low) {
		code = 0x10000 + ((s->high - 0xD800) << 10) + (code - 0xDC00);
		s->high = 0;
		return add_code(s, code);
	}
	if (s->high && drop_high(s) == FAILED)
		return FAILED;
	if (code >= 0xD800 && code <= 0xDBFF) {
		s->high = code;
		s->state = AT_LOW_ESCAPE;
		return TAKEN;
	}
	if (low && !s->lenient)
		return fail_at(s, s->mark, ERR_SYNTAX, lone);
	return add_code(s, low ? UTF8_REPLACEMENT : code);
}

static enum step in_unicode(struct json_scan *s, unsigned char c)
{
	uint32_t digit = 0;

	if (!hex_digit(c, &digit))
		return fail(s, "expected four hexadecimal digits after '\\u'");
	s->unicode = s->unicode << 4 | digit;
	return ++s->taken < 4 ? TAKEN : end_unicode(s);
}

static enum step at_low_escape(struct json_scan *s, unsigned char c)
{
	if (c == '\\') {
		s->state = AT_LOW_U;
		return TAKEN;
	}
	s->state = IN_TEXT;
	return drop_high(s) == FAILED ? FAILED : AGAIN;
}

static enum step at_low_u(struct json_scan *s, unsigned char c)
{
	s->state = IN_ESCAPE;
	if (c != 'u')
		return drop_high(s) == FAILED ? FAILED : AGAIN;
	return in_escape(s, c);
}

static enum step in_word(struct json_scan *s, unsigned char c)
{
	const char *text = words[s->word].text;

	if ((char)c != text[s->taken])
		return fail_at(s, s->start, ERR_SYNTAX, words[s->word].say);
	if (text[++s->taken])
		return TAKEN;
	after_value(s);
	return emit(s, words[s->word].token, STR_NONE);
}

static enum step end_number(struct json_scan *s)
{
	after_value(s);
	return emit(s, JSON_TOKEN_NUMBER, buf_str(&s->text)) == FAILED ? FAILED : AGAIN;
}

static enum step number_goes_on(struct json_scan *s, unsigned char c, enum state state)
{
	s->state = (int)state;
	return add_bytes(s, &c, 1);
}

static enum step at_digits(struct json_scan *s, unsigned char c)
{
	if (!is_digit(c))
		return fail(s, "expected a digit after '-'");
	return number_goes_on(s, c, c == '0' ? IN_ZERO : IN_DIGITS);
}

/* What may follow the whole part. */
static enum step after_whole(struct json_scan *s, unsigned char c)
{
	if (c == '.')
		return number_goes_on(s, c, AT_FRACTION);
	if (c == 'e' || c == 'E')
		return number_goes_on(s, c, AT_EXPONENT);
	return end_number(s);
}

static enum step in_zero(struct json_scan *s, unsigned char c)
{
	return is_digit(c) ? fail(s, "a number does not begin with 0 and a digit")
			   : after_whole(s, c);
}

static enum step in_digits(struct json_scan *s, unsigned char c)
{
	return is_digit(c) ? number_goes_on(s, c, IN_DIGITS) : after_whole(s, c);
}

static enum step at_fraction(struct json_scan *s, unsigned char c)
{
	return is_digit(c) ? number_goes_on(s, c, IN_FRACTION)
			   : fail(s, "expected a digit after '.'");
}

static enum step in_fraction(struct json_scan *s, unsigned char c)
{
	if (c == '.')
		return fail(s, "a number has one '.'");
	return is_digit(c) ? number_goes_on(s, c, IN_FRACTION) : after_whole(s, c);
}

static enum step at_exponent_digits(struct json_scan *s, unsigned char c)
{
	return is_digit(c) ? number_goes_on(s, c, IN_EXPONENT)
			   : fail(s, "expected a digit in the exponent");
}

static enum step at_exponent(struct json_scan *s, unsigned char c)
{
	return c == '+' || c == '-' ? number_goes_on(s, c, AT_EXPONENT_DIGITS)
				    : at_exponent_digits(s, c);
}

static enum step in_exponent(struct json_scan *s, unsigned char c)
{
	return is_digit(c) ? number_goes_on(s, c, IN_EXPONENT) : end_number(s);
}

/* What to do with a byte, and what to say when the text ends there instead. */
static const struct {
	enum step (*take)(struct json_scan *s, unsigned char c);
	const char *end;
} states[STATE_COUNT] = {
	[AT_VALUE] = { at_value, "the text ends where a value is expected" },
	[AT_FIRST_VALUE] = { at_first_value, "the text ends inside an array: ']' is missing" },
	[AT_KEY] = { at_key, "the text ends where a key is expected" },
	[AT_FIRST_KEY] = { at_first_key, "the text ends inside an object: '}' is missing" },
	[AT_COLON] = { at_colon, "the text ends after a key" },
	[AT_NEXT] = { at_next, NULL },
	[AT_END] = { at_end, NULL },
	[IN_TEXT] = { in_text, "the text ends inside a string: '\"' is missing" },
	[IN_WIDE] = { in_wide, "the text ends inside a string: '\"' is missing" },
	[IN_ESCAPE] = { in_escape, "the text ends inside a string: '\"' is missing" },
	[IN_UNICODE] = { in_unicode, "the text ends inside a string: '\"' is missing" },
	[AT_LOW_ESCAPE] = { at_low_escape, "the text ends inside a string: '\"' is missing" },
	[AT_LOW_U] = { at_low_u, "the text ends inside a string: '\"' is missing" },
	[IN_WORD] = { in_word, "the text ends inside a word" },
	[AT_DIGITS] = { at_digits, "the text ends inside a number" },
	[IN_ZERO] = { in_zero, NULL },
	[IN_DIGITS] = { in_digits, NULL },
	[AT_FRACTION] = { at_fraction, "the text ends inside a number" },
	[IN_FRACTION] = { in_fraction, NULL },
	[AT_EXPONENT] = { at_exponent, "the text ends inside a number" },
	[AT_EXPONENT_DIGITS] = { at_exponent_digits, "the text ends inside a number" },
	[IN_EXPONENT] = { in_exponent, NULL },
};

/* Columns count code points: the bytes that continue one do not move them. */
static void move(struct json_scan *s, unsigned char c)
{
	s->at.byte++;
	if (c == '\n') {
		s->at.line++;
		s->at.column = 1;
	} else if ((c & 0xC0) != 0x80) {
		s->at.column++;
	}
}

/* Plain bytes of a text, taken together. */
static size_t take_run(struct json_scan *s, struct str bytes)
{
	size_t n = 0;

	while (n < bytes.len && bytes.ptr[n] >= 0x20 && bytes.ptr[n] < 0x7F &&
		bytes.ptr[n] != '"' && bytes.ptr[n] != '\\')
		n++;
	if (n && add_bytes(s, bytes.ptr, n) == TAKEN) {
		s->at.byte += n;
		s->at.column += (int)n;
	}
	return n;
}

enum err json_scan_feed(struct json_scan *s, struct str bytes)
{
	for (size_t i = 0; i < bytes.len && !s->err; i++) {
		unsigned char c;

		if (s->state == IN_TEXT)
			i += take_run(s, str_part(bytes, i, bytes.len));
		if (i == bytes.len || s->err)
			break;
		c = (unsigned char)bytes.ptr[i];
		while (states[s->state].take(s, c) == AGAIN)
			;
		if (!s->err)
			move(s, c);
	}
	return s->err;
}

enum err json_scan_end(struct json_scan *s)
{
	const char *say;

	if (s->err)
		return s->err;
	if (s->state == IN_ZERO || s->state == IN_DIGITS || s->state == IN_FRACTION ||
		s->state == IN_EXPONENT)
		end_number(s);
	say = states[s->state].end;
	if (s->state == AT_NEXT)
		say = open_bracket(s) == '{' ? states[AT_FIRST_KEY].end
					     : states[AT_FIRST_VALUE].end;
	if (!s->err && say)
		fail(s, say);
	return s->err;
}

void json_scan_why(const struct json_scan *s, struct buf *why)
{
	why_set(why, "%d:%d: %s", s->wrong.line, s->wrong.column,
		s->say ? s->say : err_say(s->err));
}
