/* SPDX-License-Identifier: GPL-3.0-or-later
 * Folders, receipts, decisions. */
#include "tests/store/help.h"

#include <ftw.h>
#include <math.h>
#include <unistd.h>

#define DECISION_TEXTS(X)                                                                         \
	X(policy) X(request.text) X(request.session) X(request.user) X(request.app)               \
	X(request.language) X(rule) X(classify.by) X(cache.guard) X(cache.source) X(plan.why)     \
	X(plan.flip) X(context.by) X(answer.text) X(answer.model) X(sample.stratum) X(error)
#define DECISION_LISTS(X) X(cache.spans) X(plan.ladder) X(context.passages)
#define DECISION_INTS(X)                                                                          \
	X(time) X(request.tokens) X(cache.age_s) X(plan.start) X(context.tokens_before)           \
	X(context.tokens_after) X(answer.tier) X(cost) X(baseline) X(saved) X(took.cache)         \
	X(took.classify) X(took.route) X(took.first_token) X(took.total)
#define DECISION_REALS(X)                                                                         \
	X(classify.task_p) X(classify.complexity) X(classify.confidence) X(cache.similarity)      \
	X(cache.threshold) X(sample.p)
#define DECISION_BOOLS(X) X(answer.degraded) X(answer.stale) X(answer.simulated) X(sample.taken)
#define DECISION_ENUMS(X)                                                                         \
	X(classify.task, TASK_COUNT + 1) X(cache.result, CACHE_RESULT_COUNT)                      \
	X(answer.from, ANSWER_FROM_COUNT)

#define ATTEMPT_TEXTS(X) X(model) X(provider) X(id) X(request_id) X(text) X(error)
#define ATTEMPT_INTS(X)                                                                           \
	X(tier) X(status) X(first_token) X(total) X(tokens.in) X(tokens.cached)                   \
	X(tokens.cache_write) X(tokens.out) X(tokens.reasoning) X(cost)

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

void folder_make(struct folder *f)
{
	const char *base = getenv("TMPDIR");

	snprintf(f->path, sizeof(f->path), "%s/weir-store-XXXXXX", base ? base : "/tmp");
	assert_non_null(mkdtemp(f->path));
	snprintf(f->file, sizeof(f->file), "%s/weir.db", f->path);
}

