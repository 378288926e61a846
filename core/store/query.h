/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading: one decision by name, many by filter. Never holds a transaction open while the caller
 * has the word, so a slow pipe does not keep the log from being folded into the file.
 */
#ifndef WEIR_STORE_QUERY_H
#define WEIR_STORE_QUERY_H

#include "core/store/rows.h"
#include "core/store/store.h"

struct query {
	const struct db *db;
	struct rows rows;
	int64_t count;                   /* -1: not counted */
	int64_t count_version, count_own; /* the state of the data that it belongs to */
};

MUST_CHECK enum err query_open(struct query *q, const struct db *db, struct buf *why);
void query_release(struct query *q);

/* As in store.h. */
MUST_CHECK enum err query_find(
	struct query *q, struct str id, struct decision **d, struct buf *why);
MUST_CHECK enum err query_last(struct query *q, struct decision **d, struct buf *why);
MUST_CHECK enum err query_select(struct query *q, const struct store_query *query,
	bool (*row)(void *ctx, const struct decision *d, int64_t number), void *ctx,
	struct buf *why);
size_t query_short_digits(struct query *q, struct id id);
int64_t query_count(struct query *q);

#endif
