/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The wires there are.
 */
#ifndef WEIR_WIRE_WIRES_H
#define WEIR_WIRE_WIRES_H

#include "core/wire/wire.h"

/* NULL when there is none of that name. */
const struct wire *wire_find(struct str name);

/* Which members of models.*.params a request to it does not carry as they stand: the wire writes
 * them itself, or the model rejects them. "temperature, stop"; nothing is added when there are
 * none. Learned from a request, so it is true of all. */
void wire_left_out(const struct model *model, struct buf *names);

#endif
