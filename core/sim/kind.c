/* SPDX-License-Identifier: GPL-3.0-or-later
 * Kinds by phrases, in the order in which they are tried. A row may ask for a second phrase: one
 * of the words behind "with". */
#include "core/sim/kind.h"

#include "core/sim/words.h"

enum { CHAT_WORDS_MAX = 6, PAYLOAD_MIN = 12 };

static const char *const make[] = { "write", "draft", "compose", "prepare", "generate", "create",
	"send", NULL };
static const char *const papers[] = { "letter", "email", "e-mail", "mail", "notice", "memo",
	"message", "reply to", "certificate", NULL };
static const char *const translate[] = { "translate", "translation", "in spanish", "in french",
	"in german", "into spanish", "into french", "into german", "auf deutsch", NULL };
static const char *const summarize[] = { "summarize", "summarise", "summary", "tl;dr", "condense",
	"shorten", "sum up", NULL };
static const char *const classify[] = { "classify", "categorize", "categorise", "sentiment",
	"which category", "label this", "label the", "one label", "one of these labels", NULL };
static const char *const extract[] = { "extract", "pull out", "list all", "find all", NULL };
static const char *const code[] = { "python", "javascript", "sql", "regex", "regular expression",
	"function that", "a function", "shell script", "bash", "write a script", "a program",
	"unit test", "stack trace", "c code", "code that", "refactor", "debug", NULL };
static const char *const reason[] = { "step by step", "calculate", "work out", "compare",
	"what would", "explain why", "how much would", "which is better", "reason about", NULL };

static const struct {
	enum kind kind;
	const char *const *phrases, *const *with;
} rows[] = {
	{ KIND_TRANSLATE, translate, NULL },
	{ KIND_SUMMARIZE, summarize, NULL },
	{ KIND_CLASSIFY, classify, NULL },
	{ KIND_EXTRACT, extract, NULL },
	{ KIND_LETTER, make, papers },
	{ KIND_CODE, code, NULL },
	{ KIND_REASON, reason, NULL },
};

static const char *const greetings[] = { "hello", "hi", "hey", "thanks", "thank you", "bye",
	"good morning", "good evening", "how are you", "who are you", "what can you do",
	"are you a robot", "are you human", NULL };

static bool has_any(struct str text, const char *const *phrases)
{
	for (size_t i = 0; phrases[i]; i++)
		if (words_have_phrase(text, phrases[i]))
			return true;
	return false;
}

static size_t count_words(struct str text)
{
	struct word word;
	size_t count = 0;

	while (words_next(&text, &word))
		count++;
	return count;
}

enum kind kind_of(struct str question)
{
	struct str order = kind_order(question);

	if (count_words(question) <= CHAT_WORDS_MAX && has_any(order, greetings))
		return KIND_CHAT;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (has_any(order, rows[i].phrases) &&
			(!rows[i].with || has_any(order, rows[i].with)))
			return rows[i].kind;
	return KIND_ASK;
}

bool kind_wants_label(struct str rules)
{
	static const char *const wants[] = { "classify the", "classify this", "one label",
		"one of these labels", "with one of", NULL };

	return rules.ptr && has_any(rules, wants);
}

const char *kind_name(enum kind kind)
{
	static const char *const names[] = { [KIND_ASK] = "faq", [KIND_CHAT] = "chat",
		[KIND_LETTER] = "document", [KIND_TRANSLATE] = "translate",
		[KIND_SUMMARIZE] = "summarize", [KIND_CLASSIFY] = "classify",
		[KIND_EXTRACT] = "extract", [KIND_CODE] = "code", [KIND_REASON] = "reasoning" };

	return names[kind];
}

static struct str behind(struct str s, size_t at)
{
	return at < s.len ? str_trim(str_part(s, at + 1, s.len)) : STR_NONE;
}

struct str kind_payload(struct str question)
{
	struct str s = str_trim(question), payload;
	size_t open = str_find_char(s, '"'), close;

	payload = behind(s, str_find_char(s, '\n'));
	if (payload.len >= PAYLOAD_MIN)
		return payload;
	payload = behind(s, str_find(s, STR(": ")));
	if (payload.len >= PAYLOAD_MIN)
		return payload;
	if (open == s.len)
		return STR_NONE;
	payload = str_part(s, open + 1, s.len);
	close = str_find_char(payload, '"');
	return close > 0 && close < payload.len ? str_part(payload, 0, close) : STR_NONE;
}

struct str kind_order(struct str question)
{
	struct str payload = kind_payload(question);

	return payload.ptr ? str_part(question, 0, (size_t)(payload.ptr - question.ptr)) : question;
}
