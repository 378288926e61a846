/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a training may learn from: the texts of a corpus without the part that is held back
 * (split.h) and without copies of it elsewhere, whatever their case and punctuation.
 *
 * The texts belong to the corpus.
 */
#ifndef WEIR_EVAL_LESSONS_H
#define WEIR_EVAL_LESSONS_H

#include "core/base/rng.h"
#include "core/eval/corpus.h"

/* An intent: its texts are members[from] to members[from + count], two at least. */
struct lesson {
	size_t from, count;
	int file;
};

struct lessons {
	struct arena arena;
	const struct corpus *corpus;
	enum hold hold;
	struct texts pool; /* all texts, both sides of pairs too; long ones in pieces */
	struct texts members;
	VEC(struct lesson) list;
	VEC(struct corpus_pair) pairs;
};

void lessons_gather(struct lessons *l, const struct corpus *corpus, enum hold hold);
void lessons_release(struct lessons *l);

/* Brings `most` lessons, or as many as there are, none twice, to the front of the list. */
size_t lessons_draw(struct lessons *l, struct rng *rng, size_t most);

#endif
