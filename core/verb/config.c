/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir config: what is configured, where it comes from, and whether it is right. */
#include "core/verb/put.h"
#include "core/verb/verb.h"

#include "core/wire/wires.h"

static const struct verb_option options[] = {
	{ "json", 'j', NULL, COMPLETES_NOTHING, "show it as JSON (show)" },
	{ "force", 'f', NULL, COMPLETES_NOTHING, "replace the file that is there (init)" },
};

static const struct verb_sub subs[] = {
	{ "show", "the configuration in force, with the origin of each value" },
	{ "check", "read it and say what is wrong" },
	{ "path", "where the files are" },
	{ "init", "write a file to start from, with every key explained" },
	{ "schema", "a JSON Schema for editors" },
};

static enum err show(struct command *c, struct buf *why)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	struct str under = c->operand_count > 1 ? str_of(c->operands[1]) : STR("");
	enum err err = world_need_config(c->engine, why);

	if (err)
		return err;
	config_show(&c->engine->config, under, command_has(c, "json"), &text);
	if (!text.len) {
		why_set(why,
			"config show: nothing is set under \"%.*s\": \"weir config show\" shows "
			"what is",
			STR_ARG(under));
		return ERR_NOT_FOUND;
	}
	if (command_has(c, "json"))
		command_say_json(c, &text);
	else
		command_say_buf(c, &text);
	buf_release(&text);
	return ERR_OK;
}

/* What a file may say and Weir does not do is said where mistakes are looked for. */
static void say_left_out(struct command *c)
{
	const struct model_map *map = &c->engine->map;
	struct buf names = BUF(BUF_LINE_MAX);

	for (size_t i = 0; i < map->model_count; i++) {
		const struct model *m = &map->models[i];

		buf_clear(&names);
		wire_left_out(m, &names);
		if (names.len)
			command_note(c,
				"weir: models.%.*s.params: not sent as it stands: %s (the model "
				"rejects it, or Weir sets it itself)\n",
				STR_ARG(m->name), names.ptr);
	}
	buf_release(&names);
}

static enum err check(struct command *c, struct buf *why)
{
	struct engine *e = c->engine;
	enum err err = world_need_config(e, why);

	if (err)
		return err;
	command_say(c, "%s: %s\n", world_config_file(e),
		e->config.file_found ? "nothing is wrong with it"
				     : "not there, so the defaults hold: nothing is wrong");
	say_left_out(c);
	return ERR_OK;
}

static struct str user_file(struct command *c)
{
	if (c->engine->setup.config_file)
		return str_of(c->engine->setup.config_file);
	return config_default_file(&c->arena, world_getenv, c->engine);
}

static enum err path(struct command *c, struct buf *why)
{
	struct engine *e = c->engine;
	enum err err = world_need_config(e, why);

	if (err)
		return err;
	command_say(c, "config  %s%s\n", world_config_file(e),
		e->config.file_found ? "" : "  (not there)");
	command_say(c, "prices  %s%s\n",
		e->config.prices_file.ptr ? e->config.prices_file.ptr
					  : "nowhere: HOME is not set",
		e->config.prices_found ? "" : "  (not there)");
	command_say(c, "db      %s\n",
		world_db_path(e).ptr ? world_db_path(e).ptr : "nowhere: HOME is not set");
	command_say(c, "data    %s\n", e->data_dir.ptr);
	return ERR_OK;
}

static enum err init(struct command *c, struct buf *why)
{
	struct buf text = BUF(BUF_TEXT_MAX);
	struct str place = user_file(c);
	char *file;
	enum err err;

	if (!place.ptr) {
		why_set(why, "config init: there is no place for it: set HOME, or name one with "
			     "--config");
		return ERR_CONFIG;
	}
	file = arena_text(&c->arena, place.ptr);
	config_starter(&text);
	err = put_file(file, buf_str(&text), command_has(c, "force"), why);
	if (!err)
		command_say(
			c, "%s: written; every key in it is a comment until you change it\n", file);
	buf_release(&text);
	return err;
}

static enum err schema(struct command *c, struct buf *why)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	(void)why;
	config_schema(&text);
	command_say_json(c, &text);
	buf_release(&text);
	return ERR_OK;
}

static enum err run(struct command *c, struct buf *why)
{
	static enum err (*const runs[])(struct command *, struct buf *) = {
		show, check, path, init, schema
	};
	const char *sub;
	enum err err = command_sub(c, "show", &sub, why);

	for (size_t i = 0; !err && i < ARRAY_LEN(subs); i++)
		if (!strcmp(sub, subs[i].name))
			return runs[i](c, why);
	return err;
}

const struct verb verb_config = {
	.name = "config",
	.operands = "[show [PREFIX] | check | path | init | schema]",
	.say = "show, check or begin the configuration",
	.more = "The configuration is JSON in layers: built-in values, the shipped model map, your "
		"file, the environment, and --set, the later winning key by key. Keys that begin "
		"with // are comments.",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.subs = subs,
	.sub_count = ARRAY_LEN(subs),
	.run = run,
};
