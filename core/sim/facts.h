/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a tool answered, said in a sentence.
 */
#ifndef WEIR_SIM_FACTS_H
#define WEIR_SIM_FACTS_H

#include "core/base/buf.h"

/* "According to our records the holder is Ortiz and the deductible is 500." False, and nothing
 * added, when the result is empty. */
bool facts_say(struct buf *out, struct str result);

/* Whether the tool reported an error. */
bool facts_are_error(struct str result);

#endif
