/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weir model prices: the prices in force, and the import of a public table.
 */
#ifndef WEIR_VERB_PRICES_H
#define WEIR_VERB_PRICES_H

#include "core/verb/verb.h"

/* Operands after "prices": none, or "import FILE [MODEL...]". */
MUST_CHECK enum err prices_run(struct command *c, struct buf *why);

#endif
