/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A tensor of a file: name, type, shape, and its numbers where they lie.
 */
#ifndef WEIR_EMBED_TENSOR_H
#define WEIR_EMBED_TENSOR_H

#include "core/base/buf.h"
#include "core/base/err.h"

/* type, its name in the file, bytes */
#define TENSOR_TYPE_LIST(X)                                                                       \
	X(F32, "F32", 4)                                                                          \
	X(F16, "F16", 2)                                                                          \
	X(BF16, "BF16", 2)                                                                        \
	X(F64, "F64", 8)                                                                          \
	X(I8, "I8", 1)                                                                            \
	X(U8, "U8", 1)                                                                            \
	X(I16, "I16", 2)                                                                          \
	X(U16, "U16", 2)                                                                          \
	X(I32, "I32", 4)                                                                          \
	X(U32, "U32", 4)                                                                          \
	X(I64, "I64", 8)                                                                          \
	X(U64, "U64", 8)                                                                          \
	X(BOOL, "BOOL", 1)

enum tensor_type {
#define X(type, name, bytes) TENSOR_##type,
	TENSOR_TYPE_LIST(X)
#undef X
	TENSOR_TYPE_COUNT
};

enum { TENSOR_RANK_MAX = 8 };

struct tensor {
	const char *file; /* for errors */
	struct str name;
	enum tensor_type type;
	int rank;                           /* 0: a single number */
	size_t shape[TENSOR_RANK_MAX]; /* outermost first */
	size_t count;                       /* elements, at least 1 */
	struct str bytes;                   /* little-endian; old writers did not align them */
};

/* Whether the tensor has this type and, for rank 1 and 2, this shape (`columns` 0: rank 1). */
bool tensor_is(const struct tensor *t, enum tensor_type type, size_t rows, size_t columns);

/* "F32 [30522, 384]" */
void tensor_say(const struct tensor *t, struct buf *out);

/* Elements from `from` on as floats; of F32, F16 and BF16 only. ERR_CORRUPT for another type, and
 * for a NaN or an infinity (NaN weights make every vector NaN). */
MUST_CHECK enum err tensor_floats(
	const struct tensor *t, size_t from, size_t count, float *out, struct buf *why);

/* Sets `why` to "FILE: tensor NAME: say". */
enum err tensor_refuse(const struct tensor *t, struct buf *why, const char *say);

size_t tensor_type_bytes(enum tensor_type type);
bool tensor_type_find(struct str name, enum tensor_type *type);

/* F16 <-> F32, in plain C; numbers past F16's range become infinite, ties go to even. */
float half_to_float(uint16_t half);
uint16_t float_to_half(float value);

#endif
