/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the last word of a command line may become, read off the tables.
 */
#ifndef WEIR_VERB_COMPLETING_H
#define WEIR_VERB_COMPLETING_H

#include "core/verb/verb.h"

/* `words` begin with the verb; the last one is being typed and may be empty. One candidate a line,
 * with a tab and a sentence where there is one. */
void complete_words(
	struct engine *e, size_t count, const char *const *words, struct buf *out);

#endif
