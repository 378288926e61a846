/* SPDX-License-Identifier: GPL-3.0-or-later
 * Prices as they stand, and what a table would make of them. */
#include "core/verb/prices.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/conf/price_import.h"
#include "core/conf/price_rows.h"
#include "core/verb/models.h"
#include "core/verb/put.h"
#include "core/verb/table.h"

enum { TABLE_FILE_MAX = 64 * 1024 * 1024, WRONG_SHOWN_MAX = 20 };

static void say_amount(struct table *t, int64_t pico)
{
	struct buf text = BUF(64);

	price_amount_write(&text, pico);
	table_add(t, buf_str(&text));
	buf_release(&text);
}

static const char *config_text_of(struct command *c, const struct model *m, const char *key)
{
	struct str path = arena_format(&c->arena, "models.%.*s.%s", STR_ARG(m->name), key);
	struct str text = config_text(&c->engine->config, path.ptr);

	return text.ptr;
}

/* ---- what is in force ------------------------------------------------------------------- */

static struct str origin_of(struct command *c, const struct model *m)
{
	const char *source =
		m->price_origin.layer == LAYER_PRICES ? config_text_of(c, m, "price_source") : NULL;
	struct buf text = BUF(BUF_LINE_MAX);
	struct str copy;

	if (source)
		buf_addf(&text, "%s: ", source);
	config_say_origin(&text, &m->price_origin);
	copy = arena_str(&c->arena, buf_str(&text));
	buf_release(&text);
	return copy;
}

static void add_row(struct command *c, struct table *t, const struct model *m,
	const struct price *row, bool first)
{
	struct buf when = BUF(BUF_LINE_MAX);

	price_row_say_when(&when, row);
	table_add(t, first ? m->name : STR(""));
	say_amount(t, row->input);
	say_amount(t, row->cached);
	say_amount(t, row->cache_write);
	say_amount(t, row->output);
	table_add(t, buf_str(&when));
	table_add(t, first ? origin_of(c, m) : STR(""));
	buf_release(&when);
}

static void add_unknown(struct table *t, const struct model *m)
{
	table_add(t, m->name);
	for (int i = 0; i < 4; i++)
		table_add(t, STR("?"));
	table_add(t, m->price_is_foreign ? STR("unknown: its prices are another model's")
					 : STR("unknown"));
	table_add(t, STR(""));
}

static bool is_shown(const struct command *c, const struct model *m)
{
	return command_has(c, "all") || m->provider->configured || m->provider->simulated;
}

static void show_table(struct command *c)
{
	static const char *const heads[] = { "model", "$/M in", "cached", "written", "out", "when",
		"from" };
	const struct model_map *map = &c->engine->map;
	struct table t = table_begin(&c->arena, ARRAY_LEN(heads));
	size_t left_out = 0;

	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		table_addf(&t, "%s", heads[i]);
	for (int i = 1; i <= 4; i++)
		t.right[i] = true;
	for (size_t i = 0; i < map->model_count; i++) {
		const struct model *m = &map->models[i];
		struct price_group g =
			price_group_now(m->prices, m->price_count, clock_wall(&c->engine->clock));

		left_out += !is_shown(c, m);
		for (size_t k = 0; is_shown(c, m) && k < g.count; k++)
			add_row(c, &t, m, &g.rows[k], k == 0);
		if (is_shown(c, m) && !g.count)
			add_unknown(&t, m);
	}
	table_say(&t, c);
	if (left_out)
		command_note(c,
			"weir: %zu more, whose providers are not set up: weir model prices --all\n",
			left_out);
}

static void put_rows(struct json_writer *w, const char *key, const struct price *rows, size_t count)
{
	json_key(w, key);
	json_open(w, '[');
	for (size_t i = 0; i < count; i++)
		price_row_write(w, &rows[i]);
	json_close(w, ']');
}

static void show_json(struct command *c)
{
	const struct model_map *map = &c->engine->map;
	struct buf text = BUF(BUF_TEXT_MAX);

	for (size_t i = 0; i < map->model_count; i++) {
		const struct model *m = &map->models[i];
		struct json_writer w = { .out = &text };
		struct price_group g =
			price_group_now(m->prices, m->price_count, clock_wall(&c->engine->clock));

		model_put_head(&w, m);
		put_rows(&w, "price", g.rows, g.count);
		json_key(&w, "from");
		json_put_str(&w, m->price_count ? origin_of(c, m) : STR_NONE);
		json_close(&w, '}');
		buf_add_char(&text, '\n');
	}
	command_say_json(c, &text);
	buf_release(&text);
}

