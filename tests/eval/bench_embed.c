/* SPDX-License-Identifier: GPL-3.0-or-later
 * The benchmark of embedding measures what the model can do and says what it cannot. No time is
 * judged. */
#include "core/eval/bench_embed.h"

#include "tests/embed/model.h"

static const struct made_shape small = { "small", "BertModel", "gelu", "", MADE_BERT, 32, 4, 64, 1,
	false, false, 0, "F32" };

static void it_measures_up_to_the_models_limit(void **state)
{
	char folder[] = "/tmp/weir-bench-XXXXXX";
	struct buf why = BUF(BUF_WHY_MAX);
	struct bench_embed_result r;
	struct made_model m;

	(void)state;
	assert_non_null(mkdtemp(folder));
	made_model_init(&m, &small);
	made_model_write(&m, folder);
	check_ok(bench_embed(&r,
		&(struct bench_embed_options){ .folder = folder, .builtin = folder, .ms = 1 },
		&why));
	check_buf(&why, "");
	assert_true(r.peak_gflops > 0 && r.tokenizer_us > 0 && r.builtin_us > 0);
	for (size_t i = 0; i < BENCH_EMBED_LENGTHS; i++) {
		const struct bench_embed_length *l = &r.lengths[i];

		if (bench_embed_tokens[i] > MADE_PLACES) {
			assert_true(isnan(l->ms) && isnan(l->batch_blas_ms) && isnan(l->share));
			continue;
		}
		assert_true(l->ms > 0 && l->blas_ms > 0 && l->batch_ms > 0 && l->batch_blas_ms > 0);
		assert_true(l->gflops > 0 && l->share > 0 && l->share < 1);
	}
	made_model_release(&m);
	made_model_remove(folder);
	buf_release(&why);
}

static void what_is_no_model_is_told_of(void **state)
{
	struct bench_embed_options o = { .folder = "/nonexistent", .ms = 1 };
	struct buf why = BUF(BUF_WHY_MAX);
	struct bench_embed_result r;

	(void)state;
	check_err(bench_embed(&r, &o, &why), ERR_NOT_FOUND);
	check_buf(&why, "/nonexistent: there is no such file");
	o = (struct bench_embed_options){ .kernel = "abacus", .ms = 1 };
	check_err(bench_embed(&r, &o, &why), ERR_USAGE);
	check_buf(&why, "this processor has no arithmetic named abacus");
	buf_release(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_measures_up_to_the_models_limit),
		cmocka_unit_test(what_is_no_model_is_told_of),
	};

	return cmocka_run_group_tests_name("bench_embed", tests, NULL, NULL);
}
