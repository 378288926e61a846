/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A decision as rows: one in `decision`, one in `attempt` for each attempt, and so on. What is
 * read equals what was written, field by field.
 */
#ifndef WEIR_STORE_ROWS_H
#define WEIR_STORE_ROWS_H

#include "core/record/decision.h"
#include "core/store/db.h"

enum { ROWS_TABLES = 4 };

/* The prepared statements for one direction. */
struct rows {
	const struct db *db;
	sqlite3_stmt *statements[ROWS_TABLES]; /* decision, attempt, verdict, tool */
	struct buf lists;                      /* lists of texts on their way out */
};

MUST_CHECK enum err rows_open_write(struct rows *r, const struct db *db, struct buf *why);
MUST_CHECK enum err rows_open_read(struct rows *r, const struct db *db, struct buf *why);
void rows_release(struct rows *r);

/* Inside a transaction of the caller's. ERR_AMBIGUOUS when the id is there already (nothing has
 * been written then); ERR_TOO_BIG when the decision does not fit; else the file is at fault. */
MUST_CHECK enum err rows_write(struct rows *r, const struct decision *d, struct buf *why);

/* ERR_NOT_FOUND when there is no such row. */
MUST_CHECK enum err rows_read(
	struct rows *r, int64_t seq, struct decision **d, struct buf *why);

/* The last 12 digits of an id from right to left: what short ids are looked up by. */
void rows_tail(struct id id, char tail[ID_SHORT_MAX + 1]);

#endif
