/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening a connection, and what SQLite's codes mean to people. */
#include "core/store/db.h"

#include "core/base/save.h"
#include "core/store/match.h"

#include <errno.h>

static const struct {
	int code;
	enum err err;
	const char *say;
} fails[] = {
	{ SQLITE_FULL, ERR_FULL, "the disk is full: free some space, then try again" },
	{ SQLITE_READONLY, ERR_READ_ONLY,
		"it may not be written: make it and its folder writable, or name another file" },
	{ SQLITE_BUSY, ERR_BUSY, "another process holds it: wait for that one or stop it" },
	{ SQLITE_LOCKED, ERR_BUSY, "another process holds it: wait for that one or stop it" },
	{ SQLITE_PROTOCOL, ERR_BUSY, "another process holds it: wait for that one or stop it" },
	{ SQLITE_NOTADB, ERR_CORRUPT, "it is no file of weir: name another file" },
	{ SQLITE_CORRUPT, ERR_CORRUPT,
		"it is damaged: bring back a copy, or move it away to begin anew" },
	{ SQLITE_ERROR, ERR_CORRUPT,
		"its tables are not those of weir: bring back a copy, or name another file" },
	{ SQLITE_TOOBIG, ERR_TOO_BIG, "a text is larger than the file can hold" },
};

/* SQLite keeps errno for an open that failed; for the writing of a commit it does not. Every call
 * that may write begins with errno = 0. */
static int system_error(const struct db *db, int code)
{
	switch (code & 0xff) {
	case SQLITE_CANTOPEN:
		return sqlite3_system_errno(db->handle);
	case SQLITE_IOERR:
		return errno;
	default:
		return 0;
	}
}

/* The last error of this connection. Never ERR_OK. */
static enum err db_fail(const struct db *db, struct buf *why)
{
	int code = sqlite3_extended_errcode(db->handle), error = system_error(db, code);
	enum err err = error ? save_fail(error, db->path, why) : ERR_IO;

	if (err != ERR_IO)
		return err;
	for (size_t i = 0; i < ARRAY_LEN(fails); i++)
		if (fails[i].code == (code & 0xff)) {
			why_set(why, "%s: %s", db->path, fails[i].say);
			return fails[i].err;
		}
	why_set(why, "%s: reading or writing failed (%s): check the disk", db->path,
		sqlite3_errmsg(db->handle));
	return ERR_IO;
}

/* A file may come from anywhere: nothing that it holds is to run. */
static void trust_nothing(sqlite3 *handle)
{
	static const struct {
		int option, on;
	} settings[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		sqlite3_db_config(handle, settings[i].option, settings[i].on, NULL);
}

/* SQLite reads "file:..." as an address and "" as a file of its own; here they are names. */
static char *plain_path(const char *path)
{
	struct arena arena = ARENA;
	const char *plain = strncmp(path, "file:", 5) && *path ?
				    path : arena_format(&arena, "./%s", path).ptr;
	char *copy = memory_new(strlen(plain) + 1);

	memcpy(copy, plain, strlen(plain));
	arena_release(&arena);
	return copy;
}

enum err db_open(struct db **out, const char *path, const char *vfs, struct buf *why)
{
	struct db *db = memory_new(sizeof(*db));
	enum err err = ERR_OK;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

	db->path = plain_path(path);
	if (sqlite3_open_v2(db->path, &db->handle, flags, vfs)) {
		err = db_fail(db, why);
		db_close(&db);
		return err;
	}
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, DB_BUSY_MS);
	trust_nothing(db->handle);
	match_register(db->handle);
	err = db_exec(db, "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY", why);
	if (err)
		db_close(&db);
	*out = db;
	return err;
}

void db_close(struct db **db)
{
	if (!*db)
		return;
	sqlite3_close((*db)->handle);
	memory_free((*db)->path);
	memory_free(*db);
	*db = NULL;
}

enum err db_exec(const struct db *db, const char *sql, struct buf *why)
{
	errno = 0;
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) ? db_fail(db, why) : ERR_OK;
}

enum err db_prepare(
	const struct db *db, struct str sql, sqlite3_stmt **statement, struct buf *why)
{
	if (sqlite3_prepare_v3(db->handle, sql.ptr, (int)sql.len, SQLITE_PREPARE_PERSISTENT,
		    statement, NULL))
		return db_fail(db, why);
	return ERR_OK;
}

enum err db_step(const struct db *db, sqlite3_stmt *statement, struct buf *why)
{
	errno = 0;
	switch (sqlite3_step(statement)) {
	case SQLITE_ROW:
		return ERR_OK;
	case SQLITE_DONE:
		return ERR_NOT_FOUND;
	default:
		return db_fail(db, why);
	}
}

void db_rest(sqlite3_stmt *statement)
{
	sqlite3_reset(statement);
}

enum err db_int(const struct db *db, const char *sql, int64_t *value, struct buf *why)
{
	sqlite3_stmt *statement;
	enum err err = db_prepare(db, str_of(sql), &statement, why);

	if (err)
		return err;
	*value = 0;
	err = db_step(db, statement, why);
	if (!err)
		*value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

void db_bind_text(sqlite3_stmt *statement, int place, struct str text)
{
	if (text.ptr)
		sqlite3_bind_text64(statement, place, text.ptr, text.len, SQLITE_STATIC,
			SQLITE_UTF8);
	else
		sqlite3_bind_null(statement, place);
}

struct str db_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return (struct str){ text, (size_t)sqlite3_column_bytes(statement, column) };
}

bool db_has_moved(const struct db *db)
{
	int moved = 0;

	sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved != 0;
}
