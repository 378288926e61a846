/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What benchmarks measure with: time, processor time, memory, and quantiles of what was collected.
 */
#ifndef WEIR_EVAL_METER_H
#define WEIR_EVAL_METER_H

#include "core/base/base.h"

int64_t meter_now(void);      /* steady us */
int64_t meter_cpu(void);      /* us, user and system, of all threads of this process */
int64_t meter_resident(void); /* bytes; 0 where the system does not tell */

void meter_sort(int64_t *values, size_t count);
/* Of sorted values: the one that `share` of them do not pass (nearest rank); NaN without any. */
double meter_quantile(const int64_t *sorted, size_t count, double share);

#endif
