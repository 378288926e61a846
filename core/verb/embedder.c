/* SPDX-License-Identifier: GPL-3.0-or-later
 * The embedders that are here or could be: listing, choosing, fetching, trying. */
#include "core/verb/embedder.h"

#include "core/base/file.h"
#include "core/base/json_write.h"
#include "core/base/save.h"
#include "core/base/sha256.h"
#include "core/conf/config_edit.h"
#include "core/verb/embedder_list.h"
#include "core/verb/fetch.h"

#include <errno.h>
#include <math.h>

enum { ROUND = 10, TRIAL_US = 300000 };

/* ---- use -------------------------------------------------------------------------------- */

static enum err read_name(struct command *c, const char *sub, struct str *name, struct buf *why)
{
	*name = str_of(c->operand_count > 2 ? c->operands[2] : NULL);
	if (c->operand_count == 3)
		return ERR_OK;
	why_set(why,
		"model embedder %s: expected one name: \"weir model embedder list\" lists them",
		sub);
	return ERR_USAGE;
}

/* "list" takes no name, "check" may do without one. */
static enum err refuse_more(struct command *c, size_t operands, struct buf *why)
{
	if (c->operand_count <= operands)
		return ERR_OK;
	why_set(why, "model embedder %s: \"%s\" is one word too many", c->operands[1],
		c->operands[operands]);
	return ERR_USAGE;
}

/* The configuration as it will be must hold before it is written. */
static enum err check_text(struct command *c, const char *file, struct str text, struct buf *why)
{
	struct config_sources sources = { .file = file,
		.file_text = text,
		.env = world_getenv,
		.env_ctx = c->engine,
		.shipped =
			arena_format(&c->arena, "%s/defaults.json", c->engine->data_dir.ptr).ptr };
	struct config config;
	enum err err = config_open(&config, &sources, why);

	if (!err)
		config_release(&config);
	return err;
}

static enum err write_choice(struct command *c, struct str name, struct buf *why)
{
	const char *file = world_config_file(c->engine);
	struct buf text = BUF(CONFIG_FILE_MAX), changed = BUF(2 * (size_t)CONFIG_FILE_MAX);
	struct buf value = BUF(BUF_LINE_MAX), say = BUF(BUF_WHY_MAX);
	struct json_writer w = { .out = &value };
	int error = file_read(file, &text);
	enum err err = ERR_OK;

	json_put_str(&w, name);
	if (error && error != ENOENT)
		err = save_fail(error, file, why);
	if (!err && config_edit(buf_str(&text), "embedder.name", buf_str(&value), &changed, &say)) {
		why_set(why, "%s:%s", file, say.ptr);
		err = ERR_CONFIG;
	}
	if (!err)
		err = check_text(c, file, buf_str(&changed), why);
	error = err ? 0 : save_file(file, buf_str(&changed));
	if (error)
		err = save_fail(error, file, why);
	buf_release(&text);
	buf_release(&changed);
	buf_release(&value);
	buf_release(&say);
	return err;
}

/* "./model" would be another one from another folder. */
static struct str whole_path(struct command *c, struct str name)
{
	bool relative = str_find_char(name, '/') < name.len && *name.ptr != '/' && *name.ptr != '~';
	char *path = relative ? realpath(name.ptr, NULL) : NULL;
	struct str whole = path ? arena_str(&c->arena, str_of(path)) : name;

	free(path);
	return whole;
}

/* Something that wins over the file would make the choice one on paper. */
static void warn_of_others(struct command *c)
{
	const struct setting *s = config_find(&c->engine->config, "embedder.name");
	struct buf origin = BUF(BUF_LINE_MAX);

	if (s && s->origin.layer > LAYER_FILE) {
		config_say_origin(&origin, &s->origin);
		command_note(c, "weir: but here %s says %.*s, which goes before the file\n",
			origin.ptr, STR_ARG(s->text));
	}
	buf_release(&origin);
}

static enum err use(struct command *c, struct buf *why)
{
	struct engine *e = c->engine;
	struct embedder *embedder = NULL;
	struct str name;
	enum err err = read_name(c, "use", &name, why);

	if (!err && (e->setup.throw_away || !e->config.file.ptr)) {
		why_set(why, e->setup.throw_away
				     ? "a demo changes no configuration: --set embedder.name=..."
				     : "there is no place for a configuration: set HOME, or name a "
				       "file with --config");
		err = ERR_REFUSED;
	}
	if (!err)
		err = world_open_embedder(e, name, &embedder, why);
	if (!err) {
		name = whole_path(c, name);
		err = write_choice(c, name, why);
	}
	if (!err) {
		command_say(c, "%s: embedder.name is %.*s now (%.*s, %d dimensions)\n",
			world_config_file(e), STR_ARG(name), STR_ARG(embedder_info(embedder)->id),
			embedder_info(embedder)->dims);
		warn_of_others(c);
	}
	embedder_close(&embedder);
	return err;
}

/* ---- fetch ------------------------------------------------------------------------------ */

static enum err fetch(struct command *c, struct buf *why)
{
	struct fetch_request request = { .sha256 = command_option(c, "sha256"),
		.again = command_has(c, "force") };
	struct str name;
	enum err err = read_name(c, "fetch", &name, why);

