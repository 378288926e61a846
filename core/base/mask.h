/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hides a secret in text that somebody else wrote and that may repeat it: wherever it stands, whole
 * or cut off after MASK_FRONT_MIN bytes, in one piece or in many, asterisks come out instead.
 */
#ifndef WEIR_BASE_MASK_H
#define WEIR_BASE_MASK_H

#include "core/base/buf.h"

/* So much of the front is worth hiding; less is what all keys of a vendor begin with. */
enum { MASK_FRONT_MIN = 16, MASK_SECRET_MAX = 8192 };

struct mask {
	const char *secret; /* not copied; empty or NULL: everything passes */
	size_t len;
	struct buf held;    /* what may be the beginning of it */
};

void mask_begin(struct mask *m, const char *secret);
void mask_feed(struct mask *m, struct str piece, struct buf *out);
void mask_end(struct mask *m, struct buf *out); /* lets go what is held, and the memory */

/* A whole text, in its place. */
void mask_text(struct buf *text, const char *secret);

#endif
