/* SPDX-License-Identifier: GPL-3.0-or-later
 * Command lines: taking the words apart by the tables, running the verb, its end. */
#include "core/base/near.h"
#include "core/verb/completing.h"
#include "core/verb/verbs.h"

enum { LINE_WORDS_MAX = VERB_OPERANDS_MAX };

/* ---- one option ------------------------------------------------------------------------- */

/* A word that begins with "-", taken apart: its row, and a value that hangs on it. */
struct given {
	const struct verb_option *option;
	const char *value; /* after "=" or the letter; NULL: none */
};

static bool match_long(const struct verb_option *o, struct str word, struct given *given)
{
	struct str name = str_part(word, 2, str_find_char(word, '=') - 2);

	if (!str_is(name, o->name))
		return false;
	given->option = o;
	given->value = name.len + 2 < word.len ? word.ptr + name.len + 3 : NULL;
	return true;
}

static bool match_letter(const struct verb_option *o, const char *word, struct given *given)
{
	if (!o->letter || word[1] != o->letter)
		return false;
	given->option = o;
	given->value = word[2] ? word + 2 : NULL;
	return true;
}

static bool find_option(
	const struct verb_option *options, size_t count, const char *word, struct given *given)
{
	for (size_t i = 0; i < count; i++)
		if (word[1] == '-' ? match_long(&options[i], str_of(word), given)
				   : match_letter(&options[i], word, given))
			return true;
	return false;
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1];
}

/* "-task:chat", "-cost>0.01": a term of a filter that is negated, not an option. */
static bool is_negated_term(const struct verb *verb, const char *word)
{
	size_t name = strspn(word + 1, "abcdefghijklmnopqrstuvwxyz_.");

	return verb && verb->filter && name > 1 && word[1 + name] && strchr(":<>=", word[1 + name]);
}

/* The value of an option, which may be the next word; `*used` counts that one. */
static enum err take_value(
	const struct given *given, const char *next, const char **value, int *used, struct buf *why)
{
	const struct verb_option *o = given->option;

	*used = 1;
	*value = given->value;
	if (!o->value && given->value) {
		why_set(why, "--%s: it takes no value, such as \"%s\"", o->name, given->value);
		return ERR_USAGE;
	}
	if (!o->value) {
		*value = "";
	} else if (!*value) {
		if (!next) {
			why_set(why, "--%s: expected %s after it", o->name, o->value);
			return ERR_USAGE;
		}
		*value = next;
		*used = 2;
	}
	return ERR_OK;
}

/* ---- the options for all verbs ---------------------------------------------------------- */

static enum err set_global(
	struct engine_setup *setup, const char *name, const char *value, struct buf *why)
{
	if (!strcmp(name, "config")) {
		setup->config_file = value;
	} else if (!strcmp(name, "db")) {
		setup->db = value;
	} else if (!strcmp(name, "sim")) {
		setup->simulate = true;
	} else if (!strcmp(name, "quiet")) {
		setup->quiet = true;
	} else if (!strcmp(name, "set")) {
		if (setup->set_count == ENGINE_SETS_MAX) {
			why_set(why,
				"--set: more than %d of them: put some into the configuration",
				ENGINE_SETS_MAX);
			return ERR_USAGE;
		}
		setup->sets[setup->set_count++] = value;
	}
	return ERR_OK;
}

/* --help and --version become verbs of their own. */
static const char *verb_instead(const char *name)
{
	return !strcmp(name, "help") ? "help" : !strcmp(name, "version") ? "--version" : NULL;
}

/* How many words from argv[at] on are the verb's own business and stay where they are: all that
 * follow "--" or a raw verb, an option of the verb with its value, a plain word. */
static int words_to_keep(const struct verb *verb, int argc, char **argv, int at)
{
	struct given given;

	if (!strcmp(argv[at], "--") || (verb && verb->raw))
		return argc - at;
	if (!is_option(argv[at]) || is_negated_term(verb, argv[at]))
		return 1;
	if (verb && find_option(verb->options, verb->option_count, argv[at], &given))
		return given.option->value && !given.value && at + 1 < argc ? 2 : 1;
	return find_option(global_options, global_option_count, argv[at], &given) ? 0 : 1;
}

