/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * BERT's forward pass (Devlin et al., 2018) and DistilBERT's, which is the same without segments:
 * ids of tokens in, a state for each token out. Knows nothing of text.
 *
 * Texts of a call stand one after another without padding, so that a batch costs what its tokens
 * cost. Products go over all of them, attention over each. What comes after attention goes
 * BERT_BLOCK rows at a time, so that the wide inner states stay in the second cache.
 */
#ifndef WEIR_EMBED_BERT_H
#define WEIR_EMBED_BERT_H

#include "core/embed/folder.h"

enum { BERT_CHUNK = 256, BERT_BLOCK = 64 }; /* tokens of a call; rows at a time */

struct bert_norm {
	float *gamma, *beta;
};

struct bert_layer {
	struct packed qkv, out, up, down;
	struct bert_norm attended, done;
};

struct bert {
	const struct kernel *kernel;
	size_t hidden, inner, heads, layers_count, positions, vocabulary;
	float epsilon;
	enum activation activation;
	void *words;      /* kernel_keep_row() */
	float *places;    /* positions, the first segment added; kernel_stride(hidden) apart */
	struct bert_norm embedded;
	struct bert_layer *layers;

	/* A head that classifies the first token: outer.outer is the number of classes; 0: none. */
	struct packed head, classes;
	enum activation head_activation;
};

/* All weights are copied: the folder may be closed. ERR_CORRUPT with the tensor and the reason. */
MUST_CHECK enum err bert_load(struct bert **bert, const struct model_folder *folder,
	const struct kernel *kernel, struct buf *why);

/* A model of these sizes with weights from a seed, for benchmarks: the same in all kernels. */
struct bert *bert_random(const struct model_config *config, const struct kernel *kernel);
void bert_free(struct bert **bert);

/* Whether the architecture is one that bert_load knows. */
bool bert_knows(struct str architecture);

struct bert_work {
	size_t rows;                         /* that fit */
	float *states, *qkv, *attended, *inner, *scratch;
};

/* For calls of up to `rows` tokens. */
struct bert_work *bert_work_new(const struct bert *bert, size_t rows);
void bert_work_free(struct bert_work **work);

/* `ids` of all texts, in [0, vocabulary); `lengths` of each, in [1, positions], together at most
 * work->rows. The states of the last layer are in work->states, rows of kernel_stride(hidden). */
void bert_run(const struct bert *bert, struct bert_work *work, const int32_t *ids,
	const size_t *lengths, size_t texts);

/* The head over one text's states: a number for each class. */
void bert_classify(const struct bert *bert, struct bert_work *work, float *logits);

#endif
