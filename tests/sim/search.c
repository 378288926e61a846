/* SPDX-License-Identifier: GPL-3.0-or-later
 * The simulator's documents and how it finds its way in them. */
#include "core/sim/search.h"

#include "core/sim/token.h"
#include "core/sim/words.h"
#include "tests/check.h"
#include "tests/sim/questions.h"

struct fixture {
	struct kb *kb;
	struct search *search;
};

static int open_documents(void **state)
{
	struct fixture *f = memory_new(sizeof(*f));
	struct arena arena = ARENA;
	struct buf why = BUF(BUF_WHY_MAX);
	const char *data = getenv("WEIR_DATA");

	if (kb_open(&f->kb, arena_format(&arena, "%s/kb", data ? data : "data").ptr, &why))
		fail_msg("%s", why.ptr);
	f->search = search_open(f->kb);
	arena_release(&arena);
	*state = f;
	return 0;
}

static int close_documents(void **state)
{
	struct fixture *f = *state;

	search_close(&f->search);
	kb_close(&f->kb);
	memory_free(f);
	return 0;
}

static void sixty_documents_are_read_with_numbered_passages(void **state)
{
	struct fixture *f = *state;
	const struct kb_passage *p = kb_find(f->kb, STR("deductibles#2"));

	assert_int_equal(f->kb->docs.len, 60);
	assert_non_null(p);
	check_str(p->heading, "Working out a home deductible");
	check_str(p->pieces.ptr[0].text,
		"The home deductible is a percentage of the dwelling limit, not of the damage.");
	assert_null(kb_find(f->kb, STR("deductibles#99")));
	for (size_t i = 0; i < f->kb->passages.len; i++) {
		p = &f->kb->passages.ptr[i];
		if (p->pieces.len == 0)
			fail_msg("%.*s is empty", STR_ARG(p->id));
	}
}

static void tables_lists_and_code_become_pieces(void **state)
{
	static const char text[] = "---\nid: x\ntitle: X\n---\n# X\nBefore. And\nafter.\n"
				   "## One\nAt 8 a.m. Central time it opens. It closes. \n"
				   "- a thing\n  that goes on\n- another\n\n"
				   "| k | v | w |\n| --- | --- | --- |\n| a | 1 | 2 |\n\n"
				   "```\ncode  here\n\n| no | table |\n```\nLast";
	static const struct {
		enum kb_kind kind;
		const char *text;
	} want[] = {
		{ KB_SENTENCE, "At 8 a.m. Central time it opens." },
		{ KB_SENTENCE, "It closes." },
		{ KB_ITEM, "a thing that goes on" },
		{ KB_ITEM, "another" },
		{ KB_ROW, "a: 1 (v), 2 (w)." },
		{ KB_CODE, "code  here\n\n| no | table |" },
		{ KB_SENTENCE, "Last" },
	};
	struct kb kb = { 0 };
	const struct kb_passage *p;

	(void)state;
	check_ok(kb_add(&kb, str_of(text), "x.md", NULL));
	assert_int_equal(kb.passages.len, 2);
	p = &kb.passages.ptr[0];
	assert_int_equal(p->pieces.len, 2);
	check_str(p->pieces.ptr[1].text, "And after.");
	p = &kb.passages.ptr[1];
	check_str(p->id, "x#1");
	assert_int_equal(p->pieces.len, ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		assert_int_equal(p->pieces.ptr[i].kind, want[i].kind);
		check_str(p->pieces.ptr[i].text, want[i].text);
	}
	arena_release(&kb.arena);
}

static void odd_documents_are_refused_or_read_without_harm(void **state)
{
	static const struct {
		const char *text;
		enum err err;
	} cases[] = {
		{ "", ERR_SYNTAX },
		{ "# no front matter\n", ERR_SYNTAX },
		{ "---\nid: a\n---\n", ERR_SYNTAX },
		{ "---\nid: a\ntitle: b\n", ERR_SYNTAX },
		{ "---\nid: a\ntitle: b\n---\n", ERR_OK },
		{ "---\r\nid: a\r\ntitle: b\r\n---\r\n## c\r\nd.\r\n", ERR_OK },
		{ "---\nid: a\ntitle: b\n---\n|\n||\n|||||||||||||\n| a\n```\n```\n## \n## \n- "
		  "\n```",
			ERR_OK },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct kb kb = { 0 };
		struct buf why = BUF(BUF_WHY_MAX);

		check_err(kb_add(&kb, str_of(cases[i].text), "odd.md", &why), cases[i].err);
		assert_int_equal(why.len > 0, cases[i].err != ERR_OK);
		arena_release(&kb.arena);
		buf_release(&why);
	}
}

