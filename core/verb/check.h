/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weir model check: what the models in reach really do, by small calls (core/steps/probe.h).
 */
#ifndef WEIR_VERB_CHECK_H
#define WEIR_VERB_CHECK_H

#include "core/verb/verb.h"

/* Operands after "check": models; none: all in reach. */
MUST_CHECK enum err check_run(struct command *c, struct buf *why);

#endif
