/* SPDX-License-Identifier: GPL-3.0-or-later
 * Three runs over one pool of decisions. */
#include "core/eval/bench_store.h"

#include "core/eval/meter.h"
#include "core/store/store.h"

#include <pthread.h>
#include <unistd.h>

enum {
	POOL = 2048,      /* decisions in flight at most */
	TEXT = 1000,
	TICK_US = 1000    /* between two offers */
};

struct bench;

struct slot {
	struct bench *bench;
	struct decision *d;
	int64_t appended; /* steady us */
	struct slot *next;
};

struct bench {
	struct store *store;
	struct rng rng;
	struct slot slots[POOL], *free;
	int64_t *latencies; /* us; NULL: not kept */
	size_t sent, done, most;
	enum err err;
	struct buf *why;
	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t woken;
	bool wake;
};

static struct decision *make_decision(struct rng *rng)
{
	struct decision *d = decision_new();
	struct attempt *a = decision_add_attempt(d);
	char *text = arena_alloc(&d->arena, TEXT + 1);

	for (size_t i = 0; i < TEXT; i++)
		text[i] = (char)('a' + rng_below(rng, 26));
	d->policy = STR("p7");
	d->request.text = (struct str){ text, TEXT / 10 };
	d->request.session = (struct str){ text, 4 };
	d->request.tokens = 212;
	d->classify.by = STR("local");
	d->classify.task = 1 + (int64_t)rng_below(rng, TASK_COUNT);
	d->classify.complexity = rng_unit(rng);
	d->cache.result = CACHE_MISS;
	d->answer.text = (struct str){ text, TEXT };
	d->answer.from = ANSWER_FROM_MODEL;
	d->answer.model = STR("sim-small");
	d->answer.tier = 1 + (int64_t)rng_below(rng, 3);
	d->cost = 21000000;
	d->took.total = 1403100;
	a->model = d->answer.model;
	a->provider = STR("sim");
	a->status = 200;
	a->end = END_STOP;
	attempt_add_verdict(d, a)->result = VERDICT_PASS;
	attempt_add_verdict(d, a)->result = VERDICT_PASS;
	return d;
}

static void wake(void *ctx)
{
	struct bench *b = ctx;

	pthread_mutex_lock(&b->lock);
	b->wake = true;
	pthread_cond_signal(&b->woken);
	pthread_mutex_unlock(&b->lock);
}

/* Until a group has been committed, or the time comes. */
static void wait_until(struct bench *b, int64_t steady_us)
{
	struct timespec until = {
		.tv_sec = (time_t)(steady_us / US_PER_S),
		.tv_nsec = (long)(steady_us % US_PER_S) * 1000,
	};

	pthread_mutex_lock(&b->lock);
	while (!b->wake)
		if (pthread_cond_timedwait(&b->woken, &b->lock, &until))
			break;
	b->wake = false;
	pthread_mutex_unlock(&b->lock);
}

static void note(void *ctx, const struct decision *d, enum err err, struct str say)
{
	struct slot *slot = ctx;
	struct bench *b = slot->bench;

	(void)d;
	if (err && !b->err) {
		b->err = err;
		why_set(b->why, "%.*s", STR_ARG(say));
	}
	if (b->latencies)
		b->latencies[b->done] = meter_now() - slot->appended;
	b->done++;
	slot->next = b->free;
	b->free = slot;
}

static void append_one(struct bench *b)
{
	struct slot *slot = b->free;

	b->free = slot->next;
	slot->d->time = clock_wall(&clock_real);
	slot->d->id = id_make(slot->d->time, &b->rng);
	slot->appended = meter_now();
	b->sent++;
	store_append(b->store, slot->d, (struct store_receipt){ note, slot });
}

/* `per_second` 0: without pause. Ends with the last receipt. */
static void offer(struct bench *b, int64_t per_second, int64_t ms)
{
	int64_t begin = meter_now(), end = begin + ms * US_PER_MS, now;

	while (!b->err && ((now = meter_now()) < end || b->done < b->sent)) {
		size_t due = per_second ? (size_t)((now - begin) * per_second / US_PER_S) : b->most;

		while (now < end && b->free && b->sent < due && b->sent < b->most)
			append_one(b);
		wait_until(b, now + TICK_US);
		store_collect(b->store);
	}
}

