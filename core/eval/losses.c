/* SPDX-License-Identifier: GPL-3.0-or-later
 * Values and gradients, written out. */
#include "core/eval/losses.h"

#include "core/base/arena.h"
#include "core/embed/matrix.h"
#include "core/embed/unit.h"

#include <math.h>

void losses_release(struct losses *l)
{
	memory_free(l->matrix);
	memory_free(l->other);
	*l = (struct losses){ 0 };
}

static float *room(float **floats, size_t *cap, size_t need)
{
	if (need > *cap) {
		memory_free(*floats);
		*floats = memory_new(need * sizeof(float));
		*cap = need;
	}
	return *floats;
}

/* The gradient of a function of cos(a, b), whose derivative is `by`. */
static void push(float *grads, const float *vectors, size_t a, size_t b, size_t dims, float by)
{
	for (size_t i = 0; i < dims; i++) {
		grads[a * dims + i] += by * vectors[b * dims + i];
		grads[b * dims + i] += by * vectors[a * dims + i];
	}
}

double loss_distil(struct losses *l, const float *vectors, float *grads, size_t count, size_t dims,
	const float *teacher, size_t teacher_dims, float weight)
{
	size_t cells = count * count;
	float *ours = room(&l->matrix, &l->cap, cells);
	float *theirs = room(&l->other, &l->other_cap, cells);
	double sum = 0;

	matrix_dots(ours, vectors, count, vectors, count, dims, 1);
	matrix_dots(theirs, teacher, count, teacher, count, teacher_dims, 1);
	for (size_t i = 0; i < cells; i++) {
		ours[i] -= theirs[i];
		sum += (double)(ours[i] * ours[i]);
	}
	matrix_mix(grads, ours, count, vectors, count, dims, 4 * weight / (float)cells);
	return sum / (double)cells;
}

double loss_aim(const float *vectors, float *grads, size_t count, size_t dims, const float *targets,
	float weight)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		sum += 1 - (double)unit_dot(vectors + i * dims, targets + i * dims, dims);
		for (size_t k = 0; k < dims; k++)
			grads[i * dims + k] -= weight / (float)count * targets[i * dims + k];
	}
	return sum / (double)count;
}

/* Turns a row of logits into softmax minus the one at `right`; returns -log p(right). */
static double row_of_softmax(float *row, size_t count, size_t stride, size_t right)
{
	float most = row[right * stride], sum = 0, is_right;

	for (size_t j = 0; j < count; j++)
		most = fmaxf(most, row[j * stride]);
	is_right = row[right * stride] - most;
	for (size_t j = 0; j < count; j++) {
		row[j * stride] = expf(row[j * stride] - most);
		sum += row[j * stride];
	}
	for (size_t j = 0; j < count; j++)
		row[j * stride] /= sum;
	row[right * stride] -= 1;
	return (double)(logf(sum) - is_right);
}

double loss_pairs(struct losses *l, const float *vectors, float *grads, size_t pairs, size_t dims,
	const int *groups, float temperature, float mask, float weight)
{
	size_t cells = pairs * pairs;
	float *rows = room(&l->matrix, &l->cap, cells);
	float *columns = room(&l->other, &l->other_cap, cells);
	const float *others = vectors + pairs * dims;
	float by = weight / (2 * (float)pairs * temperature);
	double sum = 0;

	matrix_dots(rows, vectors, pairs, others, pairs, dims, 1 / temperature);
	for (size_t i = 0; i < pairs; i++)
		for (size_t j = 0; j < pairs; j++)
			if (groups && groups[i] != groups[j] &&
				rows[i * pairs + j] > mask / temperature)
				rows[i * pairs + j] = -1e4f;
	memcpy(columns, rows, cells * sizeof(float));
	for (size_t i = 0; i < pairs; i++) {
		sum += row_of_softmax(rows + i * pairs, pairs, 1, i);
		sum += row_of_softmax(columns + i, pairs, pairs, i);
	}
	for (size_t i = 0; i < cells; i++)
		rows[i] += columns[i];
	matrix_mix(grads, rows, pairs, others, pairs, dims, by);
	matrix_mix_back(grads + pairs * dims, rows, pairs, vectors, pairs, dims, by);
	return sum / (2 * (double)pairs);
}

double loss_order(const float *vectors, float *grads, size_t pairs, size_t dims,
	const float *scores, float scale, float weight)
{
	double sum = 1; /* log(1 + sum) */
	float *cosines = memory_new(2 * pairs * sizeof(float)), *by = cosines + pairs;

	for (size_t i = 0; i < pairs; i++)
		cosines[i] = unit_dot(vectors + i * dims, vectors + (pairs + i) * dims, dims);
	for (size_t i = 0; i < pairs; i++)
		for (size_t j = 0; j < pairs; j++)
			if (scores[i] > scores[j]) {
				float e = expf(scale * (cosines[j] - cosines[i]));

				sum += (double)e;
				by[j] += e;
				by[i] -= e;
			}
	for (size_t i = 0; i < pairs; i++)
		push(grads, vectors, i, pairs + i, dims, weight * scale * by[i] / (float)sum);
	memory_free(cosines);
	return log(sum);
}

double loss_margin(
	const float *vectors, float *grads, size_t pairs, size_t dims, float margin, float weight)
{
	double sum = 0;

	for (size_t i = 0; i < pairs; i++) {
		const float *v = vectors + i * dims;
		float gap = margin + unit_dot(v, vectors + (2 * pairs + i) * dims, dims) -
			    unit_dot(v, vectors + (pairs + i) * dims, dims);

		if (gap <= 0)
			continue;
		sum += (double)gap;
		push(grads, vectors, i, 2 * pairs + i, dims, weight / (float)pairs);
		push(grads, vectors, i, pairs + i, dims, -weight / (float)pairs);
	}
	return sum / (double)pairs;
}
