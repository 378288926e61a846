/* SPDX-License-Identifier: GPL-3.0-or-later
 * Training on a handful of texts: it learns, it can be repeated, and it leaves no half file. */
#include "core/eval/embedder_run.h"

#include "core/embed/word_table.h"
#include "tests/eval/folder.h"

#include <math.h>

#define RECIPE                                                                        \
	"{\"dims\":16,\"words\":1000,\"word_times\":1,\"bigrams\":100,\"grams\":256," \
	"\"steps\":60,\"warm_up\":5,\"rate\":0.02,\"changed\":16,\"scored\":16,\"pairs\":8}"

static struct embedder_run_options options_of(struct folder *f, const char *out)
{
	folder_put_intents(f);
	folder_put(f, "recipe.json", STR(RECIPE));
	return (struct embedder_run_options){
		.recipe = folder_file(f, "recipe.json"),
		.dir = f->path,
		.out = folder_file(f, out),
		.hold = HOLD_FOLD,
		.seed = -1,
	};
}

static enum err train(
	const struct embedder_run_options *o, struct embedder_run_result *result, struct buf *why)
{
	struct embedder_run *run;
	enum err err = embedder_run_new(&run, o, why);

	if (err)
		return err;
	while (embedder_run_step(run))
		assert_true(embedder_run_share(run) <= 1);
	err = embedder_run_finish(run, result, why);
	embedder_run_free(&run);
	return err;
}

static void train_well(const struct embedder_run_options *o, struct embedder_run_result *result)
{
	struct buf why = BUF(BUF_WHY_MAX);

	if (train(o, result, &why))
		fail_msg("%s", why.ptr);
	buf_release(&why);
}

static void it_learns_what_tells_intents_apart(void **state)
{
	struct folder f = folder_make();
	struct embedder_run_options o = options_of(&f, "a.safetensors");
	struct embedder_run_result r;
	struct word_table *t;

	(void)state;
	train_well(&o, &r);
	assert_true(r.made.nearest > 0.9); /* an eighth by chance */
	assert_true(r.made.hits > 0.5);
	assert_true(isnan(r.made.spearman) && !r.was_there);
	assert_true(r.threshold > -1 && r.threshold < 1);
	check_ok(word_table_open(&t, o.out, NULL));
	assert_float_equal(word_table_info(t)->threshold, r.threshold, 0.0006);
	assert_int_equal(word_table_info(t)->dims, 16);
	word_table_close(&t);
	assert_int_equal(folder_remove(&f), 3); /* no other file but data, recipe and table */
}

static void the_same_seed_gives_the_same_file(void **state)
{
	struct folder f = folder_make();
	struct embedder_run_options o = options_of(&f, "a");
	struct embedder_run_result r;

	(void)state;
	train_well(&o, &r);
	o.out = folder_file(&f, "b");
	train_well(&o, &r);
	o.out = folder_file(&f, "c");
	o.seed = 77;
	train_well(&o, &r);
	assert_true(str_eq(folder_get(&f, "a"), folder_get(&f, "b")));
	assert_false(str_eq(folder_get(&f, "a"), folder_get(&f, "c")));
	folder_remove(&f);
}

static void a_training_that_is_dropped_leaves_nothing(void **state)
{
	struct folder f = folder_make();
	struct embedder_run_options o = options_of(&f, "a");
	struct embedder_run *run;

	(void)state;
	check_ok(embedder_run_new(&run, &o, NULL));
	for (int i = 0; i < 10; i++)
		assert_true(embedder_run_step(run));
	embedder_run_free(&run);
	assert_null(run);
	assert_int_equal(folder_remove(&f), 2);
}

static void a_better_file_stays(void **state)
{
	struct folder f = folder_make();
	struct embedder_run_options o = options_of(&f, "a");
	struct embedder_run_result good, bad;
	struct buf why = BUF(BUF_WHY_MAX);
	struct str before;

	(void)state;
	train_well(&o, &good);
	before = folder_get(&f, "a");
	folder_put(&f, "recipe.json",
		STR("{\"dims\":8,\"words\":100,\"bigrams\":0,\"grams\":16,\"steps\":0}"));
	check_err(train(&o, &bad, &why), ERR_REFUSED);
	assert_true(bad.was_there && bad.is_better);
	assert_float_equal(bad.there.nearest, good.made.nearest, 1e-12);
	assert_true(bad.made.nearest < bad.there.nearest);
	assert_true(str_find(buf_str(&why), STR("not replaced")) < why.len);
	assert_true(str_eq(folder_get(&f, "a"), before));
	o.replace = true;
	train_well(&o, &bad);
	assert_false(str_eq(folder_get(&f, "a"), before));
	folder_remove(&f);
	buf_release(&why);
}

