/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table of words while it is trained: float rows, their gradients, Adam, and what a batch of
 * texts draws from them.
 *
 * A text is the sum of its words and of its known bigrams, scaled to length 1. A word is the sum
 * of its pieces' rows over the root of their number, plus its own row where it is known; in
 * training a known word now and then counts as unknown (`word_drop`), so that the pieces learn to
 * stand for it, and a bigram is left out (`bigram_drop`), so that the words do. table_train_write()
 * folds the pieces of known words into their rows: the shipped table then needs pieces only for
 * words it does not know.
 *
 * Reference for the optimiser: Kingma and Ba, "Adam", 2015; only rows that a batch touched move,
 * and each counts its own steps.
 */
#ifndef WEIR_EVAL_TABLE_MODEL_H
#define WEIR_EVAL_TABLE_MODEL_H

#include "core/base/rng.h"
#include "core/embed/keys.h"
#include "core/embed/words.h"

struct table_model {
	size_t dims, known, grams; /* row i of the known, then of the grams */
	struct keys keys;
	float bigram_weight, word_drop, bigram_drop;
	bool pieces_rest;		      /* rows of grams take no gradient */
	float *rows, *first, *second, *grads; /* (known + grams) x dims; Adam's two averages */
	uint32_t *steps;		      /* of each row */
	bool *is_touched;
	uint32_t *touched;
	size_t touched_count;
};

/* `keys`, sorted, are the words and bigrams known, the caller's. Rows of grams and words begin
 * at random, those of bigrams at zero (`is_bigram` by place). */
struct table_model *table_model_new(size_t dims, const uint32_t *keys, size_t known,
	const bool *is_bigram, size_t grams, struct rng *rng);
void table_model_free(struct table_model **model);

/* One step of Adam for the touched rows; their gradients are zero again. */
void table_model_update(struct table_model *m, float rate);

/* ---- a batch ---------------------------------------------------------------------------- */

struct batch_word; /* a word of the batch, or a bigram */

struct table_batch {
	struct table_model *model;
	struct rng *rng; /* draws what is left out; NULL: nothing is */
	size_t texts, texts_max;
	float *vectors, *grads; /* texts x dims; of unit length, and d loss / d vector */
	float *lengths;
	/* private from here */
	size_t *from; /* text i has items[from[i]] to items[from[i + 1]] */
	uint32_t *items;
	size_t items_cap;
	struct batch_word *words;
	size_t word_count, word_cap;
	float *word_vectors, *word_grads;
	uint32_t *grams;
	size_t gram_count, gram_cap;
	uint32_t *slots; /* words by key; as large as a power of two */
	size_t slot_count;
};

struct table_batch *table_batch_new(struct table_model *model, size_t texts_max);
void table_batch_free(struct table_batch **batch);

void table_batch_clear(struct table_batch *b);
size_t table_batch_add(struct table_batch *b, struct str text); /* its place */

/* The vectors of all texts added; grads become zero. */
void table_batch_forward(struct table_batch *b);

/* Takes `grads` back to the model's rows. */
void table_batch_backward(struct table_batch *b);

#endif
