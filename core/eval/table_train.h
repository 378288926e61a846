/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Training a table of words: a step at a time, so that whoever trains can show how far it is and
 * stop it. The same recipe, corpus and seed give the same table on the same machine; another
 * processor may round the sums of BLAS otherwise.
 *
 * First a teacher, if there is one, shows the table how texts lie to each other (only cosines are
 * taken from it: the table begins at random and stays in a space of its own). Then the losses of
 * losses.h together: texts of one intent lie close, changed copies of a text too unless the change
 * matters, scored pairs are in the order of their scores, and the teacher's geometry is kept.
 * What the corpus does not have is left out: no pairs, no order; no teacher, no teaching.
 */
#ifndef WEIR_EVAL_TABLE_TRAIN_H
#define WEIR_EVAL_TABLE_TRAIN_H

#include "core/embed/embedder.h"
#include "core/eval/corpus.h"

struct table_train;

/* All of it outlives the training; `teacher` may be NULL. ERR_CONFIG when there is nothing to
 * learn from what is not held back. */
MUST_CHECK enum err table_train_new(struct table_train **t, const struct recipe *recipe,
	const struct corpus *corpus, const struct embedder *teacher, enum hold hold,
	struct buf *why);
void table_train_free(struct table_train **t);

/* One step; false when there is none left. */
bool table_train_step(struct table_train *t);

size_t table_train_done(const struct table_train *t); /* steps */
size_t table_train_all(const struct table_train *t);

/* The table as it stands: a file (core/embed/word_table.h). */
void table_train_write(const struct table_train *t, double threshold, struct buf *out);

#endif
