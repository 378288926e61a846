/* SPDX-License-Identifier: GPL-3.0-or-later
 * store.h, by two connections, one to write and one to read, and the writer. */
#include "core/store/store.h"

#include "core/store/place.h"
#include "core/store/query.h"
#include "core/store/schema.h"
#include "core/store/writer.h"

struct store {
	struct db *write, *read; /* the same one for ":memory:" */
	struct group group;
	struct query query;
	struct writer *writer;   /* NULL: written inline */
	bool in_memory;
};

/* The log is folded into the file by the writer, after the receipts (group_checkpoint). */
static const char write_settings[] =
	"PRAGMA synchronous=FULL;"
	"PRAGMA wal_autocheckpoint=0;"
	"PRAGMA journal_size_limit=67108864;"
	"PRAGMA cache_size=-16384";

/* SQLite does not wait for others when it changes the mode of a file that was just made. */
static enum err set_wal(const struct db *db, struct buf *why)
{
	enum err err = ERR_BUSY;

	for (int waited = 0; err == ERR_BUSY && waited < DB_BUSY_MS; waited += 10) {
		err = db_exec(db, "PRAGMA journal_mode=WAL", why);
		if (err == ERR_BUSY)
			sqlite3_sleep(10);
	}
	return err;
}

static enum err open_write(struct store *s, const struct store_options *o, struct buf *why)
{
	enum err err = db_open(&s->write, o->path, o->vfs, why);

	if (!err)
		err = schema_check(s->write, why);
	if (!err)
		err = set_wal(s->write, why);
	if (!err)
		err = db_exec(s->write, write_settings, why);
	if (!err)
		err = schema_forward(s->write, why);
	return err ? err : group_open(&s->group, s->write, why);
}

static enum err open_read(struct store *s, const struct store_options *o, struct buf *why)
{
	enum err err = ERR_OK;

	if (s->in_memory) {
		s->read = s->write;
	} else {
		err = db_open(&s->read, o->path, o->vfs, why);
		if (!err)
			err = db_exec(s->read, "PRAGMA query_only=ON", why);
	}
	return err ? err : query_open(&s->query, s->read, why);
}

static void release(struct store **s)
{
	query_release(&(*s)->query);
	group_release(&(*s)->group);
	if ((*s)->read != (*s)->write)
		db_close(&(*s)->read);
	db_close(&(*s)->write);
	memory_free(*s);
	*s = NULL;
}

enum err store_open(struct store **out, const struct store_options *o, struct buf *why)
{
	struct store *s = memory_new(sizeof(*s));
	struct buf said = BUF(BUF_WHY_MAX);
	enum err err = ERR_OK;

	s->in_memory = !strcmp(o->path, ":memory:");
	if (!s->in_memory)
		err = place_prepare(o->path, o->must_exist, &said);
	if (!err)
		err = open_write(s, o, &said);
	if (!err)
		err = open_read(s, o, &said);
	if (!err && !s->in_memory && !o->write_inline)
		err = writer_start(&s->writer, &s->group, o, &said);
	if (err) {
		why_set(why, "%s", said.ptr);
		release(&s);
	}
	buf_release(&said);
	*out = s;
	return err;
}

void store_close(struct store **s)
{
	struct jobs left = { 0 };
	struct job *job;

	if (!*s)
		return;
	if ((*s)->writer) {
		store_flush(*s);
		store_collect(*s);
		writer_stop(&(*s)->writer, &left);
	}
	while ((job = jobs_take(&left)))
		job_done(job);
	release(s);
}

static void append_inline(struct store *s, struct job *job)
{
	struct jobs jobs = { 0 };

	jobs_add(&jobs, job);
	group_commit(&s->group, &jobs);
	job_done(job);
	group_checkpoint(&s->group);
}

void store_append(struct store *s, const struct decision *d, struct store_receipt receipt)
{
	struct job *job = memory_new(sizeof(*job));

	job->d = d;
	job->receipt = receipt;
	job->say = BUF(BUF_WHY_MAX);
	if (s->writer)
		writer_append(s->writer, job);
	else
		append_inline(s, job);
}

void store_collect(struct store *s)
{
	if (s->writer)
		writer_collect(s->writer);
}

void store_flush(struct store *s)
{
	if (s->writer)
		writer_flush(s->writer);
}

enum err store_find(struct store *s, struct str id, struct decision **d, struct buf *why)
{
	return query_find(&s->query, id, d, why);
}

enum err store_last(struct store *s, struct decision **d, struct buf *why)
{
	return query_last(&s->query, d, why);
}

size_t store_short_digits(struct store *s, struct id id)
{
	return query_short_digits(&s->query, id);
}

enum err store_select(struct store *s, const struct store_query *query,
	bool (*row)(void *ctx, const struct decision *d, int64_t number), void *ctx,
	struct buf *why)
{
	return query_select(&s->query, query, row, ctx, why);
}

int64_t store_count(struct store *s)
{
	return query_count(&s->query);
}

int64_t store_data_version(struct store *s)
{
	int64_t version = 0;

	if (db_int(s->read, "PRAGMA data_version", &version, NULL))
		return 0;
	return version + sqlite3_total_changes(s->read->handle);
}

/* What the check says, one fault a line; "ok" alone when there is none. */
static enum err integrity(const struct db *db, struct buf *found, struct buf *why)
{
	sqlite3_stmt *statement;
	enum err err = db_prepare(db, STR("PRAGMA integrity_check(20)"), &statement, why);

	if (err)
		return err;
	while (!(err = db_step(db, statement, why))) {
		buf_add_text(found, found->len ? "\n" : "");
		buf_add_str(found, db_text(statement, 0));
	}
	sqlite3_finalize(statement);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Damage so bad that the check itself cannot go on is what it found, too. */
enum err store_check(
	struct store *s, struct arena *arena, struct store_health *health, struct buf *why)
{
	struct buf found = BUF(BUF_LINE_MAX), said = BUF(BUF_WHY_MAX);
	int64_t version;
	enum err err = integrity(s->read, &found, &said);

	*health = (struct store_health){ .sound = !err && str_is(buf_str(&found), "ok") };
	if (err == ERR_CORRUPT) {
		buf_clear(&found);
		buf_add_str(&found, buf_str(&said));
		err = ERR_OK;
	}
	health->say = arena_str(arena, buf_str(&found));
	health->decisions = store_count(s);
	health->bytes = s->in_memory ? 0 : place_size(s->read->path);
	if (!err && !db_int(s->read, "PRAGMA user_version", &version, NULL))
		health->schema_version = (int)version;
	if (err)
		why_set(why, "%s", said.ptr);
	buf_release(&said);
	buf_release(&found);
	return err;
}
