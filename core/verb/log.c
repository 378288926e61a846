/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir log: decisions that match a filter, as a table, by a format, as JSON Lines or as CSV. */
#include "core/verb/table.h"
#include "core/verb/verb.h"

#include "core/base/clock.h"
#include "core/base/utf8.h"
#include "core/record/field.h"

enum {
	LIMIT_DEFAULT = 20,
	LIMIT_MAX = 10000000,
	PIECES_MAX = 64,
	BLOCK_ROWS = 500,
	QUESTION_COLUMNS = 200,
	WIDE_COLUMNS = 110 /* of a terminal that has room for all columns */
};

static const struct verb_option options[] = {
	{ "limit", 'n', "N", COMPLETES_NOTHING,
		"show at most so many; 0 shows all (20 by default)" },
	{ "reverse", 'r', NULL, COMPLETES_NOTHING, "show the oldest first" },
	{ "format", 'F', "FORMAT", COMPLETES_NOTHING,
		"print a line each from this text, with {field} in it" },
	{ "json", 'j', NULL, COMPLETES_NOTHING, "print one JSON object a line" },
	{ "csv", '\0', NULL, COMPLETES_NOTHING, "print comma-separated values with a head line" },
};

/* A format, cut at its braces: either words or a field. */
struct piece {
	struct str words;
	const struct field *field;
};

struct listing {
	struct command *c;
	struct table table;
	struct piece pieces[PIECES_MAX];
	size_t piece_count;
	size_t rows;
	bool narrow;        /* the terminal */
	struct arena block; /* of the rows that wait to be measured */
};

/* ---- as a table ------------------------------------------------------------------------- */

static const struct attempt *last_attempt(const struct decision *d)
{
	return d->attempts.len ? &d->attempts.ptr[d->attempts.len - 1] : NULL;
}

static void say_id(struct buf *out, struct listing *l, const struct decision *d)
{
	char tail[ID_HEX + 1];

	id_write_tail(d->id, store_short_digits(l->c->engine->store, d->id), tail);
	buf_add_text(out, tail);
}

/* "2026-11-21 09:00:00", where there is room with its year. */
static void say_time(struct buf *out, struct listing *l, const struct decision *d)
{
	clock_format(out, d->time);
	buf_cut_to(out, strlen("2026-11-21T09:00:00"));
	out->ptr[strlen("2026-11-21")] = ' ';
	if (l->narrow)
		buf_drop(out, strlen("2026-"));
}

static void say_task(struct buf *out, struct listing *l, const struct decision *d)
{
	(void)l;
	buf_add_text(out, d->classify.task ? task_names[d->classify.task] : "");
}

static void say_tier(struct buf *out, struct listing *l, const struct decision *d)
{
	const struct attempt *last = last_attempt(d);

	(void)l;
	if (last && last->tier != INT_NONE)
		buf_addf(out, "t%lld", (long long)last->tier);
}

static void say_model(struct buf *out, struct listing *l, const struct decision *d)
{
	if (last_attempt(d))
		buf_add_str(out, last_attempt(d)->model);
	if (d->answer.simulated)
		buf_add_text(out, l->narrow ? " (sim)" : " (simulated)");
}

static void say_end(struct buf *out, struct listing *l, const struct decision *d)
{
	const struct attempt *last = last_attempt(d);

	(void)l;
	buf_add_text(out, last && last->end ? end_names[last->end] : "error");
}

static void say_cost(struct buf *out, struct listing *l, const struct decision *d)
{
	(void)l;
	money_say(out, d->cost);
}

static void say_ms(struct buf *out, struct listing *l, const struct decision *d)
{
	(void)l;
	if (d->took.total != SPAN_NONE)
		buf_addf(out, "%lld", (long long)(d->took.total / US_PER_MS));
}

static void say_question(struct buf *out, struct listing *l, const struct decision *d)
{
	(void)l;
	buf_addf(out, "\"%.*s\"", STR_ARG(utf8_fit(d->request.text, QUESTION_COLUMNS)));
}

