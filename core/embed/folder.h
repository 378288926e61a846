/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A model on disk: a folder as Hugging Face lays it out, or a single file of tensors. What its
 * small files say is read and checked here; which family can run it is families.c's question.
 *
 *	model.safetensors                 the weights
 *	config.json                       architecture and sizes (absent: a static table)
 *	modules.json                      what follows the model; Dense and the like are refused
 *	1_Pooling/config.json             mean (the default) or cls
 *	sentence_bert_config.json         max_seq_length
 *	config_sentence_transformers.json prompts: words before a query or a passage
 */
#ifndef WEIR_EMBED_FOLDER_H
#define WEIR_EMBED_FOLDER_H

#include "core/embed/kernel.h"
#include "core/embed/safetensors.h"

enum pooling { POOL_MEAN, POOL_CLS };

/* Sizes that no model of these families passes; they bound every product. */
enum {
	MODEL_WIDTH_MAX = 8192,
	MODEL_LAYERS_MAX = 256,
	MODEL_TOKENS_MAX = 8192,
	MODEL_VOCABULARY_MAX = 4 * 1024 * 1024
};

/* config.json; each name of a size has a row in folder.c, with the names that families use. */
struct model_config {
	struct str architecture;       /* STR_NONE: there is no config.json */
	size_t hidden, layers, heads, inner, positions, types, vocabulary; /* 0: not there */
	double epsilon;                /* of layer norm */
	enum activation activation;    /* ACT_NONE: one that is not known */
	bool positions_are_absolute;
	struct texts labels;           /* id2label, by id; none: no head */
};

struct model_folder {
	struct arena arena;
	const char *path;              /* of the folder; of the file where it is one */
	bool is_folder;
	struct str name;               /* its last part: "all-MiniLM-L6-v2" */
	struct safetensors weights;
	struct model_config config;
	enum pooling pooling;
	size_t tokens_max;             /* 0: as many as there are positions */
	struct str query, passage;     /* the words before; empty: none */
};

/* ERR_NOT_FOUND, ERR_CORRUPT and the like, with the file, what is wrong there and the mend. */
MUST_CHECK enum err folder_open(struct model_folder *f, const char *path, struct buf *why);
void folder_close(struct model_folder *f);

/* Whether config.json has all sizes of a transformer, in bounds; ERR_CORRUPT names the one that
 * is not. */
MUST_CHECK enum err folder_check_config(struct model_folder *f, struct buf *why);

/* A file inside the folder, as a path in its arena. */
const char *folder_file(struct model_folder *f, const char *name);

/* The tensor `prefix` + `name` (STR_NONE prefix: none), which must have this shape (`columns` 0:
 * rank 1); ERR_CORRUPT says what is there instead. */
MUST_CHECK enum err folder_tensor(const struct model_folder *f, const char *prefix,
	const char *name, size_t rows, size_t columns, const struct tensor **tensor,
	struct buf *why);

#endif
