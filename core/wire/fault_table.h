/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What providers' codes and words mean, as one table that is read from its top: the first row that
 * fits decides. What is about money stands first, because it comes in the clothes of everything
 * else (a 400, a 403, a 429 with a code about pace); what says little stands last, and counts only
 * where the status says as little.
 *
 * Sources: reference pages and client libraries of the providers, error bodies seen in the field.
 */
#ifndef WEIR_WIRE_FAULT_TABLE_H
#define WEIR_WIRE_FAULT_TABLE_H

#include "core/wire/wire.h"

/* An error as the provider told it; empty where it did not say. */
struct fault_words {
	struct str code, type, param, message;
};

/* FAULT_NONE when no row fits. `vague`: also the rows that say little. */
enum wire_fault fault_find(const struct fault_words *words, bool vague);

#endif
