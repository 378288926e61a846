/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rounds of both clients in turn; ours is a world of its own: a flow over one model whose provider
 * is the pacer. */
#include "core/eval/bench_stream.h"

#include "core/base/json.h"
#include "core/eval/meter.h"
#include "core/eval/pacer.h"
#include "core/flow/flow.h"

#include <errno.h>
#include <math.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	BEGIN_GAP_US = 500,    /* between two streams that begin */
	ROUNDS_MAX = 9,
	GRACE_US = 20 * US_PER_S, /* beyond the time that a round should take */
	SPARE_FILES = 64
};

extern char **environ;

/* ---- one round of ours ------------------------------------------------------------------ */

struct round {
	const struct bench_stream_options *options;
	struct config config;
	struct model_map map;
	struct loop *loop;
	struct http *http;
	struct store *store;
	struct flow *flow;
	struct rng rng;
	struct env env;
	int64_t *ages;         /* us */
	size_t chunks, chunks_max;
	int64_t submitted, done, failed;
	int64_t full_since, full_until; /* steady us: all streams under way */
	size_t full_chunks;
	int64_t rss_before, rss_full;
};

static void take_event(void *ctx, const struct event *event)
{
	struct round *r = ctx;

	if (event->kind != EVENT_TEXT || r->chunks == r->chunks_max)
		return;
	r->ages[r->chunks++] = pacer_age(event->text, meter_now());
	r->full_chunks += r->full_since && !r->full_until;
}

static void take_done(void *ctx, struct decision *d, enum err record_err, struct str say)
{
	struct round *r = ctx;

	(void)say;
	if (!r->full_until)
		r->full_until = meter_now();
	r->failed += d->err || record_err;
	r->done++;
}

static void submit(struct round *r)
{
	struct decision *d = decision_new();
	struct message *m = arena_new(&d->arena, struct message);

	*m = (struct message){ .role = ROLE_USER, .text = STR("How long does a chunk take?") };
	d->request.messages = m;
	d->request.message_count = 1;
	d->request.text = m->text;
	flow_submit(r->flow, d, (struct flow_watch){ take_event, take_done, r });
	r->submitted++;
}

static void submit_due(struct round *r, int64_t begun)
{
	int64_t due = (meter_now() - begun) / BEGIN_GAP_US + 1;

	while (r->submitted < r->options->streams && r->submitted < due)
		submit(r);
}

/* When the last one has begun and a while has passed, memory is at its height. */
static void note_full(struct round *r, int64_t all_begun)
{
	if (r->full_since || !all_begun || meter_now() < all_begun + r->options->ms * US_PER_MS / 2)
		return;
	r->rss_full = meter_resident();
	r->full_since = meter_now();
}

static enum err run_round(struct round *r, struct buf *why)
{
	int64_t begun = meter_now(), all_begun = 0;
	int64_t most = begun + r->options->streams * BEGIN_GAP_US + r->options->ms * US_PER_MS +
		       GRACE_US;

	r->rss_before = meter_resident();
	while (r->done < r->options->streams) {
		submit_due(r, begun);
		if (!all_begun && r->submitted == r->options->streams)
			all_begun = meter_now();
		note_full(r, all_begun);
		loop_turn(r->loop, all_begun ? US_PER_S / 10 : BEGIN_GAP_US);
		if (meter_now() < most)
			continue;
		why_set(why, "%lld of %lld streams did not end: offer fewer chunks a second",
			(long long)(r->options->streams - r->done), (long long)r->options->streams);
		return ERR_TIMEOUT;
	}
	return ERR_OK;
}

