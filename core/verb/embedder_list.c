/* SPDX-License-Identifier: GPL-3.0-or-later
 * The embedders that are here, and those that could be. */
#include "core/verb/embedder_list.h"

#include "core/base/json_write.h"
#include "core/embed/known.h"
#include "core/verb/table.h"

#include <dirent.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- which there are -------------------------------------------------------------------- */

static bool is_model(struct engine *e, struct str dir, const char *name)
{
	struct str file = arena_format(&e->arena, "%.*s/%s/model.safetensors", STR_ARG(dir), name);

	return name[0] != '.' && !str_ends(str_of(name), ".part") &&
	       !str_ends(str_of(name), ".old") && access(file.ptr, F_OK) == 0;
}

static int compare(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Those that were fetched, by name. */
static struct texts fetched(struct engine *e)
{
	struct str dir = world_embedder_dir(e);
	DIR *folder = dir.ptr ? opendir(dir.ptr) : NULL;
	struct texts names = { 0 };
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (is_model(e, dir, entry->d_name))
			*vec_add(&e->arena, &names) = arena_str(&e->arena, str_of(entry->d_name));
	if (folder)
		closedir(folder);
	if (names.len)
		qsort(names.ptr, names.len, sizeof(*names.ptr), compare);
	return names;
}

void embedder_names(struct engine *e, void (*call)(void *ctx, struct str name), void *ctx)
{
	struct texts names;

	if (world_need_config(e, NULL))
		return;
	call(ctx, STR(EMBEDDER_BUILT_IN));
	names = fetched(e);
	for (size_t i = 0; i < names.len; i++)
		call(ctx, names.ptr[i]);
}

/* ---- list ------------------------------------------------------------------------------- */

/* What is to be said of one, from its file where it is here, else from what is known. */
struct row {
	struct str name, id, where, wrong; /* wrong: why it cannot be opened */
	bool chosen;
	int dims;
	double threshold, megabytes;
};

static double size_of(struct str path)
{
	struct str file = path;
	struct stat st;

	if (stat(file.ptr, &st))
		return NAN;
	return (double)st.st_size / 1e6;
}

static struct row row_of(struct engine *e, struct str name)
{
	const struct known_model *known = known_find(name);
	struct str path = world_embedder_path(e, name);
	struct buf why = BUF(BUF_WHY_MAX);
	struct embedder *embedder;
	struct row row = { .name = name, .where = path, .threshold = NAN, .megabytes = NAN };

	row.chosen = str_eq(name, config_text(&e->config, "embedder.name"));
	if (world_open_embedder(e, name, &embedder, &why)) {
		row.wrong = arena_str(&e->arena, buf_str(&why));
	} else {
		row.id = arena_str(&e->arena, embedder_info(embedder)->id);
		row.dims = embedder_info(embedder)->dims;
		row.threshold = embedder_info(embedder)->threshold;
	}
	if (known && isnan(row.threshold))
		row.threshold = known->threshold;
	if (path.ptr)
		row.megabytes = size_of(
			str_ends(path, ".safetensors")
				? path
				: arena_format(&e->arena, "%.*s/model.safetensors", STR_ARG(path)));
	embedder_close(&embedder);
	buf_release(&why);
	return row;
}

static struct row row_of_known(const struct known_model *known)
{
	return (struct row){ .name = str_of(known->name),
		.dims = known->dims,
		.threshold = known->threshold,
		.megabytes = known->megabytes };
}

static void add_number(struct table *t, double number, int decimals)
{
	if (number > 0)
		table_addf(t, "%.*f", decimals, number);
	else
		table_add(t, STR("?"));
}

static void add_row(struct table *t, const struct row *row)
{
	table_addf(t, "%s", row->chosen ? "*" : "");
	table_add(t, row->name);
	add_number(t, row->dims, 0);
	add_number(t, row->megabytes, 1);
	add_number(t, row->threshold, 2);
	table_add(t, row->id.ptr ? row->id : STR(""));
	table_add(t, row->wrong.ptr   ? row->wrong
		     : row->where.ptr ? row->where
				      : STR("not here: weir model embedder fetch"));
}

static void put_number(struct json_writer *w, const char *key, double number, int decimals)
{
	json_key(w, key);
	json_put_real(w, number > 0 ? number : NAN, decimals);
}

static void say_row(struct command *c, const struct row *row)
{
	struct buf line = BUF(BUF_LINE_MAX);
	struct json_writer w = { .out = &line };

	json_open(&w, '{');
	json_key(&w, "name");
	json_put_str(&w, row->name);
	json_key(&w, "chosen");
	json_put_bool(&w, row->chosen);
	put_number(&w, "dims", row->dims, 0);
	put_number(&w, "megabytes", row->megabytes, 1);
	put_number(&w, "threshold", row->threshold, 3);
	json_key(&w, "id");
	json_put_str(&w, row->id);
	json_key(&w, "where");
	json_put_str(&w, row->where);
	json_key(&w, "wrong");
	json_put_str(&w, row->wrong);
	json_close(&w, '}');
	buf_add_char(&line, '\n');
	command_say_json(c, &line);
	buf_release(&line);
}

struct listing {
	struct command *c;
	struct table table;
};

static void take_row(struct listing *l, const struct row *row)
{
	if (command_has(l->c, "json"))
		say_row(l->c, row);
	else
		add_row(&l->table, row);
}

static void take_name(void *ctx, struct str name)
{
	struct listing *l = ctx;
	struct row row = row_of(l->c->engine, name);

	take_row(l, &row);
}

enum err embedder_list(struct command *c)
{
	static const char *const heads[] = { "", "embedder", "dims", "MB", "threshold", "id",
		"where" };
	struct listing l = { c, table_begin(&c->arena, ARRAY_LEN(heads)) };
	struct buf text = BUF(BUF_TEXT_MAX);

	l.table.right[2] = l.table.right[3] = l.table.right[4] = true;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		table_add(&l.table, str_of(heads[i]));
	embedder_names(c->engine, take_name, &l);
	for (size_t i = 0; i < known_model_count; i++) {
		struct row row = row_of_known(&known_models[i]);

		if (!world_embedder_path(c->engine, row.name).ptr)
			take_row(&l, &row);
	}
	table_write(&l.table, c->out.terminal[ENGINE_OUT] ? (size_t)c->out.columns : 0, &text);
	if (!command_has(c, "json"))
		command_say_buf(c, &text);
	buf_release(&text);
	return ERR_OK;
}
