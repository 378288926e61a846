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
static const char *const plain_starts[] = { "The ", "A ", "An ", "If ", "It ", "In ", "For ",
	"Any ", "No ", "Each ", "To ", "Both ", "Once ", "When ", "With ", "After ", "Before ",
	"Without ", "Only ", "There ", "All ", "Every ", "Members ", "Customers ", "Support ",
	"Up ", "At " };

/* Sentences for those who answer rather than for those who ask. */
static const char *const inward[] = { "Staff ", "Support staff ", "Support agents ", "Agents " };
static const double worth_inward = 0.2;

/* Words that lean on the sentence before. */
static const char *const leaning[] = { "It ", "They ", "These ", "Those ", "This ", "That ",
	"Both ", "Neither ", "Then ", "Otherwise", "Above ", "Below ", "Afterwards ", "Even then",
	"Its ", "However", "Such ", "Such,", "Later ", "Without it", "The higher ",
	"In that case" };

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
static void add_piece(
	struct compose *c, const struct kb_piece *piece, const struct kb_piece *before)
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
	for (at = 0; at < count; at++)
		if (starts_with_any(p->pieces.ptr[at].text, inward, ARRAY_LEN(inward)))
			fits[at] *= worth_inward;
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

/* The items or rows that a chosen sentence announces, when none of them was chosen itself. */
static void choose_list(const struct kb_passage *p, size_t most, bool *chosen)
{
	for (size_t i = 0; i + 1 < p->pieces.len && i + 1 < PIECES_MAX; i++) {
		enum kb_kind kind = p->pieces.ptr[i + 1].kind;
		size_t end = i + 1;

		if (!chosen[i] || p->pieces.ptr[i].kind != KB_SENTENCE || kind == KB_SENTENCE ||
			chosen[i + 1])
			continue;
		while (end < p->pieces.len && end < PIECES_MAX && end - i <= most &&
			p->pieces.ptr[end].kind == kind)
			chosen[end++] = true;
	}
}

void quote_passage(struct compose *c, const struct kb_passage *p, size_t sentences)
{
	bool chosen[PIECES_MAX] = { false };
	const struct kb_piece *before = NULL;

	choose(c, p, sentences, chosen);
	if (sentences > 1)
		choose_list(p, 2 * sentences, chosen);
	for (size_t i = 0; i < p->pieces.len && i < PIECES_MAX; i++) {
		if (!chosen[i])
			continue;
		add_piece(c, &p->pieces.ptr[i], before);
		before = &p->pieces.ptr[i];
	}
	if (before)
		buf_addf(&c->out, "%s[kb:%.*s]", before->kind == KB_CODE ? "\n" : " ",
			STR_ARG(p->id));
}

static bool has_figure(struct str text)
{
	for (size_t i = 0; i + 1 < text.len; i++)
		if (text.ptr[i] == '$' || (text.ptr[i] == ' ' && text.ptr[i + 1] >= '0' &&
						  text.ptr[i + 1] <= '9'))
			return true;
	return false;
}

bool quote_figure(struct compose *c)
{
	for (size_t i = 1; i < c->hit_count; i++) {
		const struct kb_passage *p = c->hits[i].passage;

		if (p->doc != c->hits[0].passage->doc &&
			!str_eq(c->kb->docs.ptr[p->doc].domain,
				c->kb->docs.ptr[c->hits[0].passage->doc].domain))
			continue;
		for (size_t k = 0; k < p->pieces.len; k++) {
			struct str text = p->pieces.ptr[k].text;

			if (p->pieces.ptr[k].kind != KB_SENTENCE || !has_figure(text) ||
				starts_with_any(text, leaning, ARRAY_LEN(leaning)))
				continue;
			buf_addf(&c->out, "%.*s [kb:%.*s]", STR_ARG(text), STR_ARG(p->id));
			return true;
		}
	}
	return false;
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