static const char *no_environment(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

static enum err open_map(struct round *r, int port, struct buf *why)
{
	struct arena arena = ARENA;
	struct config_sources sources = { .env = no_environment, .file = "bench.json" };
	enum err err;

	sources.shipped = arena_format(&arena, "%s/defaults.json", r->options->data_dir).ptr;
	sources.file_text = arena_format(&arena,
		"{\"providers\": {\"pacer\": {\"base_url\": \"http://127.0.0.1:%d\"}},"
		" \"models\": {\"paced\": {\"provider\": \"pacer\", \"tier\": 1, \"price\":"
		" [{\"input\": \"1\", \"output\": \"2\"}]}},"
		" \"tasks\": {\"chat\": {\"ladder\": [\"paced\"]}}}",
		port);
	err = config_open(&r->config, &sources, why);
	if (!err)
		err = model_map_build(&r->map, &r->config, why);
	arena_release(&arena);
	return err;
}

static void wake(void *ctx)
{
	loop_wake(ctx);
}

static void collect(void *ctx)
{
	store_collect(ctx);
}

static enum err open_round(struct round *r, const char *file, int port, struct buf *why)
{
	struct store_options store = { .path = file, .wake = wake };
	enum err err = open_map(r, port, why);

	rng_seed(&r->rng, 1);
	if (!err)
		err = loop_open(&r->loop, &clock_real, why);
	if (!err)
		err = http_open(&r->http, r->loop, why);
	store.wake_ctx = r->loop;
	if (!err)
		err = store_open(&r->store, &store, why);
	if (err)
		return err;
	loop_on_wake(r->loop, collect, r->store);
	r->env = (struct env){
		.config = &r->config,
		.map = &r->map,
		.http = r->http,
		.loop = r->loop,
		.clock = clock_real,
		.rng = &r->rng,
		.getenv = no_environment,
	};
	r->flow = flow_open(&r->env, r->store);
	return ERR_OK;
}

static void close_round(struct round *r)
{
	flow_close(&r->flow);
	store_close(&r->store);
	http_close(&r->http);
	loop_close(&r->loop);
	config_release(&r->config);
	memory_free(r->ages);
}

static void tell(struct round *r, int64_t cpu, struct stream_figures *f, double *per_second)
{
	double full_s = (double)(r->full_until - r->full_since) / US_PER_S;

	meter_sort(r->ages, r->chunks);
	*f = (struct stream_figures){
		.chunks = (double)r->chunks,
		.cpu_us = (double)cpu / (double)(r->chunks ? r->chunks : 1),
		.p50_us = meter_quantile(r->ages, r->chunks, 0.5),
		.p99_us = meter_quantile(r->ages, r->chunks, 0.99),
		.bytes = (double)(r->rss_full - r->rss_before) / (double)r->options->streams,
	};
	*per_second = r->full_since && full_s > 0 ? (double)r->full_chunks / full_s : NAN;
}

static enum err measure_ours(const struct bench_stream_options *o, const char *file, int port,
	struct stream_figures *f, struct bench_stream_result *result, struct buf *why)
{
	struct round r = { .options = o };
	int64_t spent = meter_cpu();
	enum err err;

	r.chunks_max = (size_t)(o->per_second * o->ms / 1000 + o->streams);
	r.ages = memory_new(r.chunks_max * sizeof(*r.ages));
	err = open_round(&r, file, port, why);
	if (!err)
		err = run_round(&r, why);
	if (!err)
		tell(&r, meter_cpu() - spent, f, &result->per_second);
	result->failed += r.failed;
	close_round(&r);
	unlink(file);
	return err;
}

/* ---- one round of the baseline ---------------------------------------------------------- */

static void read_figures(struct str text, struct stream_figures *f, const char *program,
	struct buf *why, enum err *err)
{
	json_t *root = NULL;

	*err = json_read(text, JSON_READ_STRICT, &root, NULL);
	if (*err) {
		why_set(why, "%s: it printed no figures: is it the baseline of this bench?",
			program);
		return;
	}
	*f = (struct stream_figures){
		.chunks = json_get_real(root, "chunks", NAN),
		.cpu_us = json_get_real(root, "cpu_us", NAN),
		.p50_us = json_get_real(root, "p50_us", NAN),
		.p99_us = json_get_real(root, "p99_us", NAN),
		.bytes = json_get_real(root, "bytes", NAN),
	};
	json_decref(root);
}

/* What a program prints; its words on stderr go where ours go. */
static enum err run_program(char **argv, struct buf *out, struct buf *why)
{
	posix_spawn_file_actions_t actions;
	int ends[2], status = 0, failed;
	char piece[256];
	ssize_t got;
	pid_t pid;

	if (pipe(ends)) {
		why_set(why, "%s: no pipe to it: %s", argv[0], strerror(errno));
		return ERR_IO;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	failed = posix_spawn(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	while (!failed && (got = read(ends[0], piece, sizeof(piece))) > 0)
		buf_add_str(out, (struct str){ piece, (size_t)got });
	close(ends[0]);
	if (!failed)
		waitpid(pid, &status, 0);
	if (!failed && !status)
		return ERR_OK;
	why_set(why, "%s: it cannot be run, or failed: %s", argv[0],
		failed ? strerror(failed) : "see its own words");
	return ERR_IO;
}

static enum err measure_baseline(const struct bench_stream_options *o, int port,
	struct stream_figures *f, struct buf *why)
{
	struct arena arena = ARENA;
	struct buf out = BUF(BUF_LINE_MAX);
	char *argv[] = {
		arena_text(&arena, str_of(o->baseline).ptr),
		arena_text(&arena, arena_format(&arena, "%d", port).ptr),
		arena_text(&arena, arena_format(&arena, "%lld", (long long)o->streams).ptr),
		arena_text(&arena, arena_format(&arena, "%d", BEGIN_GAP_US).ptr),
		NULL,
	};
	enum err err = run_program(argv, &out, why);

	if (!err)
		read_figures(buf_str(&out), f, o->baseline, why, &err);
	buf_release(&out);
	arena_release(&arena);
	return err;
}

/* ---- both ------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median of one member over the rounds. */
static double median(const struct stream_figures *rounds, int64_t count, size_t offset)
{
	double values[ROUNDS_MAX];

	for (int64_t i = 0; i < count; i++)
		values[i] = *(const double *)(const void *)((const char *)&rounds[i] + offset);
	qsort(values, (size_t)count, sizeof(*values), by_value);
	return values[count / 2];
}

/* Memory is that of the first round: later ones use it again. */
static struct stream_figures medians(const struct stream_figures *rounds, int64_t count)
{
#define MEDIAN(member) median(rounds, count, offsetof(struct stream_figures, member))
	return (struct stream_figures){
		.chunks = MEDIAN(chunks),
		.cpu_us = MEDIAN(cpu_us),
		.p50_us = MEDIAN(p50_us),
		.p99_us = MEDIAN(p99_us),
		.bytes = rounds[0].bytes,
	};
#undef MEDIAN
}

/* Each stream is a file. */
static enum err make_room(int64_t streams, struct buf *why)
{
	rlim_t want = (rlim_t)streams + SPARE_FILES;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= want)
		return ERR_OK;
	limit.rlim_cur = limit.rlim_max < want ? limit.rlim_max : want;
	if (limit.rlim_cur == want && !setrlimit(RLIMIT_NOFILE, &limit))
		return ERR_OK;
	why_set(why, "%lld streams want more open files than the limit of %lld: offer fewer "
		     "streams, or raise it (ulimit -n)",
		(long long)streams, (long long)limit.rlim_max);
	return ERR_USAGE;
}

static enum err measure_rounds(const struct bench_stream_options *o, const char *file, int port,
	struct bench_stream_result *result, struct buf *why)
{
	struct stream_figures ours[ROUNDS_MAX], baseline[ROUNDS_MAX];
	int64_t rounds = o->rounds < ROUNDS_MAX ? o->rounds : ROUNDS_MAX;
	enum err err = ERR_OK;

	for (int64_t i = 0; !err && i < rounds; i++) {
		if (o->baseline)
			err = measure_baseline(o, port, &baseline[i], why);
		if (!err)
			err = measure_ours(o, file, port, &ours[i], result, why);
	}
	if (err)
		return err;
	result->ours = medians(ours, rounds);
	if (o->baseline) {
		result->baseline = medians(baseline, rounds);
		result->cpu_ratio = result->ours.cpu_us / result->baseline.cpu_us;
		result->added_p99_us = result->ours.p99_us - result->baseline.p99_us;
	}
	return ERR_OK;
}

enum err bench_stream(struct bench_stream_result *result,
	const struct bench_stream_options *o, struct buf *why)
{
	int64_t gap_us = o->streams * US_PER_S / o->per_second;
	struct arena arena = ARENA;
	const char *file =
		arena_format(&arena, "%s/weir-bench-%d.db", o->folder, (int)getpid()).ptr;
	struct pacer pacer;
	enum err err = make_room(o->streams, why);

	*result = (struct bench_stream_result){
		.baseline = { NAN, NAN, NAN, NAN, NAN }, .cpu_ratio = NAN, .added_p99_us = NAN
	};
	if (!err)
		err = pacer_start(&pacer, gap_us, o->ms * US_PER_MS / gap_us, why);
	if (!err) {
		err = measure_rounds(o, file, pacer.port, result, why);
		pacer_stop(&pacer);
	}
	arena_release(&arena);
	return err;
}
