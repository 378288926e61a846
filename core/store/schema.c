/* SPDX-License-Identifier: GPL-3.0-or-later
 * Steps, columns, indexes. */
#include "core/store/schema.h"

#include "core/store/column.h"

/* steps[n] leads from version n to n + 1; a step that has been released never changes. */
static const char *const steps[SCHEMA_VERSION] = {
	"CREATE TABLE decision (seq INTEGER PRIMARY KEY, tail TEXT);"
	"CREATE INDEX decision_tail ON decision (tail);"
	"CREATE TABLE attempt (decision INTEGER, n INTEGER,"
	" PRIMARY KEY (decision, n)) WITHOUT ROWID;"
	"CREATE TABLE verdict (decision INTEGER, attempt INTEGER, n INTEGER,"
	" PRIMARY KEY (decision, attempt, n)) WITHOUT ROWID;"
	"CREATE TABLE tool (decision INTEGER, n INTEGER,"
	" PRIMARY KEY (decision, n)) WITHOUT ROWID",
};

static enum err versions(
	const struct db *db, int64_t *application, int64_t *version, struct buf *why)
{
	enum err err = db_int(db, "PRAGMA application_id", application, why);

	return err ? err : db_int(db, "PRAGMA user_version", version, why);
}

enum err schema_check(const struct db *db, struct buf *why)
{
	int64_t application, version, things;
	enum err err = versions(db, &application, &version, why);

	if (err || (err = db_int(db, "SELECT count(*) FROM sqlite_schema", &things, why)))
		return err;
	if (application != SCHEMA_APPLICATION && (application || version || things)) {
		why_set(why, "%s: it is no file of weir: name another file", db->path);
		return ERR_CORRUPT;
	}
	if (version > SCHEMA_VERSION) {
		why_set(why,
			"%s: it was written by a newer weir (version %lld of the file, this one"
			" knows %d); install that one, or name another file",
			db->path, (long long)version, SCHEMA_VERSION);
		return ERR_NEWER;
	}
	return ERR_OK;
}

/* The names of a table's columns as one text, each between blanks: " seq tail id ... ". */
static enum err known_columns(
	const struct db *db, const char *table, struct buf *known, struct buf *why)
{
	struct buf sql = BUF(DB_SQL_MAX);
	sqlite3_stmt *statement;
	enum err err;

	buf_addf(&sql, "SELECT name FROM pragma_table_info('%s')", table);
	err = db_prepare(db, buf_str(&sql), &statement, why);
	buf_release(&sql);
	if (err)
		return err;
	buf_clear(known);
	buf_add_char(known, ' ');
	while (!(err = db_step(db, statement, why))) {
		buf_add_str(known, db_text(statement, 0));
		buf_add_char(known, ' ');
	}
	sqlite3_finalize(statement);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static bool is_known(const struct buf *known, const struct field *f)
{
	struct buf name = BUF(BUF_LINE_MAX);
	bool found;

	buf_add_char(&name, ' ');
	column_name(&name, f);
	buf_add_char(&name, ' ');
	found = str_find(buf_str(known), buf_str(&name)) < known->len;
	buf_release(&name);
	return found;
}

/* Adds `ALTER TABLE ...;` to `sql` for each field without a column. */
static enum err plan_columns(const struct db *db, const struct field_table *table,
	struct buf *sql, struct buf *why)
{
	struct buf known = BUF(DB_SQL_MAX);
	enum err err = known_columns(db, table->name, &known, why);

	for (size_t i = 0; !err && i < table->count; i++) {
		const struct field *f = &table->fields[i];

		if (is_known(&known, f))
			continue;
		buf_addf(sql, "ALTER TABLE %s ADD COLUMN ", table->name);
		column_add(sql, f);
		buf_addf(sql, " %s;", column_type(f));
	}
	buf_release(&known);
	return err;
}

static void plan_indexes(struct buf *sql)
{
	for (size_t i = 0; i < COLUMN_INDEX_COUNT; i++) {
		const struct column_index *index = &column_indexes[i];
		const struct field *f = field_find(index->table, str_of(index->path));

		buf_addf(sql, "CREATE %sINDEX IF NOT EXISTS %s_", index->unique ? "UNIQUE " : "",
			index->table->name);
		column_name(sql, f);
		buf_addf(sql, " ON %s (", index->table->name);
		column_add(sql, f);
		buf_add_text(sql, ");");
	}
}

static enum err take_steps(const struct db *db, int64_t version, struct buf *why)
{
	enum err err = ERR_OK;

	for (; !err && version < SCHEMA_VERSION; version++)
		err = db_exec(db, steps[version], why);
	return err;
}

static enum err is_current(const struct db *db, bool *current, struct buf *why)
{
	struct buf sql = BUF(DB_SQL_MAX);
	int64_t application, version, indexes;
	enum err err = versions(db, &application, &version, why);

	for (size_t i = 0; !err && i < COLUMN_TABLE_COUNT; i++)
		err = plan_columns(db, column_tables[i], &sql, why);
	if (!err)
		err = db_int(db,
			"SELECT count(*) FROM sqlite_schema WHERE type='index' AND sql NOTNULL",
			&indexes, why);
	if (!err)
		*current = application == SCHEMA_APPLICATION && version == SCHEMA_VERSION &&
			   !sql.len && indexes > COLUMN_INDEX_COUNT;
	buf_release(&sql);
	return err;
}

static enum err forward_within(const struct db *db, struct buf *why)
{
	struct buf sql = BUF(DB_SQL_MAX);
	int64_t application, version;
	enum err err = versions(db, &application, &version, why);

	if (!err)
		err = take_steps(db, version, why);
	for (size_t i = 0; !err && i < COLUMN_TABLE_COUNT; i++)
		err = plan_columns(db, column_tables[i], &sql, why);
	plan_indexes(&sql);
	buf_addf(&sql, "PRAGMA application_id=%d; PRAGMA user_version=%d", SCHEMA_APPLICATION,
		SCHEMA_VERSION);
	if (!err)
		err = db_exec(db, sql.ptr, why);
	buf_release(&sql);
	return err;
}

enum err schema_forward(const struct db *db, struct buf *why)
{
	bool current = false;
	enum err err = is_current(db, &current, why);

	if (err || current)
		return err;
	err = db_exec(db, "BEGIN IMMEDIATE", why);
	if (err)
		return err;
	err = schema_check(db, why); /* somebody may have been faster */
	if (!err)
		err = forward_within(db, why);
	if (!err)
		err = db_exec(db, "COMMIT", why);
	if (err && !sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	return err;
}
