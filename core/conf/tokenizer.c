/* SPDX-License-Identifier: GPL-3.0-or-later
 * The features of a text, and what each weighs in tokens. */
#include "core/conf/tokenizer.h"

#include "core/base/utf8.h"

/* In the order of the weights. */
enum feature {
	F_WORD,	    /* words of Latin letters */
	F_LETTER_5, /* letters 5 to 8 of a word */
	F_LETTER_9, /* letters from the 9th on */
	F_CAPITAL,  /* capitals after a capital */
	F_CAMEL,    /* words that begin in the middle of one: camelCase */
	F_DIGIT,
	F_DIGIT_3,  /* groups of up to three digits */
	F_MARK,	    /* runs of punctuation */
	F_MARK_2,   /* a further, other mark in a run */
	F_REPEATED, /* a mark again */
	F_INDENT,   /* runs of two and more blanks */
	F_LINE,	    /* runs of line ends */
	F_TAB,	    /* runs of tabs */
	F_LATIN,    /* Latin letters beyond ASCII */
	F_FOREIGN,  /* letters from the 5th on, where the text is not English */
	F_CYRILLIC,
	F_GREEK,
	F_HEBREW,
	F_ARABIC,
	F_CAUCASUS, /* Armenian, Georgian */
	F_HINDI,    /* Devanagari */
	F_INDIC,    /* other scripts of India */
	F_SEASIA,   /* Thai to Khmer, Ethiopic */
	F_HAN,	    /* Chinese characters, full width */
	F_KANA,
	F_HANGUL,
	F_OTHER,      /* symbols, emoji, what is left */
	F_SCRIPT_RUN, /* runs of one script other than Latin */
	F_COUNT
};

_Static_assert((int)F_COUNT == (int)TOKENIZER_FEATURES, "a weight for each feature");

static const int16_t o200k_weights[TOKENIZER_FEATURES] = { 1004, 30, 109, 37, 649, 0, 1813, 598,
	320, 187, 980, 723, 0, 805, 145, 343, 407, 502, 377, 374, 378, 439, 435, 837, 616, 734, 935,
	134 };
static const int16_t cl100k_weights[TOKENIZER_FEATURES] = { 1007, 31, 119, 20, 396, 0, 1812, 600,
	306, 167, 984, 693, 0, 1404, 196, 508, 1010, 1143, 793, 2084, 1139, 1471, 945, 1099, 840,
	1058, 819, 316 };
static const int16_t claude2_weights[TOKENIZER_FEATURES] = { 1002, 13, 129, 187, 617, 135, 823, 966,
	231, 34, 0, 1247, 629, 2093, 179, 507, 1207, 930, 999, 1392, 1184, 2012, 1781, 925, 680,
	1073, 608, 642 };
static const int16_t deepseek_weights[TOKENIZER_FEATURES] = { 1008, 20, 85, 148, 652, 0, 1648, 717,
	390, 106, 1008, 723, 0, 1151, 204, 376, 496, 564, 421, 641, 643, 570, 388, 671, 540, 788,
	872, 262 };
static const int16_t qwen_weights[TOKENIZER_FEATURES] = { 1005, 32, 126, 25, 408, 747, 1222, 599,
	308, 145, 981, 683, 0, 872, 224, 393, 950, 421, 431, 1065, 1026, 1188, 560, 718, 454, 727,
	976, 447 };
static const int16_t mistral_weights[TOKENIZER_FEATURES] = { 1002, 63, 147, 249, 713, 830, 760, 965,
	337, 149, 856, 1604, 571, 1714, 185, 348, 1039, 1034, 969, 1085, 1082, 1200, 996, 1049, 801,
	1183, 723, 648 };
static const int16_t llama3_weights[TOKENIZER_FEATURES] = { 1006, 31, 122, 19, 451, 0, 1812, 609,
	302, 179, 983, 666, 0, 572, 239, 361, 429, 1188, 407, 1883, 615, 1499, 496, 852, 586, 786,
	1005, 113 };

