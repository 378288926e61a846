/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ids, the field tables, and a decision as JSON. */
#include "core/base/json.h"
#include "core/record/field.h"
#include "tests/check.h"

static void an_id_holds_its_time_and_comes_back(void **state)
{
	struct rng rng;
	struct id id, back;
	char text[ID_TEXT + 1], tail[ID_HEX + 1];

	(void)state;
	rng_seed(&rng, 7);
	id = id_make(INT64_C(1795251600123000), &rng);
	id_write(id, text);
	/* 1795251600123 ms is 0x1a1fd557afb: counted apart from the code. */
	assert_memory_equal(text, "01a1fd55-7afb-7", 15);
	assert_non_null(strchr("89ab", text[19]));
	assert_true(id_parse(str_of(text), &back));
	assert_memory_equal(&id, &back, sizeof(id));
	id_write_tail(id, 6, tail);
	assert_string_equal(tail, text + ID_TEXT - 6);
	assert_false(id_parse(STR("01a1fd55-7afb-7"), &back));
	assert_false(id_parse(STR("01a1fd2c_5efb_7000_8000_000000000000"), &back));
	assert_false(id_parse(STR("01a1fd2c-5efb-7000-8000-00000000000g"), &back));
}

static void a_short_id_is_four_to_twelve_digits(void **state)
{
	char tail[ID_SHORT_MAX + 1];

	(void)state;
	assert_true(id_is_short(STR("D7f3"), tail));
	assert_string_equal(tail, "d7f3");
	assert_false(id_is_short(STR("d7f"), tail));
	assert_false(id_is_short(STR("d7g3"), tail));
	assert_false(id_is_short(STR("0123456789abc"), tail));
}

static void a_new_decision_knows_nothing(void **state)
{
	struct decision *d = decision_new();

	(void)state;
	for (size_t i = 0; i < decision_table.count; i++) {
		const struct field *f = &decision_table.fields[i];

		if (f->type == FIELD_BOOL || f->type == FIELD_TEXTS || f->type == FIELD_TIME)
			continue;
		if (!field_is_null(f, d))
			fail_msg("%s is not null", f->path);
	}
	for (size_t i = 0; i < attempt_table.count; i++) {
		const struct field *f = &attempt_table.fields[i];

		if (f->type != FIELD_BOOL && !field_is_null(f, decision_add_attempt(d)))
			fail_msg("%s is not null", f->path);
	}
	decision_free(&d);
	assert_null(d);
}

static void fields_are_found_by_path_by_last_part_or_not(void **state)
{
	(void)state;
	assert_string_equal(
		field_find(&decision_table, STR("cache.similarity"))->path, "cache.similarity");
	assert_string_equal(
		field_find(&decision_table, STR("similarity"))->path, "cache.similarity");
	/* Two fields end so: the short name says nothing. */
	assert_null(field_find(&decision_table, STR("text")));
	assert_null(field_find(&decision_table, STR("nonsense")));
	assert_string_equal(field_nearest(&decision_table, STR("similarty")), "cache.similarity");
	assert_null(field_nearest(&decision_table, STR("zzzzzzzzzzzzzzzz")));
}

/* Each name that the contract shows must be in the JSON, where the contract shows it. */
static const char *const contract[] = { "id", "parent", "time", "policy", "request.text",
	"request.session", "request.user", "request.app", "request.language", "request.tokens",
	"rule", "classify.by", "classify.task", "classify.task_p", "classify.complexity",
	"classify.confidence", "cache.result", "cache.similarity", "cache.threshold", "cache.guard",
	"cache.spans", "cache.source", "cache.age_s", "plan.ladder", "plan.start", "plan.why",
	"plan.flip", "context.passages", "context.tokens_before", "context.tokens_after",
	"context.by", "tools", "attempts", "answer.text", "answer.from", "answer.model",
	"answer.tier", "answer.degraded", "answer.stale", "answer.simulated", "cost_usd",
	"baseline_usd", "saved_usd", "ms.cache", "ms.classify", "ms.route", "ms.first_token",
	"ms.total", "sample.taken", "sample.p", "sample.stratum", "error" };

