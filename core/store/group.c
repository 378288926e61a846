/* SPDX-License-Identifier: GPL-3.0-or-later
 * The transaction of a group, and the checkpoint after it. */
#include "core/store/group.h"

enum { CHECKPOINT_PAGES = 1000 };

void jobs_add(struct jobs *jobs, struct job *job)
{
	job->next = NULL;
	if (jobs->last)
		jobs->last->next = job;
	else
		jobs->first = job;
	jobs->last = job;
	jobs->count++;
}

struct job *jobs_take(struct jobs *jobs)
{
	struct job *job = jobs->first;

	if (!job)
		return NULL;
	jobs->first = job->next;
	if (!jobs->first)
		jobs->last = NULL;
	jobs->count--;
	return job;
}

void jobs_join(struct jobs *jobs, struct jobs *more)
{
	if (!more->first)
		return;
	if (jobs->last)
		jobs->last->next = more->first;
	else
		jobs->first = more->first;
	jobs->last = more->last;
	jobs->count += more->count;
	*more = (struct jobs){ 0 };
}

void job_done(struct job *job)
{
	job->receipt.done(job->receipt.ctx, job->d, job->err, buf_str(&job->say));
	buf_release(&job->say);
	memory_free(job);
}

static int wal_hook(void *ctx, sqlite3 *handle, const char *name, int pages)
{
	struct group *g = ctx;

	(void)handle;
	(void)name;
	g->wal_pages = pages;
	return SQLITE_OK;
}

enum err group_open(struct group *g, const struct db *db, struct buf *why)
{
	*g = (struct group){ .db = db };
	sqlite3_wal_hook(db->handle, wal_hook, g);
	return rows_open_write(&g->rows, db, why);
}

void group_release(struct group *g)
{
	rows_release(&g->rows);
}

/* Somebody who removes or replaces the file must not make us write into nowhere. */
static enum err check_place(const struct group *g, struct buf *why)
{
	if (!db_has_moved(g->db))
		return ERR_OK;
	why_set(why, "%s: the file was moved or removed while in use: start again", g->db->path);
	return ERR_IO;
}

static bool is_own_fault(enum err err)
{
	return err == ERR_AMBIGUOUS || err == ERR_TOO_BIG;
}

static void job_fail(struct job *job, enum err err, const struct buf *why)
{
	job->err = err;
	buf_clear(&job->say);
	buf_add_str(&job->say, buf_str(why));
}

/* Stops at a job that has left a part of itself behind: *again, the group without it. */
static enum err put_jobs(struct group *g, struct jobs *jobs, bool *again, struct buf *why)
{
	for (struct job *job = jobs->first; job; job = job->next) {
		enum err err = job->err ? ERR_OK : rows_write(&g->rows, job->d, why);

		if (err && !is_own_fault(err))
			return err;
		if (err)
			job_fail(job, err, why);
		*again = err == ERR_TOO_BIG;
		if (*again)
			return err;
	}
	return ERR_OK;
}

static enum err transact(struct group *g, struct jobs *jobs, bool *again, struct buf *why)
{
	enum err err = check_place(g, why);

	*again = false;
	if (!err)
		err = db_exec(g->db, "BEGIN IMMEDIATE", why);
	if (!err)
		err = put_jobs(g, jobs, again, why);
	if (!err)
		err = db_exec(g->db, "COMMIT", why);
	if (err && !sqlite3_get_autocommit(g->db->handle))
		sqlite3_exec(g->db->handle, "ROLLBACK", NULL, NULL, NULL);
	return err;
}

void group_commit(struct group *g, struct jobs *jobs)
{
	struct buf why = BUF(BUF_WHY_MAX);
	enum err err;
	bool again;

	do
		err = transact(g, jobs, &again, &why);
	while (again);
	for (struct job *job = jobs->first; err && job; job = job->next)
		if (!job->err)
			job_fail(job, err, &why);
	buf_release(&why);
}

void group_checkpoint(struct group *g)
{
	if (g->wal_pages < CHECKPOINT_PAGES)
		return;
	g->wal_pages = 0;
	/* What it cannot do now, it does after the next commit: nothing is lost meanwhile. */
	sqlite3_wal_checkpoint_v2(g->db->handle, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}
