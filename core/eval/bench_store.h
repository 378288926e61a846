/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How fast decisions become durable: offered at a steady rate, then as fast as they are taken,
 * then one commit each as the measure of what grouping is worth. Same decisions, same disk, same
 * run; a decision has one attempt with two verdicts and about 1 KB of text.
 */
#ifndef WEIR_EVAL_BENCH_STORE_H
#define WEIR_EVAL_BENCH_STORE_H

#include "core/base/buf.h"
#include "core/base/err.h"

struct bench_store_result {
	double offered;                        /* decisions a second */
	double sustained;                      /* of these, until the last receipt */
	double p50_us, p99_us, p999_us, max_us; /* from append to receipt */
	double cpu_us;                         /* user and system, of all threads, a decision */
	double flat_out, flat_cpu_us;          /* a second and CPU without pause */
	double one_by_one, one_by_one_cpu_us;  /* a commit each, without pause */
	double gain;                           /* flat_out / one_by_one */
};

/* Works for about twice `ms` in a new folder inside `folder`, which it removes. The first
 * error of the store, if there is one, ends it. */
MUST_CHECK enum err bench_store(struct bench_store_result *result, const char *folder,
	int64_t per_second, int64_t ms, struct buf *why);

#endif
