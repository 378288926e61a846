/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file's bytes, mapped for reading: nothing is copied, and processes share the pages.
 *
 * Mapped files are replaced by renaming a new one over them (as downloads and packages do), never
 * rewritten in place: a file that is cut off while it is mapped ends the program (SIGBUS) when its
 * lost pages are read. Who can take what is needed at once, as models that pack their weights do,
 * closes the mapping again.
 */
#ifndef WEIR_EMBED_MAPPED_H
#define WEIR_EMBED_MAPPED_H

#include "core/base/buf.h"
#include "core/base/err.h"

struct mapped {
	struct str bytes; /* begins at a page; STR_NONE: closed, or an empty file */
};

/* ERR_NOT_FOUND, ERR_IO (no plain file, not allowed) or ERR_TOO_BIG past `most` bytes. */
MUST_CHECK enum err mapped_open(struct mapped *m, const char *path, size_t most, struct buf *why);
void mapped_close(struct mapped *m);

#endif
