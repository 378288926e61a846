/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Money: integer pico-dollars (1e-12 $), so that $0.0028 per million tokens is exact (2,800 a
 * token). Sums are checked; what is not known stays unknown and never turns into zero.
 */
#ifndef WEIR_BASE_MONEY_H
#define WEIR_BASE_MONEY_H

#include "core/base/buf.h"

#define MONEY_UNKNOWN INT64_MIN
#define MONEY_DOLLAR INT64_C(1000000000000)

/* Unknown when either is unknown or the result does not fit. */
int64_t money_add(int64_t a, int64_t b);
int64_t money_sub(int64_t a, int64_t b);
int64_t money_times(int64_t a, int64_t count);

/* Reads a decimal number of dollars ("20", "0.0028", "-1.5"). False when it is none, has more
 * than 12 decimals that matter, or does not fit. */
bool money_parse(struct str text, int64_t *pico);

/* Dollars per million tokens to pico-dollars per token; false also below 1e-6 $ a million. */
bool money_parse_per_million(struct str text, int64_t *pico_per_token);

/* The same from a number of JSON, which may have an exponent ("2.8e-09"): dollars a token, or a
 * million tokens, to pico-dollars a token. False also when it is negative. */
bool money_read_per_token(struct str number, int64_t *pico);
bool money_read_per_million(struct str number, int64_t *pico_per_token);

/* Exact, with at least 9 decimals: "0.000021000". Unknown gives "unknown". */
void money_format(struct buf *out, int64_t pico);

/* For people: two significant digits below a cent, else cents to four decimals: "$0.000021",
 * "$0.0894", "$12.50"; unknown gives "unknown". */
void money_say(struct buf *out, int64_t pico);

#endif
