/* SPDX-License-Identifier: GPL-3.0-or-later
 * One download after another, then the folder's rename. */
#include "core/verb/fetch.h"

#include "core/base/save.h"
#include "core/embed/unit.h"
#include "core/net/download.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONNECT_MS = 10000, FIRST_BYTE_MS = 30000, IDLE_MS = 60000, PROGRESS_US = 100000 };

/* Weights of the kinds that run here are smaller, and other files far smaller. */
#define WEIGHTS_MAX (INT64_C(2) << 30)
#define OTHERS_MAX (INT64_C(64) << 20)

static const char weights[] = "model.safetensors";

struct fetch {
	struct command *c;
	const struct known_model *known;
	struct known_file files[KNOWN_FILES_MAX];
	size_t count, at;
	const char *name, *base; /* base: the address of the files */
	const char *place, *staging, *lock;
	int lock_fd;
	struct download *download;
	int64_t began, file_began, shown; /* steady us */
	int64_t bytes, resumed;
	char weights_sha256[65];
};

/* ---- words ------------------------------------------------------------------------------ */

static double megabytes(int64_t bytes)
{
	return (double)bytes / 1e6;
}

/* "model.safetensors [=====.....]  45.2 of 90.9 MB, 12.3 MB/s, 4 s left" */
static void show(void *ctx, int64_t have, int64_t whole)
{
	struct fetch *f = ctx;
	int64_t now = clock_steady(&f->c->engine->clock);
	double seconds = (double)(now - f->file_began) / US_PER_S, rate;
	char bar[COMMAND_BAR + 1];

	if (f->resumed < 0)
		f->resumed = have; /* the first piece came with what was there before */
	if (now - f->shown < PROGRESS_US)
		return;
	f->shown = now;
	rate = seconds > 0 ? (double)(have - f->resumed) / seconds : 0;
	if (whole <= 0) {
		command_progress(f->c, "%s  %.1f MB, %.1f MB/s", f->files[f->at].path,
			megabytes(have), rate / 1e6);
		return;
	}
	command_bar(bar, (double)have / (double)whole);
	command_progress(f->c, "%s [%s] %.1f of %.1f MB, %.1f MB/s, %.0f s left",
		f->files[f->at].path, bar, megabytes(have), megabytes(whole), rate / 1e6,
		rate > 0 ? (double)(whole - have) / rate : 0);
}

/* ---- the folder ------------------------------------------------------------------------- */

static const char *file_in(struct fetch *f, const char *folder, const char *file)
{
	return arena_format(&f->c->arena, "%s/%s", folder, file).ptr;
}

/* Only files that a fetch makes are ever removed. */
static void remove_folder(struct fetch *f, const char *folder)
{
	static const char *const names[] = { "vocab.txt", "tokenizer.json" };
	struct known_file files[KNOWN_FILES_MAX];
	size_t count = known_files(NULL, files);

	for (size_t i = 0; i < count; i++)
		unlink(file_in(f, folder, files[i].path));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(file_in(f, folder, names[i]));
	rmdir(file_in(f, folder, "1_Pooling"));
	rmdir(folder);
}

static enum err lock(struct fetch *f, struct buf *why)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	f->lock_fd = open(f->lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (f->lock_fd < 0)
		return save_fail(errno, f->lock, why);
	if (!fcntl(f->lock_fd, F_SETLK, &whole))
		return ERR_OK;
	close(f->lock_fd);
	f->lock_fd = -1;
	why_set(why, "%s: another weir fetches it just now", f->name);
	return ERR_BUSY;
}

static void unlock(struct fetch *f)
{
	if (f->lock_fd < 0)
		return;
	unlink(f->lock);
	close(f->lock_fd);
	f->lock_fd = -1;
}

static enum err prepare(struct fetch *f, struct buf *why)
{
	const char *pooling = file_in(f, f->staging, "1_Pooling");
	int error = save_folder(pooling);

	return error ? save_fail(error, pooling, why) : lock(f, why);
}

/* The old folder gives way and comes back if the new one cannot take its place. */
static enum err move_in(struct fetch *f, struct buf *why)
{
	const char *old = arena_format(&f->c->arena, "%s.old", f->place).ptr;
	bool had = !rename(f->place, old);
	int error = rename(f->staging, f->place) ? errno : 0;

