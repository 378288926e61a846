/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sanitiser that stands before every display: whatever a provider, a file, a server's error
 * or a label says, no control byte but newline and tab comes out, for any input and any chunking,
 * and nothing invisible or reordering passes unseen.
 *
 *	ill-formed UTF-8                       U+FFFD
 *	C0 controls but \n and \t, DEL         ^X  (ESC becomes "^[": no sequence can begin)
 *	C1 controls U+0080..009F               <9B>
 *	\r\n                                   \n; a lone \r is ^M
 *	bidi controls, zero-width characters, soft hyphen, U+2028/2029, BOM, tag characters,
 *	variation selectors, other default-ignorable code points and format characters,
 *	noncharacters                          <U+202E>
 *	private use                            <U+E000>
 *	combining marks after CLEAN_MARKS_MAX on one base: dropped
 *
 * Every such replacement counts in `found`; what one_line does to \n and \t does not. Cleaning what
 * is clean changes nothing and finds nothing. When `out` reaches its ceiling it is cut between
 * two code points, never inside a chip. The original belongs into the store and --json, not here.
 */
#ifndef WEIR_BASE_CLEAN_H
#define WEIR_BASE_CLEAN_H

#include "core/base/buf.h"

enum {
	CLEAN_MARKS_MAX = 4, /* combining marks that one base character keeps */
	CLEAN_HELD_MAX = 4   /* bytes kept back between two feeds */
};

struct clean {
	bool one_line;                      /* for table cells: \n is ^J and \t a blank */
	size_t found;                       /* replacements so far */
	unsigned char held[CLEAN_HELD_MAX]; /* an unfinished code point, or a \r */
	size_t held_len;
	size_t marks;                       /* on the base before; what begins a text is one too */
};

void clean_begin(struct clean *c, bool one_line);
void clean_feed(struct clean *c, struct str bytes, struct buf *out);
void clean_end(struct clean *c, struct buf *out);

/* A whole text at once; the number of replacements. */
size_t clean_text(struct str text, struct buf *out);
size_t clean_line(struct str text, struct buf *out); /* as one line */

#endif
