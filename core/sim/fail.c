/* SPDX-License-Identifier: GPL-3.0-or-later
 * Drawing and doing the failures. */
#include "core/sim/fail.h"

#include "core/sim/token.h"

/* Which failures can happen to which kind of answer. */
static const bool fits[SHAPE_COUNT][FAIL_COUNT] = {
	[SHAPE_TEXT] = { [FAIL_REFUSE] = true, [FAIL_WANDER] = true, [FAIL_LENGTH] = true,
		[FAIL_SILENT] = true },
	[SHAPE_LETTER] = { [FAIL_REFUSE] = true, [FAIL_WANDER] = true, [FAIL_BLANK] = true,
		[FAIL_LENGTH] = true, [FAIL_SILENT] = true },
	[SHAPE_JSON] = { [FAIL_REFUSE] = true, [FAIL_LENGTH] = true, [FAIL_SILENT] = true,
		[FAIL_JSON] = true, [FAIL_ARGUMENT] = true },
	[SHAPE_TOOL] = { [FAIL_JSON] = true, [FAIL_ARGUMENT] = true },
};

/* A letter that fails mostly has a hole in it. */
static const int blank_weight = 3;

static const double share_easy = 0.62, share_middling = 0.25; /* of all questions */

uint64_t fail_key(uint64_t seed, struct str text)
{
	struct rng rng;

	rng_seed(&rng, seed ^ str_hash(text));
	return rng_next(&rng);
}

static void seed_for(struct rng *rng, const char *purpose, uint64_t seed, struct str normal)
{
	rng_seed(rng, fail_key(fail_key(seed, str_of(purpose)), normal));
}

enum difficulty fail_difficulty(uint64_t seed, struct str normal)
{
	struct rng rng;
	double at;

	seed_for(&rng, "difficulty", seed, normal);
	at = rng_unit(&rng);
	if (at < share_easy)
		return DIFFICULTY_EASY;
	return at < share_easy + share_middling ? DIFFICULTY_MIDDLING : DIFFICULTY_HARD;
}

static int weight_of(const struct persona *p, enum reply_shape shape, size_t failure)
{
	if (!fits[shape][failure])
		return 0;
	return p->habits[failure] * (failure == FAIL_BLANK ? blank_weight : 1);
}

enum failure fail_draw(const struct persona *persona, uint64_t seed, struct str normal,
	size_t turn, enum reply_shape shape)
{
	struct rng rng;
	uint64_t sum = 0, at;
	size_t failure;

	seed_for(&rng, persona->id, seed + turn, normal);
	if (rng_unit(&rng) >= persona->odds[fail_difficulty(seed, normal)])
		return FAIL_NONE;
	for (failure = 0; failure < FAIL_COUNT; failure++)
		sum += (uint64_t)weight_of(persona, shape, failure);
	if (sum == 0)
		return FAIL_NONE;
	at = rng_below(&rng, sum);
	for (failure = 0; at >= (uint64_t)weight_of(persona, shape, failure); failure++)
		at -= (uint64_t)weight_of(persona, shape, failure);
	return (enum failure)failure;
}

static void refuse(struct reply *reply, struct rng *rng)
{
	static const char *const words[] = {
		"I'm sorry, but I can't help with that request.",
		"I'm sorry, but as an AI language model I am not able to answer that.",
		"I apologize, but I cannot assist with that. Please contact a professional.",
		"Unfortunately, I'm unable to provide that information.",
	};

	reply->text = str_of(words[rng_below(rng, ARRAY_LEN(words))]);
	reply->shape = SHAPE_TEXT;
}

static bool is_figure(char c)
{
	return (c >= '0' && c <= '9') || c == '$' || c == ',' || c == '.' || c == '%';
}

/* Where the first figure of the letter's body stands; false when it has none. A figure inside a
 * citation is left alone. */
