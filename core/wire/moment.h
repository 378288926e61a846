/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Times as providers write them. All come out as microseconds from now, never negative, never more
 * than MOMENT_MAX; SPAN_NONE for what is none.
 */
#ifndef WEIR_WIRE_MOMENT_H
#define WEIR_WIRE_MOMENT_H

#include "core/record/decision.h"

#define MOMENT_MAX (INT64_C(31) * 86400 * 1000000)

/* "12ms", "6m0s", "1m9.696s", "1h2m", "6 seconds", "1 minute and 3 seconds": from the front of
 * `text`, as far as it goes. */
int64_t moment_duration(struct str text);

/* The whole text: seconds, a duration, an HTTP date, RFC 3339, or seconds or milliseconds since
 * 1970. now: wall us. What has passed is 0. */
int64_t moment_read(struct str text, int64_t now);

/* The whole text as a number of milliseconds. */
int64_t moment_ms(struct str text);

/* The other way round: "0.6 s", "12 s", "3 min", "5 h", "2 days". */
void moment_say(int64_t us, struct buf *out);

#endif
