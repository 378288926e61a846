/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opens the layers one after another, and looks settings up. */
#include "core/conf/config.h"

#include "core/base/file.h"
#include "core/base/money.h"
#include "core/conf/layers.h"
#include "core/conf/task.h"

#include <errno.h>
#include <math.h>

static const char *ask_env(const struct config *c, const char *name)
{
	const char *value = c->env ? c->env(c->env_ctx, name) : NULL;

	return value && *value ? value : NULL;
}

static void add_file(struct layers *l, const char *path, enum layer layer, bool must, bool *found)
{
	const struct origin origin = { layer, arena_str(l->arena, str_of(path)), 1, 1 };
	const struct origin whole = { layer, origin.source, 0, 0 };
	struct buf text = BUF(CONFIG_FILE_MAX);
	int error = file_read(path, &text);

	*found = !error;
	if (!error)
		layers_read(l, buf_str(&text), &origin);
	else if (must || (error != ENOENT && error != ENOTDIR))
		problem_add(&l->problems, &whole, STR_NONE, "%s",
			error == EFBIG ? "larger than a configuration may be (1 MiB)"
				       : file_error(error));
	buf_release(&text);
}

static void find_files(struct config *c, const struct config_sources *sources)
{
	if (sources->file)
		c->file = arena_str(&c->arena, str_of(sources->file));
	else
		c->file = config_default_file(&c->arena, c->env, c->env_ctx);
	c->prices_file = config_prices_file(&c->arena, c->file);
}

static bool is_of_prices(const struct setting *s)
{
	return str_starts(str_of(s->option->path), "models.*.price");
}

static void add_prices_file(struct config *c, struct layers *l)
{
	size_t before = l->settings.len;

	if (!c->prices_file.ptr)
		return;
	add_file(l, c->prices_file.ptr, LAYER_PRICES, false, &c->prices_found);
	for (size_t i = before; i < l->settings.len; i++) {
		const struct setting *s = &l->settings.ptr[i];

		if (!is_of_prices(s))
			problem_add(&l->problems, &s->origin, s->path,
				"this file holds prices and nothing else: put it into %s",
				c->file.ptr);
	}
}

static void add_user_file(struct config *c, struct layers *l, const struct config_sources *sources)
{
	bool named = sources->file || ask_env(c, "WEIR_CONFIG");

	if (sources->file_text.ptr) {
		const struct origin origin = { LAYER_FILE, c->file, 1, 1 };

		c->file_found = true;
		layers_read(l, sources->file_text, &origin);
	} else if (c->file.ptr) {
		add_file(l, c->file.ptr, LAYER_FILE, named, &c->file_found);
	}
}

static void add_variables(struct config *c, struct layers *l)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *row = &option_table[i];
		const char *value = row->env ? ask_env(c, row->env) : NULL;
		struct origin origin = { LAYER_ENV, STR_NONE, 0, 0 };

		if (!value)
			continue;
		origin.source = arena_format(&c->arena, "$%s", row->env);
		layers_set(l, str_of(row->path), str_of(value), &origin);
	}
}

/* Puts "env" in front of what the lower layers say. */
static void put_env_first(struct layers *l, enum task task, const struct origin *origin)
{
	struct str path = arena_format(l->arena, "tasks.%s.ladder", task_name(task));
	const struct setting *lower = layers_find(l, path);
	struct buf json = BUF(BUF_TEXT_MAX);
	struct json_writer w = { .out = &json };

	json_open(&w, '[');
	json_put_text(&w, "env");
	for (size_t i = 0; lower && i < lower->list.len; i++)
		if (!str_is(lower->list.ptr[i], "env"))
			json_put_str(&w, lower->list.ptr[i]);
	json_close(&w, ']');
	layers_set(l, path, buf_str(&json), origin);
	buf_release(&json);
}

static void add_env_provider(struct config *c, struct layers *l)
{
	const struct origin origin = { LAYER_ENV, STR("$WEIR_BASE_URL"), 0, 0 };
	const char *url = ask_env(c, "WEIR_BASE_URL"), *model = ask_env(c, "WEIR_MODEL");
	const struct {
		const char *path, *value;
	} settings[] = {
		{ "providers.env.wire", "openai" },
		{ "providers.env.base_url", url },
		{ "providers.env.key_env", ask_env(c, "WEIR_API_KEY") ? "WEIR_API_KEY" : NULL },
		{ "models.env.provider", "env" },
		{ "models.env.id", model ? model : MODEL_ID_ASK },
		{ "models.env.tier", "1" },
	};

	if (!url)
		return;
	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		if (settings[i].value)
			layers_set(
				l, str_of(settings[i].path), str_of(settings[i].value), &origin);
	for (int i = 0; i < TASK_COUNT; i++)
		put_env_first(l, (enum task)i, &origin);
}

