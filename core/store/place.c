/* SPDX-License-Identifier: GPL-3.0-or-later
 * Folders and the empty file, before SQLite sees them. */
#include "core/store/place.h"

#include "core/base/arena.h"
#include "core/base/save.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MODE = 0600 };

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
	int error = save_folder_of(path);

	if (!error)
		error = make_file(path);
	if (!error)
		save_sync(path);
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
	return error ? save_fail(error, path, why) : ERR_OK;
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
