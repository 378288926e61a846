/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir sim: the simulated providers alone, until interrupted. */
#include "core/verb/verb.h"

static const struct verb_option options[] = {
	{ "port", 'p', "N", COMPLETES_NOTHING, "listen on this port (any free one by default)" },
	{ "seed", '\0', "N", COMPLETES_NOTHING, "the same seed gives the same answers" },
	{ "fast", '\0', NULL, COMPLETES_NOTHING, "answer without taking time" },
};

static void interrupt(struct command *c)
{
	command_note(c, "weir: the simulator answered %llu requests\n",
		(unsigned long long)sim_requests(c->engine->sim));
	command_end(c, 0);
}

static enum err read_options(struct command *c, struct sim_options *options_out, struct buf *why)
{
	const struct config *config = &c->engine->config;
	int64_t port = 0, seed = (int64_t)config_number(config, "sim.seed");
	enum err err = command_number(c, "port", 1, 65535, 0, &port, why);

	if (!err)
		err = command_number(c, "seed", 0, INT64_MAX, seed, &seed, why);
	options_out->port = (int)port;
	options_out->seed = (uint64_t)seed;
	options_out->fast = command_has(c, "fast") ||
			    str_is(config_text(config, "sim.speed"), "fast");
	options_out->kb_dir = arena_format(&c->arena, "%s/kb", c->engine->data_dir.ptr).ptr;
	return err;
}

static enum err run(struct command *c, struct buf *why)
{
	struct sim_options sim_options = { 0 };
	struct engine *e = c->engine;
	enum err err = world_need_config(e, why);

	if (!err)
		err = read_options(c, &sim_options, why);
	if (!err && e->sim) {
		why_set(why, "sim: a simulator runs in this session already: use another shell");
		err = ERR_BUSY;
	}
	if (!err)
		err = sim_open(&e->sim, &sim_options, why);
	if (err)
		return err;
	command_say(c, "http://127.0.0.1:%d/v1\n", sim_port(e->sim));
	command_note(c, "weir: the simulator listens there (models sim-small, sim-mid, sim-large); "
			"Ctrl-C ends it\n");
	command_wait(c, interrupt);
	return ERR_OK;
}

const struct verb verb_sim = {
	.name = "sim",
	.operands = "",
	.say = "run the simulated providers alone",
	.more = "A real HTTP server on 127.0.0.1 that speaks the OpenAI chat-completions wire. Its "
		"base URL is printed on stdout.",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.run = run,
};
