/* SPDX-License-Identifier: GPL-3.0-or-later
 * The queue between the engine's thread and the file. */
#include "core/store/writer.h"

#include <pthread.h>
#include <signal.h>

enum { GROUP_MAX = 1024 }; /* so many do not wait for more company */

struct writer {
	struct group *group;  /* the thread's alone */
	int64_t group_us, begun; /* steady us of the last commit's beginning */
	void (*wake)(void *ctx);
	void *wake_ctx;
	pthread_t thread;
	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t work, idle;
	struct jobs queued, done;
	size_t busy;          /* in the thread's hands */
	int hurry;            /* somebody waits */
	bool stop;
};

static struct timespec time_of(int64_t steady_us)
{
	return (struct timespec){
		.tv_sec = (time_t)(steady_us / US_PER_S),
		.tv_nsec = (long)(steady_us % US_PER_S) * 1000,
	};
}

static bool may_wait(const struct writer *w)
{
	return !w->stop && !w->hurry && w->queued.count < GROUP_MAX;
}

/* Locked. False: the end. */
static bool wait_for_work(struct writer *w)
{
	struct timespec until;

	while (!w->queued.first && !w->stop)
		pthread_cond_wait(&w->work, &w->lock);
	until = time_of(w->begun + w->group_us);
	while (w->queued.first && may_wait(w))
		if (pthread_cond_timedwait(&w->work, &w->lock, &until))
			break;
	return w->queued.first;
}

/* Locked, but not while it commits. */
static void commit_queued(struct writer *w)
{
	struct jobs jobs = w->queued;

	w->queued = (struct jobs){ 0 };
	w->busy = jobs.count;
	pthread_mutex_unlock(&w->lock);
	w->begun = clock_steady(&clock_real);
	group_commit(w->group, &jobs);
	pthread_mutex_lock(&w->lock);
	jobs_join(&w->done, &jobs);
	w->busy = 0;
	pthread_cond_broadcast(&w->idle);
	pthread_mutex_unlock(&w->lock);
	if (w->wake)
		w->wake(w->wake_ctx);
	group_checkpoint(w->group);
	pthread_mutex_lock(&w->lock);
}

static void *writer_main(void *ctx)
{
	struct writer *w = ctx;

	pthread_mutex_lock(&w->lock);
	while (wait_for_work(w))
		commit_queued(w);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* Signals are for the thread that runs the loop. */
static int start_thread(struct writer *w)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&w->thread, NULL, writer_main, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

static void writer_free(struct writer **w)
{
	pthread_cond_destroy(&(*w)->idle);
	pthread_cond_destroy(&(*w)->work);
	pthread_mutex_destroy(&(*w)->lock);
	memory_free(*w);
	*w = NULL;
}

enum err writer_start(struct writer **out, struct group *g, const struct store_options *options,
	struct buf *why)
{
	struct writer *w = memory_new(sizeof(*w));
	pthread_condattr_t steady;

	w->group = g;
	w->group_us = options->group_us ? options->group_us : STORE_GROUP_US;
	w->wake = options->wake;
	w->wake_ctx = options->wake_ctx;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&w->work, &steady);
	pthread_cond_init(&w->idle, NULL);
	pthread_condattr_destroy(&steady);
	*out = w;
	if (!start_thread(w))
		return ERR_OK;
	why_set(why, "no thread can be started to write with; end some programs, then try again");
	writer_free(out);
	return ERR_IO;
}

void writer_stop(struct writer **w, struct jobs *left)
{
	pthread_mutex_lock(&(*w)->lock);
	(*w)->stop = true;
	pthread_cond_signal(&(*w)->work);
	pthread_mutex_unlock(&(*w)->lock);
	pthread_join((*w)->thread, NULL);
	jobs_join(left, &(*w)->done);
	writer_free(w);
}

/* The thread waits for the first of a group and, at times, for the last: only these wake it. */
void writer_append(struct writer *w, struct job *job)
{
	pthread_mutex_lock(&w->lock);
	jobs_add(&w->queued, job);
	if (w->queued.count == 1 || w->queued.count == GROUP_MAX)
		pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->lock);
}

static struct job *take_done(struct writer *w)
{
	struct job *job;

	pthread_mutex_lock(&w->lock);
	job = jobs_take(&w->done);
	pthread_mutex_unlock(&w->lock);
	return job;
}

/* One at a time, so that a receipt may append and collect; no more than there are now, so that
 * one that always appends does not keep us here. */
void writer_collect(struct writer *w)
{
	struct job *job;
	size_t count;

	pthread_mutex_lock(&w->lock);
	count = w->done.count;
	pthread_mutex_unlock(&w->lock);
	for (; count && (job = take_done(w)); count--)
		job_done(job);
}

void writer_flush(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->hurry++;
	pthread_cond_signal(&w->work);
	while (w->queued.first || w->busy)
		pthread_cond_wait(&w->idle, &w->lock);
	w->hurry--;
	pthread_mutex_unlock(&w->lock);
}