static void add_sets(struct layers *l, const struct config_sources *sources)
{
	for (size_t i = 0; i < sources->set_count; i++) {
		const struct config_set *set = &sources->sets[i];
		const char *option = set->option ? set->option : "--set";
		const struct origin origin = {
			LAYER_COMMAND, arena_str(l->arena, str_of(option)), 0, 0
		};

		layers_set(l, str_of(set->path), str_of(set->value), &origin);
	}
}

enum err config_open(struct config *c, const struct config_sources *sources, struct buf *why)
{
	struct layers l = { .arena = &c->arena, .problems = PROBLEMS };
	bool found;
	enum err err;

	*c = (struct config){ .env = sources->env, .env_ctx = sources->env_ctx };
	layers_add_built_in(&l);
	if (sources->shipped)
		add_file(&l, sources->shipped, LAYER_SHIPPED, true, &found);
	find_files(c, sources);
	add_prices_file(c, &l);
	add_user_file(c, &l, sources);
	add_variables(c, &l);
	add_env_provider(c, &l);
	add_sets(&l, sources);
	layers_settle(&l, &c->settings, &c->count);
	err = problems_end(&l.problems, why);
	if (err)
		config_release(c);
	return err;
}

void config_release(struct config *c)
{
	arena_release(&c->arena);
	*c = (struct config){ .arena = ARENA };
}

bool config_set_parse(struct arena *a, const char *text, struct config_set *set)
{
	struct str all = str_of(text);
	size_t at = str_find_char(all, '=');
	struct str path = str_trim(str_part(all, 0, at));

	if (at == all.len || !path.len)
		return false;
	*set = (struct config_set){ .path = arena_str(a, path).ptr, .value = text + at + 1 };
	return true;
}

/* The first setting that is not before `path`. */
static size_t lower_bound(const struct config *c, struct str path)
{
	size_t low = 0, high = c->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (str_cmp(c->settings[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct setting *config_find(const struct config *c, const char *path)
{
	size_t at = lower_bound(c, str_of(path));

	return at < c->count && str_is(c->settings[at].path, path) ? &c->settings[at] : NULL;
}

const struct setting *config_under(const struct config *c, const char *prefix, size_t *count)
{
	size_t first = lower_bound(c, str_of(prefix)), end = first;

	while (end < c->count && str_starts(c->settings[end].path, prefix))
		end++;
	*count = end - first;
	return *count ? &c->settings[first] : NULL;
}

struct str config_text(const struct config *c, const char *path)
{
	const struct setting *s = config_find(c, path);

	return s ? s->text : STR_NONE;
}

double config_number(const struct config *c, const char *path)
{
	const struct setting *s = config_find(c, path);

	return s && (s->option->type == OPTION_INT || s->option->type == OPTION_REAL) ? s->number
										      : NAN;
}

int64_t config_money(const struct config *c, const char *path)
{
	const struct setting *s = config_find(c, path);

	return s && (s->option->type == OPTION_MONEY || s->option->type == OPTION_MTOK_PRICE)
		       ? s->pico
		       : MONEY_UNKNOWN;
}

bool config_truth(const struct config *c, const char *path)
{
	const struct setting *s = config_find(c, path);

	return s && s->option->type == OPTION_BOOL && s->number != 0;
}

void config_say_origin(struct buf *out, const struct origin *origin)
{
	if (origin->layer == LAYER_SHIPPED)
		buf_add_text(out, "shipped");
	else
		buf_add_str(out, origin->source);
	if (origin->layer == LAYER_FILE || origin->layer == LAYER_PRICES)
		buf_addf(out, ":%d:%d", origin->line, origin->column);
}

struct str config_prices_file(struct arena *a, struct str file)
{
	struct str stem = file;

	if (!file.ptr)
		return STR_NONE;
	if (str_ends(file, ".json"))
		stem.len -= strlen(".json");
	return arena_format(a, "%.*s.prices.json", STR_ARG(stem));
}

struct str config_default_file(
	struct arena *a, const char *(*env)(void *ctx, const char *name), void *env_ctx)
{
	const char *named = env ? env(env_ctx, "WEIR_CONFIG") : NULL;
	const char *xdg = env ? env(env_ctx, "XDG_CONFIG_HOME") : NULL;
	const char *home = env ? env(env_ctx, "HOME") : NULL;

	if (named && *named)
		return arena_str(a, str_of(named));
	/* The XDG specification: a relative path there is to be ignored. */
	if (xdg && *xdg == '/')
		return arena_format(a, "%s/weir/config.json", xdg);
	if (home && *home)
		return arena_format(a, "%s/.config/weir/config.json", home);
	return STR_NONE; /* nowhere: HOME is not set */
}