	if (error && had && !rename(old, f->place))
		had = false;
	if (error)
		return save_fail(error, f->place, why);
	if (had)
		remove_folder(f, old);
	save_sync(f->place);
	return ERR_OK;
}

/* ---- what has come ---------------------------------------------------------------------- */

static double cosine(const struct embedder *e, struct embed_work *work, const struct known_pair *p)
{
	size_t dims = (size_t)embedder_info(e)->dims;
	float *vectors = memory_new(2 * dims * sizeof(*vectors)), found;

	embed_text(e, work, EMBED_PASSAGE, str_of(p->a), vectors);
	embed_text(e, work, EMBED_PASSAGE, str_of(p->b), vectors + dims);
	found = unit_dot(vectors, vectors + dims, dims);
	memory_free(vectors);
	return (double)found;
}

enum err fetch_check_pairs(const struct known_model *known, const struct embedder *embedder,
	size_t *checked, struct buf *why)
{
	struct embed_work *work = embed_work_new(embedder);
	enum err err = ERR_OK;

	for (*checked = 0; known && *checked < KNOWN_PAIRS && known->pairs[*checked].a && !err;) {
		const struct known_pair *p = &known->pairs[(*checked)++];
		double got = cosine(embedder, work, p);

		if (fabs(got - p->cosine) <= KNOWN_TOLERANCE)
			continue;
		why_set(why,
			"%s: \"%s\" and \"%s\" have the cosine %.4f, not %.3f as the published "
			"model gives: fetch it again with --force",
			known->name, p->a, p->b, got, p->cosine);
		err = ERR_CORRUPT;
	}
	embed_work_free(&work);
	return err;
}

static enum err check_model(struct fetch *f, struct buf *why)
{
	struct embedder *embedder;
	size_t checked;
	enum err err = embedder_open(&embedder, f->staging, NULL, why);

	if (!err)
		err = fetch_check_pairs(f->known, embedder, &checked, why);
	embedder_close(&embedder);
	if (err == ERR_CORRUPT)
		remove_folder(f, f->staging);
	return err;
}

static void say_fetched(struct fetch *f)
{
	double seconds = (double)(clock_steady(&f->c->engine->clock) - f->began) / US_PER_S;
	const struct known_file *last = &f->files[f->count - 1];

	command_say(f->c, "%s: fetched, %.1f MB in %.1f s, into %s\n", f->name, megabytes(f->bytes),
		seconds, f->place);
	if (!last->sha256)
		command_note(f->c,
			"weir: no sum of its weights is known here; they have the SHA-256\n      "
			"%s: compare it, or give it with --sha256 next time\n",
			f->weights_sha256);
	command_note(f->c, "weir: to use it: weir model embedder use %s\n", f->name);
}

/* ---- one file after another ------------------------------------------------------------- */

static void end(struct fetch *f, enum err err, const char *say)
{
	command_progress(f->c, NULL);
	unlock(f);
	if (err)
		command_error(f->c, "weir: %s\n", say);
	command_end(f->c, err_exit(err));
}

static void finish(struct fetch *f)
{
	struct buf why = BUF(BUF_WHY_MAX);
	enum err err;

	rmdir(file_in(f, f->staging, "1_Pooling")); /* empty where the model has none */
	err = check_model(f, &why);
	if (!err)
		err = move_in(f, &why);
	if (!err)
		say_fetched(f);
	end(f, err, why.ptr);
	buf_release(&why);
}

static void next(struct fetch *f);

static void take_end(void *ctx, const struct download_result *r)
{
	struct fetch *f = ctx;
	const struct known_file *file = &f->files[f->at];
	bool absent = r->err == ERR_NOT_FOUND && file->optional;

	f->download = NULL;
	if (r->err && !absent) {
		bool kept =
			file->sha256 && r->size && r->err != ERR_CORRUPT && r->err != ERR_TOO_BIG;
		struct str more = arena_format(&f->c->arena,
			"%.*s%s%.1f MB of it are kept: the same command goes on from there",
			STR_ARG(r->say), "\n      ", megabytes(r->size));

		end(f, r->err, kept ? more.ptr : arena_str(&f->c->arena, r->say).ptr);
		return;
	}
	if (!absent) {
		f->bytes += r->size;
		if (!strcmp(file->path, weights))
			snprintf(f->weights_sha256, sizeof(f->weights_sha256), "%s", r->sha256);
	}
	f->at++;
	next(f);
}

