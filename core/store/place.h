/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a file of the store is: making it and its folder for its owner alone, and durably (the
 * names reach the disk too). A file that is already there is never opened here: closing it would
 * drop the locks that SQLite holds on it in this process.
 */
#ifndef WEIR_STORE_PLACE_H
#define WEIR_STORE_PLACE_H

#include "core/base/buf.h"
#include "core/base/err.h"

/* ERR_NOT_FOUND when it is to exist and does not; ERR_IO when it is no regular file. */
MUST_CHECK enum err place_prepare(const char *path, bool must_exist, struct buf *why);

/* The size in bytes, with what SQLite keeps beside it. */
int64_t place_size(const char *path);

#endif
