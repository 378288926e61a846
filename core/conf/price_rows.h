/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rows of a list of prices as they come from settings ("models.*.price[].input").
 */
#ifndef WEIR_CONF_PRICE_ROWS_H
#define WEIR_CONF_PRICE_ROWS_H

#include "core/conf/price.h"
#include "core/conf/setting.h"

/* Rows that nothing has been said about. */
void price_rows_clear(struct price *rows, size_t count);

void price_row_put(struct price *row, const struct setting *s);

/* What is wrong with a row after those before it; NULL: nothing. */
const char *price_row_wrong(const struct price *rows, size_t at);

/* A row as an object with the keys of the configuration; exact. */
void price_row_write(struct json_writer *w, const struct price *row);

/* Pico-dollars a token as dollars per million tokens, exact: "0.0028"; "?" when unknown. */
void price_amount_write(struct buf *out, int64_t pico);

/* "from 2026-09-10, 01:00-04:00 mon-fri, over 200000 tokens"; "always" when nothing limits it. */
void price_row_say_when(struct buf *out, const struct price *row);

#endif
