/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON values (jansson's) built from json_scan.h, with what jansson's own reader lacks: line and
 * column for each error, and the choice to be lenient with bytes from a provider.
 */
#ifndef WEIR_BASE_JSON_H
#define WEIR_BASE_JSON_H

#include "core/base/buf.h"
#include "core/base/err.h"

#include <jansson.h>

enum json_read_flags {
	JSON_READ_STRICT = 0,  /* RFC 8259, no repeated key, no \u0000 in a key */
	JSON_READ_LENIENT = 1, /* lone surrogates, \u0000 and what is no UTF-8 become U+FFFD,
				  control characters may stand in texts, integers of 2^63 and
				  more are reals, reals too large the largest one, the last of
				  repeated keys wins, a byte order mark in front is skipped */
};

/* *out is the caller's (json_decref). ERR_SYNTAX with "line:column: sentence" in why, ERR_TOO_BIG
 * past a depth of JSON_DEPTH_MAX. */
enum { JSON_DEPTH_MAX = 512 };
MUST_CHECK enum err json_read(
	struct str text, enum json_read_flags flags, json_t **out, struct buf *why);

/* The text of a string, its memory; STR_NONE for anything else, NULL too. */
struct str json_text(const json_t *value);

/* Member `key` as text, number or truth; the fallback when absent, null or of another type. */
struct str json_get_text(const json_t *object, const char *key); /* STR_NONE; its memory */
int64_t json_get_int(const json_t *object, const char *key, int64_t fallback);
double json_get_real(const json_t *object, const char *key, double fallback);
bool json_get_truth(const json_t *object, const char *key, bool fallback);

/* Compact, appended to `out`. */
void json_print(struct buf *out, const json_t *value);

#endif
