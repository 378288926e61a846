/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Anthropic's messages, as platform.claude.com/docs describes them and as the servers that are
 * compatible with it really send them.
 *
 * `kept` of an answer is a JSON array of its thinking blocks, redacted ones too, as they came.
 */
#ifndef WEIR_WIRE_ANTHROPIC_H
#define WEIR_WIRE_ANTHROPIC_H

#include "core/wire/wire.h"

extern const struct wire wire_anthropic;

#endif
