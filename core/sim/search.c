/* SPDX-License-Identifier: GPL-3.0-or-later
 * An inverted index over the passages, built once. Terms are stems, and pairs of neighbouring
 * stems written "a b"; the fields of a passage are added up with weights before BM25's
 * saturation. */
#include "core/sim/search.h"

#include "core/sim/words.h"

#include <math.h>

enum {
	TERMS_MAX = 64,
	TERM_MAX = 2 * WORD_MAX + 1,
	SLOTS_FIRST = 16384,
	NAMED_MAX = 64,
	FEW_WORDS = 2
};

/* Weights of the fields of a passage. */
static const double weight_body = 1.0, weight_heading = 2.5, weight_title = 1.2,
		    weight_intro = 0.25, weight_domain = 0.3;
static const double saturation = 1.4, length_share = 0.5; /* BM25's k1 and b */
static const double worth_other = 0.55; /* a customer's word for the document's */
static const double worth_pair = 0.4;  /* two neighbours met again */
static const double worth_name = 0.5;   /* a capital letter that the documents do not know */
static const double share_doc = 0.30;   /* of the document's score in the passage's */
static const double bonus_given = 1.25; /* named in the request */
static const double idf_most = 4.5;     /* in `cover`: one rare word does not decide alone */
static const double cover_least = 0.42; /* below that the documents do not answer */
static const double worth_few = 0.7;    /* of one or two words most must be met */
static const double meaning_least = 1.6; /* "what time is it" names nothing */

struct posting {
	uint32_t passage;
	float weight;
};

struct term {
	struct str text;
	uint64_t hash;
	struct {
		struct posting *ptr;
		size_t len, cap;
	} postings;
	double idf;
};

struct family;

struct search {
	const struct kb *kb;
	struct arena arena;
	struct {
		struct term *ptr;
		size_t len, cap;
	} terms;
	uint32_t *slots; /* open addressing: index + 1 */
	size_t slot_count;
	double *lengths, mean_length;
	struct {
		struct family *ptr;
		size_t len, cap;
	} families;
};

struct family {
	char stems[WORD_KIN_MAX][WORD_MAX];
	size_t count;
};

static size_t slot_of(const struct search *s, struct str text, uint64_t hash)
{
	size_t at = hash & (s->slot_count - 1);

	while (s->slots[at]) {
		const struct term *t = &s->terms.ptr[s->slots[at] - 1];

		if (t->hash == hash && str_eq(t->text, text))
			break;
		at = (at + 1) & (s->slot_count - 1);
	}
	return at;
}

static const struct term *find_term(const struct search *s, const char *text)
{
	struct str key = str_of(text);
	uint32_t index = s->slots[slot_of(s, key, str_hash(key))];

	return index ? &s->terms.ptr[index - 1] : NULL;
}

static void grow_slots(struct search *s)
{
	s->slot_count *= 2;
	s->slots = arena_alloc(&s->arena, s->slot_count * sizeof(*s->slots));
	for (size_t i = 0; i < s->terms.len; i++) {
		const struct term *t = &s->terms.ptr[i];

		s->slots[slot_of(s, t->text, t->hash)] = (uint32_t)(i + 1);
	}
}

static void add_term(struct search *s, const char *text, uint32_t passage, double weight)
{
	struct str key = str_of(text);
	uint64_t hash = str_hash(key);
	size_t at = slot_of(s, key, hash);
	struct term *t;
	struct posting *last;

	if (!s->slots[at]) {
		t = vec_add(&s->arena, &s->terms);
		t->text = arena_str(&s->arena, key);
		t->hash = hash;
		s->slots[at] = (uint32_t)s->terms.len;
		if (s->terms.len * 2 > s->slot_count)
			grow_slots(s);
		t = &s->terms.ptr[s->terms.len - 1];
	} else {
		t = &s->terms.ptr[s->slots[at] - 1];
	}
	last = t->postings.len ? &t->postings.ptr[t->postings.len - 1] : NULL;
	if (!last || last->passage != passage) {
		last = vec_add(&s->arena, &t->postings);
		last->passage = passage;
	}
	last->weight += (float)weight;
}

