/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing whole files. */
#include "core/verb/put.h"

#include "core/base/save.h"

#include <errno.h>
#include <unistd.h>

enum err put_file(const char *file, struct str text, bool force, struct buf *why)
{
	int error;

	if (!force && access(file, F_OK) == 0) {
		why_set(why, "%s: it is there already: --force replaces it", file);
		return ERR_REFUSED;
	}
	error = save_file(file, text);
	return error ? save_fail(error, file, why) : ERR_OK;
}

enum err put_file_anew(struct arena *arena, const char *file, struct str text, struct buf *why)
{
	struct str old = arena_format(arena, "%s.bak", file);

	/* A link, so that there is no moment without the file. */
	if (access(file, F_OK) == 0 && (unlink(old.ptr) == 0 || errno == ENOENT) &&
		link(file, old.ptr) != 0)
		return save_fail(errno, old.ptr, why);
	return put_file(file, text, true, why);
}
