/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files that people write: small, read whole into a buffer whose ceiling is their limit.
 */
#ifndef WEIR_BASE_FILE_H
#define WEIR_BASE_FILE_H

#include "core/base/buf.h"

/* Appends what is in it; 0, or the errno that stopped it: EFBIG past the buffer's ceiling. */
int file_read(const char *path, struct buf *text);

/* "there is no such file", fit to stand behind its name. */
const char *file_error(int error);

#endif
