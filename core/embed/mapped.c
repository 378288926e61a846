/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opens, looks, maps; the descriptor is not kept. */
#include "core/embed/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err say_error(const char *path, int error, struct buf *why)
{
	bool absent = error == ENOENT || error == ENOTDIR;

	why_set(why, "%s: %s", path,
		absent ? "there is no such file"
		: error == EACCES ? "no permission to read it"
		: error == EISDIR ? "this is no plain file"
				  : "it cannot be read");
	return absent ? ERR_NOT_FOUND : ERR_IO;
}

static enum err map(struct mapped *m, int fd, const char *path, size_t most, struct buf *why)
{
	struct stat st;
	void *at;

	if (fstat(fd, &st))
		return say_error(path, errno, why);
	if (!S_ISREG(st.st_mode))
		return say_error(path, EISDIR, why);
	if (st.st_size < 0 || (uintmax_t)st.st_size > most) {
		why_set(why, "%s: %lld bytes are more than such a file may have (%zu)", path,
			(long long)st.st_size, most);
		return ERR_TOO_BIG;
	}
	if (!st.st_size)
		return ERR_OK;
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return say_error(path, errno, why);
	m->bytes = (struct str){ at, (size_t)st.st_size };
	return ERR_OK;
}

enum err mapped_open(struct mapped *m, const char *path, size_t most, struct buf *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum err err;

	m->bytes = STR_NONE;
	if (fd < 0)
		return say_error(path, errno, why);
	err = map(m, fd, path, most, why);
	close(fd);
	return err;
}

void mapped_close(struct mapped *m)
{
	if (m->bytes.ptr)
		munmap((void *)(uintptr_t)m->bytes.ptr, m->bytes.len);
	m->bytes = STR_NONE;
}
