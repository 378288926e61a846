/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which passage answers a question. A score of its own, not the router's: words weighted by how
 * rare they are (BM25, Robertson and Zaragoza 2009, fields added before saturation), neighbouring
 * words as a term of their own, a customer's word for the document's at a discount.
 */
#ifndef WEIR_SIM_SEARCH_H
#define WEIR_SIM_SEARCH_H

#include "core/sim/kb.h"

struct search;

/* The knowledge base must outlive it. Never fails. */
struct search *search_open(const struct kb *kb);
void search_close(struct search **search);

struct hit {
	const struct kb_passage *passage;
	double score;
	double cover; /* the share of the question's meaning found in it or its document, 0 to 1 */
};

/* The best passages first, at most `max`; the number of them. `given` is text of the request in
 * which passages may be named ("auto-policy#4"): those come first among near equals. */
size_t search_find(const struct search *search, struct str question, struct str given,
	struct hit *hits, size_t max);

/* Whether the documents say something about what was asked. */
bool search_is_answer(const struct hit *hit);

/* How well each piece of the passage fits the question; for picking what to quote. `fits` has room
 * for passage->pieces.len numbers. */
void search_fit(const struct search *search, struct str question,
	const struct kb_passage *passage, double *fits);

#endif