/* One global option at argv[at]; *instead is the verb that it stands for, if it does. */
static enum err take_global(struct engine_setup *setup, int argc, char **argv, int at, int *used,
	const char **instead, struct buf *why)
{
	struct given given;
	const char *value;
	enum err err;

	find_option(global_options, global_option_count, argv[at], &given);
	err = take_value(&given, at + 1 < argc ? argv[at + 1] : NULL, &value, used, why);
	if (!err)
		err = set_global(setup, given.option->name, value, why);
	if (verb_instead(given.option->name))
		*instead = verb_instead(given.option->name);
	return err;
}

enum err engine_setup_read(
	struct engine_setup *setup, int *argc, char **argv, struct buf *why)
{
	const char *instead = NULL;
	int kept = 0, used;

	for (int i = 0; i < *argc; i += used) {
		const struct verb *verb = kept ? verb_find(str_of(argv[0])) : NULL;
		enum err err = ERR_OK;

		used = words_to_keep(verb, *argc, argv, i);
		memmove(argv + kept, argv + i, (size_t)used * sizeof(*argv));
		kept += used;
		if (!used)
			err = take_global(setup, *argc, argv, i, &used, &instead, why);
		if (err)
			return err;
	}
	if (instead) {
		/* argv had at least the option itself, so there is room for one more word. */
		memmove(argv + 1, argv, (size_t)kept * sizeof(*argv));
		argv[0] = (char *)(uintptr_t)instead;
		kept++;
	}
	*argc = kept;
	return ERR_OK;
}

/* ---- one verb --------------------------------------------------------------------------- */

static void offer_options(struct near *near, const struct verb_option *options, size_t count)
{
	for (size_t i = 0; i < count; i++)
		near_offer(near, str_of(options[i].name));
}

static enum err unknown_option(const struct verb *v, const char *word, struct buf *why)
{
	struct str name = str_of(word);
	struct near near;

	name = str_part(name, 0, str_find_char(name, '='));
	why_set(why, "%s: there is no option \"%.*s\"", v->name, STR_ARG(name));
	name = str_part(name, str_starts(name, "--") ? 2 : 1, name.len);
	near = (struct near){ .typed = name };
	offer_options(&near, v->options, v->option_count);
	offer_options(&near, global_options, global_option_count);
	if (near.word.ptr && why)
		buf_addf(why, "; did you mean \"--%.*s\"?", STR_ARG(near.word));
	if (why)
		buf_addf(why, "%s \"weir help %s\" lists them", near.word.ptr ? "" : ":", v->name);
	return ERR_USAGE;
}

static enum err take_operand(struct command *c, const char *word, struct buf *why)
{
	if (!c->verb->operands[0]) {
		why_set(why, "%s: it takes nothing such as \"%s\": see \"weir help %s\"",
			c->verb->name, word, c->verb->name);
		return ERR_USAGE;
	}
	if (c->operand_count == VERB_OPERANDS_MAX && c->verb->raw) {
		/* Completion asks about the last words only. */
		c->operands[VERB_OPERANDS_MAX - 2] = c->operands[VERB_OPERANDS_MAX - 1];
		c->operands[VERB_OPERANDS_MAX - 1] = word;
		return ERR_OK;
	}
	if (c->operand_count == VERB_OPERANDS_MAX) {
		why_set(why, "%s: more than %d words: put quotes around the text", c->verb->name,
			VERB_OPERANDS_MAX);
		return ERR_USAGE;
	}
	c->operands[c->operand_count++] = word;
	return ERR_OK;
}

static enum err take_words(struct command *c, int argc, const char *const *argv, struct buf *why)
{
	bool only_operands = c->verb->raw;
	enum err err = ERR_OK;

	for (int i = 1; i < argc && !err;) {
		struct given given;
		int used = 1;

		if (!only_operands && !strcmp(argv[i], "--")) {
			only_operands = true;
		} else if (only_operands || !is_option(argv[i]) ||
			   is_negated_term(c->verb, argv[i])) {
			err = take_operand(c, argv[i], why);
		} else if (find_option(c->verb->options, c->verb->option_count, argv[i], &given)) {
			const char *value;

			err = take_value(&given, i + 1 < argc ? argv[i + 1] : NULL, &value, &used,
				why);
			if (!err)
				c->values[given.option - c->verb->options] = value;
		} else {
			err = unknown_option(c->verb, argv[i], why);
		}
		i += used;
	}
	return err;
}

/* Lines of a face come here with it; the program's own words had it taken out before. */
static bool asks_for_help(int argc, const char *const *argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	return false;
}

static enum err run_help(struct command *c, struct buf *why)
{
	c->operands[c->operand_count++] = c->verb->name;
	c->verb = verb_find(STR("help"));
	return c->verb->run(c, why);
}

