/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The memory of the program: one SQLite file in WAL mode with synchronous=FULL. Decisions are
 * handed to a writer thread that commits them in groups; a decision counts as done only after its
 * commit. Reading goes through a connection of its own and never waits for writing. Several
 * processes may use one file. Nothing above this folder knows that it is SQLite.
 *
 * Columns come from the field tables of core/record/field.h and from nowhere else: a row added
 * there becomes a column when an older file is opened.
 */
#ifndef WEIR_STORE_STORE_H
#define WEIR_STORE_STORE_H

#include "core/base/clock.h"
#include "core/record/decision.h"

struct store;

/* A decision that comes after a quiet time is committed at once; under load one commit begins so
 * long after the one before and takes all that has come meanwhile. */
enum { STORE_GROUP_US = 5000 };

struct store_options {
	const char *path;      /* the file (made with mode 0600, its folder with 0700), or
				  ":memory:", which is always written inline */
	bool must_exist;       /* do not make it */
	bool write_inline;     /* no thread: store_append commits before it returns (tests) */
	int64_t group_us;      /* how far apart commits begin under load; 0: STORE_GROUP_US */
	const char *vfs;       /* NULL: the default; tests hand in one that loses power */
	void (*wake)(void *ctx); /* called by the writer thread when store_collect has work */
	void *wake_ctx;
};

/* ERR_NOT_FOUND for a missing file that must exist, ERR_NEWER for a file of a newer version,
 * ERR_CORRUPT for a damaged or foreign one (left as it is), ERR_READ_ONLY, ERR_FULL, ERR_BUSY,
 * ERR_IO: each with the path and the mend. */
MUST_CHECK enum err store_open(
	struct store **s, const struct store_options *options, struct buf *why);

/* Waits until everything appended is committed (or has failed), collects it, and closes. A receipt
 * may still append; it is committed at once then. */
void store_close(struct store **s);

/* How a decision's commit ended. Called from store_collect (or from store_append when writing
 * inline) on the thread that calls these; `say` is words for an error. */
struct store_receipt {
	void (*done)(void *ctx, const struct decision *d, enum err err, struct str say);
	void *ctx;
};

/* Hands a finished decision over. It must stay as it is until its receipt is called. Never blocks
 * and never fails: what goes wrong is told by the receipt (ERR_FULL, ERR_IO ...: the whole group;
 * ERR_AMBIGUOUS for an id that is there already, ERR_TOO_BIG: that decision alone). The first
 * append after a failed one tries again. */
void store_append(struct store *s, const struct decision *d, struct store_receipt receipt);

/* Calls the receipts of what has been committed (or has failed) since. */
void store_collect(struct store *s);

/* Waits until the queue is empty. store_collect is still the caller's. */
void store_flush(struct store *s);

/* A decision by its whole id or by the last 4 to 12 hex digits of it. The result is the caller's
 * (decision_free). ERR_NOT_FOUND, ERR_AMBIGUOUS (why lists the candidates). */
MUST_CHECK enum err store_find(
	struct store *s, struct str id, struct decision **d, struct buf *why);

/* The newest decision; ERR_NOT_FOUND when there is none. */
MUST_CHECK enum err store_last(struct store *s, struct decision **d, struct buf *why);

/* How many last hex digits of the id are unique in this store: at least ID_SHORT_MIN. */
size_t store_short_digits(struct store *s, struct id id);

/* Decisions that match a filter, newest first (oldest first on demand), one page. */
struct store_query {
	struct str filter;     /* see core/store/filter.h; empty: all */
	size_t limit;          /* at most so many; 0: all */
	int64_t before, after; /* only decisions with a row number below / above; 0: no bound */
	bool oldest_first;
};

/* `row` gets each decision and its row number (for the next page); false stops. */
MUST_CHECK enum err store_select(struct store *s, const struct store_query *query,
	bool (*row)(void *ctx, const struct decision *d, int64_t number), void *ctx,
	struct buf *why);

/* How many decisions there are. */
int64_t store_count(struct store *s);

/* Changes when another process, or this one, has written. */
int64_t store_data_version(struct store *s);

/* For `weir doctor`: schema version, size in bytes, an integrity check (slow on large files). */
struct store_health {
	int schema_version;
	int64_t bytes, decisions;
	bool sound;
	struct str say; /* what the check found, in the arena handed in */
};
MUST_CHECK enum err store_check(
	struct store *s, struct arena *arena, struct store_health *health, struct buf *why);

#endif
