/* SPDX-License-Identifier: GPL-3.0-or-later
 * Binding and reading through the field tables. */
#include "core/store/rows.h"

#include "core/store/column.h"
#include "core/store/texts.h"

#include <math.h>

enum { DECISION, ATTEMPT, VERDICT, TOOL };

/* The columns before those of the field tables: the place of a row. */
static const struct {
	const char *keys, *order;
	int count;
} places[ROWS_TABLES] = {
	[DECISION] = { "tail", "", 1 },
	[ATTEMPT] = { "decision, n", " WHERE decision = ?1 ORDER BY n", 2 },
	[VERDICT] = { "decision, attempt, n",
		" WHERE decision = ?1 AND attempt = ?2 ORDER BY n", 3 },
	[TOOL] = { "decision, n", " WHERE decision = ?1 ORDER BY n", 2 },
};

static void sql_to_write(struct buf *sql, int table)
{
	const struct field_table *fields = column_tables[table];
	int values = places[table].count + (int)fields->count;

	buf_addf(sql, "INSERT INTO %s (%s", fields->name, places[table].keys);
	column_add_all(sql, fields);
	buf_add_text(sql, ") VALUES (?");
	for (int i = 1; i < values; i++)
		buf_add_text(sql, ", ?");
	buf_add_char(sql, ')');
}

static void sql_to_read(struct buf *sql, int table)
{
	buf_add_text(sql, "SELECT 0"); /* so that columns, like values, count from 1 */
	column_add_all(sql, column_tables[table]);
	buf_addf(sql, " FROM %s%s", column_tables[table]->name,
		table == DECISION ? " WHERE seq = ?1" : places[table].order);
}

static enum err rows_open(struct rows *r, const struct db *db,
	void (*sql_of)(struct buf *sql, int table), struct buf *why)
{
	struct buf sql = BUF(DB_SQL_MAX);
	enum err err = ERR_OK;

	*r = (struct rows){ .db = db, .lists = BUF(BUF_TEXT_MAX) };
	for (int i = 0; !err && i < ROWS_TABLES; i++) {
		buf_clear(&sql);
		sql_of(&sql, i);
		err = db_prepare(db, buf_str(&sql), &r->statements[i], why);
	}
	buf_release(&sql);
	if (err)
		rows_release(r);
	return err;
}

enum err rows_open_write(struct rows *r, const struct db *db, struct buf *why)
{
	return rows_open(r, db, sql_to_write, why);
}

enum err rows_open_read(struct rows *r, const struct db *db, struct buf *why)
{
	return rows_open(r, db, sql_to_read, why);
}

void rows_release(struct rows *r)
{
	for (int i = 0; i < ROWS_TABLES; i++) {
		sqlite3_finalize(r->statements[i]);
		r->statements[i] = NULL;
	}
	buf_release(&r->lists);
}

void rows_tail(struct id id, char tail[ID_SHORT_MAX + 1])
{
	char digits[ID_SHORT_MAX + 1];

	id_write_tail(id, ID_SHORT_MAX, digits);
	for (int i = 0; i < ID_SHORT_MAX; i++)
		tail[i] = digits[ID_SHORT_MAX - 1 - i];
	tail[ID_SHORT_MAX] = '\0';
}

static void bind_id(sqlite3_stmt *s, int place, struct id id)
{
	char text[ID_TEXT + 1];

	id_write(id, text);
	sqlite3_bind_text(s, place, text, ID_TEXT, SQLITE_TRANSIENT);
}

/* A list that does not fit is as fatal to the decision as a text that does not. */
static enum err bind_texts(struct rows *r, sqlite3_stmt *s, int place, const struct texts *texts)
{
	buf_clear(&r->lists);
	texts_write(&r->lists, texts);
	if (buf_is_full(&r->lists))
		return ERR_TOO_BIG;
	sqlite3_bind_text64(s, place, r->lists.ptr, r->lists.len, SQLITE_TRANSIENT, SQLITE_UTF8);
	return ERR_OK;
}

static enum err bind_text(sqlite3_stmt *s, int place, struct str text)
{
	int rc = sqlite3_bind_text64(s, place, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8);

	return rc ? ERR_TOO_BIG : ERR_OK;
}

