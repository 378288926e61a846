/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir bench: what was promised, measured here and now. To add a measurement: a function, and a row
 * in `benches`. */
#include "core/eval/bench_store.h"
#include "core/eval/bench_stream.h"
#include "core/verb/bench_embed.h"
#include "core/verb/figures.h"

enum { SECONDS_MAX = 600, RATE_MAX = 1000000, STREAMS = 2000, STREAMS_MAX = 10000 };

static const struct verb_option options[] = {
	{ "json", 'j', NULL, COMPLETES_NOTHING, "print it as JSON" },
	{ "seconds", '\0', "N", COMPLETES_NOTHING,
		"how long the steady part lasts (5; streams: 10; embed, in all: 8)" },
	{ "rate", '\0', "N", COMPLETES_NOTHING,
		"decisions (5000) or chunks (20000) offered a second" },
	{ "dir", '\0', "DIR", COMPLETES_FILE, "measure on this disk (the temporary folder)" },
	{ "streams", '\0', "N", COMPLETES_NOTHING, "how many answers stream at once (2000)" },
	{ "rounds", '\0', "N", COMPLETES_NOTHING, "how often it is measured; medians count (3)" },
	{ "baseline", '\0', "PROGRAM", COMPLETES_FILE,
		"compare with this program in turn: tests/bench/raw_stream of a build" },
	{ "model", '\0', "DIR", COMPLETES_FILE,
		"embed: measure this model (MiniLM's shape with random weights)" },
};

/* What each needs of the command line. */
struct bench_setting {
	const char *folder; /* for files */
	int64_t seconds, rate, streams, rounds;
};

static enum err read_setting(struct command *c, struct bench_setting usual,
	struct bench_setting *s, struct buf *why)
{
	const char *dir = command_option(c, "dir"), *tmp = world_getenv(c->engine, "TMPDIR");
	enum err err =
		command_number(c, "seconds", 1, SECONDS_MAX, usual.seconds, &s->seconds, why);

	s->folder = dir ? dir : tmp ? tmp : "/tmp";
	if (!err)
		err = command_number(c, "rate", 1, RATE_MAX, usual.rate, &s->rate, why);
	if (!err)
		err = command_number(c, "streams", 1, STREAMS_MAX, STREAMS, &s->streams, why);
	if (!err)
		err = command_number(c, "rounds", 1, 9, 3, &s->rounds, why);
	return err;
}

static void note_time(struct command *c, int64_t seconds)
{
	command_note(c, "weir: about %lld s ...\n", (long long)seconds);
}

static void say_store(struct command *c, const struct bench_store_result *r)
{
	const struct figure figures[] = {
		{ "offered_per_s", "decisions a second were offered", r->offered, 0 },
		{ "sustained_per_s", "a second became durable", r->sustained, 0 },
		{ "p50_ms", "ms from hand-over to commit, median", r->p50_us / US_PER_MS, 2 },
		{ "p99_ms", "ms, 99 of 100", r->p99_us / US_PER_MS, 2 },
		{ "p999_ms", "ms, 999 of 1000", r->p999_us / US_PER_MS, 2 },
		{ "max_ms", "ms, the longest", r->max_us / US_PER_MS, 2 },
		{ "cpu_us", "us of processor time a decision", r->cpu_us, 1 },
		{ "flat_out_per_s", "a second without pause", r->flat_out, 0 },
		{ "one_by_one_per_s", "a second with a commit each", r->one_by_one, 0 },
		{ "gain", "times as many by committing in groups", r->gain, 1 },
	};

	figures_say(c, figures, ARRAY_LEN(figures));
}

static enum err run_store(struct command *c, struct buf *why)
{
	struct bench_store_result result;
	struct bench_setting s;
	const struct bench_setting usual = { .seconds = 5, .rate = 5000 };
	enum err err = read_setting(c, usual, &s, why);

	if (err)
		return err;
	note_time(c, 2 * s.seconds);
	err = bench_store(&result, s.folder, s.rate, 1000 * s.seconds, why);
	if (!err)
		say_store(c, &result);
	return err;
}

static void say_stream(struct command *c, const struct bench_stream_result *r)
{
	const struct figure figures[] = {
		{ "chunks", "chunks were read, whole way to the record", r->ours.chunks, 0 },
		{ "per_s", "a second, while all streams were under way", r->per_second, 0 },
		{ "failed", "streams did not end as they should", (double)r->failed, 0 },
		{ "cpu_us", "us of processor time a chunk", r->ours.cpu_us, 2 },
		{ "baseline_cpu_us", "us, the baseline", r->baseline.cpu_us, 2 },
		{ "cpu_ratio", "times the baseline", r->cpu_ratio, 2 },
		{ "p50_ms", "ms from sending to the reader, median", r->ours.p50_us / US_PER_MS,
			2 },
		{ "p99_ms", "ms, 99 of 100", r->ours.p99_us / US_PER_MS, 2 },
		{ "baseline_p99_ms", "ms, the baseline", r->baseline.p99_us / US_PER_MS, 2 },
		{ "added_p99_ms", "ms more than the baseline", r->added_p99_us / US_PER_MS, 2 },
		{ "kib_a_stream", "KiB of memory a stream", r->ours.bytes / 1024, 1 },
		{ "baseline_kib_a_stream", "KiB, the baseline", r->baseline.bytes / 1024, 1 },
	};

	figures_say(c, figures, ARRAY_LEN(figures));
}

static enum err run_stream(struct command *c, struct buf *why)
{
	const char *baseline = command_option(c, "baseline");
	struct bench_stream_result result;
	struct bench_setting s;
	const struct bench_setting usual = { .seconds = 10, .rate = 20000 };
	enum err err = read_setting(c, usual, &s, why);

	if (!err)
		err = world_need_config(c->engine, why); /* for the data folder */
	if (err)
		return err;
	note_time(c, s.rounds * (s.seconds + 2) * (baseline ? 2 : 1));
	err = bench_stream(&result,
		&(struct bench_stream_options){
			.streams = s.streams,
			.per_second = s.rate,
			.ms = 1000 * s.seconds,
			.rounds = s.rounds,
			.folder = s.folder,
			.data_dir = c->engine->data_dir.ptr,
			.baseline = baseline,
		},
		why);
	if (!err)
		say_stream(c, &result);
	return err;
}

static const struct verb_sub subs[] = {
	{ "store", "how fast decisions become durable" },
	{ "stream", "what a streamed chunk costs, with many streams at once" },
	{ "embed", "how fast texts become vectors, beside OpenBLAS" },
};

static enum err (*const benches[])(struct command *c, struct buf *why) = {
	run_store,
	run_stream,
	bench_embed_run,
};

static enum err run(struct command *c, struct buf *why)
{
	const char *sub;
	enum err err = command_sub(c, "store", &sub, why);

	for (size_t i = 0; !err && i < ARRAY_LEN(subs); i++)
		if (!strcmp(sub, subs[i].name))
			err = benches[i](c, why);
	return err;
}

const struct verb verb_bench = {
	.name = "bench",
	.operands = "[store|stream|embed]",
	.say = "measure this program on this machine",
	.more = "bench embed runs a model of the BERT family at several lengths, one text and 32 "
		"at once, on one thread: our own kernels and OpenBLAS take turns with the same "
		"weights, and each is said as a share of what this processor does at most. It "
		"counts processor time, and the best of many runs. Beside ONNX Runtime, where that "
		"is installed, tests/bench/ort.js of the source runs both with the same weights.",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.subs = subs,
	.sub_count = ARRAY_LEN(subs),
	.run = run,
};