/* ---- import ----------------------------------------------------------------------------- */

struct import {
	struct command *c;
	const char *file;
	struct price_table table;
	VEC(struct price_proposal) proposals;
	size_t counts[PRICE_CHANGE_COUNT];
	size_t others, wrong; /* entries that no model of ours is; that make no sense */
	struct str written;
};

static void propose(struct import *im)
{
	struct command *c = im->c;
	const struct model_map *map = &c->engine->map;
	bool all = c->operand_count <= 3;

	for (size_t i = 0; i < map->model_count; i++) {
		const struct model *m = &map->models[i];
		struct price_proposal p;

		if ((!all && !model_is_named(c, 3, m)) ||
			!price_propose(&p, &c->arena, &im->table, m, clock_wall(&c->engine->clock),
				model_is_named(c, 3, m)))
			continue;
		*vec_add(&c->arena, &im->proposals) = p;
		im->counts[p.change]++;
	}
}

static bool is_ours(const struct import *im, const struct price_entry *e)
{
	for (size_t i = 0; i < im->proposals.len; i++)
		if (im->proposals.ptr[i].entry == e)
			return true;
	return false;
}

static void count_others(struct import *im)
{
	for (size_t i = 0; i < im->table.entries.len; i++) {
		const struct price_entry *e = &im->table.entries.ptr[i];

		im->wrong += e->wrong.ptr != NULL;
		im->others += !e->wrong.ptr && !is_ours(im, e);
	}
}

/* "0.15/0.003/?/0.6" */
static struct str amounts_of(struct command *c, const struct price *row)
{
	struct buf text = BUF(BUF_LINE_MAX);
	struct str copy;

	if (!row)
		return STR("-");
	price_amount_write(&text, row->input);
	buf_add_char(&text, '/');
	price_amount_write(&text, row->cached);
	buf_add_char(&text, '/');
	price_amount_write(&text, row->cache_write);
	buf_add_char(&text, '/');
	price_amount_write(&text, row->output);
	copy = arena_str(&c->arena, buf_str(&text));
	buf_release(&text);
	return copy;
}

/* Ours for the same hours and length as a row of theirs. */
static const struct price *old_row(
	struct command *c, const struct model *m, const struct price *row)
{
	struct price_group g =
		price_group_now(m->prices, m->price_count, clock_wall(&c->engine->clock));

	for (size_t i = 0; i < g.count; i++) {
		struct price like = *row;

		like.from_us = g.rows[i].from_us;
		if (price_same_when(&like, &g.rows[i]))
			return &g.rows[i];
	}
	return NULL;
}

static void add_proposal(struct import *im, struct table *t, const struct price_proposal *p)
{
	struct command *c = im->c;
	struct price_group g = price_group_now(p->rows, p->count, clock_wall(&c->engine->clock));
	struct buf when = BUF(BUF_LINE_MAX);

	for (size_t i = 0; i < g.count; i++) {
		buf_clear(&when);
		price_row_say_when(&when, &g.rows[i]);
		table_add(t, i ? STR("") : p->model->name);
		table_addf(t, "%s", i ? "" : price_change_names[p->change]);
		table_add(t, amounts_of(c, old_row(c, p->model, &g.rows[i])));
		table_add(t, amounts_of(c, &g.rows[i]));
		table_add(t, buf_str(&when));
	}
	buf_release(&when);
}

static void say_notes(struct import *im)
{
	for (size_t i = 0; i < im->proposals.len; i++) {
		const struct price_proposal *p = &im->proposals.ptr[i];

		if (p->note.ptr)
			command_say(im->c, "%.*s kept: %.*s\n", STR_ARG(p->model->name),
				STR_ARG(p->note));
		if (p->twin)
			command_say(im->c,
				"%.*s: the table has it twice with different prices: \"%.*s\" "
				"counts, \"%.*s\" does not\n",
				STR_ARG(p->model->name), STR_ARG(p->entry->name),
				STR_ARG(p->twin->name));
	}
}

