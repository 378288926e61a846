/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ranks first, everything else from them. */
#include "core/eval/metric.h"

#include "core/base/arena.h"

#include <math.h>

struct item {
	double value;
	size_t place;
};

static int by_value(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->value < y->value || x->value > y->value)
		return x->value > y->value ? 1 : -1;
	return (x->place > y->place) - (x->place < y->place);
}

static struct item *sorted(const double *values, size_t count)
{
	struct item *items = memory_new((count + 1) * sizeof(*items));

	for (size_t i = 0; i < count; i++)
		items[i] = (struct item){ values[i], i };
	qsort(items, count, sizeof(*items), by_value);
	return items;
}

/* Where the run of equal values that begins at `from` ends. */
static size_t run_end(const struct item *items, size_t count, size_t from)
{
	size_t to = from;

	while (to < count && !(items[to].value > items[from].value))
		to++;
	return to;
}

/* From 1; equal values share their mean. */
static double *ranks_of(const double *values, size_t count)
{
	struct item *items = sorted(values, count);
	double *ranks = memory_new((count + 1) * sizeof(*ranks));

	for (size_t from = 0, to; from < count; from = to) {
		to = run_end(items, count, from);
		for (size_t i = from; i < to; i++)
			ranks[items[i].place] = (double)(from + 1 + to) / 2;
	}
	memory_free(items);
	return ranks;
}

double metric_spearman(const double *x, const double *y, size_t count)
{
	double *a = ranks_of(x, count), *b = ranks_of(y, count);
	double mean = (double)(count + 1) / 2, both = 0, first = 0, second = 0;

	for (size_t i = 0; i < count; i++) {
		both += (a[i] - mean) * (b[i] - mean);
		first += (a[i] - mean) * (a[i] - mean);
		second += (b[i] - mean) * (b[i] - mean);
	}
	memory_free(a);
	memory_free(b);
	return first > 0 && second > 0 ? both / sqrt(first * second) : (double)NAN;
}

double metric_auc(const double *scores, const bool *positive, size_t count)
{
	double *ranks = ranks_of(scores, count), sum = 0, yes = 0, no;

	for (size_t i = 0; i < count; i++)
		if (positive[i]) {
			sum += ranks[i];
			yes++;
		}
	no = (double)count - yes;
	memory_free(ranks);
	return yes > 0 && no > 0 ? (sum - yes * (yes + 1) / 2) / (yes * no) : (double)NAN;
}

struct hit_rate metric_hits(const double *cosines, const bool *right, const double *weights,
	size_t count, double wrong_max)
{
	struct item *items = sorted(cosines, count);
	struct hit_rate best = { 0, 2 };
	double wrong = 0, served = 0, all = 0;

	for (size_t i = 0; i < count; i++)
		all += weights ? weights[i] : 1;
	for (size_t from = count, to = count; to; to = from) {
		while (from && !(items[from - 1].value < items[to - 1].value)) {
			size_t place = items[--from].place;

			served += weights ? weights[place] : 1;
			wrong += right[place] ? 0 : weights ? weights[place] : 1;
		}
		if (wrong <= wrong_max * served)
			best = (struct hit_rate){ served / all, items[from].value };
	}
	memory_free(items);
	return best;
}
