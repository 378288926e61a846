/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fetching a model's folder from a hub: file by file into NAME.part beside its place, and there by
 * one rename when all of them have come, their sums agree and the model opens. What an interrupt
 * or a cut leaves in NAME.part is gone on from.
 */
#ifndef WEIR_VERB_FETCH_H
#define WEIR_VERB_FETCH_H

#include "core/embed/known.h"
#include "core/verb/verb.h"

struct fetch_request {
	const struct known_model *known; /* NULL: one that only the hub knows */
	struct str repository;		 /* "ORG/NAME" */
	const char *sha256;		 /* of the weights; NULL: the known one, or none */
	bool again;			 /* also where it is already */
};

/* The command waits, and ends with the fetch. */
MUST_CHECK enum err fetch_begin(
	struct command *c, const struct fetch_request *request, struct buf *why);

/* Whether the model agrees with what is known of it: the cosines of its pairs. *checked counts
 * them. */
MUST_CHECK enum err fetch_check_pairs(const struct known_model *known,
	const struct embedder *embedder, size_t *checked, struct buf *why);

#endif
