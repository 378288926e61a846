/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An embedder: text to a vector of unit length, computed here. One interface over the families
 * (a table of words of our own, Model2Vec tables, BERT), each a file with a row in embedder.c.
 *
 * A vector belongs to the embedder that made it: `id` names weights, vocabulary and pooling, and
 * vectors of two ids are never compared.
 *
 * An embedder is read-only once open and may serve several threads, each with an embed_work of its
 * own; after the first call with the longest text nothing is allocated any more.
 */
#ifndef WEIR_EMBED_EMBEDDER_H
#define WEIR_EMBED_EMBEDDER_H

#include "core/base/buf.h"
#include "core/base/err.h"

struct embedder;
struct embed_work; /* scratch of one thread */

/* Some models want a few words before a question, or before a text to be found. */
enum embed_role { EMBED_QUERY, EMBED_PASSAGE };

struct embedder_info {
	struct str id;        /* "weir-64:5f3a09c2": the same weights, the same id */
	struct str family;    /* "table", "static", "bert" */
	int dims;
	int tokens_max;       /* of a text; what is beyond is not read */
	double threshold;     /* the cosine from which two questions pass for one; NaN: not known */
};

/* Opens a folder in Hugging Face's layout, or a table of our own. ERR_CORRUPT with the file, what
 * is wrong there and the mend. */
MUST_CHECK enum err embedder_open(struct embedder **embedder, const char *path, struct buf *why);
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

#endif
