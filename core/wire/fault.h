/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a provider's error is about, whatever wire it came over: the kinds as one table, each with
 * the mend. A status says less than it seems (a 429 is about pace, or about money, or about a
 * request that can never fit), so code, type and words are read as well.
 */
#ifndef WEIR_WIRE_FAULT_H
#define WEIR_WIRE_FAULT_H

#include "core/wire/wire.h"

/* An error as the provider told it; empty where it did not say. */
struct fault_words {
	struct str code, type, param, message;
};

/* Fills answer->fault and answer->error: the words, and the code where the words do not hold it. */
void fault_tell(struct wire_answer *answer, int status, const struct fault_words *words);

/* What is known from the status alone. */
enum wire_fault fault_of_status(int status);

/* "check the API key" */
const char *fault_mend(enum wire_fault fault);

/* Whether the same request may succeed later. */
bool fault_passes(enum wire_fault fault);

#endif