static enum err run(struct command *c, int argc, const char *const *argv, struct buf *why)
{
	struct str name = str_of(argc ? argv[0] : "help");
	const char *nearest;
	enum err err;

	if (str_is(name, "--version")) {
		command_say(c, "weir %s\n", WEIR_VERSION);
		return ERR_OK;
	}
	c->verb = verb_find(name);
	if (!c->verb) {
		nearest = verb_nearest(name);
		why_set(why, "there is no %s \"%.*s\"%s%s%s \"weir help\" lists them",
			is_option(name.ptr) ? "option" : "command", STR_ARG(name),
			nearest ? "; did you mean \"" : "", nearest ? nearest : "",
			nearest ? "\"?" : ":");
		return ERR_USAGE;
	}
	if (!c->verb->raw && asks_for_help(argc, argv))
		return run_help(c, why);
	err = take_words(c, argc, argv, why);
	return err ? err : c->verb->run(c, why);
}

static const char *const *keep_words(struct command *c, int argc, const char *const *argv)
{
	const char **copy = arena_alloc(&c->arena, ((size_t)argc + 1) * sizeof(*copy));

	for (int i = 0; i < argc; i++)
		copy[i] = arena_text(&c->arena, argv[i]);
	return copy;
}

struct command *engine_begin(
	struct engine *e, int argc, const char *const *argv, const struct engine_out *out)
{
	struct command *c = memory_new(sizeof(*c));
	struct buf why = BUF(BUF_WHY_MAX);
	enum err err;

	c->engine = e;
	c->out = *out;
	err = run(c, argc, keep_words(c, argc, argv), &why);
	if (err) {
		command_error(c, "weir: %s\n", why.len ? why.ptr : err_say(err));
		command_end(c, err_exit(err));
	} else if (!c->waits) {
		command_end(c, c->status);
	}
	buf_release(&why);
	return c;
}

bool command_is_done(const struct command *c, int *status)
{
	if (c->done)
		*status = c->status;
	return c->done;
}

void command_interrupt(struct command *c)
{
	if (!c->done && c->interrupt)
		c->interrupt(c);
}

void command_free(struct command **c)
{
	if (!*c)
		return;
	command_interrupt(*c);
	while (!(*c)->done)
		engine_turn((*c)->engine, -1);
	arena_release(&(*c)->arena);
	memory_free(*c);
	*c = NULL;
}

/* ---- lines ------------------------------------------------------------------------------ */

/* The next word of a line, without its quotes. False at the end; *open tells an open quote. */
static bool next_word(struct str *rest, struct buf *word, bool *open)
{
	char quote = '\0';
	size_t i = 0;

	while (i < rest->len && strchr(" \t\n", rest->ptr[i]))
		i++;
	if (i == rest->len)
		return false;
	for (; i < rest->len; i++) {
		char ch = rest->ptr[i];

		if (ch == '\\' && quote != '\'' && i + 1 < rest->len)
			buf_add_char(word, rest->ptr[++i]);
		else if (quote ? ch == quote : ch == '\'' || ch == '"')
			quote = quote ? '\0' : ch;
		else if (!quote && strchr(" \t\n", ch))
			break;
		else
			buf_add_char(word, ch);
	}
	*open = quote != '\0';
	*rest = str_part(*rest, i, rest->len);
	return true;
}

enum err engine_begin_line(struct engine *e, struct str line, const struct engine_out *out,
	struct command **c, struct buf *why)
{
	const char *words[LINE_WORDS_MAX];
	struct buf word = BUF(BUF_TEXT_MAX);
	struct arena arena = ARENA;
	bool open = false;
	int count = 0;

	while (count < LINE_WORDS_MAX && next_word(&line, &word, &open)) {
		words[count++] = arena_text(&arena, word.ptr);
		buf_clear(&word);
	}
	if (open)
		why_set(why, "a quote is not closed: close it, or put a backslash before it");
	else if (str_trim(line).len)
		why_set(why, "more than %d words: put quotes around the text", LINE_WORDS_MAX);
	else
		*c = engine_begin(e, count, words, out);
	buf_release(&word);
	arena_release(&arena);
	return open || str_trim(line).len ? ERR_USAGE : ERR_OK;
}

void engine_complete(struct engine *e, int argc, const char *const *argv, struct buf *out)
{
	complete_words(e, (size_t)argc, argv, out);
}
