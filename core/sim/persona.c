/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of persona.h. Paces are those of hosted models of about 8, 70 and several hundred
 * billion weights; the odds are chosen so that a router has something to find. */
#include "core/sim/persona.h"

static const struct persona personas[] = {
	{
		.id = "sim-small", .first_token_ms = 90, .tokens_per_s = 110,
		.sentences = 2, .passages = 1,
		.odds = { 0.01, 0.30, 0.75 },
		.habits = { 0, 20, 25, 25, 15, 15, 40, 40 },
	},
	{
		.id = "sim-mid", .first_token_ms = 220, .tokens_per_s = 70,
		.sentences = 3, .passages = 1,
		.odds = { 0.002, 0.03, 0.25 },
		.habits = { 0, 15, 40, 10, 20, 15, 30, 50 },
	},
	{
		.id = "sim-large", .first_token_ms = 480, .tokens_per_s = 45,
		.sentences = 5, .passages = 2,
		.odds = { 0.0, 0.005, 0.04 },
		.habits = { 0, 40, 30, 5, 20, 5, 10, 20 },
	},
};

size_t persona_count(void)
{
	return ARRAY_LEN(personas);
}

const struct persona *persona_at(size_t index)
{
	return &personas[index];
}

const struct persona *persona_find(struct str id)
{
	for (size_t i = 0; i < ARRAY_LEN(personas); i++)
		if (str_is(id, personas[i].id))
			return &personas[i];
	return NULL;
}

int64_t persona_first_us(const struct persona *p, struct rng *rng)
{
	return (int64_t)((double)p->first_token_ms * 1000 * (0.75 + 0.5 * rng_unit(rng)));
}

/* Mostly around the pace, now and then a pause as of a busy server; 1 on average. */
int64_t persona_gap_us(const struct persona *p, struct rng *rng)
{
	double factor = 0.3 + 1.1 * rng_unit(rng);

	if (rng_unit(rng) < 0.05)
		factor += 3;
	return (int64_t)(factor * 1e6 / p->tokens_per_s);
}
