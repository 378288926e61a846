/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Making folders and files for their owner alone, and durably: after a power cut they are there, or
 * they are as they were before.
 */
#ifndef WEIR_BASE_SAVE_H
#define WEIR_BASE_SAVE_H

#include "core/base/buf.h"
#include "core/base/err.h"

/* What errno means for what was to be written at `path`, with the mend. */
enum err save_fail(int error, const char *path, struct buf *why);

/* The folder, with those that it stands in; and the one that `path` stands in. 0 or errno. */
int save_folder(const char *folder);
int save_folder_of(const char *path);

/* The entry of `path` in its folder is on the disk when this returns. */
void save_sync(const char *path);

/* Replaces or makes the file at once, with the mode of the one before; 0 or errno. */
int save_file(const char *path, struct str text);

#endif
