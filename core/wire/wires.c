/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of wires. */
#include "core/wire/wires.h"

#include "core/wire/anthropic.h"
#include "core/wire/openai.h"

static const struct wire *const wires[] = { &wire_openai, &wire_anthropic };

const struct wire *wire_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(wires); i++)
		if (str_is(name, wires[i]->name))
			return wires[i];
	return NULL;
}
