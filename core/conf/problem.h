/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is wrong with a configuration, collected so that all of it can be mended at once: one line
 * each, "config.json:12:9: models.o3.tier: expected ...".
 */
#ifndef WEIR_CONF_PROBLEM_H
#define WEIR_CONF_PROBLEM_H

#include "core/conf/setting.h"

enum { PROBLEMS_MAX = 20, PROBLEM_NAME_MAX = 80 };

struct problems {
	struct buf text;
	size_t count;
};

#define PROBLEMS ((struct problems){ .text = BUF(BUF_LINE_MAX) })

/* `path` may be no text. Those after PROBLEMS_MAX are only counted. */
void problem_add(struct problems *p, const struct origin *where, struct str path,
	const char *format, ...) PRINTF_LIKE(4, 5);

/* ERR_CONFIG with all of them in `why`, as many whole lines as it takes; ERR_OK when there are
 * none. Gives the memory back. */
MUST_CHECK enum err problems_end(struct problems *p, struct buf *why);

/* A name somebody else chose, in quotes, cut to PROBLEM_NAME_MAX, without control characters. */
void say_name(struct buf *out, struct str name);

#endif