static void say_entries(struct import *im)
{
	size_t shown = 0;
	bool all = command_has(im->c, "all");

	for (size_t i = 0; i < im->table.entries.len; i++) {
		const struct price_entry *e = &im->table.entries.ptr[i];

		if (e->wrong.ptr && (all || shown++ < WRONG_SHOWN_MAX))
			command_say(im->c, "%s:%d:%d: %.*s left out: %.*s\n", im->file, e->line,
				e->column, STR_ARG(e->name), STR_ARG(e->wrong));
		else if (!e->wrong.ptr && all && !is_ours(im, e))
			command_say(im->c, "not configured: %.*s\n", STR_ARG(e->name));
	}
	if (!all && im->wrong > WRONG_SHOWN_MAX)
		command_say(im->c, "... and %zu more left out: --all shows them\n",
			im->wrong - WRONG_SHOWN_MAX);
}

static void say_import(struct import *im)
{
	static const char *const heads[] = { "model", "", "now", "table", "when" };
	struct command *c = im->c;
	struct table t = table_begin(&c->arena, ARRAY_LEN(heads));
	size_t takes = im->counts[PRICE_NEW] + im->counts[PRICE_CHANGED];
	bool all = command_has(c, "all");

	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		table_addf(&t, "%s", heads[i]);
	for (size_t i = 0; i < im->proposals.len; i++)
		if (all || im->proposals.ptr[i].change != PRICE_SAME)
			add_proposal(im, &t, &im->proposals.ptr[i]);
	command_say(c, "%s: %s, %zu rows; dollars per million tokens: in/cached/written/out\n\n",
		im->file, im->table.format, im->table.entries.len);
	if (t.cells.len > ARRAY_LEN(heads))
		table_say(&t, c);
	say_notes(im);
	say_entries(im);
	command_say(c,
		"%zu new, %zu changed, %zu kept, %zu the same; %zu of models that are not "
		"configured; %zu left out\n",
		im->counts[PRICE_NEW], im->counts[PRICE_CHANGED], im->counts[PRICE_KEPT],
		im->counts[PRICE_SAME], im->others, im->wrong);
	if (im->written.ptr)
		command_say(c, "%.*s: written\n", STR_ARG(im->written));
	else if (takes)
		command_say(c, "nothing is written yet: --write takes what is new or changed\n");
}

static void put_proposal(struct import *im, struct json_writer *w, const struct price_proposal *p)
{
	const struct model *m = p->model;
	struct price_group g =
		price_group_now(m->prices, m->price_count, clock_wall(&im->c->engine->clock));

	model_put_head(w, m);
	json_key(w, "result");
	json_put_text(w, price_change_names[p->change]);
	json_key(w, "note");
	json_put_str(w, p->note);
	json_key(w, "row");
	json_put_str(w, p->entry->name);
	json_key(w, "line");
	json_put_int(w, p->entry->line);
	json_key(w, "twin");
	json_put_str(w, p->twin ? p->twin->name : STR_NONE);
	put_rows(w, "old", g.rows, g.count);
	put_rows(w, "new", p->rows, p->count);
	json_close(w, '}');
}

static void put_import(struct import *im)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &text, .indent = 1 };

	json_open(&w, '{');
	json_key(&w, "file");
	json_put_text(&w, im->file);
	json_key(&w, "format");
	json_put_text(&w, im->table.format);
	json_key(&w, "rows");
	json_put_int(&w, (int64_t)im->table.entries.len);
	json_key(&w, "not_configured");
	json_put_int(&w, (int64_t)im->others);
	json_key(&w, "models");
	json_open(&w, '[');
	for (size_t i = 0; i < im->proposals.len; i++)
		put_proposal(im, &w, &im->proposals.ptr[i]);
	json_close(&w, ']');
	json_key(&w, "left_out");
	json_open(&w, '[');
	for (size_t i = 0; i < im->table.entries.len; i++) {
		const struct price_entry *e = &im->table.entries.ptr[i];

		if (!e->wrong.ptr)
			continue;
		json_open(&w, '{');
		json_key(&w, "row");
		json_put_str(&w, e->name);
		json_key(&w, "line");
		json_put_int(&w, e->line);
		json_key(&w, "why");
		json_put_str(&w, e->wrong);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_key(&w, "written");
	json_put_str(&w, im->written);
	json_close(&w, '}');
	buf_add_char(&text, '\n');
	command_say_json(im->c, &text);
	buf_release(&text);
}

/* ---- writing ---------------------------------------------------------------------------- */

