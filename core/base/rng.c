/* SPDX-License-Identifier: GPL-3.0-or-later
 * xoshiro256** and its seeding. */
#include "core/base/rng.h"

#include "core/base/clock.h"

#include <fcntl.h>
#include <unistd.h>

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void rng_seed(struct rng *r, uint64_t seed)
{
	for (size_t i = 0; i < ARRAY_LEN(r->s); i++)
		r->s[i] = splitmix(&seed);
}

void rng_seed_real(struct rng *r)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	uint64_t seed = (uint64_t)clock_wall(&clock_real) ^ (uint64_t)getpid() << 40;

	if (fd >= 0) {
		ssize_t got = read(fd, r->s, sizeof(r->s));

		close(fd);
		if (got == (ssize_t)sizeof(r->s) && (r->s[0] | r->s[1] | r->s[2] | r->s[3]))
			return;
	}
	rng_seed(r, seed);
}

static uint64_t rotate(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

uint64_t rng_next(struct rng *r)
{
	uint64_t result = rotate(r->s[1] * 5, 7) * 9, t = r->s[1] << 17;

	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = rotate(r->s[3], 45);
	return result;
}

uint64_t rng_below(struct rng *r, uint64_t limit)
{
	uint64_t skip = (UINT64_MAX - limit + 1) % limit, x;

	do
		x = rng_next(r);
	while (x < skip);
	return x % limit;
}

double rng_unit(struct rng *r)
{
	return (double)(rng_next(r) >> 11) * 0x1p-53;
}
