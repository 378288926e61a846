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

/* What letters with a usual name are about, in the words of the documents. */
static const struct {
	const char *word, *about;
} letters[] = {
	{ "coverage", "standard liability limits standard deductible auto policy" },
	{ "welcome", "getting started first sign-in" },
	{ "cancellation", "how to cancel a policy refund" },
	{ "renewal", "renewal of the policy premium payment plans" },
	{ "denial", "deadline for an appeal of a denied claim" },
	{ "reminder", "grace period late fee" },
};

/* "write", "draft": what is to be done is not what is to be looked up. */
static struct str without_verbs(struct arena *arena, struct str text)
{
	static const char *const verbs[] = { "write", "draft", "compose", "prepare", "generate",
		"create", "send", "letter", "email", "mail", "dear", "mr", "ms", "mrs" };
	struct buf out = BUF(8 * ASK_TEXT_MAX);
	struct str kept;
	struct word word;

	while (words_next(&text, &word)) {
		bool drop = false;

		for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
			drop = drop || str_is_nocase(word.as_written, verbs[i]);
		if (drop)
			continue;
		buf_add_char(&out, ' ');
		buf_add_str(&out, word.as_written);
		for (size_t i = 0; i < ARRAY_LEN(letters); i++)
			if (str_is_nocase(word.as_written, letters[i].word))
				buf_addf(&out, " %s", letters[i].about);
	}
	kept = arena_str(arena, buf_str(&out));
	buf_release(&out);
	return kept;
}

static struct str make_query(const struct ask *ask, enum kind kind, struct arena *arena)
{
	struct str question = behind_label(ask->question), payload = kind_payload(ask->question);

	if (kind == KIND_CLASSIFY && payload.ptr)
		return payload;
	if (kind == KIND_LETTER)
		return without_verbs(arena, question);
	if (ask->before.len && words_content(question) < FOLLOW_UP_WORDS)
		return arena_format(arena, "%.*s %.*s", STR_ARG(behind_label(ask->before)),
			STR_ARG(question));
	return question;
}

/* What is asked for in "what is a deductible?": "deductible". */
static struct str defined_term(struct str question)
{
	static const char *const leads[] = { "what is ", "what's ", "what are ", "define ",
		"what does ", "explain " };
	static const char *const articles[] = { "a ", "an ", "the " };
	static const char *const ends[] = { " mean?", " mean", "?", "." };

	for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
		if (!str_starts_nocase(question, leads[i]))
			continue;
		question = str_part(question, strlen(leads[i]), question.len);
		for (size_t k = 0; k < ARRAY_LEN(articles); k++)
			if (str_starts_nocase(question, articles[k]))
				question = str_part(question, strlen(articles[k]), question.len);
		for (size_t k = 0; k < ARRAY_LEN(ends); k++)
			if (str_ends(question, ends[k]))
				question.len -= strlen(ends[k]);
		return str_trim(question);
	}
	return STR_NONE;
}

/* "The deductible is ...", "Trim yield is ..." */
static bool is_definition(struct str sentence, struct str term)
{
	static const char *const articles[] = { "The ", "A ", "An " };

	for (size_t k = 0; k < ARRAY_LEN(articles); k++)
		if (str_starts(sentence, articles[k]))
			sentence = str_part(sentence, strlen(articles[k]), sentence.len);
	if (sentence.len <= term.len || sentence.ptr[term.len] != ' ')
		return false;
	for (size_t i = 0; i < term.len; i++)
		if ((sentence.ptr[i] | 0x20) != (term.ptr[i] | 0x20))
			return false;
	sentence = str_part(sentence, term.len, sentence.len);
	return str_starts(sentence, " is ") || str_starts(sentence, " are ") ||
	       str_starts(sentence, " means ");
}

/* A question for a definition goes to the passage that gives one. */
static void prefer_definition(struct compose *c)
{
	struct str term = defined_term(c->query);

	for (size_t i = 0; term.len && i < c->kb->passages.len; i++) {
		const struct kb_passage *p = &c->kb->passages.ptr[i];

		for (size_t k = 0; k < p->pieces.len; k++) {
			if (!is_definition(p->pieces.ptr[k].text, term))
				continue;
			if (c->hits[0].passage != p) {
				c->hits[1] = c->hits[0];
				c->hits[0].passage = p;
				c->hit_count += c->hit_count < 2;
			}
			c->found = true;
			return;
		}
	}
}

void compose_begin(struct compose *c, const struct kb *kb, const struct search *search,
	struct ask *ask, enum kind kind, uint64_t key)
{
	*c = (struct compose){ .kb = kb, .search = search, .ask = ask, .arena = &ask->arena,
		.out = BUF(COMPOSE_MAX) };
	rng_seed(&c->rng, key);
	c->query = make_query(ask, kind, c->arena);
	c->hit_count = search_find(search, c->query, ask->all, c->hits, COMPOSE_HITS);
	c->found = c->hit_count > 0 && search_is_answer(&c->hits[0]);
	prefer_definition(c);
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