/* Calls for each content word, and without a word for each pair of neighbours among them. */
static void each_term(struct str text,
	void (*call)(void *ctx, const char *term, const struct word *word), void *ctx)
{
	char before[WORD_MAX] = "", pair[TERM_MAX];
	struct word word;

	while (words_next(&text, &word)) {
		if (word.common)
			continue;
		call(ctx, word.stem, &word);
		if (before[0]) {
			snprintf(pair, sizeof(pair), "%s %s", before, word.stem);
			call(ctx, pair, NULL);
		}
		memcpy(before, word.stem, sizeof(before));
	}
}

struct adding {
	struct search *search;
	uint32_t passage;
	double weight;
};

static void add_call(void *ctx, const char *term, const struct word *word)
{
	struct adding *a = ctx;

	add_term(a->search, term, a->passage, a->weight);
	if (word)
		a->search->lengths[a->passage] += a->weight;
}

static void add_field(struct search *s, size_t passage, struct str text, double weight)
{
	struct adding adding = { s, (uint32_t)passage, weight };

	each_term(text, add_call, &adding);
}

static void add_body(struct search *s, size_t passage, const struct kb_passage *from, double weight)
{
	for (size_t i = 0; i < from->pieces.len; i++)
		add_field(s, passage, from->pieces.ptr[i].text, weight);
}

static void add_passage(struct search *s, size_t index)
{
	const struct kb_passage *p = &s->kb->passages.ptr[index];
	const struct kb_doc *doc = &s->kb->docs.ptr[p->doc];

	add_field(s, index, doc->title, weight_title);
	add_field(s, index, doc->domain, weight_domain);
	add_field(s, index, doc->section, weight_domain);
	if (p->number > 0) {
		add_field(s, index, p->heading, weight_heading);
		add_body(s, index, &s->kb->passages.ptr[doc->first], weight_intro);
	}
	add_body(s, index, p, weight_body);
	s->mean_length += s->lengths[index];
}

struct search *search_open(const struct kb *kb)
{
	struct search *s = memory_new(sizeof(*s));
	double passages = (double)kb->passages.len;
	struct family *families;

	s->kb = kb;
	s->slot_count = SLOTS_FIRST;
	s->slots = arena_alloc(&s->arena, s->slot_count * sizeof(*s->slots));
	s->lengths = arena_alloc(&s->arena, (kb->passages.len + 1) * sizeof(*s->lengths));
	for (size_t i = 0; i < kb->passages.len; i++)
		add_passage(s, i);
	s->mean_length = passages > 0 ? s->mean_length / passages : 1;
	for (size_t i = 0; i < s->terms.len; i++) {
		double df = (double)s->terms.ptr[i].postings.len;

		s->terms.ptr[i].idf = log(1 + (passages - df + 0.5) / (df + 0.5));
	}
	do
		families = vec_add(&s->arena, &s->families);
	while ((families->count = words_family(s->families.len - 1, families->stems)) > 0);
	return s;
}

void search_close(struct search **search)
{
	if (!*search)
		return;
	arena_release(&(*search)->arena);
	memory_free(*search);
	*search = NULL;
}

/* A question taken apart: its words, each once, with the family of words it may be met in. */
struct asked {
	char text[TERM_MAX];
	bool pair;
	const struct family *family; /* NULL: none */
	double idf;                  /* of the rarest form that the documents have */
};

struct query {
	const struct search *search;
	struct asked terms[TERMS_MAX];
	size_t count, words;
	double meaning; /* the sum of the idf of its words */
};

static const struct family *find_family(const struct search *s, const char *stem)
{
	for (size_t i = 0; i < s->families.len; i++)
		for (size_t k = 0; k < s->families.ptr[i].count; k++)
			if (strcmp(s->families.ptr[i].stems[k], stem) == 0)
				return &s->families.ptr[i];
	return NULL;
}