static bool find_figure(struct str text, size_t *from, size_t *to)
{
	size_t i, end;
	bool cited = false;

	for (i = 0; i < text.len; i++) {
		cited = text.ptr[i] == '[' || (cited && text.ptr[i] != ']');
		if (cited || !is_figure(text.ptr[i]) || (i > 0 && text.ptr[i - 1] != ' '))
			continue;
		for (end = i; end < text.len && is_figure(text.ptr[end]); end++)
			;
		while (end > i && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == ','))
			end--;
		if (end == i)
			continue;
		*from = i;
		*to = end;
		return true;
	}
	return false;
}

/* Where the sign-off begins, for a letter without a figure. */
static size_t before_end(struct str text)
{
	size_t at = text.len, lines = 0;

	while (at > 0 && lines < 3)
		lines += text.ptr[--at] == '\n';
	return at > 0 ? at : text.len;
}

static void leave_blank(struct reply *reply, struct arena *arena, struct rng *rng)
{
	static const char *const blanks[] = { "____", "______", "[amount]", "____" };
	const char *blank = blanks[rng_below(rng, ARRAY_LEN(blanks))];
	struct str text = reply->text;
	size_t from = 0, to;

	if (find_figure(text, &from, &to)) {
		reply->text = arena_format(arena, "%.*s%s%.*s", (int)from, text.ptr, blank,
			STR_ARG(str_part(text, to, text.len)));
		return;
	}
	from = before_end(text);
	reply->text = arena_format(arena, "%.*s\n\nYour reference is ____.%.*s", (int)from,
		text.ptr, STR_ARG(str_part(text, from, text.len)));
}

/* Keeps 30 to 70 percent, and at least a word. */
static void stop_half_way(struct reply *reply, struct rng *rng)
{
	size_t tokens = token_count(reply->text);
	size_t keep = tokens * (30 + rng_below(rng, 41)) / 100;

	if (keep >= tokens)
		keep = tokens - 1;
	reply->text = token_front(reply->text, keep > 0 ? keep : 1);
}

static void break_json(struct reply *reply, struct arena *arena, struct rng *rng)
{
	struct str text = reply->text;
	size_t colon = str_find_char(text, ':');

	switch (rng_below(rng, 3)) {
	case 0: /* never closed */
		reply->text = str_part(text, 0, text.len - 1);
		break;
	case 1: /* a key without its quotes and its colon */
		reply->text = arena_format(arena, "%.*s =%.*s,}", (int)colon, text.ptr,
			STR_ARG(str_part(text, colon + 1, text.len)));
		break;
	default: /* prose around it */
		reply->text = arena_format(
			arena, "Sure! Here is the JSON: %.*s", STR_ARG(text));
	}
}

/* Renames the first key, or adds one where there is none. */
static void invent_argument(struct reply *reply, struct arena *arena, struct rng *rng)
{
	static const char *const names[] = { "query_text", "record_ref", "input_value", "item_no" };
	const char *name = names[rng_below(rng, ARRAY_LEN(names))];
	struct str text = reply->text;
	size_t from = str_find_char(text, '"'), to = str_find_char(text, ':');

	if (from < to && to < text.len)
		reply->text = arena_format(arena, "%.*s\"%s\"%.*s", (int)from, text.ptr, name,
			STR_ARG(str_part(text, to, text.len)));
	else
		reply->text = arena_format(arena, "{\"%s\":\"unknown\"}", name);
}

void fail_apply(struct reply *reply, enum failure failure, struct arena *arena, struct rng *rng)
{
	switch (failure) {
	case FAIL_REFUSE:
		refuse(reply, rng);
		break;
	case FAIL_BLANK:
		leave_blank(reply, arena, rng);
		break;
	case FAIL_LENGTH:
	case FAIL_SILENT:
		stop_half_way(reply, rng);
		reply->finish = failure == FAIL_LENGTH ? "length" : NULL;
		break;
	case FAIL_JSON:
		break_json(reply, arena, rng);
		break;
	case FAIL_ARGUMENT:
		invent_argument(reply, arena, rng);
		break;
	case FAIL_NONE:
	case FAIL_WANDER:
	case FAIL_COUNT:
		break;
	}
}
