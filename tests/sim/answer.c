/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the simulated models say, how often they fail, and what their failures look like. */
#include "core/sim/answer.h"

#include "core/base/json.h"
#include "core/base/json_write.h"
#include "core/sim/evidence.h"
#include "core/sim/kind.h"
#include "core/sim/schema.h"
#include "core/sim/token.h"
#include "core/sim/words.h"
#include "tests/check.h"
#include "tests/sim/questions.h"
#include "tests/sim/world.h"

#define TOOLS                                                                                     \
	",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"policy_lookup\","            \
	"\"description\":\"Look up a policy by its number\",\"parameters\":{\"type\":\"object\"," \
	"\"properties\":{\"policy_id\":{\"type\":\"string\"}},\"required\":[\"policy_id\"]}}},"   \
	"{\"type\":\"function\",\"function\":{\"name\":\"convertCurrency\",\"description\":"      \
	"\"Exchange money\",\"parameters\":{\"type\":\"object\",\"properties\":{\"amount\":"      \
	"{\"type\":\"number\"},\"to\":{\"enum\":[\"EUR\",\"USD\"]}},\"required\":[\"amount\"]}}}]"

static const char *const models[] = { "sim-small", "sim-mid", "sim-large" };

static bool has(struct str text, const char *piece)
{
	return str_find(text, str_of(piece)) < text.len;
}

/* A large model on an easy question: what a good answer looks like, free of failures. */
static void say_well(
	const struct world *w, const char *question, const char *more, struct said *said)
{
	for (uint64_t seed = 1; seed < 100; seed++) {
		world_ask(w, seed, "sim-large", question, more, said);
		if (said->failure == FAIL_NONE)
			return;
		world_done(said);
	}
	fail_msg("no seed answers \"%s\"", question);
}

static void check_says(const struct world *w, const char *question, const char *more,
	const char *const *pieces)
{
	struct said said;

	say_well(w, question, more, &said);
	for (; *pieces; pieces++)
		if (!has(said.reply.text, *pieces))
			fail_msg("\"%s\" lacks \"%s\": %.*s", question, *pieces,
				STR_ARG(said.reply.text));
	world_done(&said);
}