void folder_remove(struct folder *f)
{
	assert_int_equal(nftw(f->path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void note(void *ctx, const struct decision *d, enum err err, struct str say)
{
	struct receipts *r = ctx;
	struct decision *own = (struct decision *)(uintptr_t)d;

	assert_true(r->count < RECEIPTS_MAX);
	r->ids[r->count] = d->id;
	r->errs[r->count++] = err;
	if (err) {
		r->failed++;
		snprintf(r->say, sizeof(r->say), "%.*s", STR_ARG(say));
	}
	if (!r->keep)
		decision_free(&own);
}

struct store_receipt receipt_into(struct receipts *r)
{
	return (struct store_receipt){ note, r };
}

struct id id_number(uint64_t n)
{
	struct rng rng;

	rng_seed(&rng, n);
	return id_make((int64_t)n * US_PER_MS, &rng);
}

struct decision *decision_number(uint64_t n, size_t size)
{
	struct decision *d = decision_new();
	struct attempt *a = decision_add_attempt(d);
	char *text = arena_alloc(&d->arena, size + 1);

	for (size_t i = 0; i < size; i++)
		text[i] = (char)('a' + (n + i * i) % 26);
	d->id = id_number(n);
	d->time = (int64_t)n * US_PER_MS;
	d->request.text = arena_format(&d->arena, "question %llu", (unsigned long long)n);
	d->answer.text = (struct str){ text, size };
	d->answer.tier = (int64_t)(n % 3) + 1;
	a->model = STR("sim-small");
	a->end = END_STOP;
	attempt_add_verdict(d, a)->result = VERDICT_PASS;
	attempt_add_verdict(d, a)->result = VERDICT_WARN;
	return d;
}

/* Texts that hurt: nothing, NUL bytes, ill-formed UTF-8, SQL, controls, and long ones. */
static struct str random_text(struct arena *arena, struct rng *rng)
{
	static const struct str nasty[] = {
		{ "", 0 }, { "\0", 1 }, { "a\0b\0", 4 }, { "\xff\xfe\x80", 3 },
		{ "\xf0\x9f\x98", 3 },
		{ "'); DROP TABLE decision; --", 27 }, { "\x1b[31m\"\\\n\t\r", 10 },
		{ "\xef\xbb\xbf\xe2\x80\xae", 6 }, { "null", 4 }, { "%_*?[a-z]", 9 }, { "NaN", 3 },
	};
	size_t len = rng_below(rng, 40) ? rng_below(rng, 60) : 5000 + rng_below(rng, 5000);
	char *bytes;

	if (!rng_below(rng, 4))
		return STR_NONE;
	if (!rng_below(rng, 3))
		return nasty[rng_below(rng, ARRAY_LEN(nasty))];
	bytes = arena_alloc(arena, len + 1);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)rng_below(rng, 256);
	return (struct str){ bytes, len };
}

static void random_list(struct arena *arena, struct rng *rng, struct texts *texts)
{
	static const struct str pieces[] = {
		{ "", 0 }, { "\0", 1 }, { "a\"b\\c/", 6 }, { "\x01\x1f\x7f\n", 4 }, { NULL, 0 },
		{ "\xf0\x9f\x98\x80\xc3\xa9", 6 }, { "],[", 3 }, { "\xef\xbf\xbd\xee\x80\x80", 6 },
	};

	for (uint64_t n = rng_below(rng, 5); n; n--)
		*vec_add(arena, texts) = pieces[rng_below(rng, ARRAY_LEN(pieces))];
}

static int64_t random_int(struct rng *rng)
{
	static const int64_t edges[] = { INT_NONE, INT64_MAX, INT64_MIN + 1, 0, -1, 1, INT32_MIN };

	return rng_below(rng, 2) ? edges[rng_below(rng, ARRAY_LEN(edges))] : (int64_t)rng_next(rng);
}

static double random_real(struct rng *rng)
{
	static const double edges[] = { NAN, 0, 1, -1, 1e-308, 1e308, 0.1, INFINITY };

	return rng_below(rng, 2) ? edges[rng_below(rng, ARRAY_LEN(edges))] : rng_unit(rng);
}

static struct id random_id(struct rng *rng)
{
	return id_make((int64_t)rng_below(rng, INT64_C(1) << 50), rng);
}

static void random_attempt(struct decision *d, struct rng *rng)
{
	struct attempt *a = decision_add_attempt(d);

#define X(member) a->member = random_text(&d->arena, rng);
	ATTEMPT_TEXTS(X)
#undef X
#define X(member) a->member = random_int(rng);
	ATTEMPT_INTS(X)
#undef X
	a->end = (int64_t)rng_below(rng, END_COUNT);
	a->tokens.estimated = rng_below(rng, 2);
	a->quality = random_real(rng);
	for (uint64_t n = rng_below(rng, 4); n; n--) {
		struct verdict *v = attempt_add_verdict(d, a);

		v->validator = random_text(&d->arena, rng);
		v->result = (int64_t)rng_below(rng, VERDICT_COUNT);
		v->at = random_int(rng);
		v->say = random_text(&d->arena, rng);
	}
}

static void random_tool_run(struct decision *d, struct rng *rng)
{
	struct tool_run *t = decision_add_tool_run(d);

	t->id = random_text(&d->arena, rng);
	t->name = random_text(&d->arena, rng);
	t->arguments = random_text(&d->arena, rng);
	t->span = random_int(rng);
	t->ok = rng_below(rng, 3) ? (int64_t)rng_below(rng, 2) : INT_NONE;
}

struct decision *decision_random(struct rng *rng)
{
	struct decision *d = decision_new();

	d->id = random_id(rng);
	if (rng_below(rng, 2))
		d->parent = random_id(rng);
#define X(member) d->member = random_text(&d->arena, rng);
	DECISION_TEXTS(X)
#undef X
#define X(member) random_list(&d->arena, rng, &d->member);
	DECISION_LISTS(X)
#undef X
#define X(member) d->member = random_int(rng);
	DECISION_INTS(X)
#undef X
#define X(member) d->member = random_real(rng);
	DECISION_REALS(X)
#undef X
#define X(member) d->member = rng_below(rng, 2);
	DECISION_BOOLS(X)
#undef X
#define X(member, count) d->member = (int64_t)rng_below(rng, count);
	DECISION_ENUMS(X)
#undef X
	for (uint64_t n = rng_below(rng, 4); n; n--)
		random_attempt(d, rng);
	for (uint64_t n = rng_below(rng, 3); n; n--)
		random_tool_run(d, rng);
	return d;
}

static bool same_real(double a, double b)
{
	return isnan(a) ? isnan(b) : a <= b && a >= b;
}

static bool same_list(const struct texts *a, const struct texts *b)
{
	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++)
		if (!str_eq(a->ptr[i], b->ptr[i]))
			return false;
	return true;
}

static void check_that(bool same, const char *member)
{
	if (!same)
		fail_msg("%s differs", member);
}

static void check_same_verdict(const struct verdict *a, const struct verdict *b)
{
	check_that(str_eq(a->validator, b->validator), "verdict.validator");
	check_that(a->result == b->result, "verdict.result");
	check_that(a->at == b->at, "verdict.at");
	check_that(str_eq(a->say, b->say), "verdict.say");
}

static void check_same_attempt(const struct attempt *a, const struct attempt *b)
{
#define X(member) check_that(str_eq(a->member, b->member), "attempt." #member);
	ATTEMPT_TEXTS(X)
#undef X
#define X(member) check_that(a->member == b->member, "attempt." #member);
	ATTEMPT_INTS(X)
	X(end)
	X(tokens.estimated)
#undef X
	check_that(same_real(a->quality, b->quality), "attempt.quality");
	assert_int_equal(a->verdicts.len, b->verdicts.len);
	for (size_t i = 0; i < a->verdicts.len; i++)
		check_same_verdict(&a->verdicts.ptr[i], &b->verdicts.ptr[i]);
}

static void check_same_tool_run(const struct tool_run *a, const struct tool_run *b)
{
	check_that(str_eq(a->id, b->id), "tool.id");
	check_that(str_eq(a->name, b->name), "tool.name");
	check_that(str_eq(a->arguments, b->arguments), "tool.arguments");
	check_that(a->span == b->span, "tool.span");
	check_that(a->ok == b->ok, "tool.ok");
}

void check_same(const struct decision *a, const struct decision *b)
{
	assert_memory_equal(&a->id, &b->id, sizeof(a->id));
	assert_memory_equal(&a->parent, &b->parent, sizeof(a->parent));
#define X(member) check_that(str_eq(a->member, b->member), #member);
	DECISION_TEXTS(X)
#undef X
#define X(member) check_that(same_list(&a->member, &b->member), #member);
	DECISION_LISTS(X)
#undef X
#define X(member) check_that(a->member == b->member, #member);
	DECISION_INTS(X)
	DECISION_BOOLS(X)
#undef X
#define X(member) check_that(same_real(a->member, b->member), #member);
	DECISION_REALS(X)
#undef X
#define X(member, count) check_that(a->member == b->member, #member);
	DECISION_ENUMS(X)
#undef X
	assert_int_equal(a->attempts.len, b->attempts.len);
	for (size_t i = 0; i < a->attempts.len; i++)
		check_same_attempt(&a->attempts.ptr[i], &b->attempts.ptr[i]);
	assert_int_equal(a->tools.len, b->tools.len);
	for (size_t i = 0; i < a->tools.len; i++)
		check_same_tool_run(&a->tools.ptr[i], &b->tools.ptr[i]);
}

static struct store *open_with(const struct store_options *options)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct store *s;

	if (store_open(&s, options, &why))
		fail_msg("%s", why.ptr);
	assert_int_equal(why.len, 0);
	buf_release(&why);
	return s;
}

struct store *open_file(const char *file)
{
	return open_with(&(struct store_options){ .path = file });
}

struct store *open_inline(const char *file)
{
	return open_with(&(struct store_options){ .path = file, .write_inline = true });
}

bool has_decision(struct store *s, struct id id)
{
	char text[ID_TEXT + 1];
	struct decision *d;
	bool whole;

	id_write(id, text);
	if (store_find(s, str_of(text), &d, NULL))
		return false;
	whole = d->attempts.len == 1 && d->attempts.ptr[0].verdicts.len == 2;
	decision_free(&d);
	return whole;
}

void check_sound(struct store *s)
{
	struct arena arena = ARENA;
	struct store_health health;

	check_ok(store_check(s, &arena, &health, NULL));
	if (!health.sound)
		fail_msg("%.*s", STR_ARG(health.say));
	arena_release(&arena);
}