	if (!err && request.sha256 && !sha256_is_hex(str_of(request.sha256))) {
		why_set(why, "--sha256: expected 64 digits (0-9, a-f)");
		err = ERR_USAGE;
	}
	if (!err && str_is(name, EMBEDDER_BUILT_IN)) {
		why_set(why, "%s is built in: there is nothing to fetch", EMBEDDER_BUILT_IN);
		err = ERR_USAGE;
	}
	if (!err && c->engine->setup.throw_away) {
		why_set(why, "a demo fetches nothing");
		err = ERR_REFUSED;
	}
	if (err)
		return err;
	request.known = known_find(name);
	request.repository = request.known ? str_of(request.known->repository) : name;
	return fetch_begin(c, &request, why);
}

/* ---- check ------------------------------------------------------------------------------ */

/* Short and long, foreign, empty and broken ones. */
static const char *const trials[] = {
	"what is a deductible?",
	"how do I move money from my savings account to a bank abroad, and what does it cost me?",
	"Wie hoch ist die Selbstbeteiligung?",
	"\xE4\xBF\x9D\xE9\x99\xA9",
	"",
	"broken \xFF\xC3 bytes",
};

/* Of unit length, or all zeros; the same when asked again. */
static enum err try_text(const struct embedder *e, struct embed_work *work, struct str text,
	float *vectors, struct buf *why)
{
	size_t dims = (size_t)embedder_info(e)->dims;
	double length = 0;

	embed_text(e, work, EMBED_QUERY, text, vectors);
	embed_text(e, work, EMBED_QUERY, text, vectors + dims);
	for (size_t i = 0; i < dims; i++)
		length += (double)vectors[i] * (double)vectors[i];
	if ((fabs(length - 1) < 1e-4 || length == 0) &&
		!memcmp(vectors, vectors + dims, dims * sizeof(*vectors)))
		return ERR_OK;
	why_set(why, "the vector of \"%.*s\" is not of unit length, or another one each time",
		STR_ARG(text));
	return ERR_CORRUPT;
}

/* us for the first of the trials: the best round. */
static double time_query(
	struct engine *engine, const struct embedder *e, struct embed_work *work, float *vector)
{
	int64_t begin = clock_steady(&engine->clock), best = INT64_MAX, from = begin;

	while (from - begin < TRIAL_US) {
		int64_t to;

		for (int i = 0; i < ROUND; i++)
			embed_text(e, work, EMBED_QUERY, str_of(trials[0]), vector);
		to = clock_steady(&engine->clock);
		best = to - from < best ? to - from : best;
		from = to;
	}
	return (double)best / ROUND;
}

static void say_checked(
	struct command *c, const struct embedder *e, struct str name, double us, size_t pairs)
{
	const struct embedder_info *info = embedder_info(e);

	command_say(c, "embedder   %.*s\nid         %.*s\n", STR_ARG(name), STR_ARG(info->id));
	command_say(c, "family     %.*s%s%.*s\n", STR_ARG(info->family),
		info->kernel.ptr ? ", computed with " : "", STR_ARG(info->kernel));
	command_say(c, "dims       %d\ntokens     %d of a text are read\n", info->dims,
		info->tokens_max);
	if (!isnan(info->threshold))
		command_say(c, "threshold  %.3f\n", info->threshold);
	command_say(c, "speed      %.1f us for \"%s\"\n", us, trials[0]);
	if (pairs)
		command_say(c, "published  %zu cosines agree to %g\n", pairs, KNOWN_TOLERANCE);
	else
		command_say(c, "published  no figures are known here to compare with\n");
}

static enum err check(struct command *c, struct buf *why)
{
	struct engine *engine = c->engine;
	struct str name = c->operand_count > 2 ? str_of(c->operands[2])
					       : config_text(&engine->config, "embedder.name");
	struct embedder *e;
	enum err err = refuse_more(c, 3, why);
	struct embed_work *work;
	float *vectors;
	size_t pairs;

	if (!err)
		err = world_open_embedder(engine, name, &e, why);
	if (err)
		return err;
	work = embed_work_new(e);
	vectors = memory_new(2 * (size_t)embedder_info(e)->dims * sizeof(*vectors));
	for (size_t i = 0; i < ARRAY_LEN(trials) && !err; i++)
		err = try_text(e, work, str_of(trials[i]), vectors, why);
	if (!err)
		err = fetch_check_pairs(known_find(name), e, &pairs, why);
	if (!err)
		say_checked(c, e, name, time_query(engine, e, work, vectors), pairs);
	memory_free(vectors);
	embed_work_free(&work);
	embedder_close(&e);
	return err;
}

static enum err list(struct command *c, struct buf *why)
{
	enum err err = refuse_more(c, 2, why);

	return err ? err : embedder_list(c);
}

/* ---- the command ------------------------------------------------------------------------ */

enum err embedder_run(struct command *c, struct buf *why)
{
	static const struct {
		const char *name;
		enum err (*run)(struct command *, struct buf *);
	} subs[] = { { "list", list }, { "use", use }, { "fetch", fetch }, { "check", check } };
	const char *sub = c->operand_count > 1 ? c->operands[1] : "list";

	for (size_t i = 0; i < ARRAY_LEN(subs); i++)
		if (!strcmp(sub, subs[i].name))
			return subs[i].run(c, why);
	why_set(why, "model embedder: there is no \"%s\"; there is list, use, fetch, check", sub);
	return ERR_USAGE;
}
