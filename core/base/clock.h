/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Time, as something that is handed in: the real clock, or one that a test moves by hand.
 * Microseconds everywhere. `wall` is UTC since 1970 and may jump; `steady` only runs forward.
 */
#ifndef WEIR_BASE_CLOCK_H
#define WEIR_BASE_CLOCK_H

#include "core/base/buf.h"

enum { US_PER_MS = 1000, US_PER_S = 1000000 };

struct clock {
	int64_t (*wall)(void *ctx);
	int64_t (*steady)(void *ctx);
	void *ctx;
};

/* The machine's own. */
extern const struct clock clock_real;

/* A clock that stands still until it is moved. */
struct clock_fake {
	int64_t wall, steady;
};
struct clock clock_fake(struct clock_fake *fake);
void clock_fake_move(struct clock_fake *fake, int64_t us);

int64_t clock_wall(const struct clock *c);
int64_t clock_steady(const struct clock *c);

/* "2026-11-21T09:00:00.123Z" */
void clock_format(struct buf *out, int64_t wall_us);

/* Reads the date of an HTTP head, "Tue, 24 Nov 2026 16:20:39 GMT"; false for anything else, older
 * forms of it too. */
bool clock_parse_http(struct str text, int64_t *wall_us);

/* Reads what clock_format writes, and a bare date; false for anything else. */
bool clock_parse(struct str text, int64_t *wall_us);

#endif
