/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One connection to one SQLite file: opened with the settings that everything here relies on, and
 * its errors in our words (what, where, the mend). Used by one thread at a time.
 */
#ifndef WEIR_STORE_DB_H
#define WEIR_STORE_DB_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/err.h"

#include <sqlite3.h>

enum { DB_BUSY_MS = 5000, DB_SQL_MAX = 1 << 16 };

struct db {
	struct sqlite3 *handle;
	char *path; /* for messages */
};

/* For ":memory:" a database of its own. The file is there already (place_prepare). */
MUST_CHECK enum err db_open(struct db **db, const char *path, const char *vfs, struct buf *why);
void db_close(struct db **db);

MUST_CHECK enum err db_exec(const struct db *db, const char *sql, struct buf *why);

/* The one integer that `sql` yields; 0 when it yields none. */
MUST_CHECK enum err db_int(const struct db *db, const char *sql, int64_t *value, struct buf *why);

MUST_CHECK enum err db_prepare(
	const struct db *db, struct str sql, sqlite3_stmt **statement, struct buf *why);

/* Values of a row; the text lives until the next step. */
void db_bind_text(sqlite3_stmt *statement, int place, struct str text); /* not copied */
struct str db_text(sqlite3_stmt *statement, int column);

/* Steps and gives ERR_OK (a row), ERR_NOT_FOUND (no more rows; `why` untouched) or what failed. */
MUST_CHECK enum err db_step(const struct db *db, sqlite3_stmt *statement, struct buf *why);

/* Ready to be bound and stepped again; gives up what it holds. */
void db_rest(sqlite3_stmt *statement);

/* Whether the name has come to stand for another file, or none. */
bool db_has_moved(const struct db *db);

#endif