static enum err bind_field(
	struct rows *r, sqlite3_stmt *s, int place, const struct field *f, const void *object)
{
	if (field_is_null(f, object)) {
		sqlite3_bind_null(s, place);
		return ERR_OK;
	}
	switch (f->type) {
	case FIELD_ID:
		bind_id(s, place, *field_id(f, (void *)(uintptr_t)object));
		break;
	case FIELD_TEXT:
	case FIELD_JSON:
		return bind_text(s, place, field_text(f, object));
	case FIELD_TEXTS:
		return bind_texts(r, s, place, field_texts(f, (void *)(uintptr_t)object));
	case FIELD_REAL:
		sqlite3_bind_double(s, place, field_real(f, object));
		break;
	case FIELD_ENUM:
		sqlite3_bind_text(s, place, f->names[field_int(f, object)], -1, SQLITE_STATIC);
		break;
	case FIELD_INT:
	case FIELD_BOOL:
	case FIELD_MAYBE:
	case FIELD_MONEY:
	case FIELD_TIME:
	case FIELD_SPAN:
		sqlite3_bind_int64(s, place, field_int(f, object));
		break;
	}
	return ERR_OK;
}

static enum err too_big(const struct rows *r, struct buf *why)
{
	why_set(why, "%s: a decision is larger than the file can hold: ask for less text",
		r->db->path);
	return ERR_TOO_BIG;
}

/* Inserts one row; its keys are bound. */
static enum err write_row(struct rows *r, int table, const void *object, struct buf *why)
{
	const struct field_table *fields = column_tables[table];
	sqlite3_stmt *s = r->statements[table];
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < fields->count; i++)
		err = bind_field(r, s, places[table].count + 1 + (int)i, &fields->fields[i],
			object);
	if (err)
		return too_big(r, why);
	err = db_step(r->db, s, why);
	db_rest(s);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static void bind_keys(struct rows *r, int table, int64_t decision, size_t a, size_t b)
{
	sqlite3_stmt *s = r->statements[table];

	sqlite3_bind_int64(s, 1, decision);
	sqlite3_bind_int64(s, 2, (int64_t)a);
	if (table == VERDICT)
		sqlite3_bind_int64(s, 3, (int64_t)b);
}

static enum err write_attempt(
	struct rows *r, int64_t seq, size_t n, const struct attempt *a, struct buf *why)
{
	enum err err;

	bind_keys(r, ATTEMPT, seq, n, 0);
	err = write_row(r, ATTEMPT, a, why);
	for (size_t i = 0; !err && i < a->verdicts.len; i++) {
		bind_keys(r, VERDICT, seq, n, i + 1);
		err = write_row(r, VERDICT, &a->verdicts.ptr[i], why);
	}
	return err;
}

static enum err twice(const struct rows *r, struct id id, struct buf *why)
{
	char text[ID_TEXT + 1];

	id_write(id, text);
	why_set(why, "%s: decision %s is there already; it was not written again", r->db->path,
		text);
	return ERR_AMBIGUOUS;
}

enum err rows_write(struct rows *r, const struct decision *d, struct buf *why)
{
	sqlite3 *handle = r->db->handle;
	char tail[ID_SHORT_MAX + 1];
	int64_t seq;
	enum err err;

	rows_tail(d->id, tail);
	sqlite3_bind_text(r->statements[DECISION], 1, tail, ID_SHORT_MAX, SQLITE_TRANSIENT);
	err = write_row(r, DECISION, d, why);
	if (err == ERR_IO && sqlite3_extended_errcode(handle) == SQLITE_CONSTRAINT_UNIQUE)
		return twice(r, d->id, why);
	if (err)
		return err;
	seq = sqlite3_last_insert_rowid(handle);
	for (size_t i = 0; !err && i < d->attempts.len; i++)
		err = write_attempt(r, seq, i + 1, &d->attempts.ptr[i], why);
	for (size_t i = 0; !err && i < d->tools.len; i++) {
		bind_keys(r, TOOL, seq, i + 1, 0);
		err = write_row(r, TOOL, &d->tools.ptr[i], why);
	}
	return err;
}

static void read_id(struct str text, struct id *id)
{
	if (!id_parse(text, id))
		*id = (struct id){ { 0 } };
}

static void read_enum(const struct field *f, void *object, struct str name)
{
	int64_t code = 0;

	(void)field_parse_enum(f, name, &code);
	field_set_int(f, object, code);
}

