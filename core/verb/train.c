/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir train: a table of words made of texts, a step in each turn, so that it can be watched and
 * stopped; and how good embedders are on what was held back. */
#include "core/verb/table.h"
#include "core/verb/verb.h"

#include "core/base/json_write.h"
#include "core/eval/embedder_run.h"
#include "core/eval/quality_report.h"
#include "core/net/loop.h"

#include <math.h>
#include <unistd.h>

enum { REDRAW_US = 100000, SEED_MAX = 2147483647 };

static const struct verb_option options[] = {
	{ "data", 'd', "DIR", COMPLETES_FILE, "the folder of the *.jsonl files to read" },
	{ "recipe", 'r', "FILE", COMPLETES_FILE,
		"what to read and how to train (all files, and the defaults)" },
	{ "out", 'o', "FILE", COMPLETES_FILE, "write the table there" },
	{ "teacher", 't', "PATH", COMPLETES_FILE,
		"an embedder whose vectors are targets (the built-in one); none: no teacher" },
	{ "seed", '\0', "N", COMPLETES_NOTHING, "the same seed gives the same table" },
	{ "hold", '\0', "PART", COMPLETES_NOTHING,
		"what is never trained on: fold (a fifth of the texts, by default), test or "
		"intents" },
	{ "replace", '\0', NULL, COMPLETES_NOTHING, "replace also a file that is better" },
	{ "evaluate", 'e', NULL, COMPLETES_NOTHING,
		"train nothing; measure the embedders that are named, beside each other" },
	{ "json", 'j', NULL, COMPLETES_NOTHING, "print the figures as JSON" },
};

static const struct verb_sub subs[] = {
	{ "embedder", "a table of words, from texts with intents and pairs with scores" },
};

static const char *const holds[HOLD_COUNT] = { "test", "intents", "fold" };

struct training {
	struct command *c;
	struct loop_timer *timer;
	struct embedder_run *run;
	int64_t drawn;
	/* of --evaluate */
	struct recipe recipe;
	struct corpus trained, measured;
	struct quality_report reports[VERB_OPERANDS_MAX];
	struct str names[VERB_OPERANDS_MAX];
	size_t measured_count;
};

/* ---- ending ----------------------------------------------------------------------------- */

static void end(struct training *t, int status)
{
	loop_timer_free(&t->timer);
	embedder_run_free(&t->run);
	corpus_release(&t->trained);
	corpus_release(&t->measured);
	command_progress(t->c, NULL);
	command_end(t->c, status);
}

static void fail(struct training *t, enum err err, const struct buf *why)
{
	command_progress(t->c, NULL);
	command_error(t->c, "weir: %s\n", why->len ? why->ptr : err_say(err));
	end(t, err_exit(err));
}

static void interrupt(struct command *c)
{
	command_progress(c, NULL);
	command_error(c, "weir: interrupted: nothing was written\n");
	end(c->state, err_exit(ERR_CANCELLED));
}

/* ---- training --------------------------------------------------------------------------- */

static void draw_bar(struct training *t)
{
	int64_t now = clock_steady(&clock_real);
	double share = embedder_run_share(t->run);
	char bar[COMMAND_BAR + 1];

	if (now - t->drawn < REDRAW_US)
		return;
	t->drawn = now;
	command_bar(bar, share);
	command_progress(t->c, "training [%s] %3.0f %%", bar, 100 * share);
}

static void put_fold(struct json_writer *w, const char *key, const struct fold_figures *f)
{
	json_key(w, key);
	json_open(w, '{');
	json_key(w, "nearest");
	json_put_real(w, f->nearest, 4);
	json_key(w, "hits");
	json_put_real(w, f->hits, 4);
	json_key(w, "spearman");
	json_put_real(w, f->spearman, 4);
	json_close(w, '}');
}

static void say_json(struct command *c, const struct embedder_run_result *r)
{
	struct buf text = BUF(BUF_LINE_MAX);
	struct json_writer w = { .out = &text, .indent = 1 };

	json_open(&w, '{');
	json_key(&w, "file");
	json_put_text(&w, command_option(c, "out"));
	json_key(&w, "bytes");
	json_put_int(&w, (int64_t)r->bytes);
	json_key(&w, "threshold");
	json_put_real(&w, r->threshold, 3);
	json_key(&w, "cpu_s");
	json_put_real(&w, r->cpu_s, 1);
	put_fold(&w, "made", &r->made);
	put_fold(&w, "replaced", &r->there);
	json_close(&w, '}');
	buf_add_char(&text, '\n');
	command_say_json(c, &text);
	buf_release(&text);
}