static void put_model(struct import *im, struct json_writer *w, const struct model *m,
	const struct price *rows, size_t count, struct str source)
{
	json_key_str(w, m->name);
	json_open(w, '{');
	json_key(w, "price_for");
	json_put_str(w, model_key(&im->c->arena, m));
	json_key(w, "price_source");
	json_put_str(w, source);
	put_rows(w, "price", rows, count);
	json_close(w, '}');
}

static const struct price_proposal *taken_for(const struct import *im, const struct model *m)
{
	for (size_t i = 0; i < im->proposals.len; i++) {
		const struct price_proposal *p = &im->proposals.ptr[i];

		if (p->model == m && (p->change == PRICE_NEW || p->change == PRICE_CHANGED))
			return p;
	}
	return NULL;
}

/* What was imported before stays, unless it is of another model by now. */
static void put_prices(struct import *im, struct json_writer *w, struct str today)
{
	const struct model_map *map = &im->c->engine->map;

	for (size_t i = 0; i < map->model_count; i++) {
		const struct model *m = &map->models[i];
		const struct price_proposal *p = taken_for(im, m);

		if (p)
			put_model(im, w, m, p->rows, p->count,
				arena_format(&im->c->arena, "%s %.*s, %.*s", im->table.format,
					STR_ARG(p->entry->name), STR_ARG(today)));
		else if (m->price_origin.layer == LAYER_PRICES && m->price_count)
			put_model(im, w, m, m->prices, m->price_count,
				str_of(config_text_of(im->c, m, "price_source")));
	}
}

static enum err write_prices(struct import *im, struct buf *why)
{
	struct command *c = im->c;
	struct str file = c->engine->config.prices_file;
	struct buf text = BUF(BUF_TEXT_MAX), now = BUF(64);
	struct json_writer w = { .out = &text, .indent = 1 };
	enum err err;

	if (!file.ptr) {
		why_set(why, "model prices: there is no place for them: set HOME, or name a "
			     "configuration with --config");
		return ERR_CONFIG;
	}
	clock_format(&now, clock_wall(&c->engine->clock));
	json_open(&w, '{');
	json_key(&w, "//");
	json_put_text(&w, "written by weir model prices import; what your configuration says of "
			  "prices goes before this");
	json_key(&w, "models");
	json_open(&w, '{');
	put_prices(im, &w, str_part(buf_str(&now), 0, strlen("2026-01-01")));
	json_close(&w, '}');
	json_close(&w, '}');
	buf_add_char(&text, '\n');
	err = put_file_anew(&c->arena, file.ptr, buf_str(&text), why);
	if (!err)
		im->written = file;
	buf_release(&text);
	buf_release(&now);
	return err;
}

static enum err read_table(struct import *im, struct buf *why)
{
	struct buf text = BUF(TABLE_FILE_MAX), say = BUF(BUF_WHY_MAX);
	int error = file_read(im->file, &text);
	enum err err = ERR_OK;

	if (error) {
		why_set(why, "%s: %s", im->file, file_error(error));
		err = ERR_IO;
	} else {
		err = price_table_read(&im->table, &im->c->arena, buf_str(&text), &say);
		if (err)
			why_set(why, "%s:%s", im->file, say.ptr);
	}
	buf_release(&text);
	buf_release(&say);
	return err;
}

static enum err import(struct command *c, struct buf *why)
{
	struct import im = { .c = c, .file = c->operands[2] };
	enum err err = models_are_known(c, 3, why);

	if (!err)
		err = read_table(&im, why);
	if (err)
		return err;
	propose(&im);
	count_others(&im);
	if (command_has(c, "write") && im.counts[PRICE_NEW] + im.counts[PRICE_CHANGED])
		err = write_prices(&im, why);
	if (err)
		return err;
	if (command_has(c, "json"))
		put_import(&im);
	else
		say_import(&im);
	return ERR_OK;
}

enum err prices_run(struct command *c, struct buf *why)
{
	if (c->operand_count > 2 && !strcmp(c->operands[1], "import"))
		return import(c, why);
	if (c->operand_count > 1) {
		why_set(why, "model prices: expected nothing more, or: import FILE [MODEL...]");
		return ERR_USAGE;
	}
	if (command_has(c, "json"))
		show_json(c);
	else
		show_table(c);
	return ERR_OK;
}