static enum err start(struct fetch *f, struct buf *why)
{
	const struct known_file *file = &f->files[f->at];
	const struct download_request request = {
		.url = arena_format(&f->c->arena, "%s/%s", f->base, file->path).ptr,
		.path = file_in(f, f->staging, file->path),
		.sha256 = file->sha256,
		.size = file->size,
		.size_max = strcmp(file->path, weights) ? OTHERS_MAX : WEIGHTS_MAX,
		.limits = { CONNECT_MS, FIRST_BYTE_MS, IDLE_MS, 0 },
	};

	f->file_began = clock_steady(&f->c->engine->clock);
	f->resumed = -1;
	return download_start(&f->download, f->c->engine->http, &request,
		(struct download_sink){ show, take_end, f }, why);
}

static void next(struct fetch *f)
{
	struct buf why = BUF(BUF_WHY_MAX);
	enum err err = f->at < f->count ? start(f, &why) : ERR_OK;

	if (err)
		end(f, err, why.ptr);
	else if (f->at == f->count)
		finish(f);
	buf_release(&why);
}

static void interrupt(struct command *c)
{
	struct fetch *f = c->state;

	download_cancel(&f->download);
	end(f, ERR_CANCELLED, "interrupted: the same command goes on from there");
}

/* ---- beginning -------------------------------------------------------------------------- */

/* The last part of "ORG/NAME" becomes a folder's name. */
static bool is_repository(struct str repository)
{
	size_t slash = str_find_char(repository, '/');
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_.";

	for (size_t i = 0; i < repository.len; i++)
		if (i != slash && (!strchr(letters, repository.ptr[i]) || !repository.ptr[i]))
			return false;
	return slash > 0 && slash + 1 < repository.len && repository.ptr[0] != '.' &&
	       repository.ptr[slash + 1] != '.';
}

static enum err find_places(struct fetch *f, struct str repository, struct buf *why)
{
	struct command *c = f->c;
	struct str dir = world_embedder_dir(c->engine);
	struct str hub = config_text(&c->engine->config, "embedder.hub_url");
	size_t slash = str_find_char(repository, '/');

	if (!dir.ptr) {
		why_set(why, "there is no place for embedders: set HOME or embedder.dir");
		return ERR_CONFIG;
	}
	f->name = arena_str(&c->arena, str_part(repository, slash + 1, repository.len)).ptr;
	f->base =
		arena_format(&c->arena, "%.*s/%.*s/resolve/main", STR_ARG(hub), STR_ARG(repository))
			.ptr;
	f->place = arena_format(&c->arena, "%.*s/%s", STR_ARG(dir), f->name).ptr;
	f->staging = arena_format(&c->arena, "%s.part", f->place).ptr;
	f->lock = arena_format(&c->arena, "%s.lock", f->place).ptr;
	return ERR_OK;
}

enum err fetch_begin(struct command *c, const struct fetch_request *request, struct buf *why)
{
	struct fetch *f = arena_new(&c->arena, struct fetch);
	enum err err = ERR_OK;

	*f = (struct fetch){ .c = c, .known = request->known, .lock_fd = -1 };
	f->began = clock_steady(&c->engine->clock);
	if (!is_repository(request->repository)) {
		why_set(why, "\"%.*s\": expected a known name, or ORG/NAME as the hub has it",
			STR_ARG(request->repository));
		return ERR_USAGE;
	}
	err = find_places(f, request->repository, why);
	if (!err && !request->again && access(f->place, F_OK) == 0) {
		why_set(why, "%s: it is here already: --force fetches it again", f->place);
		err = ERR_REFUSED;
	}
	if (!err && !c->engine->http)
		err = http_open(&c->engine->http, c->engine->loop, why);
	if (!err)
		err = prepare(f, why);
	if (err)
		return err;
	f->count = known_files(request->known, f->files);
	if (request->sha256)
		f->files[f->count - 1].sha256 = request->sha256;
	c->state = f;
	command_wait(c, interrupt);
	next(f);
	return ERR_OK;
}