static void append_one_by_one(struct bench *b, int64_t ms)
{
	int64_t end = meter_now() + ms * US_PER_MS;

	while (!b->err && meter_now() < end)
		append_one(b);
}

static void tell_latencies(struct bench *b, struct bench_store_result *r)
{
	meter_sort(b->latencies, b->done);
	r->p50_us = meter_quantile(b->latencies, b->done, 0.5);
	r->p99_us = meter_quantile(b->latencies, b->done, 0.99);
	r->p999_us = meter_quantile(b->latencies, b->done, 0.999);
	r->max_us = meter_quantile(b->latencies, b->done, 1);
}

static void begin_pool(struct bench *b, struct buf *why)
{
	pthread_condattr_t steady;

	b->why = why;
	rng_seed(&b->rng, 1);
	for (size_t i = 0; i < POOL; i++) {
		b->slots[i] = (struct slot){ b, make_decision(&b->rng), 0, b->free };
		b->free = &b->slots[i];
	}
	pthread_mutex_init(&b->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&b->woken, &steady);
	pthread_condattr_destroy(&steady);
}

static void end_pool(struct bench *b)
{
	for (size_t i = 0; i < POOL; i++)
		decision_free(&b->slots[i].d);
	pthread_cond_destroy(&b->woken);
	pthread_mutex_destroy(&b->lock);
	memory_free(b->latencies);
	b->latencies = NULL;
}

enum kind { PACED, FLAT_OUT, ONE_BY_ONE };

/* One run into a file of its own: decisions a second and CPU a decision. */
static enum err measure(struct bench *b, const char *file, enum kind kind, int64_t per_second,
	int64_t ms, double *rate, double *cpu)
{
	struct store_options o = {
		.path = file, .write_inline = kind == ONE_BY_ONE, .wake = wake, .wake_ctx = b
	};
	enum err err = store_open(&b->store, &o, b->why);
	int64_t begin = meter_now(), spent = meter_cpu();
	double us, count;

	if (err)
		return err;
	b->sent = b->done = 0;
	b->most = per_second ? (size_t)(per_second * ms / 1000) : SIZE_MAX;
	if (kind == ONE_BY_ONE)
		append_one_by_one(b, ms);
	else
		offer(b, per_second, ms);
	us = (double)(meter_now() - begin);
	count = b->done ? (double)b->done : 1;
	*rate = (double)b->done * US_PER_S / us;
	*cpu = (double)(meter_cpu() - spent) / count;
	store_close(&b->store);
	unlink(file);
	return b->err;
}

static enum err measure_all(struct bench *b, struct bench_store_result *r, const char *folder,
	int64_t per_second, int64_t ms)
{
	struct arena arena = ARENA;
	const char *file = arena_format(&arena, "%s/bench.db", folder).ptr;
	int64_t half = (ms + 1) / 2;
	enum err err;

	b->latencies = memory_new((size_t)(per_second * ms / 1000 + POOL) * sizeof(int64_t));
	err = measure(b, file, PACED, per_second, ms, &r->sustained, &r->cpu_us);
	tell_latencies(b, r);
	memory_free(b->latencies);
	b->latencies = NULL;
	if (!err)
		err = measure(b, file, FLAT_OUT, 0, half, &r->flat_out, &r->flat_cpu_us);
	if (!err)
		err = measure(b, file, ONE_BY_ONE, 0, half, &r->one_by_one, &r->one_by_one_cpu_us);
	arena_release(&arena);
	return err;
}

enum err bench_store(struct bench_store_result *result, const char *folder, int64_t per_second,
	int64_t ms, struct buf *why)
{
	struct arena arena = ARENA;
	char *own = arena_text(&arena, arena_format(&arena, "%s/bench-XXXXXX", folder).ptr);
	struct bench *b;
	enum err err;

	*result = (struct bench_store_result){ .offered = (double)per_second };
	if (!mkdtemp(own)) {
		why_set(why, "%s: no folder can be made in it; name another one", folder);
		arena_release(&arena);
		return ERR_IO;
	}
	b = memory_new(sizeof(*b));
	begin_pool(b, why);
	err = measure_all(b, result, own, per_second, ms);
	if (!err && result->one_by_one > 0)
		result->gain = result->flat_out / result->one_by_one;
	end_pool(b);
	memory_free(b);
	rmdir(own);
	arena_release(&arena);
	return err;
}
