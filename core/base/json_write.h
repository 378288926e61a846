/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing JSON straight into a buffer, commas and escapes taken care of. Output is always valid:
 * ill-formed UTF-8 becomes U+FFFD, NaN and infinities become null.
 *
 *	struct json_writer w = { .out = &buf };
 *	json_open(&w, '{');
 *	json_key(&w, "id"); json_put_str(&w, id);
 *	json_close(&w, '}');
 */
#ifndef WEIR_BASE_JSON_WRITE_H
#define WEIR_BASE_JSON_WRITE_H

#include "core/base/buf.h"

struct json_writer {
	struct buf *out;
	int indent; /* blanks a level; 0 writes one line */
	int depth;
	bool comma; /* something stands before at this level */
	bool after_key;
};

void json_open(struct json_writer *w, char bracket);  /* '{' or '[' */
void json_close(struct json_writer *w, char bracket); /* '}' or ']' */
void json_key(struct json_writer *w, const char *key);
void json_key_str(struct json_writer *w, struct str key);
void json_put_str(struct json_writer *w, struct str text); /* no text: null */
void json_put_text(struct json_writer *w, const char *text);
void json_put_int(struct json_writer *w, int64_t value);
void json_put_real(struct json_writer *w, double value, int decimals); /* -1: as many as it takes */
void json_put_bool(struct json_writer *w, bool value);
void json_put_null(struct json_writer *w);
void json_put_raw(struct json_writer *w, struct str json); /* already JSON */

#endif
