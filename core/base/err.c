/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table behind err.h. */
#include "core/base/err.h"

#include "core/base/base.h"

static const struct {
	const char *name;
	int status;
	const char *say;
} err_table[ERR_COUNT] = {
#define X(code, status, say) [ERR_##code] = { #code, status, say },
	ERR_LIST(X)
#undef X
};

const char *err_name(enum err err)
{
	return (unsigned)err < ERR_COUNT ? err_table[err].name : "UNKNOWN";
}

const char *err_say(enum err err)
{
	return (unsigned)err < ERR_COUNT ? err_table[err].say : "an unknown error";
}

int err_exit(enum err err)
{
	return (unsigned)err < ERR_COUNT ? err_table[err].status : 1;
}