static void say_fold(struct command *c, const char *what, const struct fold_figures *f)
{
	if (!isnan(f->nearest))
		command_say(c,
			"%s: nearest text has the same intent for %.1f %%, hits at 5 %% wrong "
			"%.1f %%\n",
			what, 100 * f->nearest, 100 * f->hits);
	if (!isnan(f->spearman))
		command_say(c, "%s: Spearman with the scores %.3f\n", what, f->spearman);
}

static void say_result(struct command *c, const struct embedder_run_result *r)
{
	if (command_has(c, "json")) {
		say_json(c, r);
		return;
	}
	say_fold(c, "held back", &r->made);
	if (r->was_there)
		say_fold(c, "replaced file", &r->there);
	if (!isnan(r->threshold))
		command_say(c, "threshold for the same question: %.3f\n", r->threshold);
	command_say(c, "%s: %.2f MB, %.0f s of processor time\n", command_option(c, "out"),
		(double)r->bytes / 1e6, r->cpu_s);
}

static void finish(struct training *t)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct embedder_run_result result;
	enum err err = embedder_run_finish(t->run, &result, &why);

	command_progress(t->c, NULL);
	if (err) {
		fail(t, err, &why);
	} else {
		say_result(t->c, &result);
		end(t, 0);
	}
	buf_release(&why);
}

static void train_on(void *ctx)
{
	struct training *t = ctx;

	if (!embedder_run_step(t->run)) {
		finish(t);
		return;
	}
	draw_bar(t);
	loop_timer_set(t->timer, 0);
}

static enum err read_hold(struct command *c, enum hold *hold, struct buf *why)
{
	const char *name = command_option(c, "hold");

	*hold = HOLD_FOLD;
	if (!name)
		return ERR_OK;
	for (*hold = 0; *hold < HOLD_COUNT; (*hold)++)
		if (str_is(str_of(name), holds[*hold]))
			return ERR_OK;
	why_set(why, "--hold: \"%s\" is none of fold, test, intents", name);
	return ERR_USAGE;
}

/* The built-in table teaches where no other does. */
static const char *teacher_of(struct command *c)
{
	const char *named = command_option(c, "teacher");
	const char *shipped = world_builtin_embedder(c->engine);

	if (named)
		return str_is(str_of(named), "none") ? NULL : named;
	return access(shipped, R_OK) == 0 ? shipped : NULL;
}

static enum err begin_training(struct training *t, struct buf *why)
{
	struct command *c = t->c;
	struct embedder_run_options o = {
		.recipe = command_option(c, "recipe"),
		.dir = command_option(c, "data"),
		.out = command_option(c, "out"),
		.teacher = teacher_of(c),
		.replace = command_has(c, "replace"),
	};
	enum err err = read_hold(c, &o.hold, why);

	if (!err)
		err = command_number(c, "seed", 0, SEED_MAX, -1, &o.seed, why);
	if (!err && !o.out) {
		why_set(why, "train: --out FILE must say where the table goes");
		err = ERR_USAGE;
	}
	if (!err && c->operand_count > 1) {
		why_set(why, "train: \"%s\" is one word too many", c->operands[1]);
		err = ERR_USAGE;
	}
	return err ? err : embedder_run_new(&t->run, &o, why);
}

/* ---- measuring -------------------------------------------------------------------------- */

static void report_json(const struct training *t)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &text, .indent = 1 };

	json_open(&w, '[');
	for (size_t i = 0; i < t->reports[0].count; i++) {
		const struct quality_figure *f = &t->reports[0].figures[i];

		json_open(&w, '{');
		json_key(&w, "figure");
		json_put_str(&w, f->name);
		json_key(&w, "stream");
		json_put_int(&w, (int64_t)f->stream);
		json_key(&w, "cached");
		json_put_int(&w, (int64_t)f->cached);
		for (size_t k = 0; k < t->measured_count; k++) {
			json_key_str(&w, t->names[k]);
			json_put_real(&w, t->reports[k].figures[i].value, 4);
		}
		json_close(&w, '}');
	}
	json_close(&w, ']');
	buf_add_char(&text, '\n');
	command_say_json(t->c, &text);
	buf_release(&text);
}

