/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a provider's error is about, whatever wire it came over: the kinds as one table (wire.h),
 * each with the mend. A status says less than it seems (a 429 is about pace, or about money, or
 * about a request that can never fit), so code, type and words are read first (fault_table.h).
 */
#ifndef WEIR_WIRE_FAULT_H
#define WEIR_WIRE_FAULT_H

#include "core/wire/fault_table.h"

/* Fills answer->fault, answer->error (the words, and code and parameter where the words do not hold
 * them) and what they say of limits. `status` is that of HTTP, or the error's own inside a 200. */
void fault_tell(struct wire_answer *answer, int status, const struct fault_words *words);

/* What is known from the status alone. */
enum wire_fault fault_of_status(int status);

/* "overloaded" */
const char *fault_what(enum wire_fault fault);

/* "is the key in $OPENAI_API_KEY right, and still valid?" */
void fault_add_mend(struct buf *out, enum wire_fault fault, const struct model *model);

/* Whether it is worth trying the same again, later, by itself. */
bool fault_passes(enum wire_fault fault);

#endif
