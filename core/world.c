/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening and closing the parts, in order. */
#include "core/world.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES_MAX = 4096 };

const char *world_getenv(void *ctx, const char *name)
{
	const struct engine *e = ctx;
	const char *value = getenv(name);

	/* A demo must not reach out, whatever keys lie about. */
	if (e->setup.throw_away && strstr(name, "_KEY"))
		return NULL;
	return value && *value ? value : NULL;
}

/* ---- data and state --------------------------------------------------------------------- */

static bool has_defaults(struct engine *e, struct str dir)
{
	struct str file = arena_format(&e->arena, "%.*s/defaults.json", STR_ARG(dir));

	return access(file.ptr, R_OK) == 0;
}

/* The folder of the running program; STR_NONE where the system does not tell. */
static struct str program_dir(struct arena *a)
{
	char path[PATH_BYTES_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len <= 0)
		return STR_NONE;
	path[len] = '\0';
	*strrchr(path, '/') = '\0';
	return arena_str(a, str_of(path));
}

/* Without "..", for people to read. */
static struct str resolved(struct arena *a, struct str path)
{
	char *text = realpath(path.ptr, NULL);
	struct str copy = text ? arena_str(a, str_of(text)) : path;

	free(text);
	return copy;
}

/* Where the shipped data is: $WEIR_DATA, beside the program, or where it was installed. */
static enum err find_data(struct engine *e, struct buf *why)
{
	struct str program = program_dir(&e->arena);
	const char *named = world_getenv(e, "WEIR_DATA");
	struct str places[] = {
		str_of(named),
		program.ptr ? arena_format(&e->arena, "%s/data", program.ptr) : STR_NONE,
		program.ptr ? arena_format(&e->arena, "%s/../data", program.ptr) : STR_NONE,
		program.ptr ? arena_format(&e->arena, "%s/../share/weir", program.ptr) : STR_NONE,
		STR(WEIR_DATADIR),
	};

	if (e->data_dir.ptr)
		return ERR_OK;
	for (size_t i = named ? 0 : 1; i < ARRAY_LEN(places) && !e->data_dir.ptr; i++) {
		if (places[i].ptr && has_defaults(e, places[i]))
			e->data_dir = places[i];
		if (named)
			break;
	}
	if (e->data_dir.ptr) {
		e->data_dir = resolved(&e->arena, e->data_dir);
		return ERR_OK;
	}
	why_set(why, named ? "%s: no defaults.json in it: WEIR_DATA must name Weir's data folder"
			   : "%s: Weir's own data is not there: install it (make install), or set "
			     "WEIR_DATA to the folder that holds defaults.json",
		named ? named : WEIR_DATADIR);
	return ERR_CONFIG;
}

static enum err make_scratch(struct engine *e, struct buf *why)
{
	const char *tmp = getenv("TMPDIR");
	struct str path = arena_format(
		&e->arena, "%s/weir-demo-XXXXXX", tmp && *tmp == '/' ? tmp : "/tmp");

	e->scratch_dir = arena_text(&e->arena, path.ptr);
	if (!mkdtemp(e->scratch_dir)) {
		why_set(why,
			"%s: cannot make a folder there: %s: set TMPDIR to one that can be written",
			path.ptr, strerror(errno));
		e->scratch_dir = NULL;
		return ERR_IO;
	}
	return ERR_OK;
}

static void remove_scratch(struct engine *e)
{
	static const char *const files[] = { "weir.db", "weir.db-wal", "weir.db-shm" };

	if (!e->scratch_dir)
		return;
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		unlink(arena_format(&e->arena, "%s/%s", e->scratch_dir, files[i]).ptr);
	rmdir(e->scratch_dir);
	e->scratch_dir = NULL;
}

struct str world_db_path(struct engine *e)
{
	struct str configured = config_text(&e->config, "store.path");
	const char *state = world_getenv(e, "XDG_STATE_HOME"), *home = world_getenv(e, "HOME");

	if (e->scratch_dir)
		return arena_format(&e->arena, "%s/weir.db", e->scratch_dir);
	if (e->setup.db)
		return str_of(e->setup.db);
	if (configured.len)
		return configured;
	if (state && *state == '/')
		return arena_format(&e->arena, "%s/weir/weir.db", state);
	if (home)
		return arena_format(&e->arena, "%s/.local/state/weir/weir.db", home);
	return STR_NONE;
}

/* ---- the parts -------------------------------------------------------------------------- */

enum err world_need_config(struct engine *e, struct buf *why)
{
	struct config_set sets[ENGINE_SETS_MAX];
	struct config_sources sources = {
		.file = e->setup.config_file,
		.env = world_getenv,
		.env_ctx = e,
		.sets = sets,
		.set_count = e->setup.set_count,
	};
	enum err err;

	if (e->config_is_open)
		return ERR_OK;
	err = find_data(e, why);
	if (err)
		return err;
	sources.shipped = arena_format(&e->arena, "%s/defaults.json", e->data_dir.ptr).ptr;
	for (size_t i = 0; i < e->setup.set_count; i++) {
		if (!config_set_parse(&e->arena, e->setup.sets[i], &sets[i])) {
			why_set(why,
				"--set: expected PATH=VALUE, such as sim.speed=fast, not \"%s\"",
				e->setup.sets[i]);
			return ERR_USAGE;
		}
	}
	err = config_open(&e->config, &sources, why);
	if (!err)
		err = model_map_build(&e->map, &e->config, why);
	if (err)
		config_release(&e->config);
	e->config_is_open = !err;
	return err;
}

