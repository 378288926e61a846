/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file of named tensors in the safetensors format: 8 bytes of length (little-endian), a header
 * of JSON, then the numbers (https://github.com/huggingface/safetensors, "Format").
 *
 * The file is hostile: whatever its header claims is checked against the file before any number is
 * read. Refused, with the tensor and the reason: a header longer than the file or than
 * SAFETENSORS_HEADER_MAX, anything in it that the format does not have, a repeated name, a shape
 * without elements or whose size overflows, offsets past the end, of another size than the
 * shape's, overlapping, or leaving bytes that belong to nothing.
 *
 * The numbers are mapped (mapped.h), and a tensor lives as long as its file is open.
 */
#ifndef WEIR_EMBED_SAFETENSORS_H
#define WEIR_EMBED_SAFETENSORS_H

#include "core/base/vec.h"
#include "core/embed/mapped.h"
#include "core/embed/tensor.h"

enum { SAFETENSORS_HEADER_MAX = 16 * 1024 * 1024 };

struct safetensors {
	const char *path;        /* for errors; in the arena */
	struct mapped file;
	struct arena arena;
	struct tensor *tensors;  /* by name */
	size_t count;
	VEC(struct str) meta;    /* the file's own words: key, value, key, value ... */
};

/* ERR_CORRUPT with path, tensor and reason; what mapped_open says. Nothing is left open then. */
MUST_CHECK enum err safetensors_open(
	struct safetensors *s, const char *path, size_t most, struct buf *why);

/* The same of bytes in memory, which must outlive `s`. */
MUST_CHECK enum err safetensors_read(
	struct safetensors *s, struct str bytes, const char *name, struct buf *why);
void safetensors_close(struct safetensors *s);

const struct tensor *safetensors_find(const struct safetensors *s, struct str name);
struct str safetensors_meta(const struct safetensors *s, const char *key); /* STR_NONE */

#endif
