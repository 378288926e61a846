/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir bench: what was promised, measured here and now. */
#include "core/verb/verb.h"

#include "core/base/json_write.h"
#include "core/eval/bench_store.h"

#include <sys/utsname.h>
#include <unistd.h>

enum { PER_SECOND = 5000, SECONDS = 5, SECONDS_MAX = 600 };

static const struct verb_option options[] = {
	{ "json", 'j', NULL, COMPLETES_NOTHING, "print it as JSON" },
	{ "seconds", '\0', "N", COMPLETES_NOTHING, "how long the steady part lasts (5)" },
	{ "rate", '\0', "N", COMPLETES_NOTHING, "decisions offered a second (5000)" },
	{ "dir", '\0', "DIR", COMPLETES_FILE, "measure on this disk (the temporary folder)" },
};

static const struct verb_sub subs[] = {
	{ "store", "how fast decisions become durable" },
};

/* The figures by name: the text, the JSON and their order come from here. */
struct figure {
	const char *name, *say;
	double value;
	int decimals;
};

static void say_machine(struct command *c)
{
	struct utsname u;

	if (!uname(&u))
		command_say(c, "%s %s %s, %ld processors\n", u.sysname, u.release, u.machine,
			sysconf(_SC_NPROCESSORS_ONLN));
}

static void say_figures(struct command *c, const struct figure *figures, size_t count)
{
	struct buf text = BUF(BUF_LINE_MAX);
	struct json_writer w = { .out = &text, .indent = 1 };

	if (!command_has(c, "json")) {
		say_machine(c);
		for (size_t i = 0; i < count; i++)
			command_say(c, "%12.*f  %s\n", figures[i].decimals, figures[i].value,
				figures[i].say);
		return;
	}
	json_open(&w, '{');
	for (size_t i = 0; i < count; i++) {
		json_key(&w, figures[i].name);
		json_put_real(&w, figures[i].value, figures[i].decimals);
	}
	json_close(&w, '}');
	buf_add_char(&text, '\n');
	command_say_json(c, &text);
	buf_release(&text);
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

	say_figures(c, figures, ARRAY_LEN(figures));
}

static enum err run(struct command *c, struct buf *why)
{
	const char *sub, *dir = command_option(c, "dir");
	const char *tmp = world_getenv(c->engine, "TMPDIR");
	struct bench_store_result result;
	int64_t seconds = SECONDS, rate = PER_SECOND;
	enum err err = command_sub(c, "store", &sub, why);

	if (!err)
		err = command_number(c, "seconds", 1, SECONDS_MAX, SECONDS, &seconds, why);
	if (!err)
		err = command_number(c, "rate", 1, 1000000, PER_SECOND, &rate, why);
	if (err)
		return err;
	command_note(c, "weir: about %lld s ...\n", (long long)(2 * seconds));
	err = bench_store(&result, dir ? dir : tmp ? tmp : "/tmp", rate, 1000 * seconds, why);
	if (!err)
		say_store(c, &result);
	return err;
}

const struct verb verb_bench = {
	.name = "bench",
	.operands = "[store]",
	.say = "measure this program on this machine",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.subs = subs,
	.sub_count = ARRAY_LEN(subs),
	.run = run,
};
