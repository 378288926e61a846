/* SPDX-License-Identifier: GPL-3.0-or-later
 * UUIDs of version 7: making, writing and reading them. */
#include "core/record/id.h"

static const char hex[] = "0123456789abcdef";

struct id id_make(int64_t wall_us, struct rng *rng)
{
	uint64_t ms = (uint64_t)(wall_us / 1000), a = rng_next(rng), b = rng_next(rng);
	struct id id;

	for (int i = 0; i < 6; i++)
		id.bytes[i] = (unsigned char)(ms >> (40 - 8 * i));
	for (int i = 6; i < 8; i++)
		id.bytes[i] = (unsigned char)(a >> (8 * i));
	for (int i = 8; i < 16; i++)
		id.bytes[i] = (unsigned char)(b >> (8 * (i - 8)));
	id.bytes[6] = (id.bytes[6] & 0x0f) | 0x70;
	id.bytes[8] = (id.bytes[8] & 0x3f) | 0x80;
	return id;
}

bool id_is_none(struct id id)
{
	static const struct id none;

	return !memcmp(&id, &none, sizeof(id));
}

static bool has_dash_before(size_t byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void id_write(struct id id, char text[ID_TEXT + 1])
{
	for (size_t i = 0; i < sizeof(id.bytes); i++) {
		if (has_dash_before(i))
			*text++ = '-';
		*text++ = hex[id.bytes[i] >> 4];
		*text++ = hex[id.bytes[i] & 15];
	}
	*text = '\0';
}

static int digit_of(char c)
{
	const char *at;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	at = c ? strchr(hex, c) : NULL;
	return at ? (int)(at - hex) : -1;
}

bool id_parse(struct str text, struct id *id)
{
	struct id read;
	size_t at = 0;

	if (text.len != ID_TEXT)
		return false;
	for (size_t i = 0; i < sizeof(read.bytes); i++) {
		int high, low;

		if (has_dash_before(i) && text.ptr[at++] != '-')
			return false;
		high = digit_of(text.ptr[at++]);
		low = digit_of(text.ptr[at++]);
		if (high < 0 || low < 0)
			return false;
		read.bytes[i] = (unsigned char)(high << 4 | low);
	}
	*id = read;
	return true;
}

void id_write_tail(struct id id, size_t digits, char *text)
{
	for (size_t i = ID_HEX - digits; i < ID_HEX; i++)
		*text++ = hex[i % 2 ? id.bytes[i / 2] & 15 : id.bytes[i / 2] >> 4];
	*text = '\0';
}

bool id_is_short(struct str text, char tail[ID_SHORT_MAX + 1])
{
	if (text.len < ID_SHORT_MIN || text.len > ID_SHORT_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int digit = digit_of(text.ptr[i]);

		if (digit < 0)
			return false;
		tail[i] = hex[digit];
	}
	tail[text.len] = '\0';
	return true;
}
