/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir sim: the simulated providers alone, until interrupted. */
#include "core/verb/verb.h"

#include "core/base/file.h"
#include "core/sim/fault_script.h"

#include <errno.h>

static const struct verb_option options[] = {
	{ "port", 'p', "N", COMPLETES_NOTHING, "listen on this port (any free one by default)" },
	{ "seed", '\0', "N", COMPLETES_NOTHING, "the same seed gives the same answers" },
	{ "fast", '\0', NULL, COMPLETES_NOTHING, "answer without taking time" },
	{ "faults", '\0', "FILE", COMPLETES_FILE, "let requests go wrong as this script says" },
	{ "list-faults", '\0', NULL, COMPLETES_NOTHING, "list what can go wrong, and end" },
};

static void interrupt(struct command *c)
{
	const struct sim *sim = c->engine->sim;
	unsigned long long requests = sim_requests(sim), faults = sim_faults(sim);

	if (faults)
		command_note(c, "weir: the simulator answered %llu requests, %llu of them with a "
				"fault\n",
			requests, faults);
	else
		command_note(c, "weir: the simulator answered %llu requests\n", requests);
	command_end(c, 0);
}

static enum err read_faults(struct command *c, struct sim_options *options_out, struct buf *why)
{
	const char *file = command_option(c, "faults");
	struct buf text = BUF(FAULT_SCRIPT_MAX);
	int error = file ? file_read(file, &text) : 0;

	if (error)
		why_set(why, "%s: %s", file,
			error == EFBIG ? "larger than a fault script may be (1 MiB)"
				       : file_error(error));
	else if (file)
		options_out->faults = arena_str(&c->arena, buf_str(&text));
	options_out->faults_name = file;
	buf_release(&text);
	return error ? ERR_CONFIG : ERR_OK;
}

/* Its name, what it does, and what a script may say about it. */
static void list_fault(struct command *c, const struct fault_row *row)
{
	struct buf keys = BUF(BUF_LINE_MAX);

	for (size_t i = 0; i < FAULT_KEYS_MAX && row->keys[i]; i++) {
		buf_add_text(&keys, i ? ", " : "");
		fault_key_describe(&keys, row, fault_key_find(str_of(row->keys[i])));
	}
	command_say(c, "%-13s %s\n", row->name, row->say);
	if (keys.len)
		command_say(c, "%-13s   %s\n", "", keys.ptr);
	buf_release(&keys);
}

static void list_faults(struct command *c)
{
	for (size_t i = 0; i < SIM_FAULT_COUNT; i++)
		list_fault(c, &fault_rows[i]);
	for (int when = 0; when < 2; when++) {
		command_say(c, when ? "\nWhen, for any of them:\n" : "\nTheir keys:\n");
		for (size_t i = 0; i < fault_key_count; i++)
			if (fault_keys[i].when == (bool)when)
				command_say(c, "%-13s %s\n", fault_keys[i].name,
					fault_keys[i].say);
	}
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
	return err ? err : read_faults(c, options_out, why);
}

static enum err run(struct command *c, struct buf *why)
{
	struct sim_options sim_options = { 0 };
	struct engine *e = c->engine;
	enum err err;

	if (command_has(c, "list-faults")) {
		list_faults(c);
		return ERR_OK;
	}
	err = world_need_config(e, why);
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
	.more = "A real HTTP server on 127.0.0.1 that speaks OpenAI's chat completions and "
		"Anthropic's messages, at one base URL, which is printed on stdout. With --faults "
		"some requests go wrong, as a script says: see FAULT SCRIPTS.",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.run = run,
};
