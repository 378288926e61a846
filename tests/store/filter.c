/* SPDX-License-Identifier: GPL-3.0-or-later
 * Filters over a small fixed set: which decisions match, and what is said of wrong ones. */
#include "core/store/filter.h"

#include "tests/store/help.h"

#define DAY (INT64_C(86400) * US_PER_S)
#define NOV_20 (INT64_C(1795132800) * US_PER_S) /* 2026-11-20 */

/* Five decisions, called by a letter each. Their letter is their policy.
 *
 *	  tier  model      task      cost   time                end          verdicts
 *	a 1     sim-small  faq       0.001  Nov 20, 00:00       stop         pass
 *	b 3     sim-large  code      0.5    Nov 20, 12:00:00.5  aborted+stop fail, pass
 *	c 2     sim-mid    document  null   Nov 21, 00:00       stop         warn
 *	d null  null       null      0      Nov 19, 23:59:59    (none)
 *	e 3     sim*odd    faq       0.02   Nov 22              timeout      fail
 */
static struct decision *named(const char *letter, int64_t time)
{
	struct decision *d = decision_new();

	d->id = id_number((uint64_t)letter[0]);
	d->policy = str_of(letter);
	d->time = time;
	return d;
}

static void attempt(struct decision *d, enum end end, enum verdict_result result, int64_t tier)
{
	struct attempt *a = decision_add_attempt(d);

	a->end = end;
	a->tier = tier;
	if (result)
		attempt_add_verdict(d, a)->result = result;
}

static void put(struct store *s, struct decision *d)
{
	struct receipts r = { 0 };

	store_append(s, d, receipt_into(&r));
	check_err(r.errs[0], ERR_OK);
}

static struct decision *make_a(void)
{
	struct decision *d = named("a", NOV_20);

	d->answer.tier = 1;
	d->answer.model = STR("sim-small");
	d->classify.task = TASK_FAQ + 1;
	d->classify.complexity = 0.25;
	d->cost = MONEY_DOLLAR / 1000;
	d->took.total = 1403100;
	d->request.text = STR("What is a Deductible? 50% \0 after NUL");
	d->answer.text = STR("It is two words.");
	d->request.session = STR("3f9a");
	*vec_add(&d->arena, &d->context.passages) = STR("auto-policy#4");
	*vec_add(&d->arena, &d->context.passages) = STR("home\"policy");
	attempt(d, END_STOP, VERDICT_PASS, 1);
	return d;
}

static struct decision *make_b(void)
{
	struct decision *d = named("b", NOV_20 + DAY / 2 + US_PER_S / 2);
	struct tool_run *t = decision_add_tool_run(d);

	d->answer.tier = 3;
	d->answer.model = STR("sim-large");
	d->classify.task = TASK_CODE + 1;
	d->classify.complexity = 0.75;
	d->cost = MONEY_DOLLAR / 2;
	d->took.total = 500000;
	d->sample.taken = true;
	d->request.text = STR("write a'; DROP TABLE decision; --");
	d->answer.text = STR("tier:3 words two");
	d->parent = id_number('a');
	t->name = STR("policy_lookup");
	attempt(d, END_ABORTED, VERDICT_FAIL, 1);
	attempt(d, END_STOP, VERDICT_PASS, 3);
	return d;
}

static struct decision *make_c(void)
{
	struct decision *d = named("c", NOV_20 + DAY);

	d->answer.tier = 2;
	d->answer.model = STR("sim-mid");
	d->classify.task = TASK_DOCUMENT + 1;
	d->request.text = STR("null");
	d->error = STR("");
	attempt(d, END_STOP, VERDICT_WARN, 2);
	return d;
}

static struct decision *make_d(void)
{
	struct decision *d = named("d", NOV_20 - US_PER_S);

	d->cost = 0;
	d->took.total = 0;
	d->cache.result = CACHE_NEAR_HIT;
	return d;
}

static struct decision *make_e(void)
{
	struct decision *d = named("e", NOV_20 + 2 * DAY);

