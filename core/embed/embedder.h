/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An embedder: text to a vector of unit length, computed here. One interface over the families
 * (a table of words of our own, Model2Vec tables, BERT), each a file with a row in families.h.
 *
 * A vector belongs to the embedder that made it: `id` names weights, vocabulary, pooling and
 * prompts, and vectors of two ids are never compared.
 *
 * An embedder is read-only once open and may serve several threads, each with an embed_work of its
 * own; nothing is allocated after embed_work_new.
 */
#ifndef WEIR_EMBED_EMBEDDER_H
#define WEIR_EMBED_EMBEDDER_H

#include "core/base/buf.h"
#include "core/base/err.h"

struct embedder;
struct embed_work; /* scratch of one thread */

/* Some models want a few words before a question, or before a text to be found. */
enum embed_role { EMBED_QUERY, EMBED_PASSAGE };

/* How weights are kept: F16 gives what F32 gives to 1e-6; INT8 is faster and gives vectors of an
 * id of their own. */
enum embed_precision { EMBED_FP16, EMBED_INT8 };

struct embedder_options {
	enum embed_precision precision;
	const char *kernel; /* one of kernel.h by name, for tests; NULL: the best */
};

struct embedder_info {
	struct str id;        /* "weir-64:5f3a09c2": the same weights, the same id */
	struct str family;    /* "table", "static", "bert" */
	struct str kernel;    /* which arithmetic runs it: "avx2"; STR_NONE: there is one only */
	int dims;
	int tokens_max;       /* of a text; what is beyond is not read */
	double threshold;     /* the cosine from which two questions pass for one; NaN: not known */
	const struct str *classes; /* of a head that classifies; NULL: none */
	int class_count;
};

/* Opens a folder in Hugging Face's layout, or a table of our own. ERR_CORRUPT with the file, what
 * is wrong there and the mend. `options` may be NULL. */
MUST_CHECK enum err embedder_open(struct embedder **embedder, const char *path,
	const struct embedder_options *options, struct buf *why);
void embedder_close(struct embedder **embedder);

const struct embedder_info *embedder_info(const struct embedder *embedder);

struct embed_work *embed_work_new(const struct embedder *embedder);
void embed_work_free(struct embed_work **work);

/* `vector` has info->dims floats. A text without a single known word gives zeros: it is like
 * nothing, itself included. */
void embed_text(const struct embedder *embedder, struct embed_work *work, enum embed_role role,
	struct str text, float *vector);

/* Many at once: vectors[i] begins at i * dims. */
void embed_texts(const struct embedder *embedder, struct embed_work *work, enum embed_role role,
	const struct str *texts, size_t count, float *vectors);

/* Models with a head: a number for each of info->classes, before any softmax. */
void embed_classify(const struct embedder *embedder, struct embed_work *work, struct str text,
	float *logits);

#endif
