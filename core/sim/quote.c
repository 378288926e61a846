/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers made of whole sentences of the documents. What varies is how they are introduced, how
 * they are joined and how the answer closes; the facts stay as they are written. */
#include "core/sim/compose.h"

enum { PIECES_MAX = 64 };

static const double fit_share = 0.30;  /* of the best sentence's fit: still worth saying */
static const double second_share = 0.72; /* of the best passage's score: worth a second citation */

static const char *const openers[] = { "", "", "", "Here is what applies: ",
	"Happy to help with that. ", "Thank you for asking. ", "The short answer: ",
	"This is how it works: ", "I looked that up for you. " };
static const char *const joiners[] = { "", "", "", "Also, ", "Note that ", "In addition, ",
	"Please keep in mind that " };
static const char *const closers[] = { "", "", "", " I hope that helps.",
	" Let me know if your case is different.", " Is there anything else I can look up?",
	" If you tell me more about your case, I can be more exact." };
static const char *const seconds[] = { "Related to this: ", "One more thing that may matter: ",
	"See also: ", "" };

/* Words that may lose their capital behind a joiner. */
static const char *const plain_starts[] = { "The ", "A ", "An ", "If ", "It ", "In ", "For ", "Any ",
	"No ", "Each ", "To ", "Both ", "Once ", "When ", "With ", "After ", "Before ", "Without ",
	"Only ", "There ", "All ", "Every ", "Members ", "Customers ", "Support ", "Up ", "At " };

/* Words that lean on the sentence before. */
static const char *const leaning[] = { "It ", "They ", "These ", "Those ", "This ", "That ", "Both ",
	"Neither ", "Then ", "Otherwise", "Above ", "Below ", "Afterwards ", "Even then", "Its ",
	"However", "Such ", "Such,", "Later ", "Without it", "The higher ", "In that case" };

static bool starts_with_any(struct str text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_starts(text, list[i]))
			return true;
	return false;
}

static void add_joined(struct compose *c, struct str sentence)
{
	const char *joiner = compose_pick(c, joiners, ARRAY_LEN(joiners));

	if (!starts_with_any(sentence, plain_starts, ARRAY_LEN(plain_starts)) || !*joiner) {
		buf_add_str(&c->out, sentence);
		return;
	}
	buf_add_text(&c->out, joiner);
	buf_add_char(&c->out, (char)(sentence.ptr[0] - 'A' + 'a'));
	buf_add_str(&c->out, str_part(sentence, 1, sentence.len));
}

/* A list or a table goes on lines of its own, a block of code between fences. */
static void add_piece(struct compose *c, const struct kb_piece *piece, const struct kb_piece *before)
{
	bool line = piece->kind != KB_SENTENCE;

	if (line)
		buf_add_text(&c->out, before ? "\n" : "");
	else if (before)
		buf_add_text(&c->out, before->kind == KB_SENTENCE ? " " : "\n");
	if (piece->kind == KB_CODE)
		buf_addf(&c->out, "```\n%.*s\n```", STR_ARG(piece->text));
	else if (line)
		buf_addf(&c->out, "- %.*s", STR_ARG(piece->text));
	else if (before && before->kind == KB_SENTENCE)
		add_joined(c, piece->text);
	else
		buf_add_str(&c->out, piece->text);
}

static size_t best_left(const double *fits, const bool *chosen, size_t count)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < count; i++)
		if (!chosen[i] && (best == SIZE_MAX || fits[i] > fits[best]))
			best = i;
	return best;
}

/* A sentence that leans on the one before brings it along. */
static size_t choose_one(const struct kb_passage *p, size_t at, bool *chosen)
{
	size_t count = 1;

	chosen[at] = true;
	while (at > 0 && !chosen[at - 1] &&
		starts_with_any(p->pieces.ptr[at].text, leaning, ARRAY_LEN(leaning))) {
		chosen[--at] = true;
		count++;
	}
	return count;
}

static void choose(struct compose *c, const struct kb_passage *p, size_t sentences, bool *chosen)
{
	size_t count = p->pieces.len < PIECES_MAX ? p->pieces.len : PIECES_MAX, at;
	double *fits = arena_alloc(c->arena, (p->pieces.len + 1) * sizeof(*fits)), best;

	search_fit(c->search, c->query, p, fits);
	at = best_left(fits, chosen, count);
	if (at == SIZE_MAX)
		return;
	best = fits[at];
	while (sentences > 0 && (at = best_left(fits, chosen, count)) != SIZE_MAX) {
		size_t took;

		if (fits[at] < best * fit_share)
			break;
		took = choose_one(p, at, chosen);
		sentences -= took < sentences ? took : sentences;
	}
}

void quote_passage(struct compose *c, const struct kb_passage *p, size_t sentences)
{
	bool chosen[PIECES_MAX] = { false };
	const struct kb_piece *before = NULL;

	choose(c, p, sentences, chosen);
	for (size_t i = 0; i < p->pieces.len && i < PIECES_MAX; i++) {
		if (!chosen[i])
			continue;
		add_piece(c, &p->pieces.ptr[i], before);
		before = &p->pieces.ptr[i];
	}
	if (before)
		buf_addf(&c->out, "%s[kb:%.*s]", before->kind == KB_CODE ? "\n" : " ", STR_ARG(p->id));
}

void quote_nothing(struct compose *c)
{
	static const char *const ends[] = { "", " Could you tell me more about what you need?",
		" Would you like me to pass the question on to a colleague?",
		" I can answer questions about our policies, accounts and software.",
		" It may help to name the product or the error code." };

	buf_add_text(&c->out, "I could not find that in the documents.");
	buf_add_text(&c->out, compose_pick(c, ends, ARRAY_LEN(ends)));
}

void quote_answer(struct compose *c)
{
	const struct persona *p = c->ask->persona;

	if (!c->found) {
		quote_nothing(c);
		return;
	}
	buf_add_text(&c->out, compose_pick(c, openers, ARRAY_LEN(openers)));
	quote_passage(c, c->hits[0].passage, p->sentences);
	for (size_t i = 1; i < p->passages && i < c->hit_count; i++) {
		if (c->hits[i].score < second_share * c->hits[0].score)
			break;
		buf_add_text(&c->out, "\n\n");
		buf_add_text(&c->out, compose_pick(c, seconds, ARRAY_LEN(seconds)));
		quote_passage(c, c->hits[i].passage, 2);
	}
	buf_add_text(&c->out, compose_pick(c, closers, ARRAY_LEN(closers)));
}
