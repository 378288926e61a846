/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text that may stay as it is runs on until something must be replaced, and is copied in one go. */
#include "core/base/clean.h"

#include "core/base/utf8.h"

enum { IN_TEXT = 1, IN_LINE = 2 };

#define O (IN_TEXT | IN_LINE)
#define O16 O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O

/* Bytes that stay as they are, in a text and in one line. */
static const unsigned char ordinary[256] = {
	['\t'] = IN_TEXT, ['\n'] = IN_TEXT,
	[' '] = O16, O16, O16, O16, O16, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
};

#undef O
#undef O16

void clean_begin(struct clean *c, bool one_line)
{
	*c = (struct clean){ .one_line = one_line };
}

/* What stands in the place of something: gathered here, so that a full buffer never keeps half of
 * it. The longest is "<U+10FFFF>". */
struct chip {
	char text[16];
	size_t len;
};

static void chip_add(struct chip *chip, const char *text)
{
	while (*text)
		chip->text[chip->len++] = *text++;
}

static void chip_add_hex(struct chip *chip, uint32_t code)
{
	int digits = code > 0xFFFFF ? 6 : code > 0xFFFF ? 5 : code > 0xFF ? 4 : 2;

	while (digits--)
		chip->text[chip->len++] = "0123456789ABCDEF"[code >> 4 * digits & 0xF];
}

static void chip_control(struct chip *chip, uint32_t code)
{
	if (code >= 0x80) {
		chip_add(chip, "<");
		chip_add_hex(chip, code);
		chip_add(chip, ">");
		return;
	}
	chip->text[chip->len++] = '^';
	chip->text[chip->len++] = (char)(code ^ 0x40);
}

static void chip_code(struct chip *chip, uint32_t code)
{
	chip_add(chip, "<U+");
	if (code < 0x100)
		chip_add(chip, "00");
	chip_add_hex(chip, code);
	chip_add(chip, ">");
}

/* `s` begins with `code`, which may not stay. Of \r\n only the \r is dealt with here. */
static void replace(struct clean *c, struct str s, uint32_t code, struct buf *out)
{
	struct chip chip = { .len = 0 };
	enum utf8_kind kind = utf8_kind(code);

	if (code == UTF8_REPLACEMENT)
		chip_add(&chip, "\xEF\xBF\xBD");
	else if (code == '\t')
		chip_add(&chip, " ");
	else if (kind == UTF8_CONTROL && !str_starts(s, "\r\n"))
		chip_control(&chip, code);
	else if (kind == UTF8_HIDDEN || kind == UTF8_PRIVATE)
		chip_code(&chip, code);
	c->found += code != '\t' && code != '\n';
	buf_add(out, chip.text, chip.len);
}

static bool stays(struct clean *c, uint32_t code)
{
	enum utf8_kind kind = utf8_kind(code);

	if (kind == UTF8_MARK)
		return c->marks < CLEAN_MARKS_MAX && ++c->marks;
	c->marks = 0;
	return kind == UTF8_SHOWN;
}

static size_t ordinary_len(const struct clean *c, struct str s)
{
	unsigned char mask = c->one_line ? IN_LINE : IN_TEXT;
	size_t len = 0;

	while (len < s.len && ordinary[(unsigned char)s.ptr[len]] & mask)
		len++;
	return len;
}

/* `s` ends where nothing that follows can change the meaning of its last byte. */
static void clean_whole(struct clean *c, struct str s, struct buf *out)
{
	size_t from = 0, at = 0; /* s[from..at) waits to be copied */

	while (at < s.len) {
		struct str rest = str_part(s, at, s.len);
		size_t len = ordinary_len(c, rest);
		uint32_t code;

		if (len) {
			c->marks = 0;
		} else {
			len = utf8_read(rest, &code);
			if (!stays(c, code) || utf8_is_ill_formed(rest, code, len)) {
				buf_add(out, s.ptr + from, at - from);
				replace(c, rest, code, out);
				from = at + len;
			}
		}
		at += len;
	}
	buf_add(out, s.ptr + from, at - from);
}

/* How many bytes at the end wait for what follows. */
static size_t waiting(struct str s)
{
	return str_ends(s, "\r") ? 1 : utf8_unfinished(s);
}

static struct str held(const struct clean *c)
{
	return (struct str){ (const char *)c->held, c->held_len };
}

/* Puts the next byte to those kept back. True when it was needed; else the kept ones stood alone
 * and the byte is still to be cleaned. */
static bool held_take(struct clean *c, char byte, struct buf *out)
{
	uint32_t code;
	size_t len;
	bool needed;

	c->held[c->held_len++] = (unsigned char)byte;
	if (waiting(held(c)) == c->held_len)
		return true;
	len = str_is(held(c), "\r\n") ? 2 : utf8_read(held(c), &code);
	clean_whole(c, str_part(held(c), 0, len), out);
	needed = len == c->held_len;
	c->held_len = 0;
	return needed;
}

void clean_feed(struct clean *c, struct str bytes, struct buf *out)
{
	size_t keep;

	while (c->held_len && bytes.len && held_take(c, *bytes.ptr, out))
		bytes = str_part(bytes, 1, bytes.len);
	if (!bytes.len)
		return;
	keep = waiting(bytes);
	clean_whole(c, str_part(bytes, 0, bytes.len - keep), out);
	memcpy(c->held, bytes.ptr + bytes.len - keep, keep);
	c->held_len = keep;
}

void clean_end(struct clean *c, struct buf *out)
{
	clean_whole(c, held(c), out);
	c->held_len = 0;
}

static size_t clean_all(struct str text, bool one_line, struct buf *out)
{
	struct clean c;

	clean_begin(&c, one_line);
	clean_feed(&c, text, out);
	clean_end(&c, out);
	return c.found;
}

size_t clean_text(struct str text, struct buf *out)
{
	return clean_all(text, false, out);
}

size_t clean_line(struct str text, struct buf *out)
{
	return clean_all(text, true, out);
}
