/* SPDX-License-Identifier: GPL-3.0-or-later
 * Work on a text that the request brings along: translate, classify, extract, summarize. Modest,
 * and honest about it: what is not known is left as it stands. */
#include "core/sim/compose.h"

#include "core/sim/evidence.h"
#include "core/sim/kind.h"
#include "core/sim/words.h"

enum { SENTENCES_MAX = 64, FIRST_BONUS = 3 };

/* English, Spanish, French, German. */
static const char *const glossary[][4] = {
	{ "hello", "hola", "bonjour", "hallo" },
	{ "good", "buenos", "bon", "guten" },
	{ "morning", "días", "matin", "Morgen" },
	{ "thank", "gracias", "merci", "danke" },
	{ "thanks", "gracias", "merci", "danke" },
	{ "please", "por favor", "s'il vous plaît", "bitte" },
	{ "yes", "sí", "oui", "ja" },
	{ "no", "no", "non", "nein" },
	{ "the", "la", "le", "die" },
	{ "a", "una", "une", "eine" },
	{ "and", "y", "et", "und" },
	{ "or", "o", "ou", "oder" },
	{ "is", "es", "est", "ist" },
	{ "are", "son", "sont", "sind" },
	{ "my", "mi", "mon", "mein" },
	{ "your", "su", "votre", "Ihr" },
	{ "you", "usted", "vous", "Sie" },
	{ "i", "yo", "je", "ich" },
	{ "we", "nosotros", "nous", "wir" },
	{ "not", "no", "pas", "nicht" },
	{ "in", "en", "dans", "in" },
	{ "for", "para", "pour", "für" },
	{ "with", "con", "avec", "mit" },
	{ "of", "de", "de", "von" },
	{ "to", "a", "à", "zu" },
	{ "card", "tarjeta", "carte", "Karte" },
	{ "account", "cuenta", "compte", "Konto" },
	{ "money", "dinero", "argent", "Geld" },
	{ "car", "coche", "voiture", "Auto" },
	{ "house", "casa", "maison", "Haus" },
	{ "policy", "póliza", "police", "Police" },
	{ "claim", "reclamación", "sinistre", "Schaden" },
	{ "letter", "carta", "lettre", "Brief" },
	{ "day", "día", "jour", "Tag" },
	{ "days", "días", "jours", "Tage" },
	{ "payment", "pago", "paiement", "Zahlung" },
	{ "customer", "cliente", "client", "Kunde" },
	{ "open", "abierto", "ouvert", "offen" },
	{ "closed", "cerrado", "fermé", "geschlossen" },
	{ "today", "hoy", "aujourd'hui", "heute" },
	{ "tomorrow", "mañana", "demain", "morgen" },
	{ "where", "dónde", "où", "wo" },
	{ "when", "cuándo", "quand", "wann" },
	{ "how", "cómo", "comment", "wie" },
	{ "insurance", "seguro", "assurance", "Versicherung" },
	{ "order", "pedido", "commande", "Bestellung" },
	{ "help", "ayuda", "aide", "Hilfe" },
	{ "new", "nueva", "nouvelle", "neue" },
	{ "lost", "perdido", "perdu", "verloren" },
	{ "friend", "amigo", "ami", "Freund" },
};

static const struct {
	const char *word, *name;
} languages[] = {
	{ "english", "English" }, { "spanish", "Spanish" }, { "french", "French" },
	{ "german", "German" },
};

/* The last one named is the one to translate into; Spanish when none is. */
static size_t target_language(struct str order)
{
	size_t best = 1;

	for (size_t i = 0; i < ARRAY_LEN(languages); i++)
		if (words_have_phrase(order, languages[i].word))
			best = i;
	return best;
}

static const char *translate_word(struct str word, size_t to)
{
	for (size_t i = 0; i < ARRAY_LEN(glossary); i++)
		for (size_t from = 0; from < 4; from++)
			if (from != to && str_is_nocase(word, glossary[i][from]))
				return glossary[i][to];
	return NULL;
}

/* What the request brings along, or nothing to work on. */
static struct str payload_of(struct compose *c)
{
	struct str payload = kind_payload(c->ask->question);

	return payload.ptr ? payload : STR_NONE;
}

