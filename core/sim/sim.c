/* SPDX-License-Identifier: GPL-3.0-or-later
 * The thread around the server. Opened and torn down by the caller's thread, run by its own. */
#include "core/sim/sim.h"

#include "core/sim/door.h"
#include "core/sim/server.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

struct sim {
	struct kb *kb;
	struct search *search;
	struct answer_world world;
	struct loop *loop;
	struct server *server;
	struct fault_script *script;
	struct door *door; /* in front of the server, when there is a script */
	pthread_t thread;
	bool running;
	atomic_bool stop;
};

static void *run(void *ctx)
{
	struct sim *s = ctx;
	int64_t wait = server_run(s->server);

	while (!atomic_load(&s->stop)) {
		loop_turn(s->loop, wait);
		wait = server_run(s->server);
	}
	return NULL;
}

/* Signals belong to the program's own thread. */
static enum err start(struct sim *s, struct buf *why)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&s->thread, NULL, run, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	s->running = !failed;
	if (!failed)
		return ERR_OK;
	why_set(why, "the simulator cannot start a thread: %s", strerror(failed));
	return ERR_IO;
}

/* With a script the door has the port that was asked for, and the server any other. */
static enum err listen_on(struct sim *s, const struct sim_options *options, struct buf *why)
{
	int port = s->script ? 0 : options->port;
	enum err err = server_open(&s->server, s->loop, port, &s->world, options->fast, why);

	if (!err && s->script)
		err = door_open(&s->door, s->loop, options->port, server_port(s->server), s->script,
			why);
	return err;
}

enum err sim_open(struct sim **sim, const struct sim_options *options, struct buf *why)
{
	struct sim *s = memory_new(sizeof(*s));
	enum err err = kb_open(&s->kb, options->kb_dir, why);

	if (!err) {
		s->search = search_open(s->kb);
		s->world = (struct answer_world){ s->kb, s->search, options->seed };
		err = loop_open(&s->loop, &clock_real, why);
	}
	if (!err && options->faults.ptr)
		err = fault_script_read(&s->script, options->faults,
			options->faults_name ? options->faults_name : "faults", why);
	if (!err)
		err = listen_on(s, options, why);
	if (!err)
		err = start(s, why);
	if (err)
		sim_close(&s);
	*sim = s;
	return err;
}

void sim_close(struct sim **sim)
{
	struct sim *s = *sim;

	if (!s)
		return;
	if (s->running) {
		atomic_store(&s->stop, true);
		loop_wake(s->loop);
		pthread_join(s->thread, NULL);
	}
	door_close(&s->door);
	server_close(&s->server);
	fault_script_free(&s->script);
	loop_close(&s->loop);
	search_close(&s->search);
	kb_close(&s->kb);
	memory_free(s);
	*sim = NULL;
}

int sim_port(const struct sim *sim)
{
	return sim->door ? door_port(sim->door) : server_port(sim->server);
}

uint64_t sim_requests(const struct sim *sim)
{
	return server_requests(sim->server) + (sim->door ? door_instead(sim->door) : 0);
}

uint64_t sim_faults(const struct sim *sim)
{
	return sim->door ? door_faults(sim->door) : 0;
}
