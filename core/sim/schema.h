/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values that satisfy a JSON Schema, out of the evidence of a request: types, enum, const, anyOf,
 * $ref inside the document, minimum and maximum, lengths and item counts. What it does not know
 * (pattern, format beyond date and email, dependencies) it does not try to meet.
 */
#ifndef WEIR_SIM_SCHEMA_H
#define WEIR_SIM_SCHEMA_H

#include "core/base/json_write.h"
#include "core/sim/evidence.h"

#include <jansson.h>

/* Writes one value. */
void schema_fill(struct json_writer *w, const json_t *schema, struct evidence *evidence);

/* Whether the text holds what the required members ask for: a number for a number, an id for an
 * id. Decides whether a tool can be called at all. */
bool schema_can_fill(const json_t *schema, const struct evidence *evidence);

#endif
