/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Measured figures, each with its name and its sentence: the text, the JSON and their order come
 * from one table.
 */
#ifndef WEIR_VERB_FIGURES_H
#define WEIR_VERB_FIGURES_H

#include "core/verb/verb.h"

struct figure {
	const char *name, *say;
	double value;  /* NaN: not measured */
	int decimals;
};

/* With --json as one object; otherwise a line each under a line about the machine. */
void figures_say(struct command *c, const struct figure *figures, size_t count);

/* The line about the machine. */
void figures_say_machine(struct command *c);

#endif
