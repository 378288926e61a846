/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing whole files. */
#include "core/verb/put.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err fail(const char *file, int number, struct buf *why)
{
	why_set(why, "%s: it cannot be written: %s", file, strerror(number));
	return number == ENOSPC ? ERR_FULL : ERR_IO;
}

static void make_folders(const char *file)
{
	struct arena scratch = ARENA;
	char *path = arena_text(&scratch, file);

	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	arena_release(&scratch);
}

static bool write_all(int fd, struct str text)
{
	while (text.len) {
		ssize_t done = write(fd, text.ptr, text.len);

		if (done <= 0)
			return false;
		text = str_part(text, (size_t)done, text.len);
	}
	return true;
}

enum err put_file(const char *file, struct str text, bool force, struct buf *why)
{
	bool written;
	int number, fd;

	make_folders(file);
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL), 0600);
	if (fd < 0 && errno == EEXIST) {
		why_set(why, "%s: it is there already: --force replaces it", file);
		return ERR_REFUSED;
	}
	written = fd >= 0 && write_all(fd, text) && fsync(fd) == 0;
	number = written ? 0 : errno;
	if (fd >= 0 && close(fd) && written)
		number = errno;
	return number ? fail(file, number, why) : ERR_OK;
}

enum err put_file_anew(struct arena *arena, const char *file, struct str text, struct buf *why)
{
	struct str fresh = arena_format(arena, "%s.new", file);
	struct str old = arena_format(arena, "%s.bak", file);
	enum err err = put_file(fresh.ptr, text, true, why);

	if (err)
		return err;
	/* A link first, so that there is no moment without the file. */
	if (access(file, F_OK) == 0 && (unlink(old.ptr) == 0 || errno == ENOENT) &&
		link(file, old.ptr) != 0)
		return fail(old.ptr, errno, why);
	if (rename(fresh.ptr, file) != 0)
		return fail(file, errno, why);
	return ERR_OK;
}
