/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The name of a decision: a UUID of version 7 (RFC 9562, 5.7), which begins with its time in
 * milliseconds and ends in random bits. People use its last hex digits, as many as it takes.
 */
#ifndef WEIR_RECORD_ID_H
#define WEIR_RECORD_ID_H

#include "core/base/rng.h"
#include "core/base/str.h"

enum {
	ID_TEXT = 36,     /* "019a7c3e-5b1f-7d2a-9c55-2f3a8b1e0d7f" */
	ID_HEX = 32,
	ID_SHORT_MIN = 4, /* digits that a short id has at least */
	ID_SHORT_MAX = 12 /* the random tail; beyond it an id is written whole */
};

struct id {
	unsigned char bytes[16];
};

struct id id_make(int64_t wall_us, struct rng *rng);
bool id_is_none(struct id id); /* all zero */

void id_write(struct id id, char text[ID_TEXT + 1]);
bool id_parse(struct str text, struct id *id); /* the whole form only */

/* The last `digits` hex digits of `id`, which a short id must equal. */
void id_write_tail(struct id id, size_t digits, char *text);

/* 4 to 12 hex digits, either case; `tail` gets them lower-cased. */
bool id_is_short(struct str text, char tail[ID_SHORT_MAX + 1]);

#endif
