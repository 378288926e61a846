/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * By hand: fills a file with decisions (a month of them, varied), and times what a screen asks
 * for. FILE COUNT; with COUNT 0 it only asks. "FOLDER store" runs the benchmark of the store.
 */
#include "core/eval/bench_store.h"
#include "core/store/store.h"

enum { ROUNDS = 21 };

struct filler {
	size_t in_flight;
	int64_t failed;
};

static void done(void *ctx, const struct decision *d, enum err err, struct str say)
{
	struct decision *own = (struct decision *)(uintptr_t)d;
	struct filler *f = ctx;

	if (err && !f->failed++)
		fprintf(stderr, "%.*s\n", STR_ARG(say));
	f->in_flight--;
	decision_free(&own);
}

static struct decision *make(struct rng *rng, int64_t n, int64_t count)
{
	static const char *const models[] = { "sim-small", "sim-mid", "sim-large" };
	const int64_t month = INT64_C(30) * 86400 * US_PER_S;
	struct decision *d = decision_new();
	struct attempt *a = decision_add_attempt(d);
	uint64_t tier = rng_below(rng, 10);
	char *text = arena_alloc(&d->arena, 1001);

	tier = tier < 7 ? 0 : tier < 9 ? 1 : 2;
	for (int i = 0; i < 1000; i++)
		text[i] = (char)("etaoin shrdlu"[rng_below(rng, 13)]);
	d->time = INT64_C(1795132800) * US_PER_S + month / count * n;
	d->id = id_make(d->time, rng);
	d->request.text = (struct str){ text, 80 };
	d->request.session = arena_format(&d->arena, "%04x", (unsigned)(n / 20) & 0xffff);
	d->classify.task = 1 + (int64_t)rng_below(rng, TASK_COUNT);
	d->classify.complexity = rng_unit(rng);
	d->cache.result = 1 + (int64_t)rng_below(rng, CACHE_RESULT_COUNT - 1);
	d->answer.text = (struct str){ text, 1000 };
	d->answer.tier = (int64_t)tier + 1;
	d->answer.model = str_of(models[tier]);
	d->cost = (int64_t)rng_below(rng, 1000000000);
	d->took.total = (int64_t)rng_below(rng, 3000000);
	a->model = d->answer.model;
	a->end = rng_below(rng, 50) ? END_STOP : END_ABORTED;
	attempt_add_verdict(d, a)->result = rng_below(rng, 30) ? VERDICT_PASS : VERDICT_FAIL;
	attempt_add_verdict(d, a)->result = VERDICT_PASS;
	return d;
}

static void fill(struct store *s, int64_t count)
{
	int64_t begin = clock_steady(&clock_real);
	struct filler f = { 0 };
	struct rng rng;

	rng_seed(&rng, 1);
	for (int64_t i = 0; i < count; i++) {
		f.in_flight++;
		store_append(s, make(&rng, i, count), (struct store_receipt){ done, &f });
		if (f.in_flight > 4096)
			store_flush(s);
		store_collect(s);
	}
	store_flush(s);
	store_collect(s);
	printf("filled %lld at %.0f/s, %lld failed\n", (long long)count,
		(double)count * US_PER_S / (double)(clock_steady(&clock_real) - begin),
		(long long)f.failed);
}

static bool count_row(void *ctx, const struct decision *d, int64_t number)
{
	(void)d;
	(void)number;
	++*(size_t *)ctx;
	return true;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void time_filter(struct store *s, const char *filter)
{
	struct store_query q = { .filter = str_of(filter), .limit = 50 };
	struct buf why = BUF(BUF_WHY_MAX);
	int64_t us[ROUNDS];
	size_t rows = 0;

	for (int i = 0; i < ROUNDS; i++) {
		us[i] = clock_steady(&clock_real);
		rows = 0;
		if (store_select(s, &q, count_row, &rows, &why))
			printf("%s\n", why.ptr);
		us[i] = clock_steady(&clock_real) - us[i];
	}
	qsort(us, ROUNDS, sizeof(us[0]), by_size);
	printf("%9lld us median %9lld max %3zu rows  %s\n", (long long)us[ROUNDS / 2],
		(long long)us[ROUNDS - 1], rows, *filter ? filter : "(first page)");
	buf_release(&why);
}

static void time_find(struct store *s)
{
	struct decision *last, *found;
	char text[ID_TEXT + 1], tail[ID_SHORT_MAX + 1];
	int64_t begin, whole, part, digits;
	size_t n;

	if (store_last(s, &last, NULL))
		return;
	id_write(last->id, text);
	id_write_tail(last->id, 10, tail);
	begin = clock_steady(&clock_real);
	for (int i = 0; i < ROUNDS; i++)
		if (!store_find(s, str_of(text), &found, NULL))
			decision_free(&found);
	whole = clock_steady(&clock_real) - begin;
	begin = clock_steady(&clock_real);
	for (int i = 0; i < ROUNDS; i++)
		if (!store_find(s, str_of(tail), &found, NULL))
			decision_free(&found);
	part = clock_steady(&clock_real) - begin;
	begin = clock_steady(&clock_real);
	n = store_short_digits(s, last->id);
	digits = clock_steady(&clock_real) - begin;
	printf("find: whole id %.1f us, short id %.1f us; %zu digits in %lld us\n",
		(double)whole / ROUNDS, (double)part / ROUNDS, n, (long long)digits);
	decision_free(&last);
}

static void ask(struct store *s)
{
	static const char *const filters[] = {
		"", "tier:3", "model:sim-large", "task:faq", "verdict:fail", "end:aborted",
		"end:timeout", "tier:3 verdict:fail", "cost>0.0009", "cost>1", "time>=2026-12-19",
		"time<2026-11-21", "session:0010", "-tier:1", "model:sim-l*", "shrdlu",
		"\"no such words\"",
	};
	int64_t begin = clock_steady(&clock_real);

	printf("count %lld", (long long)store_count(s));
	printf(" in %lld us\n", (long long)(clock_steady(&clock_real) - begin));
	time_find(s);
	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		time_filter(s, filters[i]);
}

static int bench(const char *folder)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct bench_store_result r;

	if (bench_store(&r, folder, 5000, 10000, &why)) {
		fprintf(stderr, "%s\n", why.ptr);
		return 1;
	}
	printf("offered %.0f sustained %.0f; p50 %.0f p99 %.0f p99.9 %.0f max %.0f us;"
	       " cpu %.1f us\n",
		r.offered, r.sustained, r.p50_us, r.p99_us, r.p999_us, r.max_us, r.cpu_us);
	printf("flat out %.0f/s, cpu %.1f us; one by one %.0f/s, cpu %.1f us; gain %.1f\n",
		r.flat_out, r.flat_cpu_us, r.one_by_one, r.one_by_one_cpu_us, r.gain);
	return 0;
}

int main(int argc, char **argv)
{
	struct store_options o = { .path = argc > 1 ? argv[1] : "" };
	struct buf why = BUF(BUF_WHY_MAX);
	struct store *s;
	int64_t begin = clock_steady(&clock_real);

	if (argc != 3)
		return 2;
	if (!strcmp(argv[2], "store"))
		return bench(argv[1]);
	if (store_open(&s, &o, &why)) {
		fprintf(stderr, "%s\n", why.ptr);
		return 1;
	}
	printf("open %lld us\n", (long long)(clock_steady(&clock_real) - begin));
	fill(s, strtoll(argv[2], NULL, 10));
	ask(s);
	store_close(&s);
	return 0;
}
