/* SPDX-License-Identifier: GPL-3.0-or-later
 * Limits in the words of an error: which one it was, its numbers, and the wait it asks for. */
#include "core/wire/limits.h"
#include "core/wire/words.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (3600 * SECOND)
#define DAY (86400 * SECOND)

/* ---- which ------------------------------------------------------------------------------ */

static const struct {
	const char *words;
	enum limits_unit unit;
	int64_t window;
} kinds[] = {
	{ "itpm", LIMITS_INPUT, MINUTE },
	{ "otpm", LIMITS_OUTPUT, MINUTE },
	{ "tpm", LIMITS_TOKENS, MINUTE },
	{ "rpm", LIMITS_REQUESTS, MINUTE },
	{ "tpd", LIMITS_TOKENS, DAY },
	{ "rpd", LIMITS_REQUESTS, DAY },
	{ "tph", LIMITS_TOKENS, HOUR },
	{ "rph", LIMITS_REQUESTS, HOUR },
	{ "tps", LIMITS_TOKENS, SECOND },
	{ "rps", LIMITS_REQUESTS, SECOND },
	{ "qpm", LIMITS_REQUESTS, MINUTE },
	{ "qps", LIMITS_REQUESTS, SECOND },
	{ "input tokens per minute", LIMITS_INPUT, MINUTE },
	{ "output tokens per minute", LIMITS_OUTPUT, MINUTE },
	{ "tokens per minute", LIMITS_TOKENS, MINUTE },
	{ "tokens per min", LIMITS_TOKENS, MINUTE },
	{ "tokens per hour", LIMITS_TOKENS, HOUR },
	{ "tokens per day", LIMITS_TOKENS, DAY },
	{ "requests per second", LIMITS_REQUESTS, SECOND },
	{ "requests per minute", LIMITS_REQUESTS, MINUTE },
	{ "requests per min", LIMITS_REQUESTS, MINUTE },
	{ "requests per hour", LIMITS_REQUESTS, HOUR },
	{ "requests per day", LIMITS_REQUESTS, DAY },
	{ "queries per minute", LIMITS_REQUESTS, MINUTE },
	{ "queries per second", LIMITS_REQUESTS, SECOND },
	{ "calls / minute", LIMITS_REQUESTS, MINUTE },
	{ "free-models-per-min", LIMITS_REQUESTS, MINUTE },
	{ "free-models-per-day", LIMITS_REQUESTS, DAY },
	{ "request tokens has exceeded your per-minute", LIMITS_INPUT, MINUTE },
	{ "token rate limit", LIMITS_TOKENS, MINUTE },
	{ "call rate limit", LIMITS_REQUESTS, MINUTE },
	{ "concurrent", LIMITS_CONCURRENT, 0 },
	{ "concurrency", LIMITS_CONCURRENT, 0 },
};

/* Of a word, or of a model's id. */
static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* What follows the next `word` in `text` that stands by itself; false: there is none. */
static bool find_word(struct str *text, struct str word)
{
	for (size_t at = 0; at + word.len <= text->len; at++) {
		struct str rest = str_part(*text, at, text->len);

		at += str_find(rest, word);
		if (at + word.len > text->len)
			return false;
		if ((at && is_letter(text->ptr[at - 1])) ||
			(at + word.len < text->len && is_letter(text->ptr[at + word.len])))
			continue;
		*text = str_part(*text, at + word.len, text->len);
		return true;
	}
	return false;
}

static void read_kind(struct limits_hit *hit, struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct str rest = text;

		if (find_word(&rest, str_of(kinds[i].words))) {
			hit->unit = kinds[i].unit;
			hit->window = kinds[i].window;
			return;
		}
	}
}

/* ---- how much --------------------------------------------------------------------------- */

/* "30,000" at the front; INT_NONE: no number, or none that can be. */
static int64_t take_count(struct str *text)
{
	int64_t count = INT_NONE;
	size_t i = 0;

	for (; i < text->len; i++) {
		char c = text->ptr[i];

		if (c == ',' && i + 1 < text->len && text->ptr[i + 1] >= '0' &&
			text->ptr[i + 1] <= '9' && count != INT_NONE)
			continue;
		if (c < '0' || c > '9')
			break;
		count = (count == INT_NONE ? 0 : count) * 10 + (c - '0');
		if (count > LIMITS_NUMBER_MAX)
			return INT_NONE;
	}
	*text = str_part(*text, i, text->len);
	return count;
}

/* The number behind the first `label` that has one: "limit 30000", "limit: ~9012". */
static int64_t number_behind(struct str text, const char *label)
{
	int64_t count = INT_NONE;

	while (count == INT_NONE && find_word(&text, str_of(label))) {
		while (text.len && strchr(" :=~", text.ptr[0]))
			text = str_part(text, 1, text.len);
		if (str_starts(text, "of "))
			text = str_part(text, 3, text.len);
		count = take_count(&text);
	}
	return count;
}

static void set_once(int64_t *place, int64_t count)
{
	if (*place == INT_NONE)
		*place = count;
}

/* "tpm(10680324/10000000)" */
static void read_pair(struct limits_hit *hit, struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct str rest = text;
		int64_t used;

		if (!find_word(&rest, str_of(kinds[i].words)) || !str_starts(rest, "("))
			continue;
		rest = str_part(rest, 1, rest.len);
		used = take_count(&rest);
		if (used == INT_NONE || !str_starts(rest, "/"))
			continue;
		rest = str_part(rest, 1, rest.len);
		hit->used = used;
		hit->limit = take_count(&rest);
		return;
	}
}

static void read_numbers(struct limits_hit *hit, struct str text)
{
	read_pair(hit, text);
	set_once(&hit->limit, number_behind(text, "limit"));
	set_once(&hit->used, number_behind(text, "used"));
	set_once(&hit->used, number_behind(text, "current"));
	set_once(&hit->asked, number_behind(text, "requested"));
}

/* ---- when ------------------------------------------------------------------------------- */

static int64_t read_wait(struct str text)
{
	static const char *const fronts[] = { "try again in", "try again after", "retry after",
		"retry in", "wait", "reset after", "resets in" };

	for (size_t i = 0; i < ARRAY_LEN(fronts); i++) {
		struct str rest = text;
		int64_t wait = SPAN_NONE;

		while (wait <= 0 && find_word(&rest, str_of(fronts[i])))
			wait = moment_duration(rest);
		if (wait > 0)
			return wait;
	}
	return SPAN_NONE;
}

void limits_read_words(struct limits *l, struct str words)
{
	struct buf text = BUF(BUF_LINE_MAX);

	words_flatten(&text, words);
	read_kind(&l->hit, buf_str(&text));
	read_numbers(&l->hit, buf_str(&text));
	if (l->wait == SPAN_NONE)
		l->wait = read_wait(buf_str(&text));
	buf_release(&text);
}
