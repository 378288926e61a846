/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cutting, lowering and stemming. The stemmer is a short list of endings, longest first; it need
 * not give words of the language, only the same letters for the same family. */
#include "core/sim/words.h"

static const char *const common_words[] = {
	"a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "anything", "are",
	"as", "at", "be", "because", "been", "but", "by", "can", "could", "did", "do", "does",
	"doesn", "doing", "don", "else", "explain", "find", "for", "from", "get", "gets", "give",
	"go", "goes", "going", "got", "had", "happen", "happens", "has", "have", "having", "he",
	"hello", "help", "her", "here", "hi", "his", "how", "i", "if", "in", "into", "is", "isn",
	"it", "its", "just", "kind", "know", "let", "like", "ll", "many", "may", "me", "mean",
	"might", "mine", "much", "must", "my", "need", "no", "not", "of", "on", "one", "only",
	"or", "our", "out", "over", "please", "put", "re", "really", "s", "say", "says", "shall",
	"she", "should", "so", "some", "someone", "something", "still", "such", "t", "tell",
	"than", "thank", "thanks", "that", "the", "their", "them", "then", "there", "these",
	"they", "thing", "things", "this", "those", "to", "too", "up", "us", "use", "used", "ve",
	"very", "want", "was", "way", "we", "well", "were", "what", "when", "where", "which",
	"while", "who", "whose", "why", "will", "with", "without", "won", "would", "yes", "you",
	"your", "yours",
};

/* Words that customers and documents use for one another. */
static const char *const families[][WORD_KIN_MAX] = {
	{ "car", "auto", "vehicle", "automobile" },
	{ "house", "home", "dwelling" },
	{ "tenant", "renter", "renters", "rented", "apartment", "flat" },
	{ "landlord", "landlady" },
	{ "phone", "telephone", "call", "cellphone", "mobile" },
	{ "buy", "bought", "purchase" },
	{ "windscreen", "windshield", "glass" },
	{ "abroad", "overseas", "foreign" },
	{ "trip", "journey", "flight", "vacation", "travel" },
	{ "luggage", "baggage", "suitcase", "bag" },
	{ "cash", "withdrawal", "withdraw", "withdrew", "withdrawn" },
	{ "atm", "cashpoint", "machine" },
	{ "send", "sent", "transfer", "wire" },
	{ "lost", "lose", "missing", "mislaid" },
	{ "stolen", "steal", "theft", "thief", "robbed", "stole", "burglary", "burglar" },
	{ "broken", "damaged", "crack", "smashed" },
	{ "cancel", "terminate", "quit" },
	{ "close", "shut", "leave" },
	{ "fix", "repair", "mend" },
	{ "hospital", "medical", "ill", "sick" },
	{ "dies", "death", "dead", "deceased" },
	{ "manager", "boss" },
	{ "firm", "business", "company", "shop", "bakery", "restaurant" },
	{ "login", "signin", "sign" },
	{ "spreadsheet", "csv", "xlsx", "excel" },
	{ "freeze", "frozen", "block", "lock" },
	{ "vendor", "supplier" },
	{ "branch", "location", "site" },
	{ "passport", "identity", "id" },
	{ "prove", "proof" },
	{ "spouse", "wife", "husband", "ex-wife", "ex-husband" },
	{ "flatmate", "roommate" },
	{ "tap", "contactless" },
	{ "wrong", "incorrect", "mistake" },
	{ "refuse", "reject", "deny", "decline", "denial" },
	{ "dispute", "chargeback", "contest" },
	{ "charge", "fee", "cost", "price" },
	{ "late", "overdue", "delayed" },
	{ "installment", "instalment" },
	{ "lawsuit", "sue", "court" },
	{ "employee", "staff", "worker" },
	{ "tow", "towing", "truck" },
	{ "stock", "inventory" },
	{ "dish", "recipe", "meal" },
	{ "delete", "remove", "deactivate" },
	{ "mold", "mould" },
	{ "hacker", "breach", "hacked" },
	{ "fire", "burn", "burned", "burnt" },
	{ "hotel", "lodging", "accommodation" },
	{ "invoice", "bill" },
	{ "refund", "reimburse", "reimbursement" },
	{ "expire", "expired", "expiry" },
	{ "teenager", "youth", "child", "son", "daughter", "kid" },
	{ "hardware", "requirements", "memory" },
	{ "slow", "slowly", "sluggish" },
	{ "overdrawn", "negative", "overdraft" },
	{ "salary", "income" },
	{ "letter", "certificate" },
	{ "appeal", "fight", "challenge" },
	{ "old", "aged", "age" },
	{ "yearly", "annual", "annually" },
	{ "monthly", "month" },
	{ "computer", "machine", "pc" },
	{ "kitchen", "restaurant" },
	{ "waste", "spoilage" },
	{ "internet", "network", "connection" },
	{ "earthquake", "quake" },
	{ "teacher", "student" },
};

