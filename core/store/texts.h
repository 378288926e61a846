/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists of texts as they are stored: a JSON array of strings. The file may be damaged, so reading
 * takes what is whole up to the first fault and never fails.
 */
#ifndef WEIR_STORE_TEXTS_H
#define WEIR_STORE_TEXTS_H

#include "core/base/buf.h"
#include "core/base/vec.h"

void texts_write(struct buf *out, const struct texts *texts);
void texts_read(struct arena *arena, struct str json, struct texts *texts);

#endif