/* A word that the documents lack counts like a rare one: it makes the question foreign. */
static double term_idf(const struct search *s, const struct asked *asked)
{
	const struct term *t = find_term(s, asked->text);

	for (size_t i = 0; !t && asked->family && i < asked->family->count; i++)
		t = find_term(s, asked->family->stems[i]);
	return t && t->idf < idf_most ? t->idf : idf_most;
}

/* A number of the customer's own says nothing about the subject, a name of theirs little. */
static double weigh_unknown(const struct search *s, const struct word *word)
{
	char first = word->as_written.ptr[0];

	if (find_term(s, word->stem))
		return 1;
	if (word->number)
		return 0;
	return first >= 'A' && first <= 'Z' ? worth_name : 1;
}

static void query_call(void *ctx, const char *term, const struct word *word)
{
	struct query *q = ctx;
	struct asked *asked = &q->terms[q->count];

	for (size_t i = 0; i < q->count; i++)
		if (strcmp(q->terms[i].text, term) == 0)
			return;
	if (q->count == TERMS_MAX || (word && weigh_unknown(q->search, word) <= 0))
		return;
	memcpy(asked->text, term, strlen(term) + 1);
	asked->pair = !word;
	asked->family = word ? find_family(q->search, term) : NULL;
	asked->idf = term_idf(q->search, asked);
	q->meaning += word ? asked->idf * weigh_unknown(q->search, word) : 0;
	q->words += word != NULL;
	q->count++;
}

static void query_read(struct query *q, const struct search *s, struct str question)
{
	q->search = s;
	q->count = 0;
	q->meaning = 0;
	q->words = 0;
	each_term(question, query_call, q);
}

/* What one term adds to each passage: the better of the word itself and of its other names. */
static void score_term(const struct search *s, const char *text, double worth, double *gain)
{
	const struct term *t = find_term(s, text);

	if (!t)
		return;
	for (size_t i = 0; i < t->postings.len; i++) {
		const struct posting *p = &t->postings.ptr[i];
		double norm =
			1 - length_share + length_share * s->lengths[p->passage] / s->mean_length;
		double tf = (double)p->weight;
		double score = worth * t->idf * tf * (saturation + 1) / (tf + saturation * norm);

		if (score > gain[p->passage])
			gain[p->passage] = score;
	}
}

struct scores {
	double *passage, *cover, *gain, *doc, *doc_cover;
};

static void add_gain(const struct search *s, const struct query *q, size_t term, struct scores *sum)
{
	double idf = q->terms[term].idf, *best = NULL;
	size_t last = SIZE_MAX;

	for (size_t i = 0; i < s->kb->passages.len; i++) {
		size_t doc = s->kb->passages.ptr[i].doc;

		if (doc != last)
			best = &sum->gain[s->kb->passages.len + doc];
		last = doc;
		if (sum->gain[i] <= 0)
			continue;
		sum->passage[i] += sum->gain[i];
		if (sum->gain[i] > *best)
			*best = sum->gain[i];
		if (!q->terms[term].pair)
			sum->cover[i] += idf;
	}
	for (size_t d = 0; d < s->kb->docs.len; d++) {
		double gain = sum->gain[s->kb->passages.len + d];

		sum->doc[d] += gain;
		if (gain > 0 && !q->terms[term].pair)
			sum->doc_cover[d] += idf;
	}
}

static void score_all(const struct search *s, const struct query *q, struct scores *sum)
{
	size_t rows = s->kb->passages.len + s->kb->docs.len;

	for (size_t i = 0; i < q->count; i++) {
		const struct asked *asked = &q->terms[i];

		memset(sum->gain, 0, rows * sizeof(*sum->gain));
		score_term(s, asked->text, asked->pair ? worth_pair : 1, sum->gain);
		for (size_t k = 0; asked->family && k < asked->family->count; k++)
			score_term(s, asked->family->stems[k], worth_other, sum->gain);
		add_gain(s, q, i, sum);
	}
}