	d->answer.tier = 3;
	d->answer.model = STR("sim*odd");
	d->classify.task = TASK_FAQ + 1;
	d->cost = MONEY_DOLLAR / 50;
	d->cache.result = CACHE_NEAR_MISS;
	d->cache.guard = STR("number");
	d->error = STR("all models are down");
	attempt(d, END_TIMEOUT, VERDICT_FAIL, 3);
	return d;
}

static int setup(void **state)
{
	struct store *s = open_inline(":memory:");

	put(s, make_a());
	put(s, make_b());
	put(s, make_c());
	put(s, make_d());
	put(s, make_e());
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct store *s = *state;

	store_close(&s);
	return 0;
}

static bool add_letter(void *ctx, const struct decision *d, int64_t number)
{
	(void)number;
	buf_add_str(ctx, d->policy);
	return true;
}

static void check_matches(struct store *s, struct str filter, const char *want)
{
	struct store_query q = { .filter = filter, .oldest_first = true };
	struct buf got = BUF(64), why = BUF(BUF_WHY_MAX);

	if (store_select(s, &q, add_letter, &got, &why))
		fail_msg("%.*s: %s", STR_ARG(filter), why.ptr);
	if (!str_is(buf_str(&got), want))
		fail_msg("%.*s: got \"%s\", want \"%s\"", STR_ARG(filter), got.ptr, want);
	buf_release(&got);
	buf_release(&why);
}