static void a_folder_without_documents_is_an_error_with_words(void **state)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct kb *kb = NULL;

	(void)state;
	check_err(kb_open(&kb, "/nowhere/at/all", &why), ERR_NOT_FOUND);
	assert_null(kb);
	assert_true(str_find(buf_str(&why), STR("/nowhere/at/all")) < why.len);
	buf_release(&why);
}

static void endings_fall_off_and_families_meet(void **state)
{
	static const struct {
		const char *a, *b;
	} same[] = {
		{ "cancellation", "cancelled" }, { "cancelling", "cancel" },
		{ "Policies", "policy" }, { "activating", "activation" }, { "refused", "refusal" },
		{ "expired", "expiry" }, { "payments", "pay" }, { "insured", "insurance" },
		{ "shipping", "ship" }, { "L-402", "l-402" },
	};
	static const struct {
		const char *a, *b;
	} other[] = { { "card", "care" }, { "claim", "clamp" }, { "L-402", "L-407" } };
	char a[WORD_MAX], b[WORD_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		word_stem(str_of(same[i].a), a);
		word_stem(str_of(same[i].b), b);
		assert_string_equal(a, b);
	}
	for (size_t i = 0; i < ARRAY_LEN(other); i++) {
		word_stem(str_of(other[i].a), a);
		word_stem(str_of(other[i].b), b);
		assert_string_not_equal(a, b);
	}
}

static void codes_and_amounts_stay_whole(void **state)
{
	static const char *const want[] = { "pay", "$1,250.50", "for", "C-26-058213", "under",
		"L-402", "pre", "existing", "12" };
	struct str rest = STR("pay $1,250.50 for C-26-058213, under L-402: pre-existing (12).");
	struct word word;
	size_t count = 0;

	(void)state;
	while (words_next(&rest, &word)) {
		assert_true(count < ARRAY_LEN(want));
		check_str(word.as_written, want[count] + (want[count][0] == '$'));
		count++;
	}
	assert_int_equal(count, ARRAY_LEN(want));
}

/* The list is searched by halves: each word of it must be found. */
static void common_words_are_known(void **state)
{
	struct str rest =
		STR("a about and are could does don how i if is it me my of on or please s "
		    "should t that the their them there they this to up was we what when "
		    "which who why will with would yes you your yours");
	struct word word;

	(void)state;
	while (words_next(&rest, &word))
		if (!word.common)
			fail_msg("%.*s is not known as common", STR_ARG(word.as_written));
	assert_int_equal(words_content(STR("What is THE deductible?")), 1);
}