/* Keeps the list sorted; of equals the earlier passage stays first. */
static void keep_best(struct hit *hits, size_t *count, size_t max, struct hit hit)
{
	size_t at = *count;

	if (at == max && hits[at - 1].score >= hit.score)
		return;
	if (at == max)
		at--;
	else
		(*count)++;
	for (; at > 0 && hits[at - 1].score < hit.score; at--)
		hits[at] = hits[at - 1];
	hits[at] = hit;
}

static bool is_id_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* Marks the passages that stand in a text by their ids. */
static void note_named(const struct search *s, struct str text, bool *named)
{
	size_t found = 0;

	for (size_t at = 0; at < text.len && found < NAMED_MAX; at++) {
		size_t from = at, to = at + 1;
		const struct kb_passage *p;

		if (text.ptr[at] != '#')
			continue;
		while (from > 0 && is_id_char(text.ptr[from - 1]))
			from--;
		while (to < text.len && text.ptr[to] >= '0' && text.ptr[to] <= '9')
			to++;
		p = kb_find(s->kb, str_part(text, from, to - from));
		if (p)
			named[p - s->kb->passages.ptr] = true;
		found++;
	}
}

size_t search_find(const struct search *s, struct str question, struct str given,
	struct hit *hits, size_t max)
{
	struct arena scratch = ARENA;
	size_t passages = s->kb->passages.len, docs = s->kb->docs.len, count = 0;
	double *rows = arena_alloc(&scratch, (3 * passages + 3 * docs + 1) * sizeof(*rows));
	struct scores sum = { rows, rows + passages, rows + 2 * passages,
		rows + 3 * passages + docs, rows + 3 * passages + 2 * docs };
	struct query *q = arena_new(&scratch, struct query);
	bool *named = arena_alloc(&scratch, passages + 1);

	note_named(s, given, named);
	query_read(q, s, question);
	score_all(s, q, &sum);
	memset(hits, 0, max * sizeof(*hits));
	for (size_t i = 0; i < passages && max > 0; i++) {
		const struct kb_passage *p = &s->kb->passages.ptr[i];
		double cover = (sum.cover[i] + sum.doc_cover[p->doc]) / 2;
		struct hit hit = { p, sum.passage[i] + share_doc * sum.doc[p->doc], 0 };

		if (sum.passage[i] <= 0)
			continue;
		if (named[i])
			hit.score *= bonus_given;
		hit.cover = q->meaning >= meaning_least ? cover / q->meaning : 0;
		if (q->words <= FEW_WORDS)
			hit.cover *= worth_few;
		keep_best(hits, &count, max, hit);
	}
	arena_release(&scratch);
	return count;
}

bool search_is_answer(const struct hit *hit)
{
	return hit->passage && hit->cover >= cover_least;
}

struct fitting {
	const struct query *query;
	bool met[TERMS_MAX];
};

static bool is_met(const struct asked *asked, const char *term)
{
	if (strcmp(asked->text, term) == 0)
		return true;
	for (size_t k = 0; asked->family && k < asked->family->count; k++)
		if (strcmp(asked->family->stems[k], term) == 0)
			return true;
	return false;
}

static void fit_call(void *ctx, const char *term, const struct word *word)
{
	struct fitting *f = ctx;

	(void)word;
	for (size_t i = 0; i < f->query->count; i++)
		f->met[i] = f->met[i] || is_met(&f->query->terms[i], term);
}

void search_fit(const struct search *s, struct str question, const struct kb_passage *passage,
	double *fits)
{
	struct query *q = memory_new(sizeof(*q));

	query_read(q, s, question);
	for (size_t p = 0; p < passage->pieces.len; p++) {
		struct fitting fitting = { .query = q };

		each_term(passage->pieces.ptr[p].text, fit_call, &fitting);
		fits[p] = 0;
		for (size_t i = 0; i < q->count; i++)
			if (fitting.met[i])
				fits[p] += q->terms[i].idf * (q->terms[i].pair ? worth_pair : 1);
	}
	memory_free(q);
}
