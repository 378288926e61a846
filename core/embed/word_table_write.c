/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rounding, the header, and the numbers behind it. */
#include "core/embed/word_table.h"

#include "core/base/arena.h"
#include "core/base/crc.h"
#include "core/base/json_write.h"

#include <math.h>

enum { ALIGN = 8, STEPS = 127 };

/* A row is scaled so that its largest number is 127 steps from zero. */
static void round_row(const float *row, size_t dims, int8_t *out, float *scale)
{
	float most = 0;

	for (size_t i = 0; i < dims; i++)
		most = fmaxf(most, fabsf(row[i]));
	*scale = most / STEPS;
	for (size_t i = 0; i < dims; i++)
		out[i] = most > 0 ? (int8_t)lrintf(row[i] / *scale) : 0;
}

static void put_tensor(struct json_writer *w, const char *name, const char *type, size_t rows,
	size_t columns, size_t *at)
{
	size_t size = rows * (columns ? columns : sizeof(float));

	json_key(w, name);
	json_open(w, '{');
	json_key(w, "dtype");
	json_put_text(w, type);
	json_key(w, "shape");
	json_open(w, '[');
	json_put_int(w, (int64_t)rows);
	if (columns)
		json_put_int(w, (int64_t)columns);
	json_close(w, ']');
	json_key(w, "data_offsets");
	json_open(w, '[');
	json_put_int(w, (int64_t)*at);
	json_put_int(w, (int64_t)(*at + size));
	json_close(w, ']');
	json_close(w, '}');
	*at += size;
}

static void put_meta(struct json_writer *w, const struct word_table_parts *p, uint32_t crc)
{
	struct buf text = BUF(BUF_LINE_MAX);

	json_key(w, "__metadata__");
	json_open(w, '{');
	json_key(w, "format");
	json_put_text(w, "weir-table");
	buf_addf(&text, "%d", HASH_VERSION);
	json_key(w, "hash");
	json_put_str(w, buf_str(&text));
	buf_clear(&text);
	buf_addf(&text, "%.*s-%zu:%08x", STR_ARG(p->name), p->dims, (unsigned)crc);
	json_key(w, "id");
	json_put_str(w, buf_str(&text));
	buf_clear(&text);
	buf_addf(&text, "%.3f", p->threshold);
	if (!isnan(p->threshold)) {
		json_key(w, "threshold");
		json_put_str(w, buf_str(&text));
	}
	json_close(w, '}');
	buf_release(&text);
}

static void put_header(struct buf *out, const struct word_table_parts *p, uint32_t crc)
{
	struct buf text = BUF(BUF_LINE_MAX);
	struct json_writer w = { .out = &text };
	unsigned char length[8];
	size_t at = 0;

	json_open(&w, '{');
	put_meta(&w, p, crc);
	put_tensor(&w, "keys", "U32", p->known, 0, &at);
	put_tensor(&w, "known.scale", "F32", p->known, 0, &at);
	put_tensor(&w, "gram.scale", "F32", p->grams, 0, &at);
	put_tensor(&w, "known.rows", "I8", p->known, p->dims, &at);
	put_tensor(&w, "gram.rows", "I8", p->grams, p->dims, &at);
	json_close(&w, '}');
	buf_add_repeat(&text, ' ', (ALIGN - text.len % ALIGN) % ALIGN);
	for (size_t i = 0; i < sizeof(length); i++)
		length[i] = (unsigned char)((uint64_t)text.len >> 8 * i);
	buf_add(out, length, sizeof(length));
	buf_add_str(out, buf_str(&text));
	buf_release(&text);
}

void word_table_write(const struct word_table_parts *p, struct buf *out)
{
	size_t rows = p->known + p->grams;
	float *scales = memory_new(rows * sizeof(*scales));
	int8_t *rounded = memory_new(rows * p->dims);
	uint32_t crc;

	for (size_t i = 0; i < rows; i++)
		round_row(p->rows + i * p->dims, p->dims, rounded + i * p->dims, &scales[i]);
	crc = crc32_more(0, p->keys, p->known * sizeof(*p->keys));
	crc = crc32_more(crc, scales, rows * sizeof(*scales));
	crc = crc32_more(crc, rounded, rows * p->dims);
	put_header(out, p, crc);
	buf_add(out, p->keys, p->known * sizeof(*p->keys));
	buf_add(out, scales, rows * sizeof(*scales));
	buf_add(out, rounded, rows * p->dims);
	memory_free(scales);
	memory_free(rounded);
}
