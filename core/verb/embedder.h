/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weir model embedder list | use NAME | fetch NAME | check [NAME]
 */
#ifndef WEIR_VERB_EMBEDDER_H
#define WEIR_VERB_EMBEDDER_H

#include "core/verb/verb.h"

/* Its operands begin at the second one; its options are json, force, sha256. */
MUST_CHECK enum err embedder_run(struct command *c, struct buf *why);

#endif
