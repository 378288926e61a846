/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A piece of text that somebody else owns: pointer and length, no terminator promised.
 * `ptr == NULL` means "no text" (null in JSON and SQL), which is not the same as an empty one.
 */
#ifndef WEIR_BASE_STR_H
#define WEIR_BASE_STR_H

#include "core/base/base.h"

struct str {
	const char *ptr;
	size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })

/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

struct str str_of(const char *text); /* text may be NULL: no text */
struct str str_part(struct str s, size_t from, size_t len); /* clipped to s */

bool str_is(struct str s, const char *text);
bool str_eq(struct str a, struct str b); /* no text equals only no text */
int str_cmp(struct str a, struct str b); /* by bytes */
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);

/* Without regard to the case of A-Z. */
bool str_is_nocase(struct str s, const char *text);
bool str_starts_nocase(struct str s, const char *prefix);

/* Where `needle` begins in `s`, or s.len. */
size_t str_find(struct str s, struct str needle);
size_t str_find_char(struct str s, char c);

/* Without the blanks, tabs and line ends around it. */
struct str str_trim(struct str s);

/* Takes the text before the first `sep` off the front of `*rest`; false when `*rest` is used up
 * (it is "no text" then). "a,,b" gives "a", "", "b"; an empty text gives one empty piece. */
bool str_cut(struct str *rest, char sep, struct str *piece);

/* The whole text as a number; false (and *out untouched) for anything else. */
bool str_to_int(struct str s, int64_t *out);
bool str_to_real(struct str s, double *out); /* finite only */

/* How far apart two words are: insertions, deletions, substitutions and swaps of neighbours
 * (optimal string alignment). Words over 64 bytes count as 64 apart. */
size_t str_distance(struct str a, struct str b);

/* FNV-1a, 64 bits: for tables in memory, never stored. */
uint64_t str_hash(struct str s);

#endif