/* `wide`: left out where the terminal is narrow, so that the question stays in sight. */
static const struct {
	const char *head;
	bool wide, right;
	void (*say)(struct buf *out, struct listing *l, const struct decision *d);
} columns[] = {
	{ "id", false, false, say_id },
	{ "time", false, false, say_time },
	{ "task", true, false, say_task },
	{ "tier", true, false, say_tier },
	{ "model", false, false, say_model },
	{ "end", false, false, say_end },
	{ "cost", false, true, say_cost },
	{ "ms", true, true, say_ms },
	{ "question", false, false, say_question },
};

/* A block of rows, each as wide as it needs; long lists come block by block. */
static void begin_block(struct listing *l)
{
	l->table = table_begin(&l->block, 0);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		if (!l->narrow || !columns[i].wide)
			l->table.right[l->table.columns++] = columns[i].right;
}

static void end_block(struct listing *l)
{
	struct command *c = l->c;
	struct buf text = BUF(BUF_TEXT_MAX);

	table_write(&l->table, c->out.terminal[ENGINE_OUT] ? (size_t)c->out.columns : 0, &text);
	command_say_buf(c, &text);
	buf_release(&text);
	arena_release(&l->block);
}

static void begin_table(struct listing *l)
{
	const struct engine_out *out = &l->c->out;

	l->narrow = out->terminal[ENGINE_OUT] && out->columns && out->columns < WIDE_COLUMNS;
	begin_block(l);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		if (!l->narrow || !columns[i].wide)
			table_add(&l->table, str_of(columns[i].head));
}

static bool add_row(void *ctx, const struct decision *d, int64_t number)
{
	struct listing *l = ctx;

	(void)number;
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		struct buf cell = BUF(BUF_LINE_MAX);

		if (l->narrow && columns[i].wide)
			continue;
		columns[i].say(&cell, l, d);
		table_add(&l->table, buf_str(&cell));
		buf_release(&cell);
	}
	if (++l->rows % BLOCK_ROWS == 0) {
		end_block(l);
		begin_block(l);
	}
	return !l->c->gone;
}

static void end_table(struct listing *l)
{
	if (l->rows)
		end_block(l);
	else
		command_note(l->c, "weir: no decision matches\n");
}

/* ---- by a format ------------------------------------------------------------------------ */

static const struct field *find_field(struct str name, struct buf *why)
{
	const struct field *f = field_find(&decision_table, name);
	const char *near = f ? NULL : field_nearest(&decision_table, name);

	if (!f)
		why_set(why,
			"--format: there is no field \"%.*s\"%s%s%s \"weir help fields\" lists "
			"them",
			STR_ARG(name), near ? "; did you mean \"" : "", near ? near : "",
			near ? "\"?" : ":");
	return f;
}

static enum err cut_format(struct listing *l, struct str format, struct buf *why)
{
	while (format.len) {
		size_t brace = str_find_char(format, '{');
		struct piece *p = &l->pieces[l->piece_count];
		size_t end;

		if (l->piece_count++ == PIECES_MAX) {
			why_set(why, "--format: more than %d fields: name fewer, or take --json",
				PIECES_MAX);
			return ERR_USAGE;
		}
		p->words = str_part(format, 0, brace);
		format = str_part(format, brace, format.len);
		if (!format.len)
			break;
		end = str_find_char(format, '}');
		if (end == format.len) {
			why_set(why,
				"--format: a { without its }: write {field}, such as {cost_usd}");
			return ERR_USAGE;
		}
		p->field = find_field(str_part(format, 1, end - 1), why);
		if (!p->field)
			return ERR_USAGE;
		format = str_part(format, end + 1, format.len);
	}
	return ERR_OK;
}

