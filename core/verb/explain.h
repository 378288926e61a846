/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A decision in words. Texts of others stand in it cleaned, each in one line, so
 * that none can pass for a line of ours.
 */
#ifndef WEIR_VERB_EXPLAIN_H
#define WEIR_VERB_EXPLAIN_H

#include "core/record/decision.h"

/* Step by step, a line or a few each. `digits` of its short id; 0: it has none yet. */
void explain_decision(struct buf *out, const struct decision *d, size_t digits);

/* One line: model, cost, time, saving, short id. Needs at least one attempt. */
void explain_receipt(struct buf *out, const struct decision *d, size_t digits);

#endif