static void wake(void *ctx)
{
	loop_wake(((struct engine *)ctx)->loop);
}

static void collect(void *ctx)
{
	struct engine *e = ctx;

	if (e->store)
		store_collect(e->store);
}

enum err world_need_store(struct engine *e, bool must_exist, struct buf *why)
{
	struct store_options options = {
		.must_exist = must_exist, .wake = wake, .wake_ctx = e
	};
	enum err err;

	if (e->store)
		return ERR_OK;
	err = world_need_config(e, why);
	if (!err && e->setup.throw_away && !e->scratch_dir)
		err = make_scratch(e, why);
	if (err)
		return err;
	e->db_path = world_db_path(e);
	if (!e->db_path.ptr) {
		why_set(why, "there is no place for decisions: set HOME, or name a file with --db");
		return ERR_CONFIG;
	}
	options.path = e->db_path.ptr;
	loop_on_wake(e->loop, collect, e);
	return store_open(&e->store, &options, why);
}

bool world_simulates(const struct engine *e)
{
	bool configured = false;

	for (size_t i = 0; i < e->map.provider_count; i++)
		configured |= provider_is_in_reach(&e->map.providers[i], false);
	return e->setup.simulate || !configured;
}

const char *world_config_file(const struct engine *e)
{
	return e->config.file.ptr ? e->config.file.ptr : "no place for a file, as HOME is not set";
}

static enum err start_sim(struct engine *e, struct buf *why)
{
	struct sim_options options = {
		.kb_dir = arena_format(&e->arena, "%s/kb", e->data_dir.ptr).ptr,
		.seed = (uint64_t)config_number(&e->config, "sim.seed"),
		.fast = str_is(config_text(&e->config, "sim.speed"), "fast"),
	};
	enum err err = e->sim ? ERR_OK : sim_open(&e->sim, &options, why);

	if (!err)
		e->env.sim_url = arena_format(
			&e->arena, "http://127.0.0.1:%d/v1", sim_port(e->sim));
	return err;
}

enum err world_need_providers(struct engine *e, struct buf *why)
{
	enum err err;

	if (e->env.http)
		return ERR_OK;
	err = world_need_config(e, why);
	if (!err && !e->http)
		err = http_open(&e->http, e->loop, why);
	if (err)
		return err;
	e->env = (struct env){
		.config = &e->config,
		.map = &e->map,
		.http = e->http,
		.loop = e->loop,
		.clock = e->clock,
		.rng = &e->rng,
		.getenv = world_getenv,
		.getenv_ctx = e,
		.simulate = world_simulates(e),
	};
	if (e->env.simulate)
		err = start_sim(e, why);
	if (err)
		e->env.http = NULL; /* not whole */
	return err;
}

enum err world_need_flow(struct engine *e, struct buf *why)
{
	enum err err;

	if (e->flow)
		return ERR_OK;
	err = world_need_store(e, false, why);
	if (!err)
		err = world_need_providers(e, why);
	if (!err)
		e->flow = flow_open(&e->env, e->store);
	return err;
}

/* ---- the door --------------------------------------------------------------------------- */

enum err engine_open(struct engine **out, const struct engine_setup *setup, struct buf *why)
{
	struct engine *e = memory_new(sizeof(*e));
	enum err err;

	e->setup = *setup;
	e->clock = clock_real;
	rng_seed_real(&e->rng);
	err = loop_open(&e->loop, &clock_real, why);
	if (err)
		memory_free(e);
	else
		*out = e;
	return err;
}

void engine_close(struct engine **out)
{
	struct engine *e = *out;

	if (!e)
		return;
	flow_close(&e->flow);
	embedder_close(&e->embedder);
	store_close(&e->store);
	http_close(&e->http);
	sim_close(&e->sim);
	loop_close(&e->loop);
	if (e->config_is_open)
		config_release(&e->config);
	remove_scratch(e);
	arena_release(&e->arena);
	memory_free(e);
	*out = NULL;
}

bool engine_turn(struct engine *e, int64_t wait_us)
{
	return loop_turn(e->loop, wait_us);
}

void engine_wake(struct engine *e)
{
	loop_wake(e->loop);
}

struct watcher {
	void (*call)(void *ctx);
	void *ctx;
};

static void call_watcher(void *ctx, int ready)
{
	struct watcher *w = ctx;

	(void)ready;
	w->call(w->ctx);
}

enum err engine_watch(
	struct engine *e, int fd, void (*call)(void *ctx), void *ctx, struct buf *why)
{
	struct watcher *w = arena_new(&e->arena, struct watcher);

	*w = (struct watcher){ call, ctx };
	return loop_watch_add(e->loop, fd, LOOP_READ, call_watcher, w, why) ? ERR_OK : ERR_IO;
}

void engine_on_signal(
	struct engine *e, int signal, void (*call)(void *ctx, int signal), void *ctx)
{
	loop_signal_add(e->loop, signal, call, ctx);
}