static bool say_format(void *ctx, const struct decision *d, int64_t number)
{
	struct listing *l = ctx;
	struct buf line = BUF(2 * (size_t)BUF_TEXT_MAX);

	(void)number;
	for (size_t i = 0; i < l->piece_count; i++) {
		buf_add_str(&line, l->pieces[i].words);
		if (l->pieces[i].field)
			field_say(&line, l->pieces[i].field, d);
	}
	buf_add_char(&line, '\n');
	command_say_buf(l->c, &line);
	buf_release(&line);
	return !l->c->gone;
}

/* ---- as data ---------------------------------------------------------------------------- */

static bool say_json(void *ctx, const struct decision *d, int64_t number)
{
	struct listing *l = ctx;

	(void)number;
	command_say_decision(l->c, d, true);
	return !l->c->gone;
}

/* RFC 4180: quotes around what needs them, doubled inside. */
static void add_csv(struct buf *line, struct str cell)
{
	bool quote = false;

	for (size_t i = 0; i < cell.len && !quote; i++)
		quote = strchr(",\"\r\n", cell.ptr[i]) && cell.ptr[i];
	if (!quote) {
		buf_add_str(line, cell);
		return;
	}
	buf_add_char(line, '"');
	for (size_t i = 0; i < cell.len; i++)
		buf_add(line, cell.ptr[i] == '"' ? "\"\"" : &cell.ptr[i],
			cell.ptr[i] == '"' ? 2 : 1);
	buf_add_char(line, '"');
}

static void say_csv_head(struct command *c)
{
	for (size_t i = 0; i < decision_table.count; i++)
		command_say(c, "%s%s", i ? "," : "", decision_table.fields[i].path);
	command_say(c, "\n");
}

static bool say_csv(void *ctx, const struct decision *d, int64_t number)
{
	struct listing *l = ctx;
	struct buf line = BUF(2 * (size_t)BUF_TEXT_MAX), cell = BUF(BUF_TEXT_MAX);

	(void)number;
	for (size_t i = 0; i < decision_table.count; i++) {
		if (i)
			buf_add_char(&line, ',');
		buf_clear(&cell);
		field_say(&cell, &decision_table.fields[i], d);
		add_csv(&line, buf_str(&cell));
	}
	buf_add_char(&line, '\n');
	command_say_buf(l->c, &line);
	buf_release(&line);
	buf_release(&cell);
	return !l->c->gone;
}

/* ---- the verb --------------------------------------------------------------------------- */

static enum err list(struct listing *l, const struct store_query *query, struct buf *why)
{
	struct command *c = l->c;
	const char *format = command_option(c, "format");
	enum err err;

	if (command_has(c, "json"))
		return store_select(c->engine->store, query, say_json, l, why);
	if (command_has(c, "csv")) {
		say_csv_head(c);
		return store_select(c->engine->store, query, say_csv, l, why);
	}
	if (format) {
		err = cut_format(l, str_of(format), why);
		return err ? err : store_select(c->engine->store, query, say_format, l, why);
	}
	begin_table(l);
	err = store_select(c->engine->store, query, add_row, l, why);
	if (!err)
		end_table(l);
	arena_release(&l->block);
	return err;
}

static enum err run(struct command *c, struct buf *why)
{
	struct listing *l = arena_new(&c->arena, struct listing);
	struct store_query query = { .filter = command_words(c, 0) };
	int64_t limit;
	enum err err = command_number(c, "limit", 0, LIMIT_MAX, LIMIT_DEFAULT, &limit, why);

	if (!err)
		err = world_need_store(c->engine, true, why);
	if (err)
		return err;
	l->c = c;
	query.limit = (size_t)limit;
	query.oldest_first = command_has(c, "reverse");
	return list(l, &query, why);
}

const struct verb verb_log = {
	.name = "log",
	.operands = "[FILTER ...]",
	.say = "list decisions, newest first",
	.more = "A filter is any number of terms that must all hold: tier:3, cost>0.01, "
		"model:sim-*, end:truncated, task:faq, time>=2026-11-20, -task:chat (not), and "
		"bare words, which are looked for in question and answer. Fields are named as "
		"\"weir help fields\" lists them; the last part is enough where it is unique.",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.filter = true,
	.run = run,
};