struct ending {
	const char *text, *instead;
	size_t least; /* letters that must stand before it */
};

/* First round: inflection. Second: derivation. */
static const struct ending inflections[] = {
	{ "ations", "", 4 }, { "ation", "", 4 }, { "ies", "y", 2 }, { "ied", "y", 2 },
	{ "sses", "ss", 1 }, { "ches", "ch", 2 }, { "shes", "sh", 2 }, { "xes", "x", 1 },
	{ "us", "us", 1 }, { "ss", "ss", 1 }, { "is", "is", 2 }, { "s", "", 2 },
};
static const struct ending verbs[] = { { "ing", "", 3 }, { "eed", "eed", 1 }, { "ed", "", 2 } };
static const struct ending derived[] = {
	{ "ement", "e", 4 }, { "ments", "", 3 }, { "ment", "", 3 }, { "ance", "", 4 },
	{ "ence", "", 4 }, { "ible", "", 4 }, { "able", "", 4 }, { "ness", "", 4 },
	{ "ally", "", 4 }, { "ator", "", 4 }, { "ate", "", 4 }, { "ion", "", 4 },
	{ "ful", "", 3 }, { "ity", "", 4 }, { "er", "", 4 }, { "or", "", 4 }, { "al", "", 4 },
	{ "ly", "", 3 }, { "at", "", 5 }, { "e", "", 2 }, { "y", "", 3 },
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Signs such as pound and euro, dashes and curly quotes begin so in UTF-8: no letters. */
static bool is_sign_lead(char c)
{
	return c == '\xc2' || c == '\xe2';
}

static bool is_letter_at(struct str s, size_t i)
{
	size_t lead = i;

	while (lead > 0 && i - lead < 3 && ((unsigned char)s.ptr[lead] & 0xc0) == 0x80)
		lead--;
	return is_letter(s.ptr[i]) && !is_sign_lead(s.ptr[lead]);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t cut_ending(char *stem, size_t len, const struct ending *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t end = strlen(list[i].text), instead = strlen(list[i].instead);

		if (len < end + list[i].least || memcmp(stem + len - end, list[i].text, end) != 0)
			continue;
		memcpy(stem + len - end, list[i].instead, instead);
		return len - end + instead;
	}
	return len;
}

/* "cancell" -> "cancel", but "fall" and "less" stay as they are short. */
static size_t undouble(const char *stem, size_t len)
{
	if (len > 4 && stem[len - 1] == stem[len - 2] && !strchr("aeiou", stem[len - 1]))
		return len - 1;
	return len;
}

void word_stem(struct str word, char out[WORD_MAX])
{
	size_t len = word.len < WORD_MAX - 1 ? word.len : WORD_MAX - 1;
	bool plain = true;

	for (size_t i = 0; i < len; i++) {
		out[i] = lower(word.ptr[i]);
		plain = plain && out[i] >= 'a' && out[i] <= 'z';
	}
	out[len] = '\0';
	if (!plain || len < 4)
		return;
	len = cut_ending(out, len, inflections, ARRAY_LEN(inflections));
	len = cut_ending(out, len, verbs, ARRAY_LEN(verbs));
	len = undouble(out, len);
	len = cut_ending(out, len, derived, ARRAY_LEN(derived));
	len = undouble(out, len);
	out[len] = '\0';
}

static bool is_common(struct str word)
{
	size_t from = 0, to = ARRAY_LEN(common_words);
	char small[WORD_MAX];

	if (word.len >= sizeof(small))
		return false;
	for (size_t i = 0; i < word.len; i++)
		small[i] = lower(word.ptr[i]);
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = str_cmp((struct str){ small, word.len }, str_of(common_words[mid]));

		if (order == 0)
			return true;
		if (order < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return false;
}

/* Whether the sign at `i` holds a word together: "L-402", "C-26-058213", "1,200", "2.5". */
static bool is_joint(struct str s, size_t i)
{
	if (i == 0 || i + 1 >= s.len || !is_digit(s.ptr[i + 1]))
		return false;
	if (s.ptr[i] == '-')
		return is_digit(s.ptr[i - 1]) || is_letter_at(s, i - 1);
	return (s.ptr[i] == ',' || s.ptr[i] == '.') && is_digit(s.ptr[i - 1]);
}

bool words_next(struct str *rest, struct word *word)
{
	struct str s = *rest;
	size_t from = 0, end;

	while (from < s.len && !is_letter_at(s, from) && !is_digit(s.ptr[from]))
		from++;
	if (from == s.len)
		return false;
	for (end = from; end < s.len; end++)
		if (!is_letter_at(s, end) && !is_digit(s.ptr[end]) && !is_joint(s, end))
			break;
	*rest = str_part(s, end, s.len);
	word->as_written = str_part(s, from, end - from);
	word->number = false;
	for (size_t i = from; i < end; i++)
		word->number = word->number || is_digit(s.ptr[i]);
	word->common = is_common(word->as_written);
	word_stem(word->as_written, word->stem);
	return true;
}

size_t words_family(size_t index, char stems[WORD_KIN_MAX][WORD_MAX])
{
	size_t count = 0;

	if (index >= ARRAY_LEN(families))
		return 0;
	while (count < WORD_KIN_MAX && families[index][count]) {
		word_stem(str_of(families[index][count]), stems[count]);
		count++;
	}
	return count;
}

bool words_have(struct str text, const char *stem)
{
	struct word word;

	while (words_next(&text, &word))
		if (strcmp(word.stem, stem) == 0)
			return true;
	return false;
}

bool words_have_phrase(struct str text, const char *phrase)
{
	struct str want = str_of(phrase);

	for (size_t at = 0; at + want.len <= text.len; at++) {
		if (!str_starts_nocase(str_part(text, at, text.len), phrase))
			continue;
		if (at > 0 && (is_letter(text.ptr[at - 1]) || is_digit(text.ptr[at - 1])))
			continue;
		if (at + want.len == text.len || !is_letter(text.ptr[at + want.len]))
			return true;
	}
	return false;
}

struct str words_normal(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	struct word word;

	while (words_next(&text, &word)) {
		if (len > 0)
			out[len++] = ' ';
		for (size_t i = 0; i < word.as_written.len; i++)
			out[len++] = lower(word.as_written.ptr[i]);
	}
	return (struct str){ out, len };
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

struct word_set word_set_of(struct arena *arena, struct str text)
{
	VEC(uint64_t) hashes = { 0 };
	struct word word;

	while (words_next(&text, &word))
		*vec_add(arena, &hashes) = str_hash(str_of(word.stem));
	if (hashes.len)
		qsort(hashes.ptr, hashes.len, sizeof(*hashes.ptr), by_value);
	return (struct word_set){ hashes.ptr, hashes.len };
}

size_t word_set_count(const struct word_set *set, const char *stem)
{
	uint64_t hash = str_hash(str_of(stem));
	size_t from = 0, to = set->len, count = 0;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (set->hashes[mid] < hash)
			from = mid + 1;
		else
			to = mid;
	}
	while (from + count < set->len && set->hashes[from + count] == hash)
		count++;
	return count;
}

struct str words_spaced(struct str name, char out[WORDS_NAME_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < name.len && len + 2 < WORDS_NAME_MAX; i++) {
		if (i > 0 && name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' && name.ptr[i - 1] >= 'a')
			out[len++] = ' ';
		out[len++] = name.ptr[i] == '_' || name.ptr[i] == '-' ? ' ' : name.ptr[i];
	}
	return (struct str){ out, len };
}

size_t words_content(struct str text)
{
	struct word word;
	size_t count = 0;

	while (words_next(&text, &word))
		count += !word.common;
	return count;
}