void chore_translate(struct compose *c)
{
	size_t to = target_language(kind_order(c->ask->question));
	struct str payload = payload_of(c), rest = payload;
	const char *at = payload.ptr;
	struct word word;
	size_t words = 0, known = 0;

	if (!payload.ptr) {
		buf_addf(&c->out, "Please give me the text, and I will put it into %s.",
			languages[to].name);
		return;
	}
	while (words_next(&rest, &word)) {
		const char *other = translate_word(word.as_written, to);

		buf_add(&c->out, at, (size_t)(word.as_written.ptr - at));
		if (other)
			buf_add_text(&c->out, other);
		else
			buf_add_str(&c->out, word.as_written);
		at = word.as_written.ptr + word.as_written.len;
		words++;
		known += other != NULL;
	}
	buf_add(&c->out, at, (size_t)(payload.ptr + payload.len - at));
	if (known < words)
		buf_addf(&c->out, "\n\n(A word-for-word draft: %zu of %zu words are in my small "
				  "%s vocabulary, the others are left as they are.)",
			known, words, languages[to].name);
}

static const char *const glad[] = { "great", "good", "love", "thank", "happi", "excel", "perfect",
	"wonderful", "pleas", "quick", "friend", "nice", "best", "satisfi" };
static const char *const angry[] = { "bad", "terribl", "angr", "hat", "awful", "slow", "wrong",
	"worst", "disappoint", "complaint", "complain", "broken", "refus", "never", "rude",
	"fail" };

/* How often the words of a list are met; they are written as stems or as they are. */
static int count_any(const struct word_set *text, const char *const *list, size_t count)
{
	int met = 0;

	for (size_t i = 0; i < count; i++)
		met += word_set_count(text, list[i]) > 0;
	return met;
}

static int mood_of(const struct word_set *text)
{
	return count_any(text, glad, ARRAY_LEN(glad)) - count_any(text, angry, ARRAY_LEN(angry));
}

/* The labels in "as billing, claims or technical": cut at commas and "or" behind a lead word. */
static struct str label_list(struct str order)
{
	static const char *const leads[] = { "one of these labels", "one of", "labels",
		"categories", "classes", "either", " as ", " into " };

	for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
		size_t at = str_find(order, str_of(leads[i]));

		if (at < order.len)
			return str_trim(str_part(order, at + strlen(leads[i]), order.len));
	}
	return STR_NONE;
}

static bool next_label(struct str *rest, struct word *word)
{
	while (words_next(rest, word))
		if (!word->common && !str_is_nocase(word->as_written, "labels"))
			return true;
	return false;
}

/* The label that shares a word with the text, or with the section of the passage found. */
static struct str pick_label(struct compose *c, struct str labels, const struct word_set *text)
{
	const struct kb_doc *doc = c->found ? &c->kb->docs.ptr[c->hits[0].passage->doc] : NULL;
	struct str rest = labels, first = STR_NONE;
	int mood = mood_of(text);
	struct word word;

	while (next_label(&rest, &word)) {
		struct str label = word.as_written;

		if (!first.ptr)
			first = label;
		if (word_set_count(text, word.stem) ||
			(doc && (words_have(doc->section, word.stem) ||
					words_have(doc->domain, word.stem) ||
					words_have(doc->title, word.stem))))
			return label;
		if ((mood > 0 && str_is_nocase(label, "positive")) ||
			(mood < 0 && str_is_nocase(label, "negative")) ||
			(mood == 0 && str_is_nocase(label, "neutral")))
			return label;
	}
	return first;
}

/* Labels that are names of tasks: what kind of work the text asks for. */
static struct str pick_task(struct str labels, struct str text)
{
	const char *name = kind_name(kind_of(text));

	if (!words_have_phrase(labels, "faq") && !words_have_phrase(labels, "summarize"))
		return STR_NONE;
	return words_have_phrase(labels, name) ? str_of(name) : STR_NONE;
}

void chore_classify(struct compose *c)
{
	bool by_rules = kind_wants_label(c->ask->rules);
	struct str text = by_rules ? c->ask->question : payload_of(c);
	struct str order = by_rules ? c->ask->rules : kind_order(c->ask->question);
	struct str labels = label_list(order), label = STR_NONE;
	struct word_set words = word_set_of(c->arena, text.ptr ? text : c->ask->question);
	int mood = mood_of(&words);

	if (labels.ptr)
		label = pick_task(labels, text.ptr ? text : c->ask->question);
	if (labels.ptr && !label.ptr)
		label = pick_label(c, labels, &words);
	if (label.ptr)
		buf_add_str(&c->out, label);
	else if (words_have_phrase(order, "sentiment"))
		buf_add_text(&c->out, mood > 0 ? "positive" : mood < 0 ? "negative" : "neutral");
	else if (c->found)
		buf_add_str(&c->out, c->kb->docs.ptr[c->hits[0].passage->doc].section);
	else
		buf_add_text(&c->out, "other");
}

