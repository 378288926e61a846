/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weir bench embed, a row of bench.c.
 */
#ifndef WEIR_VERB_BENCH_EMBED_H
#define WEIR_VERB_BENCH_EMBED_H

#include "core/verb/verb.h"

enum err bench_embed_run(struct command *c, struct buf *why);

#endif
