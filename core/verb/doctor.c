/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir doctor: what is wrong here, and the mend. Every check is a row; nothing is called over the
 * network. */
#include "core/verb/table.h"
#include "core/verb/verb.h"

#include "core/base/json_write.h"
#include "core/embed/kernel.h"

#include <langinfo.h>
#include <unistd.h>

static const struct verb_option options[] = {
	{ "json", 'j', NULL, COMPLETES_NOTHING, "print it as JSON" },
};

enum finding { FINE, NOTE, WRONG };

static const char *const finding_names[] = { "ok", "note", "wrong" };

struct diagnosis {
	struct command *c;
	struct table table;
	struct buf json;
	struct json_writer w;
	size_t wrong;
};

static void find(struct diagnosis *d, enum finding finding, const char *what, struct str say)
{
	d->wrong += finding == WRONG;
	table_addf(&d->table, "%s", finding_names[finding]);
	table_addf(&d->table, "%s", what);
	table_add(&d->table, say);
	json_open(&d->w, '{');
	json_key(&d->w, "finding");
	json_put_text(&d->w, finding_names[finding]);
	json_key(&d->w, "what");
	json_put_text(&d->w, what);
	json_key(&d->w, "say");
	json_put_str(&d->w, say);
	json_close(&d->w, '}');
}

static void look_at_locale(struct diagnosis *d)
{
	const char *codeset = nl_langinfo(CODESET);
	bool utf8 = !strcmp(codeset, "UTF-8");

	find(d, utf8 ? FINE : NOTE, "locale",
		utf8 ? STR("UTF-8")
		     : arena_format(&d->c->arena,
			       "%s: set LC_ALL=C.UTF-8 to see all characters", codeset));
}

static void look_at_terminal(struct diagnosis *d)
{
	const char *term = getenv("TERM");
	bool terminal = d->c->out.terminal[ENGINE_OUT];

	find(d, FINE, "terminal",
		terminal ? arena_format(&d->c->arena, "%s, %d columns", term ? term : "TERM unset",
				   d->c->out.columns)
			 : STR("none: output goes to a file or a pipe"));
}

static bool look_at_config(struct diagnosis *d)
{
	struct engine *e = d->c->engine;
	struct buf why = BUF(BUF_LINE_MAX);
	enum err err = world_need_config(e, &why);

	if (e->data_dir.ptr)
		find(d, FINE, "data", e->data_dir);
	find(d, err ? WRONG : FINE, "configuration",
		err ? arena_str(&d->c->arena, buf_str(&why))
		    : arena_format(&d->c->arena, "%s%s", world_config_file(e),
			      e->config.file_found ? "" : " (not there: the defaults hold)"));
	buf_release(&why);
	return !err;
}

static void look_at_store(struct diagnosis *d)
{
	struct engine *e = d->c->engine;
	struct buf why = BUF(BUF_LINE_MAX);
	struct store_health health;
	enum err err;

	if (world_db_path(e).ptr && access(world_db_path(e).ptr, F_OK)) {
		find(d, FINE, "database",
			arena_format(&d->c->arena,
				"%s (not there yet: the first question makes it)",
				world_db_path(e).ptr));
		return;
	}
	err = world_need_store(e, true, &why);
	if (!err)
		err = store_check(e->store, &d->c->arena, &health, &why);
	if (err)
		find(d, WRONG, "database", arena_str(&d->c->arena, buf_str(&why)));
	else
		find(d, health.sound ? FINE : WRONG, "database",
			arena_format(&d->c->arena,
				"%s: %lld decisions, %.1f MB, version %d, %.*s", e->db_path.ptr,
				(long long)health.decisions, (double)health.bytes / 1e6,
				health.schema_version, STR_ARG(health.say)));
	buf_release(&why);
}

