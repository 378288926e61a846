/* SPDX-License-Identifier: GPL-3.0-or-later
 * Embedders by name. */
#include "core/world.h"

#include "core/base/near.h"
#include "core/embed/known.h"

#include <unistd.h>

/* "~/x" at its home. */
static struct str at_home(struct engine *e, struct str path)
{
	const char *home = world_getenv(e, "HOME");

	if (!str_starts(path, "~/"))
		return path;
	return home ? arena_format(&e->arena, "%s%.*s", home, STR_ARG(str_part(path, 1, path.len)))
		    : STR_NONE;
}

struct str world_embedder_dir(struct engine *e)
{
	struct str configured = config_text(&e->config, "embedder.dir");
	const char *data = world_getenv(e, "XDG_DATA_HOME"), *home = world_getenv(e, "HOME");

	if (configured.len)
		return at_home(e, configured);
	if (data && *data == '/')
		return arena_format(&e->arena, "%s/weir/embedders", data);
	if (home)
		return arena_format(&e->arena, "%s/.local/share/weir/embedders", home);
	return STR_NONE;
}

static struct str shipped(struct engine *e, struct str name)
{
	return arena_format(&e->arena, "%.*s/embedder/%.*s.safetensors", STR_ARG(e->data_dir),
		STR_ARG(name));
}

const char *world_builtin_embedder(struct engine *e)
{
	return shipped(e, STR(EMBEDDER_BUILT_IN)).ptr;
}

static bool is_there(struct str path)
{
	return path.ptr && access(path.ptr, F_OK) == 0;
}

struct str world_embedder_path(struct engine *e, struct str name)
{
	struct str dir = world_embedder_dir(e), path;

	if (!name.len || *name.ptr == '.' || str_find_char(name, '/') < name.len)
		return str_find_char(name, '/') < name.len ? arena_str(&e->arena, at_home(e, name))
							   : STR_NONE;
	path = shipped(e, name);
	if (!is_there(path))
		path = dir.ptr ? arena_format(&e->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(name))
			       : STR_NONE;
	return is_there(path) ? path : STR_NONE;
}

static enum err say_absent(struct engine *e, struct str name, struct buf *why)
{
	const struct known_model *known = known_find(name);
	struct near near = { .typed = name };

	if (str_is(name, EMBEDDER_BUILT_IN)) {
		why_set(why, "%s: the built-in embedder is not there: install Weir again",
			world_builtin_embedder(e));
		return ERR_NOT_FOUND;
	}
	near_offer(&near, STR(EMBEDDER_BUILT_IN));
	for (size_t i = 0; i < known_model_count; i++)
		near_offer(&near, str_of(known_models[i].name));
	if (known)
		why_set(why, "the embedder %s is not here yet: weir model embedder fetch %s",
			known->name, known->name);
	else
		why_set(why,
			"there is no embedder \"%.*s\"%s%.*s%s \"weir model embedder list\" lists "
			"them",
			STR_ARG(name), near.word.ptr ? "; did you mean \"" : "", STR_ARG(near.word),
			near.word.ptr ? "\"?" : ":");
	return ERR_NOT_FOUND;
}

enum err world_open_embedder(
	struct engine *e, struct str name, struct embedder **embedder, struct buf *why)
{
	struct embedder_options options = { .precision = EMBED_FP16 };
	enum err err = world_need_config(e, why);
	struct str path;

	*embedder = NULL;
	if (err)
		return err;
	path = world_embedder_path(e, name);
	if (!path.ptr)
		return say_absent(e, name, why);
	if (str_is(config_text(&e->config, "embedder.precision"), "int8"))
		options.precision = EMBED_INT8;
	return embedder_open(embedder, path.ptr, &options, why);
}

enum err world_need_embedder(struct engine *e, struct buf *why)
{
	enum err err;

	if (e->embedder)
		return ERR_OK;
	err = world_need_config(e, why);
	return err ? err
		   : world_open_embedder(
			     e, config_text(&e->config, "embedder.name"), &e->embedder, why);
}