static void each_filter_finds_its_decisions(void **state)
{
	static const struct {
		const char *filter, *want;
	} cases[] = {
		{ "", "abcde" }, { "  \t\n ", "abcde" },
		/* equality */
		{ "tier:3", "be" }, { "tier:1", "a" }, { "tier:4", "" }, { "tier:-1", "" },
		{ "answer.tier:3", "be" }, { "model:sim-mid", "c" }, { "model:sim-MID", "" },
		{ "task:faq", "ae" }, { "classify.task:faq", "ae" }, { "cost:0", "d" },
		{ "cost:0.020", "e" }, { "cost:$0.5", "b" }, { "session:3f9a", "a" },
		{ "guard:number", "e" }, { "policy:a", "a" }, { "sampled:yes", "b" },
		{ "sample.taken:0", "acde" }, { "complexity:0.25", "a" }, { "ms:500", "b" },
		{ "ms.total:1403.1", "a" }, { "cache:near_hit", "d" },
		/* what is not known */
		{ "tier:null", "d" }, { "cost:null", "c" }, { "-cost:null", "abde" },
		{ "task:null", "d" }, { "error:null", "abd" }, { "error:\"\"", "c" },
		{ "parent:null", "acde" }, { "model:\"null\"", "" },
		{ "request.text:\"null\"", "c" }, { "request.text:null", "de" },
		/* comparisons; the unknown compares with nothing */
		{ "cost>0.01", "be" }, { "cost>=0.02", "be" }, { "cost>0.02", "b" },
		{ "cost<0.001", "d" }, { "cost<=0.001", "ad" }, { "tier>=2", "bce" },
		{ "tier<3", "ac" }, { "complexity>0.5", "b" }, { "ms>=500", "ab" },
		{ "ms<0.001", "d" }, { "model<sim-m", "be" },
		/* times: a day is the whole day, an instant its millisecond */
		{ "time:2026-11-20", "ab" }, { "time>2026-11-20", "ce" },
		{ "time>=2026-11-20", "abce" }, { "time<2026-11-20", "d" },
		{ "time<=2026-11-20", "abd" }, { "time:2026-11-20T12:00:00.500Z", "b" },
		{ "time>2026-11-20T12:00:00.500Z", "ce" },
		{ "time>=2026-11-20T12:00:00.500Z", "bce" }, { "-time:2026-11-20", "cde" },
		/* wild cards */
		{ "model:sim-*", "abc" }, { "model:*", "abce" }, { "model:*m*d", "ce" },
		{ "model:\"sim*odd\"", "e" }, { "model:sim*odd", "e" }, { "model:sim-?mall", "" },
		{ "model:sim-%", "" }, { "model:s*-*l*l", "a" }, { "cache:near_*", "de" },
		/* lists of texts */
		{ "passages:auto-policy#4", "a" }, { "passages:auto*", "a" },
		{ "passages:auto", "" }, { "passages:\"home\\\"policy\"", "a" },
		{ "-passages:auto*", "bcde" },
		/* attempts, verdicts, tools: any of them */
		{ "verdict:fail", "be" }, { "verdict:pass", "ab" }, { "end:stop", "abc" },
		{ "end:aborted", "b" }, { "attempt.tier:1", "ab" }, { "attempt.tier>1", "bce" },
		{ "verdict.result:warn", "c" }, { "-verdict:fail", "acd" },
		{ "verdict:fail verdict:pass", "b" }, { "tool:policy_*", "b" },
		{ "tool.name:policy_lookup", "b" }, { "attempt.error:null", "abce" },
		{ "end:*out", "e" }, { "status:null", "abce" },
		/* ids */
		{ "id:null", "" },
		/* words */
		{ "deductible", "a" }, { "DEDUCTIBLE", "a" }, { "\"two words\"", "a" },
		{ "two words", "ab" }, { "words", "ab" }, { "50%", "a" }, { "nul", "ac" },
		{ "text:words", "ab" }, { "text:\"two words\"", "a" }, { "-words", "cde" },
		{ "-text:words", "cde" }, { "\"tier:3\"", "b" }, { "\"\"", "abc" },
		{ "-\"two words\"", "bcde" }, { "de_uctible", "" }, { "*", "" },
		/* together */
		{ "tier:3 task:faq", "e" }, { "tier:3 -task:faq", "b" },
		{ "-tier:3 -tier:1", "cd" },
		{ "cost>0.01 verdict:fail model:sim-* -task:faq time>=2026-11-20 drop", "b" },
		/* somebody else's SQL */
		{ "'", "b" }, { "\"'; DROP TABLE decision; --\"", "b" }, { "model:'", "" },
		{ "model:\"' OR 1=1 --\"", "" }, { "model:'*'", "" }, { "?1", "" }, { ")", "" },
		{ "policy:\") OR (1=1\"", "" }, { "policy<\"' OR ''='\"", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_matches(*state, str_of(cases[i].filter), cases[i].want);
	assert_int_equal(store_count(*state), 5);
}

static void ids_are_found_whole_and_by_their_end(void **state)
{
	struct buf filter = BUF(128);
	char whole[ID_TEXT + 1], tail[ID_SHORT_MAX + 1];

	id_write(id_number('a'), whole);
	id_write_tail(id_number('a'), 6, tail);
	buf_addf(&filter, "id:%s", whole);
	check_matches(*state, buf_str(&filter), "a");
	buf_clear(&filter);
	buf_addf(&filter, "id:%s", tail);
	check_matches(*state, buf_str(&filter), "a");
	buf_clear(&filter);
	buf_addf(&filter, "parent:%s", tail);
	check_matches(*state, buf_str(&filter), "b");
	buf_release(&filter);
}

static void bytes_after_a_nul_are_found(void **state)
{
	check_matches(*state, STR("\"\0 after\""), "a");
	check_matches(*state, STR("after"), "a");
	check_matches(*state, STR("request.text:*nul"), "");
	check_matches(*state, STR("request.text:*NUL"), "a");
}

static void a_wrong_filter_says_what_is_wrong(void **state)
{
	static const struct {
		const char *filter, *why;
	} cases[] = {
		{ "teir:3", "\"teir:3\": there is no field \"teir\"; the nearest is \"tier\""
			    " (a term in quotes is looked for as text)" },
		{ "http://x", "\"http://x\": there is no field \"http\""
			      " (a term in quotes is looked for as text)" },
		{ "cache.similarty>0.9",
			"\"cache.similarty>0.9\": there is no field \"cache.similarty\"; the"
			" nearest is \"cache.similarity\" (a term in quotes is looked for as"
			" text)" },
		{ "result:pass", "\"result:pass\": \"result\" may be \"cache.result\" or"
				 " \"verdict.result\"" },
		{ "tier:three", "\"tier:three\": \"three\" is not a whole number" },
		{ "tier:3.5", "\"tier:3.5\": \"3.5\" is not a whole number" },
		{ "tier:99999999999999999999",
			"\"tier:99999999999999999999\": \"99999999999999999999\" is not a whole"
			" number" },
		{ "complexity>high", "\"complexity>high\": \"high\" is not a number" },
		{ "complexity>nan", "\"complexity>nan\": \"nan\" is not a number" },
		{ "cost>cheap", "\"cost>cheap\": \"cheap\" is not an amount in dollars" },
		{ "ms>1e400", "\"ms>1e400\": \"1e400\" is not a number of milliseconds" },
		{ "ms>1e300", "\"ms>1e300\": \"1e300\" is not a number of milliseconds" },
		{ "time>yesterday", "\"time>yesterday\": \"yesterday\" is not a time such as"
				    " 2026-11-20 or 2026-11-20T09:00:00Z" },
		{ "sampled:perhaps", "\"sampled:perhaps\": \"perhaps\" is neither yes nor no" },
		{ "verdict:bad", "\"verdict:bad\": \"bad\" is none of pass, warn, fail" },
		{ "verdict>fail", "\"verdict>fail\": \"verdict\" can only be compared with \":\"" },
		{ "model>sim-*", "\"model>sim-*\": \"model\" can only be compared with \":\"" },
		{ "text>a", "\"text>a\": \"text\" can only be compared with \":\"" },
		{ "cost<null", "\"cost<null\": \"cost\" can only be compared with \":\"" },
		{ "id:xyz", "\"id:xyz\": \"xyz\" is neither an id nor its last 4 to 12 digits" },
		{ "tier:", "\"tier:\": the value is missing" },
		{ "-tier:", "\"-tier:\": the value is missing" },
		{ "tier: 3", "\"tier:\": the value is missing" },
		{ "\"two words", "\"\"two\": a quote is not closed" },
		{ "model:\"", "\"model:\"\": a quote is not closed" },
		{ "\"a\\\"", "\"\"a\\\"\": a quote is not closed" },
		{ "\"a\"b", "\"\"a\"b\": a blank is missing after the quote" },
		{ "ok tier:x", "\"tier:x\": \"x\" is not a whole number" },
		{ "attempt.nonsense:1",
			"\"attempt.nonsense:1\": there is no field \"attempt.nonsense\""
			" (a term in quotes is looked for as text)" },
		{ "seq:1", "\"seq:1\": there is no field \"seq\" (a term in quotes is looked for as"
			   " text)" },
	};
	struct buf got = BUF(64), why = BUF(BUF_WHY_MAX);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct store_query q = { .filter = str_of(cases[i].filter) };

		buf_clear(&why);
		check_err(store_select(*state, &q, add_letter, &got, &why), ERR_USAGE);
		check_buf(&why, cases[i].why);
		check_err(store_select(*state, &q, add_letter, &got, NULL), ERR_USAGE);
	}
	assert_int_equal(got.len, 0);
	buf_release(&why);
}

static void a_filter_has_at_most_64_terms(void **state)
{
	struct buf text = BUF(4096), why = BUF(BUF_WHY_MAX), got = BUF(64);
	struct store_query q = { 0 };

	for (int i = 0; i < FILTER_TERMS_MAX; i++)
		buf_add_text(&text, i % 2 ? "-verdict:warn " : "time>=2026-11-20 ");
	check_matches(*state, buf_str(&text), "abe");
	buf_add_text(&text, "x");
	q.filter = buf_str(&text);
	check_err(store_select(*state, &q, add_letter, &got, &why), ERR_USAGE);
	check_buf(&why, "\"x\": it is one term more than the 64 that a filter may have");
	buf_release(&text);
	buf_release(&why);
}

static void long_names_and_values_are_shown_in_part(void **state)
{
	struct buf text = BUF(4096), why = BUF(BUF_WHY_MAX), got = BUF(64);
	struct store_query q = { 0 };

	buf_add_repeat(&text, 'x', 2000);
	buf_add_text(&text, ":1");
	q.filter = buf_str(&text);
	check_err(store_select(*state, &q, add_letter, &got, &why), ERR_USAGE);
	assert_true(why.len < 300);
	buf_clear(&text);
	buf_add_text(&text, "tier:");
	buf_add_repeat(&text, '9', 2000);
	q.filter = buf_str(&text);
	check_err(store_select(*state, &q, add_letter, &got, &why), ERR_USAGE);
	assert_true(why.len < 300);
	buf_release(&text);
	buf_release(&why);
}

/* Whatever bytes come, the SQL is made of our own words: letters, digits, quoted columns, "?n". */
static void no_text_of_a_filter_reaches_the_sql(void **state)
{
	static const char pieces[][8] = {
		"tier", ":", "<", ">=", "'", "\"", ";--", ")", "(", " ", "-", "*", "null", "?1",
		"\\", "text", "cost", "end", "\xff", "Z", "~", "3", "id", "time", "model", ".",
	};
	struct buf text = BUF(4096), why = BUF(BUF_WHY_MAX);
	struct rng rng;

	(void)state;
	rng_seed(&rng, 5);
	for (int i = 0; i < 20000; i++) {
		struct filter f;
		enum err err;

		buf_clear(&text);
		for (uint64_t n = rng_below(&rng, 12); n; n--)
			buf_add_text(&text, pieces[rng_below(&rng, ARRAY_LEN(pieces))]);
		err = filter_parse(&f, buf_str(&text), &why);
		assert_true(err == ERR_OK || err == ERR_USAGE);
		for (size_t at = 0; at < f.where.len; at++)
			assert_null(strchr("';-\\~Z\xff", f.where.ptr[at]));
		filter_release(&f);
	}
	buf_release(&text);
	buf_release(&why);
}

/* The same answers where terms are common and rare: the way in must not change what matches. */
static void common_and_rare_terms_give_the_same_answers(void **state)
{
	enum { COUNT = 6000, RARE = 100 };
	static const struct {
		const char *filter;
		size_t want;
	} cases[] = {
		{ "tier:2", RARE / 2 }, { "tier:1", COUNT - RARE / 2 }, { "end:timeout", RARE },
		{ "end:stop", COUNT }, { "end:stop tier:2", RARE / 2 },
		{ "end:timeout tier:2 verdict:pass", RARE / 2 }, { "verdict:pass", COUNT },
		{ "time>=2026-11-20", COUNT }, { "time<2026-11-20", 0 },
		{ "-end:timeout", COUNT - RARE },
		{ "time<2026-11-20T00:00:00.003Z", COUNT / 2 },
		{ "time>=2026-11-20T00:00:00.003Z end:timeout tier:1", 25 },
		{ "time>=2026-11-20T00:00:00.003Z tier:1", COUNT / 2 - 25 },
	};
	struct store *s = open_inline(":memory:");

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		struct decision *d = named("x", NOV_20 + (i * 7919) % COUNT);
		bool rare = i % (COUNT / RARE) == 0;

		d->id = id_number((uint64_t)i);
		d->answer.tier = rare && i % 2 == 0 && i < COUNT / 2 ? 2 : 1;
		attempt(d, END_STOP, VERDICT_PASS, 1);
		if (rare) { /* twice: a decision is to be found once */
			attempt(d, END_TIMEOUT, VERDICT_NONE, 1);
			attempt(d, END_TIMEOUT, VERDICT_NONE, 1);
		}
		put(s, d);
	}
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct store_query q = { .filter = str_of(cases[i].filter), .oldest_first = i % 2 };
		struct buf got = BUF(COUNT);

		check_ok(store_select(s, &q, add_letter, &got, NULL));
		if (got.len != cases[i].want)
			fail_msg("%s: %zu", cases[i].filter, got.len);
		buf_release(&got);
	}
	store_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_filter_finds_its_decisions),
		cmocka_unit_test(ids_are_found_whole_and_by_their_end),
		cmocka_unit_test(bytes_after_a_nul_are_found),
		cmocka_unit_test(a_wrong_filter_says_what_is_wrong),
		cmocka_unit_test(a_filter_has_at_most_64_terms),
		cmocka_unit_test(long_names_and_values_are_shown_in_part),
		cmocka_unit_test(no_text_of_a_filter_reaches_the_sql),
		cmocka_unit_test(common_and_rare_terms_give_the_same_answers),
	};

	return cmocka_run_group_tests_name("filter", tests, setup, teardown);
}