static void scored_pairs_are_learned_too(void **state)
{
	struct folder f = folder_make();
	struct embedder_run_options o = options_of(&f, "a");
	struct embedder_run_result r;
	struct buf text = BUF(BUF_TEXT_MAX);

	(void)state;
	for (int i = 0; i < 200; i++) { /* "red" and "crimson" are the same, "blue" is not */
		buf_addf(&text,
			"{\"a\":\"a red %c%c car\",\"b\":\"a crimson %c%c car\",\"score\":5}\n",
			'a' + i % 26, 'a' + i / 26, 'a' + i % 26, 'a' + i / 26);
		buf_addf(&text,
			"{\"a\":\"a red %c%c bus\",\"b\":\"a blue %c%c bus\",\"score\":0}\n",
			'a' + i % 26, 'a' + i / 26, 'a' + i % 26, 'a' + i / 26);
	}
	folder_put(&f, "intents.jsonl", buf_str(&text));
	train_well(&o, &r);
	assert_true(r.made.spearman > 0.8);
	assert_true(isnan(r.made.nearest) && isnan(r.threshold));
	folder_remove(&f);
	buf_release(&text);
}

static void what_cannot_be_trained_on_is_told(void **state)
{
	static const struct {
		const char *recipe, *data, *why; /* `why`: how it ends */
		enum err err;
	} cases[] = {
		{ "{", "{\"text\":\"a\"}\n", "", ERR_SYNTAX },
		{ "[]", "{\"text\":\"a\"}\n", "a recipe is one JSON object", ERR_SYNTAX },
		{ "{\"stepps\":1}", "{}\n", "stepps: a recipe has no such key", ERR_CONFIG },
		{ "{\"dims\":12.5}", "{}\n", "dims: it must be a multiple of 8", ERR_CONFIG },
		{ "{\"dims\":4}", "{}\n", "dims: it must be a number from 8 to 256", ERR_CONFIG },
		{ "{\"rate\":\"x\"}", "{}\n", "rate: it must be a number from 0 to 1", ERR_CONFIG },
		{ "{\"data\":[{\"file\":\"../x\"}]}", "{}\n",
			"data: entry 1: \"file\" must name a file of the folder", ERR_CONFIG },
		{ "{\"data\":[{\"file\":\"gone.jsonl\"}]}", "{}\n", "", ERR_NOT_FOUND },
		{ "{}", "{\"text\":\"a\"}\nnonsense\n", "", ERR_SYNTAX },
		{ "{}", "{\"text\":\"a\"}\n{\"question\":\"b\"}\n",
			"intents.jsonl:2: a line must be {\"text\": ..., \"intent\": ...}, "
			"{\"text\": ...} "
			"or {\"a\": ..., \"b\": ..., \"score\": N}",
			ERR_SYNTAX },
		{ "{}", "{\"text\":\"only this\",\"intent\":\"x\"}\n",
			"nothing to learn from: texts with intents (two of one intent at least), "
			"or pairs "
			"with scores, or a teacher are needed",
			ERR_CONFIG },
		{ "{}", "\n\n", "", ERR_CONFIG },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct folder f = folder_make();
		struct embedder_run_options o = options_of(&f, "a");
		struct embedder_run_result r;
		struct buf why = BUF(BUF_WHY_MAX);

		folder_put(&f, "recipe.json", str_of(cases[i].recipe));
		folder_put(&f, "intents.jsonl", str_of(cases[i].data));
		check_err(train(&o, &r, &why), cases[i].err);
		assert_true(why.len > 0);
		if (!str_ends(buf_str(&why), cases[i].why))
			fail_msg("got \"%s\", want \"...%s\"", why.ptr, cases[i].why);
		assert_int_equal(folder_remove(&f), 2);
		buf_release(&why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_learns_what_tells_intents_apart),
		cmocka_unit_test(the_same_seed_gives_the_same_file),
		cmocka_unit_test(a_training_that_is_dropped_leaves_nothing),
		cmocka_unit_test(a_better_file_stays),
		cmocka_unit_test(scored_pairs_are_learned_too),
		cmocka_unit_test(what_cannot_be_trained_on_is_told),
	};

	return cmocka_run_group_tests_name("embedder_run", tests, NULL, NULL);
}