/* Whether a number is only a part of an amount, a date or an id. */
static bool is_part(const struct evidence *e, struct str number)
{
	static const enum fact wholes[] = { FACT_AMOUNT, FACT_DATE, FACT_ID };

	for (size_t w = 0; w < ARRAY_LEN(wholes); w++)
		for (size_t i = 0; i < e->facts[wholes[w]].len; i++) {
			struct str whole = e->facts[wholes[w]].ptr[i];

			if (number.ptr >= whole.ptr && number.ptr < whole.ptr + whole.len)
				return true;
		}
	return false;
}

void chore_extract(struct compose *c)
{
	struct str text = payload_of(c);
	struct evidence e = { 0 };
	size_t lines = 0;

	evidence_read(&e, c->arena, text.ptr ? text : c->ask->question);
	for (size_t fact = 0; fact < FACT_COUNT; fact++)
		for (size_t i = 0; i < e.facts[fact].len; i++)
			if (fact != FACT_NUMBER || !is_part(&e, e.facts[fact].ptr[i]))
				buf_addf(&c->out, "%s%s: %.*s", lines++ ? "\n" : "",
				evidence_say((enum fact)fact), STR_ARG(e.facts[fact].ptr[i]));
	if (lines == 0)
		buf_add_text(&c->out, "I found no names, numbers, amounts or dates in that text.");
}

static size_t cut_sentences(struct str text, struct str out[SENTENCES_MAX])
{
	size_t count = 0, from = 0;

	for (size_t i = 0; i < text.len && count < SENTENCES_MAX; i++) {
		bool end = i + 1 == text.len || text.ptr[i] == '\n' ||
			   (strchr(".?!", text.ptr[i]) && text.ptr[i + 1] == ' ');
		struct str s = str_trim(str_part(text, from, i + 1 - from));

		if (!end)
			continue;
		from = i + 1;
		if (s.len > 0)
			out[count++] = s;
	}
	return count;
}

/* How much a sentence shares with the rest: its content words met again in the whole text. */
static size_t weigh_sentence(struct str sentence, const struct word_set *text)
{
	size_t weight = 0;
	struct word word;

	while (words_next(&sentence, &word))
		if (!word.common)
			weight += word.number ? 2 : word_set_count(text, word.stem) > 1;
	return weight;
}

static void summarize_text(struct compose *c, struct str text)
{
	struct str sentences[SENTENCES_MAX];
	size_t weights[SENTENCES_MAX], count = cut_sentences(text, sentences);
	size_t keep = c->ask->persona->sentences, best;
	struct word_set words = word_set_of(c->arena, text);
	bool chosen[SENTENCES_MAX] = { false };

	for (size_t i = 0; i < count; i++)
		weights[i] = weigh_sentence(sentences[i], &words) + (i == 0 ? FIRST_BONUS : 0);
	for (; keep > 0; keep--) {
		best = SIZE_MAX;
		for (size_t i = 0; i < count; i++)
			if (!chosen[i] && (best == SIZE_MAX || weights[i] > weights[best]))
				best = i;
		if (best != SIZE_MAX)
			chosen[best] = true;
	}
	for (size_t i = 0; i < count; i++)
		if (chosen[i])
			buf_addf(&c->out, "%s%.*s", c->out.len ? " " : "", STR_ARG(sentences[i]));
}

/* Without a text of its own, the document that the request names: a sentence of each passage. */
void chore_summarize(struct compose *c)
{
	struct str text = payload_of(c);
	const struct kb_doc *doc;

	if (text.ptr) {
		summarize_text(c, text);
		return;
	}
	if (!c->found) {
		buf_add_text(&c->out, "Please give me the text that I should summarize.");
		return;
	}
	doc = &c->kb->docs.ptr[c->hits[0].passage->doc];
	buf_addf(&c->out, "%.*s, in short:\n", STR_ARG(doc->title));
	for (size_t i = 1; i < doc->count && i <= 2 * c->ask->persona->sentences; i++) {
		buf_add_text(&c->out, "\n- ");
		quote_passage(c, &c->kb->passages.ptr[doc->first + i], 1);
	}
}
