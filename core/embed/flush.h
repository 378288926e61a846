/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers too small for the exponent count as zero while models run: with them a multiplication
 * takes a hundred times as long (reference: 38 ns against 0.3 ns). The thread's mode is put back.
 */
#ifndef WEIR_EMBED_FLUSH_H
#define WEIR_EMBED_FLUSH_H

#include "core/base/base.h"

struct flush {
	uint64_t before;
};

struct flush flush_begin(void);
void flush_end(struct flush flush);

#endif
