/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir bench embed: a row for each length, as a table or as JSON. */
#include "core/verb/bench_embed.h"

#include "core/base/json_write.h"
#include "core/embed/kernel.h"
#include "core/eval/bench_embed.h"
#include "core/verb/figures.h"
#include "core/verb/table.h"

#include <math.h>

enum { SECONDS = 8, SECONDS_MAX = 600, FIGURES = 20 };

/* The figures of a length: columns and JSON come from here. */
static const struct column {
	const char *name, *head;
	size_t offset;
	int decimals;
} columns[] = {
	{ "ms", "ms", offsetof(struct bench_embed_length, ms), 2 },
	{ "gflops", "GFLOP/s", offsetof(struct bench_embed_length, gflops), 1 },
	{ "peak_share", "of peak", offsetof(struct bench_embed_length, share), 2 },
	{ "openblas_ms", "OpenBLAS", offsetof(struct bench_embed_length, blas_ms), 2 },
	{ "batch_ms", "ms for 32", offsetof(struct bench_embed_length, batch_ms), 1 },
	{ "batch_openblas_ms", "OpenBLAS", offsetof(struct bench_embed_length, batch_blas_ms), 1 },
};

static double value_of(const struct bench_embed_length *l, const struct column *column)
{
	return *(const double *)(const void *)((const char *)l + column->offset);
}

static void say_paths(struct command *c, const struct bench_embed_result *r)
{
	command_say(c, "one thread; arithmetic: %s, %.0f GFLOP/s at most\n", r->kernel,
		r->peak_gflops);
	for (size_t i = 0; kernel_at(i); i++)
		command_say(c, "  %-9s %s\n", kernel_at(i)->name,
			kernel_state_say(kernel_state(kernel_at(i))));
}

static void say_table(struct command *c, const struct bench_embed_result *r)
{
	struct table t = table_begin(&c->arena, 1 + ARRAY_LEN(columns));
	struct buf text = BUF(BUF_LINE_MAX);

	table_addf(&t, "tokens");
	for (size_t i = 0; i <= ARRAY_LEN(columns); i++)
		t.right[i] = true;
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		table_addf(&t, "%s", columns[i].head);
	for (size_t row = 0; row < BENCH_EMBED_LENGTHS; row++) {
		table_addf(&t, "%d", bench_embed_tokens[row]);
		for (size_t i = 0; i < ARRAY_LEN(columns); i++)
			table_addf(&t, "%.*f", columns[i].decimals,
				value_of(&r->lengths[row], &columns[i]));
	}
	table_write(&t, 0, &text);
	command_say_buf(c, &text);
	buf_release(&text);
	command_say(c, "tokenizer alone, 12 words: %.2f us\n", r->tokenizer_us);
	if (!isnan(r->builtin_us))
		command_say(c, "built-in embedder, 12 words: %.2f us\n", r->builtin_us);
}

static void put_paths(struct json_writer *w)
{
	json_key(w, "paths");
	json_open(w, '{');
	for (size_t i = 0; kernel_at(i); i++) {
		json_key(w, kernel_at(i)->name);
		json_put_text(w, kernel_state_say(kernel_state(kernel_at(i))));
	}
	json_close(w, '}');
}

static void say_json(struct command *c, const struct bench_embed_result *r)
{
	struct buf text = BUF(BUF_LINE_MAX);
	struct json_writer w = { .out = &text, .indent = 1 };

	json_open(&w, '{');
	json_key(&w, "kernel");
	json_put_text(&w, r->kernel);
	put_paths(&w);
	json_key(&w, "peak_gflops");
	json_put_real(&w, r->peak_gflops, 1);
	json_key(&w, "batch");
	json_put_int(&w, BENCH_EMBED_BATCH);
	json_key(&w, "lengths");
	json_open(&w, '[');
	for (size_t row = 0; row < BENCH_EMBED_LENGTHS; row++) {
		json_open(&w, '{');
		json_key(&w, "tokens");
		json_put_int(&w, bench_embed_tokens[row]);
		for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
			json_key(&w, columns[i].name);
			json_put_real(&w, value_of(&r->lengths[row], &columns[i]), 3);
		}
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_key(&w, "tokenizer_us");
	json_put_real(&w, r->tokenizer_us, 2);
	json_key(&w, "builtin_us");
	json_put_real(&w, r->builtin_us, 2);
	json_close(&w, '}');
	buf_add_char(&text, '\n');
	command_say_json(c, &text);
	buf_release(&text);
}

enum err bench_embed_run(struct command *c, struct buf *why)
{
	struct bench_embed_options o = { .folder = command_option(c, "model") };
	struct bench_embed_result r;
	int64_t seconds;
	enum err err = command_number(c, "seconds", 1, SECONDS_MAX, SECONDS, &seconds, why);

	if (!err)
		err = world_need_config(c->engine, why);
	if (err)
		return err;
	o.builtin = world_builtin_embedder(c->engine);
	o.ms = seconds * 1000 / FIGURES;
	command_note(c, "weir: about %lld s ...\n", (long long)seconds + 3);
	err = bench_embed(&r, &o, why);
	if (err)
		return err;
	if (command_has(c, "json")) {
		say_json(c, &r);
		return ERR_OK;
	}
	figures_say_machine(c);
	say_paths(c, &r);
	say_table(c, &r);
	return ERR_OK;
}
