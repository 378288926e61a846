/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files that a verb writes whole. Errors (FULL, IO, REFUSED) name the file and say what is the
 * matter.
 */
#ifndef WEIR_VERB_PUT_H
#define WEIR_VERB_PUT_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/err.h"

/* A new file of mode 0600, its folders too; ERR_REFUSED when one is there, unless `force`. */
MUST_CHECK enum err put_file(const char *file, struct str text, bool force, struct buf *why);

/* Replaces a file at one stroke: what reads it sees the old one or the new one. The old one stays
 * as FILE.bak. */
MUST_CHECK enum err put_file_anew(
	struct arena *arena, const char *file, struct str text, struct buf *why);

#endif
