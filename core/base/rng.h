/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reproducible random numbers: xoshiro256** (Blackman and Vigna, 2018), seeded through
 * SplitMix64. Not for secrets; ids and pacing only.
 */
#ifndef WEIR_BASE_RNG_H
#define WEIR_BASE_RNG_H

#include "core/base/base.h"

struct rng {
	uint64_t s[4];
};

void rng_seed(struct rng *r, uint64_t seed);
void rng_seed_real(struct rng *r); /* from the system */

uint64_t rng_next(struct rng *r);
uint64_t rng_below(struct rng *r, uint64_t limit); /* unbiased; limit > 0 */
double rng_unit(struct rng *r);                    /* in [0,1) */

#endif
