/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small files, read whole. */
#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int file_read(const char *path, struct buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error = 0;
	ssize_t got = 1;

	if (fd < 0)
		return errno;
	while (!error && got > 0) {
		char piece[16384];

		got = read(fd, piece, sizeof(piece));
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got < 0)
			error = errno;
		else
			buf_add(text, piece, (size_t)got);
		if (buf_is_full(text))
			error = EFBIG;
	}
	close(fd);
	return error;
}

const char *file_error(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return "there is no such file";
	case EACCES:
		return "no permission to read it";
	case EISDIR:
		return "this is a folder, not a file";
	case EFBIG:
		return "larger than such a file may be";
	default:
		return "it cannot be read";
	}
}
