/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking up, once for every kind of answer. */
#include "core/sim/compose.h"

#include "core/sim/words.h"

enum {
	FOLLOW_UP_WORDS = 3, /* fewer content words: a question leans on the one before */
	WANDER_TRIES = 64
};

/* Prompts that carry passages end in "Question: ..."; only that is looked up. */
static struct str behind_label(struct str text)
{
	static const char label[] = "Question:";
	struct str rest = text;

	for (size_t at; (at = str_find(rest, str_of(label))) < rest.len;)
		rest = str_part(rest, at + sizeof(label) - 1, rest.len);
	return str_trim(rest);
}

void compose_begin(struct compose *c, const struct kb *kb, const struct search *search,
	const struct ask *ask, struct arena *arena, uint64_t key)
{
	*c = (struct compose){ .kb = kb, .search = search, .ask = ask, .arena = arena,
		.out = BUF(COMPOSE_MAX) };
	rng_seed(&c->rng, key);
	c->query = behind_label(ask->question);
	if (ask->before.len && words_content(c->query) < FOLLOW_UP_WORDS)
		c->query = arena_format(arena, "%.*s %.*s", STR_ARG(behind_label(ask->before)),
			STR_ARG(c->query));
	c->hit_count = search_find(search, c->query, ask->all, c->hits, COMPOSE_HITS);
	c->found = c->hit_count > 0 && search_is_answer(&c->hits[0]);
}

void compose_release(struct compose *c)
{
	buf_release(&c->out);
}

void compose_wander(struct compose *c)
{
	size_t doc = c->found ? c->hits[0].passage->doc : SIZE_MAX, at = 0;

	for (size_t i = 0; i < WANDER_TRIES; i++) {
		at = (size_t)rng_below(&c->rng, c->kb->passages.len);
		if (c->kb->passages.ptr[at].doc != doc && c->kb->passages.ptr[at].pieces.len)
			break;
	}
	for (size_t i = 1; i < c->hit_count; i++)
		if (c->hits[i].passage->doc != doc) {
			at = (size_t)(c->hits[i].passage - c->kb->passages.ptr);
			break;
		}
	c->hits[0] = (struct hit){ &c->kb->passages.ptr[at], 0, 0 };
	c->hit_count = 1;
	c->found = true;
	c->wanders = true;
}

const char *compose_pick(struct compose *c, const char *const *phrases, size_t count)
{
	return phrases[rng_below(&c->rng, count)];
}
