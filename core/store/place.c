/* SPDX-License-Identifier: GPL-3.0-or-later
 * Folders and the empty file, before SQLite sees them. */
#include "core/store/place.h"

#include "core/base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_MODE = 0700, FILE_MODE = 0600 };

static const struct {
	int error;
	enum err err;
	const char *say;
} fails[] = {
	{ ENOSPC, ERR_FULL, "the disk is full: free some space, then try again" },
	{ EDQUOT, ERR_FULL, "the quota is used up: free some space, then try again" },
	{ EFBIG, ERR_FULL, "the file may not grow further: raise the limit, then try again" },
	{ EACCES, ERR_READ_ONLY,
		"it may not be written: make it and its folder writable, or name another file" },
	{ EPERM, ERR_READ_ONLY,
		"it may not be written: make it and its folder writable, or name another file" },
	{ EROFS, ERR_READ_ONLY, "the file system is read-only: name another file" },
	{ ENOTDIR, ERR_IO, "a part of the path is not a folder: name another file" },
	{ ENAMETOOLONG, ERR_IO, "the path is too long: name another file" },
};

enum err place_fail(int error, const char *path, struct buf *why)
{
	char text[128];

	for (size_t i = 0; i < ARRAY_LEN(fails); i++)
		if (fails[i].error == error) {
			why_set(why, "%s: %s", path, fails[i].say);
			return fails[i].err;
		}
	if (strerror_r(error, text, sizeof(text)))
		text[0] = '\0';
	why_set(why, "%s: it cannot be opened (%s): check the path", path, text);
	return ERR_IO;
}

/* The folder's new entry is on the disk when this returns; a file system that cannot do it is
 * not worth an error. */
static void sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

/* The part before the last '/', in place. */
static char *folder_of(struct arena *arena, const char *path)
{
	char *folder = arena_text(arena, path), *slash = strrchr(folder, '/');

	if (!slash)
		return arena_text(arena, ".");
	slash[slash == folder] = '\0';
	return folder;
}

static int make_folder(struct arena *arena, const char *folder)
{
	char *above;
	struct stat st;
	int error;

	if (!stat(folder, &st))
		return S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
	if (errno != ENOENT)
		return errno;
	above = folder_of(arena, folder);
	if (!strcmp(above, folder))
		return ENOENT;
	error = make_folder(arena, above);
	if (error)
		return error;
	if (mkdir(folder, FOLDER_MODE) && errno != EEXIST)
		return errno;
	sync_folder(above);
	return 0;
}

static int make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);

	if (fd < 0)
		return errno == EEXIST ? 0 : errno;
	close(fd);
	return 0;
}

static int make(const char *path)
{
	struct arena arena = ARENA;
	const char *folder = folder_of(&arena, path);
	int error = make_folder(&arena, folder);

	if (!error)
		error = make_file(path);
	if (!error)
		sync_folder(folder);
	arena_release(&arena);
	return error;
}

enum err place_prepare(const char *path, bool must_exist, struct buf *why)
{
	struct stat st;
	int error = stat(path, &st) ? errno : 0;

	if (!error && !S_ISREG(st.st_mode)) {
		why_set(why, "%s: %s: name another file", path,
			S_ISDIR(st.st_mode) ? "it is a folder" : "it is not a regular file");
		return ERR_IO;
	}
	if (error == ENOENT && must_exist) {
		why_set(why, "%s: there is no such file: check the path, or ask something first",
			path);
		return ERR_NOT_FOUND;
	}
	if (error == ENOENT)
		error = make(path);
	return error ? place_fail(error, path, why) : ERR_OK;
}

static int64_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : (int64_t)st.st_size;
}

int64_t place_size(const char *path)
{
	struct arena arena = ARENA;
	int64_t size = size_of(path) + size_of(arena_format(&arena, "%s-wal", path).ptr);

	arena_release(&arena);
	return size;
}
