/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a teacher, any embedder, says of a batch of texts.
 *
 * Its vectors are turned at random before they become targets: cosines stay as they are (where it
 * has more dimensions than we, about so), and no number of the teacher's is a number of ours.
 *
 * Texts are drawn so that rare words are met as often as common ones. Half of them are one to
 * three words that have nothing to do with each other: what each means and weighs. A quarter are
 * texts, and a quarter these texts changed a little, which shows what each of their words weighs.
 */
#ifndef WEIR_EVAL_TEACHING_H
#define WEIR_EVAL_TEACHING_H

#include "core/embed/embedder.h"
#include "core/eval/lessons.h"
#include "core/eval/table_model.h"

struct teaching {
	size_t teacher_dims;
	float *vectors; /* the teacher's, of the texts of a batch: texts x teacher_dims */
	float *targets; /* turned: texts x dims */
	/* private from here */
	const struct embedder *teacher;
	struct embed_work *work;
	const struct lessons *lessons;
	const struct keys *keys;
	struct rng *rng;
	struct arena arena;
	size_t dims;
	float *turn;	 /* dims x teacher_dims */
	uint32_t *words; /* the known words among all that is known */
	size_t word_count;
	uint32_t *postings; /* POSTINGS for each known word: places in the pool */
	uint32_t *posted;   /* how many texts each known word was met in */
	struct buf scratch;
};

/* All of it outlives the teaching. `most` texts in a batch. */
struct teaching *teaching_new(const struct embedder *teacher, const struct lessons *lessons,
	const struct table_model *model, size_t most, struct rng *rng);
void teaching_free(struct teaching **t);

/* Draws `count` texts, adds them to the batch, and asks the teacher: text i of those added has
 * row i of vectors and targets. */
void teaching_add(struct teaching *t, struct table_batch *batch, size_t count);

#endif