static const char *const attempt_contract[] = { "model", "provider", "tier", "status", "end",
	"ttft_ms", "total_ms", "tokens.in", "tokens.cached", "tokens.out", "tokens.reasoning",
	"tokens.estimated", "cost_usd", "quality", "verdicts" };

static json_t *at_path(json_t *root, const char *path)
{
	struct str rest = str_of(path), part;

	while (root && str_cut(&rest, '.', &part)) {
		char key[64];

		snprintf(key, sizeof(key), "%.*s", STR_ARG(part));
		root = json_object_get(root, key);
	}
	return root;
}

static struct decision *sample(void)
{
	struct decision *d = decision_new();
	struct attempt *a = decision_add_attempt(d);
	struct verdict *v = attempt_add_verdict(d, a);
	struct tool_run *t = decision_add_tool_run(d);

	d->time = INT64_C(1795251600123000);
	d->request.text = STR("say \"hi\"\x1b[31m");
	d->classify.task = TASK_DOCUMENT + 1;
	d->classify.complexity = 0.22;
	d->cost = INT64_C(21000000);
	d->took.total = 1403100;
	*vec_add(&d->arena, &d->plan.ladder) = STR("sim-small");
	a->end = END_ABORTED;
	a->tokens.in = 212;
	v->result = VERDICT_FAIL;
	v->at = 9;
	t->arguments = STR("{\"policy_id\":\"48213\"}");
	t->ok = true;
	return d;
}

static void the_json_has_every_name_of_the_contract(void **state)
{
	struct decision *d = sample();
	struct buf text = BUF(BUF_LINE_MAX);
	struct json_writer w = { .out = &text };
	json_t *root = NULL, *attempt;

	(void)state;
	decision_json(&w, d);
	check_ok(json_read(buf_str(&text), JSON_READ_STRICT, &root, NULL));
	for (size_t i = 0; i < ARRAY_LEN(contract); i++)
		if (!at_path(root, contract[i]))
			fail_msg("%s is not in %s", contract[i], text.ptr);
	attempt = json_array_get(json_object_get(root, "attempts"), 0);
	for (size_t i = 0; i < ARRAY_LEN(attempt_contract); i++)
		if (!at_path(attempt, attempt_contract[i]))
			fail_msg("%s is not in %s", attempt_contract[i], text.ptr);
	check_str(json_get_text(root, "cost_usd"), "0.000021000");
	check_str(json_get_text(root, "time"), "2026-11-21T09:00:00.123Z");
	check_str(json_get_text(at_path(root, "request"), "text"), "say \"hi\"\x1b[31m");
	assert_true(json_is_null(at_path(root, "baseline_usd")));
	assert_true(json_get_real(at_path(root, "ms"), "total", 0) == 1403.1);
	check_str(json_get_text(attempt, "end"), "aborted");
	check_str(json_get_text(at_path(root, "classify"), "task"), "document");
	check_str(json_get_text(at_path(json_array_get(at_path(root, "tools"), 0), "arguments"),
			  "policy_id"),
		"48213");
	json_decref(root);
	buf_release(&text);
	decision_free(&d);
}

static void only_the_first_error_is_kept(void **state)
{
	struct decision *d = decision_new();

	(void)state;
	decision_fail(d, ERR_NET, STR("first"));
	decision_fail(d, ERR_TIMEOUT, STR("second"));
	assert_int_equal(d->err, ERR_NET);
	check_str(d->error, "first");
	decision_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_holds_its_time_and_comes_back),
		cmocka_unit_test(a_short_id_is_four_to_twelve_digits),
		cmocka_unit_test(a_new_decision_knows_nothing),
		cmocka_unit_test(fields_are_found_by_path_by_last_part_or_not),
		cmocka_unit_test(the_json_has_every_name_of_the_contract),
		cmocka_unit_test(only_the_first_error_is_kept),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