/* A column for each embedder, then each but the last against the last. */
static void report_table(const struct training *t)
{
	struct command *c = t->c;
	struct buf text = BUF(BUF_TEXT_MAX);
	size_t count = t->measured_count;
	struct table table = table_begin(&c->arena, 2 * count);

	for (size_t i = 1; i < table.columns; i++)
		table.right[i] = true;
	table_add(&table, STR(""));
	for (size_t i = 0; i < count; i++)
		table_add(&table, t->names[i]);
	for (size_t i = 0; i + 1 < count; i++)
		table_add(&table, STR("to last"));
	for (size_t row = 0; row < t->reports[0].count; row++) {
		double last = t->reports[count - 1].figures[row].value;

		table_add(&table, t->reports[0].figures[row].name);
		for (size_t i = 0; i < count; i++)
			table_addf(&table, "%.4f", t->reports[i].figures[row].value);
		for (size_t i = 0; i + 1 < count; i++)
			table_addf(&table, "%.3fx", t->reports[i].figures[row].value / last);
	}
	table_write(&table, 0, &text);
	command_say_buf(c, &text);
	buf_release(&text);
}

static enum err measure_next(struct training *t, struct buf *why)
{
	const char *path = t->c->operands[1 + t->measured_count];
	struct embedder *embedder;
	enum err err = embedder_open(&embedder, path, NULL, why);

	if (err)
		return err;
	t->names[t->measured_count] = arena_str(&t->c->arena, embedder_info(embedder)->id);
	t->reports[t->measured_count++] =
		quality_report(&t->c->arena, embedder, &t->trained, &t->measured);
	embedder_close(&embedder);
	return ERR_OK;
}

static void measure_on(void *ctx)
{
	struct training *t = ctx;
	struct buf why = BUF(BUF_WHY_MAX);
	enum err err = measure_next(t, &why);

	if (err) {
		fail(t, err, &why);
	} else if (t->measured_count + 1 < t->c->operand_count) {
		loop_timer_set(t->timer, 0);
	} else {
		if (command_has(t->c, "json"))
			report_json(t);
		else
			report_table(t);
		end(t, 0);
	}
	buf_release(&why);
}

static enum err begin_measuring(struct training *t, struct buf *why)
{
	const char *recipe = command_option(t->c, "recipe"), *dir = command_option(t->c, "data");
	enum err err;

	if (!recipe || t->c->operand_count < 2 || t->c->operand_count > TABLE_COLUMNS_MAX / 2) {
		why_set(why,
			"train: --evaluate needs --recipe FILE, and the embedders to measure "
			"(%d at most)",
			TABLE_COLUMNS_MAX / 2 - 1);
		return ERR_USAGE;
	}
	err = recipe_read(&t->recipe, &t->c->arena, recipe, why);
	if (!err)
		err = corpus_read(&t->trained, &t->recipe, dir, false, why);
	if (!err)
		err = corpus_read(&t->measured, &t->recipe, dir, true, why);
	return err;
}

/* ---- the verb --------------------------------------------------------------------------- */

static enum err begin(struct training *t, struct buf *why)
{
	if (!command_option(t->c, "data")) {
		why_set(why, "train: --data DIR must say where the texts are");
		return ERR_USAGE;
	}
	return command_has(t->c, "evaluate") ? begin_measuring(t, why) : begin_training(t, why);
}

static enum err run(struct command *c, struct buf *why)
{
	struct training *t = arena_new(&c->arena, struct training);
	const char *sub;
	enum err err = command_sub(c, "embedder", &sub, why);

	if (!err)
		err = world_need_config(c->engine, why);
	t->c = c;
	t->trained.arena = t->measured.arena = ARENA;
	if (!err)
		err = begin(t, why);
	if (err) {
		corpus_release(&t->trained);
		corpus_release(&t->measured);
		return err;
	}
	c->state = t;
	t->timer = loop_timer_add(
		c->engine->loop, 0, 0, command_has(c, "evaluate") ? measure_on : train_on, t);
	command_wait(c, interrupt);
	return ERR_OK;
}

const struct verb verb_train = {
	.name = "train",
	.operands = "embedder [FILE ...]",
	.say = "train an embedder on texts of your own",
	.more = "A line of a *.jsonl file is {\"text\", \"intent\"}, {\"text\"}, or {\"a\", \"b\", "
		"\"score\"}; scores of all files are of one scale. A fifth of the texts, by "
		"CRC-32, is held back: it gives the threshold that the file carries, and compares "
		"the new table with the one it would replace, which stays when it is better. An "
		"interrupt leaves nothing behind. With --evaluate, figures of unseen intents say "
		"something only of a table that was trained with --hold intents.",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.subs = subs,
	.sub_count = ARRAY_LEN(subs),
	.completes = COMPLETES_FILE,
	.run = run,
};
