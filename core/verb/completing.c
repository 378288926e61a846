/* SPDX-License-Identifier: GPL-3.0-or-later
 * Completion from the tables: verbs, subcommands, options, models, tasks, decisions. */
#include "core/verb/completing.h"

#include "core/embed/known.h"
#include "core/verb/embedder_list.h"
#include "core/verb/verbs.h"

enum { IDS_SHOWN = 20 };

struct completing {
	struct engine *engine;
	const char *typed;
	struct buf *out;
};

static void offer(struct completing *k, const char *before, struct str name, const char *say)
{
	struct arena arena = ARENA;
	struct str whole = arena_format(&arena, "%s%.*s", before, STR_ARG(name));

	if (str_starts(whole, k->typed))
		buf_addf(k->out, "%s%s%s\n", whole.ptr, say ? "\t" : "", say ? say : "");
	arena_release(&arena);
}

static void offer_verbs(struct completing *k)
{
	for (size_t i = 0; i < verb_count; i++)
		if (!verb_table[i]->hidden)
			offer(k, "", str_of(verb_table[i]->name), verb_table[i]->say);
}

static void offer_options(struct completing *k, const struct verb_option *options, size_t count)
{
	for (size_t i = 0; i < count; i++)
		offer(k, "--", str_of(options[i].name), options[i].say);
}

static void offer_models(struct completing *k)
{
	if (world_need_config(k->engine, NULL))
		return;
	for (size_t i = 0; i < k->engine->map.model_count; i++)
		offer(k, "", k->engine->map.models[i].name, NULL);
}

static void offer_tasks(struct completing *k)
{
#define X(code, name, say) offer(k, "", STR(name), say);
	TASK_LIST(X)
#undef X
}

static bool offer_id(void *ctx, const struct decision *d, int64_t number)
{
	struct completing *k = ctx;
	char tail[ID_HEX + 1];

	(void)number;
	id_write_tail(d->id, store_short_digits(k->engine->store, d->id), tail);
	offer(k, "", str_of(tail), NULL);
	return true;
}

static void offer_ids(struct completing *k)
{
	const struct store_query query = { .limit = IDS_SHOWN };

	if (!world_need_store(k->engine, true, NULL) &&
		store_select(k->engine->store, &query, offer_id, k, NULL))
		return;
}

static void offer_embedder(void *ctx, struct str name)
{
	offer(ctx, "", name, NULL);
}

/* Behind "model embedder": what to do, then a name. */
static void offer_embedder_words(struct completing *k, size_t count, const char *const *words)
{
	static const char *const subs[] = { "list", "use", "fetch", "check" };

	for (size_t i = 0; count == 3 && i < ARRAY_LEN(subs); i++)
		offer(k, "", str_of(subs[i]), NULL);
	if (count == 4 && !strcmp(words[2], "fetch"))
		for (size_t i = 0; i < known_model_count; i++)
			offer(k, "", str_of(known_models[i].name), NULL);
	else if (count == 4)
		embedder_names(k->engine, offer_embedder, k);
}

static void offer_kind(struct completing *k, enum completes kind)
{
	switch (kind) {
	case COMPLETES_MODEL:
		offer_models(k);
		break;
	case COMPLETES_TASK:
		offer_tasks(k);
		break;
	case COMPLETES_ID:
		offer_ids(k);
		break;
	case COMPLETES_EMBEDDER:
		embedder_names(k->engine, offer_embedder, k);
		break;
	case COMPLETES_FILE: /* the shell's own business */
	case COMPLETES_NOTHING:
		break;
	}
}

/* The option that waits for its value as the word before the typed one. */
static const struct verb_option *waiting_option(const struct verb *v, const char *before)
{
	if (strncmp(before, "--", 2) != 0)
		return NULL;
	for (size_t i = 0; i < v->option_count; i++)
		if (v->options[i].value && !strcmp(before + 2, v->options[i].name))
			return &v->options[i];
	return NULL;
}

/* How many words at the front are options for all verbs, with their values. The last word, which is
 * being typed, counts only as such a value. */
static size_t global_words(size_t count, const char *const *words)
{
	size_t at = 0;

	while (at + 1 < count && words[at][0] == '-') {
		bool value = false;

		for (size_t i = 0; i < global_option_count; i++) {
			const struct verb_option *o = &global_options[i];

			value |= o->value && ((words[at][1] == o->letter && !words[at][2]) ||
						     (words[at][1] == '-' &&
							     !strcmp(words[at] + 2, o->name)));
		}
		at += value ? 2 : 1;
	}
	return at;
}

void complete_words(struct engine *e, size_t count, const char *const *words, struct buf *out)
{
	struct completing k = { e, count ? words[count - 1] : "", out };
	size_t skip = global_words(count, words);
	const struct verb_option *waiting;
	const struct verb *v;

	if (count && skip == count)
		return; /* the value of a global option: the shell's own business */
	words += skip;
	count -= skip;
	v = count > 1 ? verb_find(str_of(words[0])) : NULL;

	if (count <= 1) {
		offer_verbs(&k);
		if (k.typed[0] == '-')
			offer_options(&k, global_options, global_option_count);
		return;
	}
	if (!v)
		return;
	waiting = waiting_option(v, words[count - 2]);
	if (waiting) {
		offer_kind(&k, waiting->completes);
	} else if (k.typed[0] == '-') {
		offer_options(&k, v->options, v->option_count);
		offer_options(&k, global_options, global_option_count);
	} else {
		for (size_t i = 0; count == 2 && i < v->sub_count; i++)
			offer(&k, "", str_of(v->subs[i].name), v->subs[i].say);
		if (count > 2 && v == &verb_model && !strcmp(words[1], "embedder"))
			offer_embedder_words(&k, count, words);
		else if (count > 2 || !v->sub_count)
			offer_kind(&k, v->completes);
	}
}
