/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes safetensors files for tests, straight from the description of the format.
 *
 *	struct tensor_file f = TENSOR_FILE;
 *	tensor_file_add(&f, "a", "F32", "[2, 3]", floats, sizeof(floats));
 *	tensor_file_end(&f, &bytes);
 */
#ifndef WEIR_TESTS_EMBED_TENSORS_H
#define WEIR_TESTS_EMBED_TENSORS_H

#include "core/base/buf.h"

enum { TENSOR_FILE_MAX = 1 << 26 };

struct tensor_file {
	struct buf header, numbers;
};

#define TENSOR_FILE ((struct tensor_file){ BUF(TENSOR_FILE_MAX), BUF(TENSOR_FILE_MAX) })

static inline void tensor_file_add(struct tensor_file *f, const char *name, const char *type,
	const char *shape, const void *bytes, size_t len)
{
	buf_addf(&f->header,
		"%s\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%zu,%zu]}",
		f->header.len ? "," : "", name, type, shape, f->numbers.len, f->numbers.len + len);
	buf_add(&f->numbers, bytes, len);
}

/* A header as it is given, its length before it. */
static inline void tensor_file_raw(struct buf *out, struct str header, struct str numbers)
{
	for (int i = 0; i < 8; i++)
		buf_add_char(out, (char)(unsigned char)((uint64_t)header.len >> 8 * i));
	buf_add_str(out, header);
	buf_add_str(out, numbers);
}

static inline void tensor_file_end(struct tensor_file *f, struct buf *out)
{
	struct buf header = BUF(TENSOR_FILE_MAX);

	buf_addf(&header, "{%s}", f->header.ptr);
	buf_add_repeat(&header, ' ', (8 - header.len % 8) % 8);
	tensor_file_raw(out, buf_str(&header), buf_str(&f->numbers));
	buf_release(&header);
	buf_release(&f->header);
	buf_release(&f->numbers);
}

#endif
