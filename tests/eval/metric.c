/* SPDX-License-Identifier: GPL-3.0-or-later
 * Figures worked out by hand. */
#include "core/eval/metric.h"

#include "tests/check.h"

#include <math.h>

static void spearman_is_the_correlation_of_ranks(void **state)
{
	const double up[] = { 1, 2, 3, 4 }, far[] = { 10, 20, 1000, 1e9 }, down[] = { 9, 7, 5, 0 };
	/* Differences of ranks: 1, 1, 0, 0; 1 - 6 * 2 / 60 = 0.8. */
	const double swapped[] = { 2, 1, 3, 4 };
	/* Ranks 1.5 1.5 3 4 against 1 2 3 4: 4.5 / sqrt(4.5 * 5). */
	const double tied[] = { 1, 1, 2, 3 }, flat[] = { 5, 5, 5, 5 };

	(void)state;
	assert_float_equal(metric_spearman(up, far, 4), 1, 1e-12);
	assert_float_equal(metric_spearman(up, down, 4), -1, 1e-12);
	assert_float_equal(metric_spearman(up, swapped, 4), 0.8, 1e-12);
	assert_float_equal(metric_spearman(tied, up, 4), sqrt(0.9), 1e-12);
	assert_true(isnan(metric_spearman(up, flat, 4)));
	assert_true(isnan(metric_spearman(up, up, 0)));
}

static void auc_counts_pairs_in_order(void **state)
{
	static const struct {
		double scores[5];
		bool positive[5];
		size_t count;
		double want;
	} cases[] = {
		{ { 0.1, 0.2, 0.8, 0.9 }, { false, false, true, true }, 4, 1 },
		{ { 0.9, 0.8, 0.2, 0.1 }, { false, false, true, true }, 4, 0 },
		{ { 0.5, 0.5 }, { true, false }, 2, 0.5 },
		/* 0.4 beats 0.3, not 0.6; 0.7 beats both: 3 of 4. */
		{ { 0.3, 0.4, 0.6, 0.7 }, { false, true, false, true }, 4, 0.75 },
		/* 0.6 beats 0.3 and ties with 0.6: 1.5 of 2. */
		{ { 0.3, 0.6, 0.6 }, { false, false, true }, 3, 0.75 },
	};
	const double one[] = { 0.5 };
	const bool yes[] = { true };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_float_equal(metric_auc(cases[i].scores, cases[i].positive, cases[i].count),
			cases[i].want, 1e-12);
	assert_true(isnan(metric_auc(one, yes, 1)));
}

static void hit_rate_is_the_largest_share_with_few_wrong(void **state)
{
	static const struct {
		double cosines[6];
		bool right[6];
		size_t count;
		double wrong_max, rate, threshold;
	} cases[] = {
		/* All right: all are served. */
		{ { 0.9, 0.5, 0.7 }, { true, true, true }, 3, 0.05, 1, 0.5 },
		/* The best is wrong: 1 of 1, 1 of 2, 1 of 3 ... too many until 1 of 4. */
		{ { 0.9, 0.8, 0.7, 0.6 }, { false, true, true, true }, 4, 0.25, 1, 0.6 },
		{ { 0.9, 0.8, 0.7, 0.6 }, { false, true, true, true }, 4, 0.24, 0, 2 },
		/* Wrong from the third on. */
		{ { 0.9, 0.8, 0.7, 0.6 }, { true, true, false, false }, 4, 0.05, 0.5, 0.8 },
		/* Right again further down: 1 of 5 wrong is allowed, and the lowest threshold wins.
		 */
		{ { 0.9, 0.8, 0.7, 0.6, 0.5 }, { true, true, false, true, true }, 5, 0.2, 1, 0.5 },
		/* A right and a wrong one of one cosine are served together. */
		{ { 0.9, 0.8, 0.8 }, { true, true, false }, 3, 0.05, 1.0 / 3, 0.9 },
		{ { 0.9, 0.8, 0.8 }, { true, false, true }, 3, 0.05, 1.0 / 3, 0.9 },
	};

	const double cosines[] = { 0.9, 0.8, 0.7 }, weights[] = { 1, 1, 3 };
	const bool right[] = { true, true, false };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct hit_rate got = metric_hits(
			cases[i].cosines, cases[i].right, NULL, cases[i].count, cases[i].wrong_max);

		assert_float_equal(got.rate, cases[i].rate, 1e-12);
		assert_float_equal(got.threshold, cases[i].threshold, 1e-12);
	}
	/* The wrong one stands for three: 3 of 5 served is too many, 0 of 2 is not. */
	assert_float_equal(metric_hits(cosines, right, weights, 3, 0.4).rate, 0.4, 1e-12);
	assert_float_equal(metric_hits(cosines, right, NULL, 3, 0.4).rate, 1, 1e-12);
	assert_float_equal(metric_hits(NULL, NULL, NULL, 0, 0.05).rate, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spearman_is_the_correlation_of_ranks),
		cmocka_unit_test(auc_counts_pairs_in_order),
		cmocka_unit_test(hit_rate_is_the_largest_share_with_few_wrong),
	};

	return cmocka_run_group_tests_name("metric", tests, NULL, NULL);
}