const struct tokenizer tokenizer_table[] = {
#define X(name, weights, half, nine_of_ten, say) \
	{ #name, weights##_weights, half, nine_of_ten, say },
	TOKENIZER_LIST(X)
#undef X
};
const size_t tokenizer_count = ARRAY_LEN(tokenizer_table);

/* ---- which one -------------------------------------------------------------------------- */

/* How an id begins after its last '/'; the first that fits. */
static const struct {
	const char *prefix, *name;
} families[] = {
	{ "gpt-4o", "o200k" },
	{ "gpt-4.", "o200k" },
	{ "gpt-4", "cl100k" },
	{ "gpt-3", "cl100k" },
	{ "gpt-", "o200k" },
	{ "chatgpt", "o200k" },
	{ "o1", "o200k" },
	{ "o3", "o200k" },
	{ "o4", "o200k" },
	{ "claude-2", "claude2" },
	{ "claude-instant", "claude2" },
	{ "claude", "claude" },
	{ "deepseek", "deepseek" },
	{ "qwen", "qwen" },
	{ "qwq", "qwen" },
	{ "mistral-7b", "mistral" },
	{ "mistral:7b", "mistral" },
	{ "open-mistral-7b", "mistral" },
	{ "mixtral", "mistral" },
	{ "llama3", "llama3" },
	{ "llama-3", "llama3" },
	{ "llama-4", "llama3" },
	{ "meta-llama-3", "llama3" },
};

const struct tokenizer *tokenizer_find(struct str name)
{
	for (size_t i = 0; i < tokenizer_count; i++)
		if (str_is(name, tokenizer_table[i].name))
			return &tokenizer_table[i];
	return NULL;
}

const struct tokenizer *tokenizer_of_model(struct str id)
{
	struct str piece, rest = id;

	while (str_cut(&rest, '/', &piece))
		id = piece;
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		if (str_starts_nocase(id, families[i].prefix))
			return tokenizer_find(str_of(families[i].name));
	return tokenizer_find(STR("other"));
}

/* ---- what is counted -------------------------------------------------------------------- */

/* Kinds of characters; of another script than Latin: K_SCRIPT + the feature that counts it. */
enum kind { K_NONE, K_LETTER, K_ACCENT, K_DIGIT, K_BLANK, K_LINE, K_TAB, K_MARK, K_SCRIPT };

enum { ENGLISH_MAX = 4 };

/* Words that tell English from other languages in Latin letters. */
static const char english[][ENGLISH_MAX + 1] = { "the", "and", "to", "what", "how", "you", "this",
	"that", "with", "for", "my", "are", "can", "not", "if", "it", "have", "from" };

struct scan {
	int64_t counts[F_COUNT];
	int kind;      /* of the character before */
	uint32_t code; /* it */
	int64_t run;   /* of its kind, from 0 */
	int letters;   /* of the word so far, from its last capital after a small letter */
	size_t word_len;
	char word[ENGLISH_MAX]; /* its beginning, in small letters, zeros after it */
	int64_t all_letters, english_words;
};

/* Where a stretch of code points ends, and what counts it. */
static const struct {
	uint32_t end;
	enum feature feature;
} scripts[] = {
	{ 0x400, F_GREEK },
	{ 0x530, F_CYRILLIC },
	{ 0x590, F_CAUCASUS },
	{ 0x600, F_HEBREW },
	{ 0x900, F_ARABIC },
	{ 0x980, F_HINDI },
	{ 0xE00, F_INDIC },
	{ 0x10A0, F_SEASIA },
	{ 0x1100, F_CAUCASUS },
	{ 0x1200, F_HANGUL },
	{ 0x1800, F_SEASIA },
	{ 0x1F00, F_OTHER },
	{ 0x2000, F_GREEK },
	{ 0x2E80, F_OTHER },
	{ 0x3040, F_HAN },
	{ 0x3100, F_KANA },
	{ 0xA000, F_HAN },
	{ 0xAC00, F_OTHER },
	{ 0xD7B0, F_HANGUL },
	{ 0xF900, F_OTHER },
	{ 0xFB00, F_HAN },
	{ 0xFF00, F_OTHER },
	{ 0xFFF0, F_HAN },
	{ 0x20000, F_OTHER },
	{ 0x32000, F_HAN },
};

static int kind_beyond_ascii(uint32_t code)
{
	if (code < 0xC0 || code == 0xD7 || code == 0xF7)
		return K_SCRIPT + F_OTHER;
	if (code < 0x250 || (code >= 0x300 && code < 0x370) || (code >= 0x1E00 && code < 0x1F00))
		return K_ACCENT;
	for (size_t i = 0; i < ARRAY_LEN(scripts); i++)
		if (code < scripts[i].end)
			return K_SCRIPT + (int)scripts[i].feature;
	return K_SCRIPT + F_OTHER;
}

static bool is_capital(uint32_t code)
{
	return code >= 'A' && code <= 'Z';
}

static int kind_of(uint32_t code)
{
	if (code >= 0x80)
		return kind_beyond_ascii(code);
	if ((code | 0x20) >= 'a' && (code | 0x20) <= 'z')
		return K_LETTER;
	if (code >= '0' && code <= '9')
		return K_DIGIT;
	if (code == ' ')
		return K_BLANK;
	if (code == '\t')
		return K_TAB;
	return code == '\n' || code == '\r' ? K_LINE : K_MARK;
}

static bool is_letter(int kind)
{
	return kind == K_LETTER || kind == K_ACCENT;
}

static void end_word(struct scan *s)
{
	if (!s->word_len)
		return;
	for (size_t i = 0; s->word_len <= ENGLISH_MAX && i < ARRAY_LEN(english); i++)
		s->english_words += !memcmp(english[i], s->word, ENGLISH_MAX);
	memset(s->word, 0, ENGLISH_MAX);
	s->word_len = 0;
}

static void take_letter(struct scan *s, int kind, uint32_t code)
{
	bool after_capital = s->kind == K_LETTER && is_capital(s->code);

	if (!is_letter(s->kind)) {
		s->counts[F_WORD]++;
		s->letters = 0;
	} else if (is_capital(code) && !after_capital && s->kind == K_LETTER) {
		s->counts[F_CAMEL]++;
		s->letters = 0;
	}
	if (s->word_len < ENGLISH_MAX)
		s->word[s->word_len] = kind == K_LETTER ? (char)(code | 0x20) : '?';
	s->word_len++;
	s->letters += s->letters < 9;
	s->all_letters++;
	s->counts[F_LATIN] += kind == K_ACCENT;
	s->counts[F_CAPITAL] += is_capital(code) && after_capital;
	s->counts[F_LETTER_5] += s->letters > 4 && s->letters <= 8;
	s->counts[F_LETTER_9] += s->letters > 8;
}

static void take_mark(struct scan *s, uint32_t code)
{
	if (s->kind != K_MARK)
		s->counts[F_MARK]++;
	else
		s->counts[code == s->code ? F_REPEATED : F_MARK_2]++;
}

static void take_other(struct scan *s, int kind, uint32_t code)
{
	bool again = kind == s->kind;

	s->run = again ? s->run + 1 : 0;
	switch (kind) {
	case K_DIGIT:
		s->counts[F_DIGIT]++;
		s->counts[F_DIGIT_3] += s->run % 3 == 0;
		break;
	case K_BLANK:
		s->counts[F_INDENT] += s->run == 1;
		break;
	case K_LINE:
		s->counts[F_LINE] += !again;
		break;
	case K_TAB:
		s->counts[F_TAB] += !again;
		break;
	case K_MARK:
		take_mark(s, code);
		break;
	default:
		s->counts[kind - K_SCRIPT]++;
		s->counts[F_SCRIPT_RUN] += !again;
	}
}

/* Words of other languages fall into more pieces. */
static bool is_foreign(const struct scan *s)
{
	const int64_t *n = s->counts;

	if (n[F_LATIN] * 100 > s->all_letters)
		return true;
	return n[F_WORD] >= 5 && s->english_words * 25 < n[F_WORD] &&
	       (n[F_MARK] + n[F_MARK_2] + n[F_DIGIT]) * 3 < n[F_WORD];
}

static void scan_text(struct scan *s, struct str text)
{
	while (text.len) {
		uint32_t code = (unsigned char)text.ptr[0];
		size_t used = code < 0x80 ? 1 : utf8_read(text, &code);
		int kind = kind_of(code);

		if (is_letter(kind)) {
			take_letter(s, kind, code);
		} else {
			end_word(s);
			take_other(s, kind, code);
		}
		s->kind = kind;
		s->code = code;
		text.ptr += used;
		text.len -= used;
	}
	end_word(s);
	if (is_foreign(s))
		s->counts[F_FOREIGN] = s->counts[F_LETTER_5] + s->counts[F_LETTER_9];
}

/* ---- tokens ----------------------------------------------------------------------------- */

int64_t tokenizer_estimate(const struct tokenizer *t, struct str text)
{
	struct scan s = { .kind = K_NONE };
	int64_t sum = 0, tokens;

	scan_text(&s, text);
	for (int i = 0; i < F_COUNT; i++)
		sum += s.counts[i] * t->weights[i];
	tokens = (sum + 500) / 1000;
	return text.len && !tokens ? 1 : tokens;
}

int64_t tokenizer_at_most(const struct tokenizer *t, int64_t estimate)
{
	int64_t error = t->nine_of_ten ? t->nine_of_ten : 500;

	return estimate + (estimate * error + 999) / 1000;
}