static void answers_quote_the_documents_and_cite_them(void **state)
{
	static const struct {
		const char *question, *pieces[4];
	} cases[] = {
		{ "what is a deductible?", { "the part of a covered loss that the member bears. "
					     "[kb:deductibles#0]" } },
		{ "what does error L-204 mean?",
			{ "locked by another open count", "[kb:error-codes#2]" } },
		{ "how many rows may an import file have?",
			{ "5,000 rows", "[kb:import-export#1]" } },
		{ "what do the status words on a claim mean?",
			{ "- Received: a number", "- Closed: payment", "[kb:claim-status#2]" } },
		{ "how do I install larder on linux?", { "```\nsudo apt install larder-server\n",
							       "\n```\n[kb:install-upgrade#2]" } },
		{ "what is the capital of France?", { "I could not find that in the documents." } },
		{ "thanks!", { "" } },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_says(*state, cases[i].question, "", cases[i].pieces);
}

static void a_short_question_leans_on_the_one_before(void **state)
{
	static const char body[] =
		"{\"model\":\"sim-large\",\"messages\":["
		"{\"role\":\"user\",\"content\":\"how long can a desktop client work offline?\"},"
		"{\"role\":\"assistant\",\"content\":\"72 hours\"},"
		"{\"role\":\"user\",\"content\":\"and can that be extended?\"}]}";
	struct said said;

	world_body(*state, 3, str_of(body), &said);
	if (!has(said.reply.text, "[kb:offline-mode#"))
		fail_msg("%.*s", STR_ARG(said.reply.text));
	world_done(&said);
}

static void a_letter_names_its_reader_and_leaves_nothing_open(void **state)
{
	struct said said;

	say_well(*state, "write the coverage letter for policy 48213 for Ms Ortiz", "", &said);
	assert_int_equal(said.reply.shape, SHAPE_LETTER);
	assert_true(str_starts(said.reply.text, "Dear Ms Ortiz,\n\n"));
	assert_true(has(said.reply.text, "policy 48213"));
	assert_true(has(said.reply.text, "$500"));
	assert_true(has(said.reply.text, "[kb:auto-policy#"));
	assert_true(str_ends(said.reply.text, "Harrow Mutual Support"));
	assert_false(has(said.reply.text, "__"));
	world_done(&said);
	say_well(*state, "draft an email about our picnic", "", &said);
	assert_true(str_starts(said.reply.text, "Dear customer,"));
	world_done(&said);
}

static void other_work_is_tried_with_the_words_given(void **state)
{
	static const struct {
		const char *question, *pieces[4];
	} cases[] = {
		{ "translate into German: hello my friend, where is the card",
			{ "hallo mein Freund" } },
		{ "translate into German: the zebra crossing",
			{ "die zebra crossing", "1 of 3 words" } },
		{ "Classify the sentiment: The adjuster was rude and terribly slow",
			{ "negative" } },
		{ "classify this message as billing or claims: I want to appeal my denied claim",
			{ "claims" } },
		{ "extract all facts: Anna paid $500 on 2026-01-31 for claim C-26-058213",
			{ "amount: $500", "date: 2026-01-31", "id: C-26-058213" } },
		{ "summarize: The shop burned. Nobody was hurt. The shop will open again in 2027.",
			{ "The shop" } },
		{ "write a python function that reverses a string", { "```python\ndef reverse" } },
		{ "calculate 15% of 240", { "15% of 240 = 36" } },
		{ "calculate 12 * 3 please", { "12 x 3 = 36" } },
		{ "calculate 12 / 0 please", { "" } },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_says(*state, cases[i].question, "", cases[i].pieces);
}

static void a_system_message_may_ask_for_a_label(void **state)
{
	static const struct {
		const char *question, *label;
	} cases[] = {
		{ "what is a deductible?", "faq" },
		{ "write the coverage letter for policy 48213", "document" },
		{ "translate into French: good morning", "translate" },
		{ "hello", "chat" },
		{ "write a python function that sorts a list", "code" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf body = BUF(BUF_LINE_MAX);
		struct said said;

		buf_addf(&body,
			"{\"model\":\"sim-large\",\"messages\":[{\"role\":\"system\",\"content\":"
			"\"Classify the request. Answer with one of: chat faq code reasoning "
			"classify "
			"extract translate summarize document\"},{\"role\":\"user\",\"content\":"
			"\"%s\"}]}",
			cases[i].question);
		world_body(*state, 7, buf_str(&body), &said);
		check_str(said.reply.text, cases[i].label);
		world_done(&said);
		buf_release(&body);
	}
}

static void a_small_model_says_less(void **state)
{
	size_t tokens[3] = { 0 };

	for (size_t i = 0; i < questions_known_count; i++)
		for (size_t m = 0; m < 3; m++) {
			struct said said;

			world_ask(*state, 5, models[m], questions_known[i].text, "", &said);
			if (said.failure == FAIL_NONE)
				tokens[m] += token_count(said.reply.text);
			world_done(&said);
		}
	assert_true(tokens[0] < tokens[2]);
	assert_true(tokens[1] < tokens[2]);
}

static void the_same_seed_says_the_same_and_another_varies(void **state)
{
	size_t same = 0, count = 60;

	for (size_t i = 0; i < count; i++) {
		struct said a, b, c;

		world_ask(*state, 7, "sim-mid", questions_known[i].text, "", &a);
		world_ask(*state, 7, "sim-mid", questions_known[i].text, "", &b);
		world_ask(*state, 8, "sim-mid", questions_known[i].text, "", &c);
		assert_true(str_eq(a.reply.text, b.reply.text));
		assert_ptr_equal(a.reply.finish, b.reply.finish);
		same += str_eq(a.reply.text, c.reply.text);
		world_done(&a);
		world_done(&b);
		world_done(&c);
	}
	assert_true(same < count / 2);
}

/* 300 questions: the known and the fresh ones, and the known ones again in other words. */
static void small_models_fail_more_often_than_large_ones(void **state)
{
	size_t failed[3] = { 0 }, easy = 0, easy_failed = 0, count = 0;
	struct arena arena = ARENA;

	for (size_t i = 0; i < 300; i++) {
		const char *text = i < 120 ? questions_known[i].text
				   : i < 180
					   ? questions_fresh[i - 120].text
					   : arena_format(&arena, "Please tell me, %s",
						     questions_known[i - 180].text).ptr;

		for (size_t m = 0; m < 3; m++) {
			struct said said;
			struct str normal;

			world_ask(*state, 11, models[m], text, "", &said);
			normal = words_normal(&arena, str_of(text));
			failed[m] += said.failure != FAIL_NONE;
			if (m == 0 && fail_difficulty(11, normal) == DIFFICULTY_EASY) {
				easy++;
				easy_failed += said.failure != FAIL_NONE;
			}
			world_done(&said);
		}
		count++;
	}
	print_message(
		"# of %zu: small %zu, mid %zu, large %zu failed; %zu easy, %zu of them failed\n",
		count, failed[0], failed[1], failed[2], easy, easy_failed);
	assert_true(failed[0] > 2 * failed[1]);
	assert_true(failed[1] > 2 * failed[2]);
	assert_true(failed[0] > 30 && failed[0] < 90);
	assert_true(easy > 150 && easy < 220);
	assert_true(easy_failed * 100 <= easy * 3);
	arena_release(&arena);
}

static void difficulty_ignores_case_and_signs_but_not_the_seed(void **state)
{
	struct arena arena = ARENA;
	struct str a = words_normal(&arena, STR("What is a Deductible?"));
	struct str b = words_normal(&arena, STR("  what is a deductible "));
	size_t differs = 0;

	(void)state;
	assert_true(str_eq(a, b));
	for (uint64_t seed = 0; seed < 64; seed++)
		differs += fail_difficulty(seed, a) != fail_difficulty(seed + 1000, a);
	assert_true(differs > 10);
	arena_release(&arena);
}

/* Looks for a seed under which the small model fails in this way. */
static void fail_so(const struct world *w, const char *question, const char *more,
	enum failure failure, struct said *said)
{
	for (uint64_t seed = 1; seed < 5000; seed++) {
		world_ask(w, seed, "sim-small", question, more, said);
		if (said->failure == failure)
			return;
		world_done(said);
	}
	fail_msg("failure %d never comes for \"%s\"", (int)failure, question);
}

static bool is_json(struct str text)
{
	json_t *value = NULL;
	enum err err = json_read(text, JSON_READ_STRICT, &value, NULL);

	json_decref(value);
	return err == ERR_OK;
}

static void a_failure_looks_as_it_is_promised(void **state)
{
	const char *question = "how many rows may an import file have?";
	const char *letter = "write a letter about late fees for policy 48213";
	struct said said;

	fail_so(*state, question, "", FAIL_REFUSE, &said);
	assert_true(has(said.reply.text, "sorry") || has(said.reply.text, "apologize") ||
		    has(said.reply.text, "unable"));
	assert_string_equal(said.reply.finish, "stop");
	world_done(&said);

	fail_so(*state, question, "", FAIL_WANDER, &said);
	assert_false(has(said.reply.text, "[kb:import-export#1]"));
	assert_true(has(said.reply.text, "[kb:"));
	world_done(&said);

	fail_so(*state, letter, "", FAIL_BLANK, &said);
	assert_true(has(said.reply.text, "____") || has(said.reply.text, "[amount]"));
	assert_string_equal(said.reply.finish, "stop");
	world_done(&said);

	fail_so(*state, question, "", FAIL_LENGTH, &said);
	assert_string_equal(said.reply.finish, "length");
	assert_false(has(said.reply.text, "[kb:import-export#1]"));
	world_done(&said);

	fail_so(*state, question, "", FAIL_SILENT, &said);
	assert_null(said.reply.finish);
	assert_true(said.reply.text.len > 0);
	world_done(&said);
}

static void json_fails_as_json_does(void **state)
{
	const char *json = ",\"response_format\":{\"type\":\"json_object\"}";
	const char *question = "how many rows may an import file have?";
	const char *call = "look up policy 48213";
	struct said said;

	fail_so(*state, question, json, FAIL_JSON, &said);
	assert_false(is_json(said.reply.text));
	world_done(&said);

	fail_so(*state, question, json, FAIL_ARGUMENT, &said);
	assert_true(is_json(said.reply.text));
	assert_false(has(said.reply.text, "\"answer\":"));
	world_done(&said);

	fail_so(*state, call, TOOLS, FAIL_JSON, &said);
	check_str(said.reply.tool, "policy_lookup");
	assert_false(is_json(said.reply.text));
	world_done(&said);

	fail_so(*state, call, TOOLS, FAIL_ARGUMENT, &said);
	check_str(said.reply.tool, "policy_lookup");
	assert_true(is_json(said.reply.text));
	assert_false(has(said.reply.text, "\"policy_id\":"));
	assert_true(has(said.reply.text, "48213"));
	world_done(&said);
}

static void a_tool_is_called_when_the_question_holds_its_arguments(void **state)
{
	static const struct {
		const char *question, *more, *tool, *arguments;
	} cases[] = {
		{ "look up policy 48213", "", "policy_lookup", "{\"policy_id\":\"48213\"}" },
		{ "look up my policy", "", NULL, NULL }, /* no number: nothing to look up */
		{ "convert 250 dollars of currency to USD", "", "convertCurrency",
			"{\"amount\":250.0,\"to\":\"USD\"}" },
		{ "how do I restore a backup?", "", NULL, NULL },
		{ "look up policy 48213", ",\"tool_choice\":\"none\"", NULL, NULL },
		{ "good day to all 12 of you", ",\"tool_choice\":\"required\"", "policy_lookup",
			"{\"policy_id\":\"12\"}" },
		{ "look up policy 48213",
			",\"tool_choice\":{\"type\":\"function\",\"function\":"
			"{\"name\":\"convertCurrency\"}}",
			"convertCurrency", "{\"amount\":48213.0,\"to\":\"EUR\"}" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena arena = ARENA;
		struct said said;

		say_well(*state, cases[i].question,
			arena_format(&arena, "%s%s", TOOLS, cases[i].more).ptr, &said);
		if (!str_eq(said.reply.tool, str_of(cases[i].tool)))
			fail_msg("\"%s\" calls \"%.*s\"", cases[i].question,
				STR_ARG(said.reply.tool));
		if (cases[i].tool) {
			check_str(said.reply.text, cases[i].arguments);
			assert_string_equal(said.reply.finish, "tool_calls");
		}
		world_done(&said);
		arena_release(&arena);
	}
}

static void a_tools_result_is_said_and_its_error_tried_again(void **state)
{
	static const char form[] =
		"{\"model\":\"sim-large\",\"messages\":["
		"{\"role\":\"user\",\"content\":\"look up policy 48213\"},"
		"{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[]},"
		"{\"role\":\"tool\",\"tool_call_id\":\"x\",\"content\":%s}]" TOOLS "}";
	static const struct {
		const char *content;
		const char *tool, *text;
	} cases[] = {
		{ "\"{\\\"holder\\\":\\\"Ortiz\\\",\\\"deductible\\\":500}\"", NULL,
			"the holder is Ortiz, the deductible is 500." },
		{ "\"plain words\"", NULL, "According to our records: plain words" },
		{ "\"{\\\"error\\\":null,\\\"holder\\\":\\\"Lee\\\"}\"", NULL,
			"the holder is Lee." },
		{ "\"error: unknown argument polcy\"", "policy_lookup", "48213" },
		{ "\"{\\\"error\\\":\\\"no such policy\\\"}\"", "policy_lookup", "48213" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf body = BUF(BUF_LINE_MAX);
		struct said said;

		buf_add_str(&body, str_part(str_of(form), 0, str_find(str_of(form), STR("%s"))));
		buf_add_text(&body, cases[i].content);
		buf_add_text(&body, strstr(form, "%s") + 2);
		world_body(*state, 2, buf_str(&body), &said);
		assert_true(str_eq(said.reply.tool, str_of(cases[i].tool)));
		if (!has(said.reply.text, cases[i].text))
			fail_msg("%.*s", STR_ARG(said.reply.text));
		world_done(&said);
		buf_release(&body);
	}
}

static void a_schema_is_filled_in_its_types(void **state)
{
	static const struct {
		const char *schema, *json;
	} cases[] = {
		{ "{\"type\":\"integer\"}", "48213" },
		{ "{\"type\":\"integer\",\"maximum\":9}", "9" },
		{ "{\"type\":\"number\",\"minimum\":1e6}", "1000000.0" },
		{ "{\"type\":[\"null\",\"boolean\"]}", "false" },
		{ "{\"type\":\"null\"}", "null" },
		{ "{\"const\":{\"a\":[1]}}", "{\"a\":[1]}" },
		{ "{\"enum\":[\"low\",\"high\"]}", "\"high\"" },
		{ "{\"enum\":[\"x\",\"y\"]}", "\"x\"" },
		{ "{\"type\":\"string\",\"maxLength\":3}", "\"an \xc3\xa4\"" },
		{ "{\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"minItems\":2}",
			"[false,false]" },
		{ "{\"type\":\"array\",\"maxItems\":0,\"items\":{}}", "[]" },
		{ "{\"type\":\"array\"}", "[]" },
		{ "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"object\"}]}", "{}" },
		{ "{\"properties\":{\"policyId\":{\"type\":\"string\"},\"due_date\":"
		  "{\"type\":\"string\"},\"email\":{\"type\":\"string\"}}}",
			"{\"policyId\":\"48213\",\"due_date\":\"2026-01-31\",\"email\":\"a.b@c."
			"de\"}" },
		{ "{\"$defs\":{\"n\":{\"type\":\"integer\"}},\"properties\":{\"a\":"
		  "{\"$ref\":\"#/$defs/n\"}}}",
			"{\"a\":48213}" },
		{ "{\"$ref\":\"#/nowhere\"}", "\"an \xc3\xa4nswer\"" },
		{ "{\"$ref\":\"#\"}", "\"an \xc3\xa4nswer\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct evidence e = { .question = STR("priority high, policy 48213"),
			.answer = STR("an \xc3\xa4nswer") };
		struct buf out = BUF(BUF_LINE_MAX);
		struct json_writer w = { .out = &out };
		struct arena arena = ARENA;
		json_t *schema = NULL;

		check_ok(json_read(str_of(cases[i].schema), JSON_READ_STRICT, &schema, NULL));
		evidence_read(&e, &arena, STR("high: policy 48213 of 2026-01-31, a.b@c.de."));
		schema_fill(&w, schema, &e);
		if (i == 8)
			check_buf(&out, "\"an \"");
		else
			check_buf(&out, cases[i].json);
		json_decref(schema);
		arena_release(&arena);
		buf_release(&out);
	}
}

/* Two references to itself in each level: 2 to the 24th values, were there no limit. */
static void a_schema_that_contains_itself_costs_little(void **state)
{
	static const char *const schemas[] = {
		"{\"required\":[\"a\",\"b\"],\"properties\":{\"a\":{\"$ref\":\"#/properties\"},"
		"\"b\":{\"$ref\":\"#/../\"}}}",
		"{\"$defs\":{\"t\":{\"type\":\"object\",\"required\":[\"l\",\"r\"],\"properties\":"
		"{\"l\":{\"$ref\":\"#/$defs/t\"},\"r\":{\"$ref\":\"#/$defs/t\"}}}},"
		"\"$ref\":\"#/$defs/t\"}",
		"{\"$defs\":{\"x\":{\"$ref\":\"#/$defs/x\"}},\"$ref\":\"#/$defs/x\"}",
		"{\"type\":\"array\",\"minItems\":1000000,\"items\":{\"type\":\"array\","
		"\"minItems\":1000000,\"items\":{\"type\":\"array\",\"minItems\":9,\"items\":{}}}}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(schemas); i++) {
		struct evidence e = { .question = STR("x"), .answer = STR("y") };
		struct buf out = BUF(BUF_LINE_MAX);
		struct json_writer w = { .out = &out };
		json_t *schema = NULL;

		check_ok(json_read(str_of(schemas[i]), JSON_READ_STRICT, &schema, NULL));
		schema_fill(&w, schema, &e);
		assert_true(out.len < 16384);
		if (!is_json(buf_str(&out)))
			fail_msg("%s", out.ptr);
		json_decref(schema);
		buf_release(&out);
	}
}

static void json_answers_parse_for_every_question(void **state)
{
	static const char *const formats[] = {
		",\"response_format\":{\"type\":\"json_object\"}",
		",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\","
		"\"schema\":"
		"{\"type\":\"object\",\"properties\":{\"answer\":{\"type\":\"string\"},\"days\":"
		"{\"type\":\"integer\"},\"confidence\":{\"type\":\"number\"}}}}}",
	};

	for (size_t i = 0; i < questions_fresh_count; i++)
		for (size_t k = 0; k < ARRAY_LEN(formats); k++) {
			struct said said;

			world_ask(
				*state, 4, "sim-large", questions_fresh[i].text, formats[k], &said);
			if (said.failure == FAIL_NONE) {
				assert_true(is_json(said.reply.text));
				assert_true(has(said.reply.text, "\"answer\":"));
			}
			world_done(&said);
		}
}

static void a_limit_of_tokens_cuts_and_says_so(void **state)
{
	struct said said;

	say_well(*state, "how many rows may an import file have?", ",\"max_tokens\":5", &said);
	assert_int_equal(token_count(said.reply.text), 5);
	assert_string_equal(said.reply.finish, "length");
	world_done(&said);
	say_well(*state, "hello", ",\"max_completion_tokens\":500", &said);
	assert_string_equal(said.reply.finish, "stop");
	world_done(&said);
}

static void kinds_are_told_by_their_words(void **state)
{
	static const struct {
		const char *text;
		enum kind kind;
	} cases[] = {
		{ "", KIND_ASK },
		{ "what does my plan cover", KIND_ASK },
		{ "write the coverage letter for policy 48213", KIND_LETTER },
		{ "please draft an email to a customer", KIND_LETTER },
		{ "what do I write in my letter", KIND_LETTER },
		{ "where is the letter", KIND_ASK },
		{ "hi", KIND_CHAT },
		{ "hi, how long do I have to appeal a denied claim", KIND_ASK },
		{ "translate into French: good morning", KIND_TRANSLATE },
		{ "Summarize the home policy", KIND_SUMMARIZE },
		{ "classify: he was rude", KIND_CLASSIFY },
		{ "extract the dates", KIND_EXTRACT },
		{ "write a python script", KIND_CODE },
		{ "what is the activation code", KIND_ASK },
		{ "compare the two pots", KIND_REASON },
		/* the words of the text to work on do not count */
		{ "summarize: please translate this letter into French for me", KIND_SUMMARIZE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (kind_of(str_of(cases[i].text)) != cases[i].kind)
			fail_msg(
				"\"%s\" is %d", cases[i].text, (int)kind_of(str_of(cases[i].text)));
}

static void facts_are_read_off_a_text(void **state)
{
	static const char text[] =
		"Mr Lee and Anna Berg (anna.b@example.org) paid $1,250.50, EUR 40, \xc2\xa3"
		"5 and "
		"\xe2\x82\xac"
		"7 for C-26-058213 on January 10, 2027 and 2026-01-31; "
		"\"quoted words\" 12 @ @x x@ \"open";
	static const struct {
		enum fact fact;
		const char *facts[5];
	} want[] = {
		{ FACT_ID, { "C-26-058213" } },
		{ FACT_AMOUNT, { "$1,250.50", "EUR 40", "\xc2\xa3" "5", "\xe2\x82\xac" "7" } },
		{ FACT_DATE, { "January 10, 2027", "2026-01-31" } },
		{ FACT_EMAIL, { "anna.b@example.org" } },
		{ FACT_NAME, { "Anna Berg" } },
		{ FACT_QUOTED, { "quoted words" } },
	};
	struct evidence e = { 0 };
	struct arena arena = ARENA;

	(void)state;
	evidence_read(&e, &arena, str_of(text));
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		const struct texts *got = &e.facts[want[i].fact];

		for (size_t k = 0; want[i].facts[k]; k++) {
			if (k >= got->len)
				fail_msg("%s: \"%s\" is missing", evidence_say(want[i].fact),
					want[i].facts[k]);
			check_str(got->ptr[k], want[i].facts[k]);
		}
	}
	check_str(evidence_take(&e, FACT_ID), "C-26-058213");
	check_str(evidence_take(&e, FACT_ID), "C-26-058213");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_quote_the_documents_and_cite_them),
		cmocka_unit_test(a_short_question_leans_on_the_one_before),
		cmocka_unit_test(a_letter_names_its_reader_and_leaves_nothing_open),
		cmocka_unit_test(other_work_is_tried_with_the_words_given),
		cmocka_unit_test(a_system_message_may_ask_for_a_label),
		cmocka_unit_test(a_small_model_says_less),
		cmocka_unit_test(the_same_seed_says_the_same_and_another_varies),
		cmocka_unit_test(small_models_fail_more_often_than_large_ones),
		cmocka_unit_test(difficulty_ignores_case_and_signs_but_not_the_seed),
		cmocka_unit_test(a_failure_looks_as_it_is_promised),
		cmocka_unit_test(json_fails_as_json_does),
		cmocka_unit_test(a_tool_is_called_when_the_question_holds_its_arguments),
		cmocka_unit_test(a_tools_result_is_said_and_its_error_tried_again),
		cmocka_unit_test(a_schema_is_filled_in_its_types),
		cmocka_unit_test(a_schema_that_contains_itself_costs_little),
		cmocka_unit_test(json_answers_parse_for_every_question),
		cmocka_unit_test(a_limit_of_tokens_cuts_and_says_so),
		cmocka_unit_test(kinds_are_told_by_their_words),
		cmocka_unit_test(facts_are_read_off_a_text),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