/* The rest is born unknown. */
static void read_null(const struct field *f, void *object)
{
	if (f->type == FIELD_INT || f->type == FIELD_MONEY || f->type == FIELD_TIME ||
		f->type == FIELD_SPAN)
		field_set_int(f, object, INT_NONE);
}

static void read_field(
	struct arena *arena, sqlite3_stmt *s, int column, const struct field *f, void *object)
{
	if (sqlite3_column_type(s, column) == SQLITE_NULL) {
		read_null(f, object);
		return;
	}
	switch (f->type) {
	case FIELD_ID:
		read_id(db_text(s, column), field_id(f, object));
		break;
	case FIELD_TEXT:
	case FIELD_JSON:
		field_set_text(f, object, arena_str(arena, db_text(s, column)));
		break;
	case FIELD_TEXTS:
		texts_read(arena, db_text(s, column), field_texts(f, object));
		break;
	case FIELD_REAL:
		field_set_real(f, object, sqlite3_column_double(s, column));
		break;
	case FIELD_ENUM:
		read_enum(f, object, db_text(s, column));
		break;
	case FIELD_INT:
	case FIELD_BOOL:
	case FIELD_MAYBE:
	case FIELD_MONEY:
	case FIELD_TIME:
	case FIELD_SPAN:
		field_set_int(f, object, sqlite3_column_int64(s, column));
		break;
	}
}

static void read_row(struct rows *r, int table, struct arena *arena, void *object)
{
	const struct field_table *fields = column_tables[table];

	for (size_t i = 0; i < fields->count; i++)
		read_field(arena, r->statements[table], (int)i + 1, &fields->fields[i], object);
}

/* No more rows is how a list ends. */
static enum err end_list(struct rows *r, int table, enum err err)
{
	db_rest(r->statements[table]);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err read_verdicts(
	struct rows *r, int64_t seq, size_t n, struct decision *d, struct buf *why)
{
	enum err err;

	sqlite3_bind_int64(r->statements[VERDICT], 1, seq);
	sqlite3_bind_int64(r->statements[VERDICT], 2, (int64_t)n);
	while (!(err = db_step(r->db, r->statements[VERDICT], why)))
		read_row(r, VERDICT, &d->arena, attempt_add_verdict(d, &d->attempts.ptr[n - 1]));
	return end_list(r, VERDICT, err);
}

static enum err read_attempts(struct rows *r, int64_t seq, struct decision *d, struct buf *why)
{
	enum err err;

	sqlite3_bind_int64(r->statements[ATTEMPT], 1, seq);
	while (!(err = db_step(r->db, r->statements[ATTEMPT], why)))
		read_row(r, ATTEMPT, &d->arena, decision_add_attempt(d));
	err = end_list(r, ATTEMPT, err);
	for (size_t i = 0; !err && i < d->attempts.len; i++)
		err = read_verdicts(r, seq, i + 1, d, why);
	return err;
}

static enum err read_tools(struct rows *r, int64_t seq, struct decision *d, struct buf *why)
{
	enum err err;

	sqlite3_bind_int64(r->statements[TOOL], 1, seq);
	while (!(err = db_step(r->db, r->statements[TOOL], why)))
		read_row(r, TOOL, &d->arena, decision_add_tool_run(d));
	return end_list(r, TOOL, err);
}

static enum err read_decision(struct rows *r, int64_t seq, struct decision *d, struct buf *why)
{
	sqlite3_stmt *s = r->statements[DECISION];
	enum err err;

	sqlite3_bind_int64(s, 1, seq);
	err = db_step(r->db, s, why);
	if (!err)
		read_row(r, DECISION, &d->arena, d);
	else if (err == ERR_NOT_FOUND)
		why_set(why, "%s: there is no decision number %lld", r->db->path, (long long)seq);
	db_rest(s);
	return err;
}

enum err rows_read(struct rows *r, int64_t seq, struct decision **out, struct buf *why)
{
	struct decision *d = decision_new();
	enum err err = read_decision(r, seq, d, why);

	if (!err)
		err = read_attempts(r, seq, d, why);
	if (!err)
		err = read_tools(r, seq, d, why);
	if (err)
		decision_free(&d);
	*out = d;
	return err;
}
