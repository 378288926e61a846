/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decisions on their way into the file, and the commit of several of them at once. All of a group
 * are written or none is, but for those that are themselves at fault (there already, too big):
 * they are left out and told so.
 */
#ifndef WEIR_STORE_GROUP_H
#define WEIR_STORE_GROUP_H

#include "core/store/rows.h"
#include "core/store/store.h"

struct job {
	struct job *next;
	const struct decision *d;
	struct store_receipt receipt;
	enum err err;
	struct buf say;
};

struct jobs {
	struct job *first, *last;
	size_t count;
};

void jobs_add(struct jobs *jobs, struct job *job);
struct job *jobs_take(struct jobs *jobs); /* the first; NULL when there is none */
void jobs_join(struct jobs *jobs, struct jobs *more); /* `more` is empty then */

/* Calls the receipt and frees the job. */
void job_done(struct job *job);

/* The writing side of a connection. It stays where it is until group_release. */
struct group {
	const struct db *db;
	struct rows rows;
	int wal_pages; /* as SQLite told last */
};

MUST_CHECK enum err group_open(struct group *g, const struct db *db, struct buf *why);
void group_release(struct group *g);

/* One transaction; how it ended is in each job. */
void group_commit(struct group *g, struct jobs *jobs);

/* Moves the log into the file when it has grown; after the receipts, as it may take a while. */
void group_checkpoint(struct group *g);

#endif
