/* SPDX-License-Identifier: GPL-3.0-or-later
 * A layer: attention over each text, then block by block projection, norm, the wide inner product
 * and back, norm. */
#include "core/embed/bert.h"

struct bert_work *bert_work_new(const struct bert *b, size_t rows)
{
	size_t hidden = kernel_stride(b->hidden), qkv = kernel_stride(3 * b->hidden);
	struct bert_work *w = memory_new(sizeof(*w));

	w->rows = rows;
	w->states = kernel_floats(rows * hidden + KERNEL_SLACK);
	w->attended = kernel_floats(rows * hidden + KERNEL_SLACK);
	w->qkv = kernel_floats(rows * qkv + KERNEL_SLACK);
	w->inner = kernel_floats(BERT_BLOCK * kernel_stride(b->inner) + KERNEL_SLACK);
	w->scratch = kernel_floats(kernel_scratch(rows, b->hidden / b->heads));
	if (b->int8)
		w->rounded = kernel_floats(kernel_rounded(rows, b->hidden) +
					   kernel_rounded(BERT_BLOCK, b->inner));
	return w;
}

void bert_work_free(struct bert_work **work)
{
	struct bert_work *w = *work;

	if (!w)
		return;
	kernel_floats_free(w->states);
	kernel_floats_free(w->attended);
	kernel_floats_free(w->qkv);
	kernel_floats_free(w->inner);
	kernel_floats_free(w->scratch);
	kernel_floats_free(w->rounded);
	memory_free(w);
	*work = NULL;
}

static void normalise(const struct bert *b, float *rows, size_t count, const struct bert_norm *n)
{
	b->kernel->normalise(rows, kernel_stride(b->hidden), count, b->hidden, n->gamma, n->beta,
		b->epsilon);
}

static void embed(const struct bert *b, float *states, const int32_t *ids, size_t length)
{
	size_t stride = kernel_stride(b->hidden);

	for (size_t i = 0; i < length; i++)
		b->kernel->look_up(states + i * stride,
			kernel_row(b->kernel, b->words, (size_t)ids[i], b->hidden),
			b->places + i * stride, b->hidden);
	normalise(b, states, length, &b->embedded);
}

static void attend(const struct bert *b, const struct bert_layer *layer, struct bert_work *w,
	const size_t *lengths, size_t texts, size_t rows)
{
	size_t stride = kernel_stride(b->hidden), wide = kernel_stride(3 * b->hidden), row = 0;

	b->kernel->multiply(&(struct product){ .weights = &layer->qkv, .in = w->states,
		.in_stride = stride, .rows = rows, .out = w->qkv, .out_stride = wide,
		.rounded = w->rounded });
	for (size_t i = 0; i < texts; row += lengths[i++])
		b->kernel->attend(&(struct attention){ .qkv = w->qkv + row * wide, .stride = wide,
			.rows = lengths[i], .heads = b->heads, .width = b->hidden / b->heads,
			.out = w->attended + row * stride, .out_stride = stride,
			.scratch = w->scratch });
}

static void finish_block(const struct bert *b, const struct bert_layer *layer,
	const struct bert_work *w, float *states, const float *attended, size_t rows)
{
	size_t stride = kernel_stride(b->hidden), wide = kernel_stride(b->inner);
	float *inner = w->inner;

	b->kernel->multiply(&(struct product){ .weights = &layer->out, .in = attended,
		.in_stride = stride, .rows = rows, .out = states, .out_stride = stride,
		.add = states, .add_stride = stride, .rounded = w->rounded });
	normalise(b, states, rows, &layer->attended);
	b->kernel->multiply(&(struct product){ .weights = &layer->up, .in = states,
		.in_stride = stride, .rows = rows, .out = inner, .out_stride = wide,
		.activation = b->activation, .rounded = w->rounded });
	b->kernel->multiply(&(struct product){ .weights = &layer->down, .in = inner,
		.in_stride = wide, .rows = rows, .out = states, .out_stride = stride,
		.add = states, .add_stride = stride, .rounded = w->rounded });
	normalise(b, states, rows, &layer->done);
}

void bert_run(const struct bert *b, struct bert_work *w, const int32_t *ids, const size_t *lengths,
	size_t texts)
{
	size_t stride = kernel_stride(b->hidden), rows = 0, step;

	for (size_t i = 0; i < texts; rows += lengths[i++])
		embed(b, w->states + rows * stride, ids + rows, lengths[i]);
	for (size_t i = 0; i < b->layers_count; i++) {
		attend(b, &b->layers[i], w, lengths, texts, rows);
		for (size_t row = 0; row < rows; row += step) {
			step = rows - row < BERT_BLOCK ? rows - row : BERT_BLOCK;
			finish_block(b, &b->layers[i], w, w->states + row * stride,
				w->attended + row * stride, step);
		}
	}
}

void bert_classify(const struct bert *b, struct bert_work *w, float *logits)
{
	size_t stride = kernel_stride(b->hidden);

	b->kernel->multiply(&(struct product){ .weights = &b->head, .in = w->states,
		.in_stride = stride, .rows = 1, .out = w->attended, .out_stride = stride,
		.activation = b->head_activation });
	b->kernel->multiply(&(struct product){ .weights = &b->classes, .in = w->attended,
		.in_stride = stride, .rows = 1, .out = w->inner,
		.out_stride = kernel_stride(b->classes.outer) });
	memcpy(logits, w->inner, b->classes.outer * sizeof(*logits));
}
