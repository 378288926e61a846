/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * OpenAI chat completions, as openai/openai-openapi describes them and as the many compatible
 * servers really send them.
 */
#ifndef WEIR_WIRE_OPENAI_H
#define WEIR_WIRE_OPENAI_H

#include "core/wire/wire.h"

extern const struct wire wire_openai;

#endif
