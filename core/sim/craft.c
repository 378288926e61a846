/* SPDX-License-Identifier: GPL-3.0-or-later
 * Code, reasoning and small talk: what a support assistant can do of them with a few snippets, the
 * four rules of arithmetic and good manners. */
#include "core/sim/compose.h"

#include "core/sim/words.h"

#include <math.h>

static const struct {
	const char *phrase, *code;
} snippets[] = {
	{ "reverse", "def reverse(text):\n    return text[::-1]" },
	{ "palindrome",
		"def is_palindrome(text):\n    letters = [c.lower() for c in text if c.isalnum()]\n"
		"    return letters == letters[::-1]" },
	{ "fibonacci", "def fibonacci(n):\n    a, b = 0, 1\n    for _ in range(n):\n        a, b = "
		       "b, a + b\n"
		       "    return a" },
	{ "factorial", "def factorial(n):\n    result = 1\n    for i in range(2, n + 1):\n"
		       "        result *= i\n    return result" },
	{ "prime", "def is_prime(n):\n    return n > 1 and all(n % i for i in range(2, int(n ** "
		   "0.5) + 1))" },
	{ "sort",
		"def sort_by(items, key):\n    return sorted(items, key=lambda item: item[key])" },
	{ "sum", "def total(numbers):\n    return sum(numbers)" },
	{ "average", "def average(numbers):\n    return sum(numbers) / len(numbers)" },
	{ "email", "import re\n\nEMAIL = re.compile(r\"^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$\")\n\n"
		   "def is_email(text):\n    return bool(EMAIL.match(text))" },
	{ "date", "from datetime import date\n\ndef parse_date(text):\n    return "
		  "date.fromisoformat(text)" },
	{ "csv", "import csv\n\ndef read_rows(path):\n    with open(path, newline=\"\") as file:\n"
		 "        return list(csv.DictReader(file))" },
	{ "json", "import json\n\ndef load(path):\n    with open(path) as file:\n        return "
		  "json.load(file)" },
	{ "sql", "SELECT customer, SUM(amount) AS total\nFROM payments\nGROUP BY customer\n"
		 "ORDER BY total DESC;" },
	{ "count", "from collections import Counter\n\ndef count_words(text):\n"
		   "    return Counter(text.lower().split())" },
};

static const struct kb_piece *find_code(const struct kb_passage *p)
{
	for (size_t i = 0; i < p->pieces.len; i++)
		if (p->pieces.ptr[i].kind == KB_CODE)
			return &p->pieces.ptr[i];
	return NULL;
}

static bool asks_for(struct str question, const char *phrase)
{
	char stem[WORD_MAX];

	word_stem(str_of(phrase), stem);
	return words_have(question, stem);
}

void craft_code(struct compose *c)
{
	static const char *const ends[] = {
		"It has not been run here; please test it with your data.",
		"Empty input is worth a test of its own.",
		"Tell me the language if it should be another."
	};
	const struct kb_piece *piece = c->found ? find_code(c->hits[0].passage) : NULL;

	for (size_t i = 0; i < ARRAY_LEN(snippets) && !c->wanders; i++)
		if (asks_for(c->ask->question, snippets[i].phrase)) {
			buf_addf(&c->out, "Here is a short version:\n\n```%s\n%s\n```\n\n%s",
				strcmp(snippets[i].phrase, "sql") == 0 ? "sql" : "python",
				snippets[i].code, compose_pick(c, ends, ARRAY_LEN(ends)));
			return;
		}
	if (piece) {
		buf_addf(&c->out, "The documents have an example:\n\n```\n%.*s\n```\n\n",
			STR_ARG(piece->text));
		quote_passage(c, c->hits[0].passage, 1);
	} else if (c->found) {
		quote_answer(c);
	} else {
		buf_add_text(&c->out,
			"I can only write short, well-known pieces of code, and I do not "
			"have one for this. I could not find that in the documents either.");
	}
}

enum { OPERATIONS_MAX = 4 };

static const double cover_sure = 0.75;

struct operation {
	double a, b;
	char sign;
};

static bool read_number(struct str word, double *out)
{
	char digits[40];
	size_t len = 0;

	for (size_t i = 0; i < word.len && len < sizeof(digits); i++)
		if (word.ptr[i] != ',')
			digits[len++] = word.ptr[i];
	return str_to_real((struct str){ digits, len }, out);
}

