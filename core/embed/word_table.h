/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The family "table": a table of our own of hashed words, pieces of words, and pairs of words. It
 * knows no network: a text is a sum of rows.
 *
 * The file is safetensors, so it is mapped and nothing is copied:
 *
 *	keys         U32 [known]          word_key() and bigram_key() of what is known, rising
 *	known.scale  F32 [known]          a row is scale x 64 small numbers
 *	gram.scale   F32 [grams]
 *	known.rows   I8  [known, dims]
 *	gram.rows    I8  [grams, dims]
 *
 * and in its metadata "format" "weir-table", "hash" (HASH_VERSION), "id", and "threshold".
 *
 * A word that is known adds its row; one that is not adds the rows of its pieces, over the root of
 * their number; two words in a row that are known as a pair add that pair's row. The sum is scaled
 * to length 1. So 12 words cost about 12 + 11 rows, 1,500 additions at 64 dimensions.
 */
#ifndef WEIR_EMBED_WORD_TABLE_H
#define WEIR_EMBED_WORD_TABLE_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/embed/safetensors.h"
#include "core/embed/words.h"

enum { WORD_TABLE_DIMS_MAX = 256, WORD_TABLE_BYTES_MAX = 256 * 1024 * 1024 };

struct word_table;

struct word_table_info {
	struct str id;
	int dims;
	size_t known, grams;
	double threshold; /* NaN: the file has none */
};

/* ERR_CORRUPT with the file and what is wrong in it; ERR_NEWER for hashes of a later version. */
MUST_CHECK enum err word_table_open(struct word_table **t, const char *path, struct buf *why);

/* From bytes in memory, which must outlive it. They begin where a number of 4 bytes may. */
MUST_CHECK enum err word_table_read(
	struct word_table **t, struct str bytes, const char *name, struct buf *why);
/* From an open file, which it takes over, also when it fails. */
MUST_CHECK enum err word_table_take(
	struct word_table **t, struct safetensors *file, struct buf *why);
void word_table_close(struct word_table **t);

const struct word_table_info *word_table_info(const struct word_table *t);

/* `vector` has dims floats: of length 1, or zeros for a text without words. Allocates nothing, and
 * serves several threads. */
void word_table_embed(const struct word_table *t, struct str text, float *vector);

/* ---- writing one ------------------------------------------------------------------------ */

/* Float rows, as they were trained: known, then grams. */
struct word_table_parts {
	struct str name; /* "weir": the id is "weir-64:" and the CRC-32 of the numbers */
	size_t dims, known, grams;
	const uint32_t *keys;
	const float *rows;
	double threshold; /* NaN: none */
};

enum { WORD_TABLE_NAME_MAX = 40 };

/* The whole file, rows rounded to 8 bits. */
void word_table_write(const struct word_table_parts *parts, struct buf *out);

#endif
