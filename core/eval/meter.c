/* SPDX-License-Identifier: GPL-3.0-or-later
 * Meters of this process. */
#include "core/eval/meter.h"

#include "core/base/clock.h"

#include <math.h>
#include <sys/resource.h>
#include <unistd.h>

int64_t meter_now(void)
{
	return clock_steady(&clock_real);
}

int64_t meter_cpu(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return ((int64_t)u.ru_utime.tv_sec + u.ru_stime.tv_sec) * US_PER_S + u.ru_utime.tv_usec +
	       u.ru_stime.tv_usec;
}

int64_t meter_resident(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (f && fscanf(f, "%*s %ld", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void meter_sort(int64_t *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_size);
}

double meter_quantile(const int64_t *sorted, size_t count, double share)
{
	size_t at = (size_t)(share * (double)count);

	if (!count)
		return NAN;
	return (double)sorted[at < count ? at : count - 1];
}