/* What stands between two numbers, as one of the four rules; '%' for "percent of". */
static char sign_between(struct str between)
{
	static const struct {
		const char *text;
		char sign;
	} signs[] = { { "% of", '%' }, { "percent of", '%' }, { "plus", '+' }, { "minus", '-' },
		{ "times", '*' }, { "divided by", '/' }, { "multiplied by", '*' }, { "+", '+' },
		{ "*", '*' }, { "x", '*' }, { "/", '/' }, { "-", '-' } };

	between = str_trim(between);
	if (str_ends(between, "$") && between.len > 1)
		between = str_trim(str_part(between, 0, between.len - 1));
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (str_is_nocase(between, signs[i].text))
			return signs[i].sign;
	return 0;
}

static size_t find_operations(struct str text, struct operation out[OPERATIONS_MAX])
{
	struct word word;
	struct str rest = text, before = STR_NONE;
	double last = 0, value;
	size_t count = 0;

	while (count < OPERATIONS_MAX && words_next(&rest, &word)) {
		char sign;

		if (!word.number || !read_number(word.as_written, &value))
			continue;
		sign = before.ptr
			       ? sign_between((struct str){ before.ptr + before.len,
					 (size_t)(word.as_written.ptr - before.ptr) - before.len })
			       : 0;
		if (sign)
			out[count++] = (struct operation){ last, value, sign };
		before = word.as_written;
		last = value;
	}
	return count;
}

static double operate(const struct operation *o)
{
	switch (o->sign) {
	case '+':
		return o->a + o->b;
	case '-':
		return o->a - o->b;
	case '*':
		return o->a * o->b;
	case '/':
		return o->a / o->b;
	default:
		return o->a * o->b / 100;
	}
}

static size_t add_arithmetic(struct compose *c, size_t step)
{
	struct operation operations[OPERATIONS_MAX];
	size_t count = find_operations(c->ask->question, operations);

	for (size_t i = 0; i < count; i++) {
		const struct operation *o = &operations[i];
		double result = operate(o);

		if (!isfinite(result))
			continue;
		buf_addf(&c->out, "%zu. %.10g%s%.10g = %.10g\n", ++step, o->a,
			o->sign == '%'	 ? "% of "
			: o->sign == '*' ? " x "
			: o->sign == '/' ? " / "
			: o->sign == '+' ? " + "
					 : " - ",
			o->b, result);
	}
	return step;
}

void craft_reason(struct compose *c)
{
	static const char *const ends[] = { "So that is what decides it.",
		"From these points the answer follows.", "That is as far as the documents go." };
	size_t step = 0, passages = c->ask->persona->passages + 1;

	buf_add_text(&c->out, "Let me go through it step by step.\n\n");
	step = add_arithmetic(c, step);
	if (step > 0 && c->hits[0].cover < cover_sure)
		passages = 0; /* sums answer by themselves */
	for (size_t i = 0; c->found && i < passages && i < c->hit_count; i++) {
		buf_addf(&c->out, "%zu. ", ++step);
		quote_passage(c, c->hits[i].passage, i == 0 ? c->ask->persona->sentences : 1);
		buf_add_char(&c->out, '\n');
	}
	if (step == 0) {
		buf_clear(&c->out);
		quote_nothing(c);
		return;
	}
	buf_add_char(&c->out, '\n');
	buf_add_text(&c->out, compose_pick(c, ends, ARRAY_LEN(ends)));
}

static const char *const welcome[] = { "Hello! What can I do for you?",
	"Hi there. Ask me about a policy, a card, a transfer or the Larder software.",
	"Good to hear from you. How can I help?" };
static const char *const thanks[] = { "You're welcome!", "Glad to help. Is there anything else?",
	"My pleasure. Have a good day." };
static const char *const farewell[] = { "Goodbye, and thank you for writing.", "Take care!" };
static const char *const nature[] = {
	"I am a simulated support assistant. I answer from the bundled "
	"documents, and I am not a real language model.",
	"I am a simulation that answers questions from a small set of support documents."
};

static const struct {
	const char *phrase;
	const char *const *answers;
	size_t count;
} talk[] = {
	{ "thank", thanks, ARRAY_LEN(thanks) }, { "thanks", thanks, ARRAY_LEN(thanks) },
	{ "bye", farewell, ARRAY_LEN(farewell) }, { "who are you", nature, ARRAY_LEN(nature) },
	{ "what can you do", nature, ARRAY_LEN(nature) }, { "robot", nature, ARRAY_LEN(nature) },
	{ "human", nature, ARRAY_LEN(nature) }, { "", welcome, ARRAY_LEN(welcome) },
};

void craft_chat(struct compose *c)
{
	for (size_t i = 0; i < ARRAY_LEN(talk); i++)
		if (!*talk[i].phrase || words_have_phrase(c->ask->question, talk[i].phrase)) {
			buf_add_text(&c->out, compose_pick(c, talk[i].answers, talk[i].count));
			return;
		}
}
