/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Questions as customers put them, with the document that answers them.
 */
#ifndef WEIR_TESTS_SIM_QUESTIONS_H
#define WEIR_TESTS_SIM_QUESTIONS_H

#include <stddef.h>

struct question {
	const char *doc, *text;
};

/* Two for each document; the weights of the search were set while looking at them. */
extern const struct question questions_known[];
extern const size_t questions_known_count;

/* One for each document, written before their first run and not used to set anything. */
extern const struct question questions_fresh[];
extern const size_t questions_fresh_count;

/* What the documents do not answer. */
extern const char *const questions_foreign[];
extern const size_t questions_foreign_count;

#endif
