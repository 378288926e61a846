/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words between blanks; what is changed is chosen by the generator that is handed in. */
#include "core/eval/augment.h"

enum { WORDS_SEEN_MAX = 64 };

struct pieces {
	struct str words[WORDS_SEEN_MAX];
	size_t count;
};

static const char *const small_words[] = {
	"a",
	"an",
	"the",
	"is",
	"are",
	"do",
	"does",
	"to",
	"of",
	"i",
	"my",
	"me",
	"you",
	"please",
	"can",
	"could",
	"would",
	"for",
	"in",
	"it",
	"that",
	"there",
	"have",
	"has",
	"be",
	"just",
};

static const char *const fillers[] = {
	"please ",
	"hi, ",
	"hello ",
	"hey ",
	"can you tell me ",
	"i want to know ",
	"quick question: ",
	"could you help me: ",
	"i need help, ",
	"so ",
	"ok ",
	"tell me ",
	"i would like to know ",
};

static const char *const opposites[][2] = {
	{ "increase", "decrease" },
	{ "open", "close" },
	{ "add", "remove" },
	{ "before", "after" },
	{ "on", "off" },
	{ "up", "down" },
	{ "start", "stop" },
	{ "in", "out" },
	{ "buy", "sell" },
	{ "send", "receive" },
	{ "first", "last" },
	{ "more", "less" },
	{ "minimum", "maximum" },
	{ "cheapest", "dearest" },
	{ "enable", "disable" },
	{ "lock", "unlock" },
	{ "can", "cannot" },
	{ "always", "never" },
	{ "with", "without" },
	{ "activate", "deactivate" },
	{ "deposit", "withdraw" },
	{ "credit", "debit" },
	{ "physical", "virtual" },
	{ "husband", "wife" },
	{ "today", "tomorrow" },
	{ "accept", "decline" },
};

static const char *const negatable[] = {
	"is",
	"are",
	"was",
	"were",
	"can",
	"could",
	"do",
	"does",
	"did",
	"will",
	"would",
	"should",
	"has",
	"have",
};

static struct pieces cut(struct str text)
{
	struct pieces p = { .count = 0 };
	struct str word;

	while (p.count < WORDS_SEEN_MAX && str_cut(&text, ' ', &word))
		if (word.len)
			p.words[p.count++] = word;
	return p;
}

static void join(struct buf *out, const struct pieces *p)
{
	for (size_t i = 0; i < p->count; i++) {
		if (i)
			buf_add_char(out, ' ');
		buf_add_str(out, p->words[i]);
	}
}

static bool is_one_of(struct str word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_is_nocase(word, list[i]))
			return true;
	return false;
}

static bool chance(struct rng *rng, unsigned percent)
{
	return rng_below(rng, 100) < percent;
}

/* ---- the same --------------------------------------------------------------------------- */

static void drop_small(struct rng *rng, struct pieces *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++) {
		bool small = is_one_of(p->words[i], small_words, ARRAY_LEN(small_words));

		if (!chance(rng, small ? 40 : 5) || p->count < 3)
			p->words[kept++] = p->words[i];
	}
	p->count = kept ? kept : p->count;
}

static void swap_halves(struct rng *rng, struct pieces *p)
{
	struct pieces from = *p;
	size_t at = p->count ? (size_t)rng_below(rng, p->count) : 0;

	for (size_t i = 0; i < p->count; i++)
		p->words[i] = from.words[(i + at) % p->count];
}

/* Two neighbours swapped, or one left out. */
static void slip(struct rng *rng, struct buf *out)
{
	size_t at = out->len > 3 ? 1 + (size_t)rng_below(rng, out->len - 2) : 0;
	char c;

	if (!at || out->ptr[at] == ' ' || out->ptr[at] < 0 || out->ptr[at + 1] < 0)
		return;
	c = out->ptr[at];
	if (chance(rng, 50)) {
		out->ptr[at] = out->ptr[at + 1];
		out->ptr[at + 1] = c;
	} else {
		memmove(out->ptr + at, out->ptr + at + 1, out->len - at - 1);
		buf_cut_to(out, out->len - 1);
	}
}

void augment_same(struct rng *rng, struct str text, struct buf *out)
{
	struct pieces p = cut(text);

	drop_small(rng, &p);
	if (chance(rng, 20))
		swap_halves(rng, &p);
	if (chance(rng, 30))
		buf_add_text(out, fillers[rng_below(rng, ARRAY_LEN(fillers))]);
	join(out, &p);
	if (chance(rng, 40))
		slip(rng, out);
}

/* ---- another ---------------------------------------------------------------------------- */

static bool is_number(struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
			return true;
	return false;
}

static bool other_number(struct rng *rng, struct str word, struct buf *out)
{
	if (!is_number(word))
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (c >= '0' && c <= '9')
			c = (char)('0' + (c - '0' + 1 + (int)rng_below(rng, 9)) % 10);
		buf_add_char(out, c);
	}
	return true;
}

static bool other_word(struct str word, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(opposites); i++)
		for (size_t side = 0; side < 2; side++)
			if (str_is_nocase(word, opposites[i][side])) {
				buf_add_text(out, opposites[i][1 - side]);
				return true;
			}
	return false;
}

static bool negated(struct str word, struct buf *out)
{
	if (str_is_nocase(word, "not"))
		return true;
	if (!is_one_of(word, negatable, ARRAY_LEN(negatable)))
		return false;
	buf_add_str(out, word);
	buf_add_text(out, " not");
	return true;
}

bool augment_other(struct rng *rng, struct str text, struct buf *out)
{
	struct pieces p = cut(text);
	size_t first = p.count ? (size_t)rng_below(rng, p.count) : 0;
	struct buf word = BUF(BUF_LINE_MAX);
	bool done = false;

	for (size_t n = 0; n < p.count && !done; n++) {
		size_t i = (first + n) % p.count;

		done = other_number(rng, p.words[i], &word) || other_word(p.words[i], &word) ||
		       negated(p.words[i], &word);
		if (done)
			p.words[i] = buf_str(&word);
	}
	if (done)
		join(out, &p);
	buf_release(&word);
	return done;
}
