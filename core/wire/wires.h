/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The wires there are.
 */
#ifndef WEIR_WIRE_WIRES_H
#define WEIR_WIRE_WIRES_H

#include "core/wire/wire.h"

/* NULL when there is none of that name. */
const struct wire *wire_find(struct str name);

#endif