static void tokens_are_words_or_pieces_and_lose_nothing(void **state)
{
	static const struct {
		const char *text;
		size_t tokens;
	} cases[] = {
		{ "", 0 }, { " ", 1 }, { "one two", 2 }, { "deductible", 2 }, { "48213", 2 },
		{ "a, b.", 4 }, { "na\xc3\xafvet\xc3\xa9", 2 }, { "\n\nx\n", 2 },
		{ "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 2 }, { "\x80\x80\xff", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str rest = str_of(cases[i].text), token;
		size_t bytes = 0;

		if (token_count(rest) != cases[i].tokens)
			fail_msg("\"%s\": %zu tokens", cases[i].text, token_count(rest));
		while (token_next(&rest, &token))
			bytes += token.len;
		assert_int_equal(bytes, strlen(cases[i].text));
	}
	check_str(token_front(STR("one two three"), 2), "one two");
}

static size_t count_first(struct fixture *f, const struct question *list, size_t count)
{
	size_t first = 0;

	for (size_t i = 0; i < count; i++) {
		struct hit hits[3];
		size_t found = search_find(f->search, str_of(list[i].text), STR_NONE, hits, 3);

		assert_int_equal(found, 3);
		assert_true(hits[0].score >= hits[1].score && hits[1].score >= hits[2].score);
		first += str_is(f->kb->docs.ptr[hits[0].passage->doc].id, list[i].doc);
	}
	return first;
}

/* Measured: 113 of 120 known and 54 of 60 fresh, 93 percent together. The bars leave room for a
 * change of the documents, not for a worse search. */
static void most_questions_find_their_document_at_once(void **state)
{
	size_t known = count_first(*state, questions_known, questions_known_count);
	size_t fresh = count_first(*state, questions_fresh, questions_fresh_count);

	print_message("# first place: known %zu of %zu, fresh %zu of %zu\n", known,
		questions_known_count, fresh, questions_fresh_count);
	assert_true(known * 100 >= questions_known_count * 93);
	assert_true(fresh * 100 >= questions_fresh_count * 88);
}

/* Measured: 176 of 180 answerable, 2 of 25 foreign ones answered all the same. */
static void foreign_questions_are_told_from_answerable_ones(void **state)
{
	struct fixture *f = *state;
	size_t yes = 0, wrong = 0;
	struct hit hit;

	for (size_t i = 0; i < questions_known_count; i++)
		yes += search_find(f->search, str_of(questions_known[i].text), STR_NONE, &hit, 1) &&
		       search_is_answer(&hit);
	for (size_t i = 0; i < questions_fresh_count; i++)
		yes += search_find(f->search, str_of(questions_fresh[i].text), STR_NONE, &hit, 1) &&
		       search_is_answer(&hit);
	for (size_t i = 0; i < questions_foreign_count; i++)
		wrong += search_find(f->search, str_of(questions_foreign[i]), STR_NONE, &hit, 1) &&
			 search_is_answer(&hit);
	print_message("# answerable %zu of %zu, foreign but answered %zu of %zu\n", yes,
		questions_known_count + questions_fresh_count, wrong, questions_foreign_count);
	assert_true(yes * 100 >= (questions_known_count + questions_fresh_count) * 95);
	assert_true(wrong * 100 <= questions_foreign_count * 12);
}

static void a_passage_named_in_the_request_comes_first_among_near_equals(void **state)
{
	struct fixture *f = *state;
	struct str question = STR("how long can a count stay open?");
	struct hit hit;

	search_find(f->search, question, STR_NONE, &hit, 1);
	check_str(hit.passage->id, "offline-mode#1");
	search_find(
		f->search, question, STR("[kb:stock-counts#6] An open count expires."), &hit, 1);
	check_str(hit.passage->id, "stock-counts#6");
	search_find(f->search, question, STR("#### x#99 #6 stock-counts#"), &hit, 1);
	check_str(hit.passage->id, "offline-mode#1");
}

static void odd_questions_find_nothing_and_break_nothing(void **state)
{
	struct fixture *f = *state;
	struct buf longest = BUF(BUF_TEXT_MAX);
	struct hit hits[2];

	assert_int_equal(search_find(f->search, STR(""), STR_NONE, hits, 2), 0);
	assert_int_equal(search_find(f->search, STR("?!,.- \n\t"), STR_NONE, hits, 2), 0);
	assert_int_equal(search_find(f->search, STR("the of and"), STR_NONE, hits, 2), 0);
	assert_int_equal(search_find(f->search, STR("deductible"), STR_NONE, hits, 0), 0);
	for (int i = 0; i < 5000; i++)
		buf_addf(&longest, "deductible%d \xff\x80 policy ", i);
	assert_int_equal(search_find(f->search, buf_str(&longest), STR_NONE, hits, 2), 2);
	buf_release(&longest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sixty_documents_are_read_with_numbered_passages),
		cmocka_unit_test(tables_lists_and_code_become_pieces),
		cmocka_unit_test(odd_documents_are_refused_or_read_without_harm),
		cmocka_unit_test(a_folder_without_documents_is_an_error_with_words),
		cmocka_unit_test(endings_fall_off_and_families_meet),
		cmocka_unit_test(codes_and_amounts_stay_whole),
		cmocka_unit_test(common_words_are_known),
		cmocka_unit_test(tokens_are_words_or_pieces_and_lose_nothing),
		cmocka_unit_test(most_questions_find_their_document_at_once),
		cmocka_unit_test(foreign_questions_are_told_from_answerable_ones),
		cmocka_unit_test(a_passage_named_in_the_request_comes_first_among_near_equals),
		cmocka_unit_test(odd_questions_find_nothing_and_break_nothing),
	};

	return cmocka_run_group_tests(tests, open_documents, close_documents);
}
