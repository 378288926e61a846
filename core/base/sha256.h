/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SHA-256 (FIPS 180-4), fed in pieces of any size:
 *
 *	struct sha256 sum;
 *	sha256_begin(&sum);
 *	sha256_feed(&sum, piece);
 *	sha256_end(&sum, hex);
 */
#ifndef WEIR_BASE_SHA256_H
#define WEIR_BASE_SHA256_H

#include "core/base/str.h"

enum { SHA256_BLOCK = 64, SHA256_HEX = 64 };

struct sha256 {
	uint32_t state[8];
	uint64_t len; /* bytes so far */
	unsigned char block[SHA256_BLOCK];
};

void sha256_begin(struct sha256 *s);
void sha256_feed(struct sha256 *s, struct str bytes);
void sha256_end(struct sha256 *s, char hex[SHA256_HEX + 1]);

/* Whether a text is one as it is written: 64 digits in lower case. */
bool sha256_is_hex(struct str text);

#endif