static void look_at_key(struct diagnosis *d, const struct provider *p)
{
	struct buf why = BUF(BUF_WHY_MAX);
	struct secret secret;
	enum err err = secret_read(&secret, p, world_getenv, d->c->engine, &why);

	find(d, err ? WRONG : FINE, "provider",
		arena_format(&d->c->arena, err ? "%.*s: %.*s" : "%.*s at %.*s", STR_ARG(p->name),
			STR_ARG(err ? buf_str(&why) : p->base_url)));
	secret_wipe(&secret);
	buf_release(&why);
}

/* One that is not there is missed only by what asks for vectors. */
static void look_at_embedder(struct diagnosis *d)
{
	struct engine *e = d->c->engine;
	struct buf why = BUF(BUF_WHY_MAX);
	enum err err = world_need_embedder(e, &why);
	const struct embedder_info *info = err ? NULL : embedder_info(e->embedder);

	find(d, !err ? FINE : err == ERR_NOT_FOUND ? NOTE : WRONG, "embedder",
		err ? arena_str(&d->c->arena, buf_str(&why))
		    : arena_format(&d->c->arena, "%.*s, %d dimensions", STR_ARG(info->id),
			      info->dims));
	buf_release(&why);
}

/* A key that cannot be one is not "configured", and its owner wants to know why. */
static bool has_a_key(const struct diagnosis *d, const struct provider *p)
{
	struct str name = arena_str(&d->c->arena, p->key_env);

	return name.len && world_getenv(d->c->engine, name.ptr);
}

static void look_at_providers(struct diagnosis *d)
{
	const struct engine *e = d->c->engine;
	size_t ready = 0;

	for (size_t i = 0; i < e->map.provider_count; i++) {
		const struct provider *p = &e->map.providers[i];

		if (p->simulated || !(p->configured || has_a_key(d, p)))
			continue;
		ready++;
		look_at_key(d, p);
	}
	if (!ready)
		find(d, NOTE, "provider",
			STR("none is configured, so the simulator answers: set "
			    "OPENAI_API_KEY, ANTHROPIC_API_KEY or WEIR_BASE_URL"));
}

/* What computes vectors; a path that gives wrong results here is passed over, and that is said. */
static void look_at_kernels(struct diagnosis *d)
{
	struct buf say = BUF(BUF_LINE_MAX);
	enum finding finding = FINE;

	buf_addf(&say, "%s", kernel_choose(NULL)->name);
	for (size_t i = 0; kernel_at(i); i++) {
		enum kernel_state state = kernel_state(kernel_at(i));

		if (state != KERNEL_READY)
			buf_addf(&say, "; %s: %s", kernel_at(i)->name, kernel_state_say(state));
		if (state == KERNEL_WRONG)
			finding = NOTE;
	}
	find(d, finding, "arithmetic", arena_str(&d->c->arena, buf_str(&say)));
	buf_release(&say);
}

static enum err run(struct command *c, struct buf *why)
{
	struct diagnosis d = { .c = c, .json = BUF(BUF_TEXT_MAX) };
	struct buf text = BUF(BUF_TEXT_MAX);

	(void)why;
	d.table = table_begin(&c->arena, 3);
	d.w = (struct json_writer){ .out = &d.json, .indent = 1 };
	json_open(&d.w, '[');
	look_at_terminal(&d);
	look_at_locale(&d);
	look_at_kernels(&d);
	if (look_at_config(&d)) {
		look_at_store(&d);
		look_at_embedder(&d);
		look_at_providers(&d);
	}
	json_close(&d.w, ']');
	buf_add_char(&d.json, '\n');
	table_write(&d.table, 0, &text);
	if (command_has(c, "json"))
		command_say_json(c, &d.json);
	else
		command_say_buf(c, &text);
	c->status = d.wrong ? 1 : 0;
	buf_release(&text);
	buf_release(&d.json);
	return ERR_OK;
}

const struct verb verb_doctor = {
	.name = "doctor",
	.operands = "",
	.say = "say what is wrong here, and the mend",
	.options = options,
	.option_count = ARRAY_LEN(options),
	.run = run,
};
