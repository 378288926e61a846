/* SPDX-License-Identifier: GPL-3.0-or-later
 * Folders, and files by way of a new one beside them. */
#include "core/base/save.h"

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

enum err save_fail(int error, const char *path, struct buf *why)
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

/* A file system that cannot do it is not worth an error. */
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

int save_folder(const char *folder)
{
	struct arena arena = ARENA;
	int error = make_folder(&arena, folder);

	arena_release(&arena);
	return error;
}

int save_folder_of(const char *path)
{
	struct arena arena = ARENA;
	int error = make_folder(&arena, folder_of(&arena, path));

	arena_release(&arena);
	return error;
}

void save_sync(const char *path)
{
	struct arena arena = ARENA;

	sync_folder(folder_of(&arena, path));
	arena_release(&arena);
}

static int write_all(int fd, struct str text)
{
	while (text.len) {
		ssize_t done = write(fd, text.ptr, text.len);

		if (done < 0 && errno != EINTR)
			return errno;
		text = str_part(text, done > 0 ? (size_t)done : 0, text.len);
	}
	return fsync(fd) ? errno : 0;
}

/* The new file has the mode of the old one. */
static int write_new(int fd, const char *path, struct str text)
{
	struct stat st;

	if (fchmod(fd, stat(path, &st) ? FILE_MODE : st.st_mode & 07777))
		return errno;
	return write_all(fd, text);
}

int save_file(const char *path, struct str text)
{
	struct arena arena = ARENA;
	char *target = realpath(path, NULL); /* a link stays one */
	char *beside;
	int error, fd = -1;

	path = target ? target : path;
	beside = arena_text(&arena, arena_format(&arena, "%s.XXXXXX", path).ptr);
	error = make_folder(&arena, folder_of(&arena, path));
	if (!error) {
		fd = mkstemp(beside);
		error = fd < 0 ? errno : 0;
	}
	if (!error)
		error = write_new(fd, path, text);
	if (fd >= 0 && close(fd) && !error)
		error = errno;
	if (!error && rename(beside, path))
		error = errno;
	if (error && fd >= 0)
		unlink(beside);
	if (!error)
		sync_folder(folder_of(&arena, path));
	free(target);
	arena_release(&arena);
	return error;
}
