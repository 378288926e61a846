/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir help: the verbs, one verb, or the fields of a decision. */
#include "core/verb/table.h"
#include "core/verb/verbs.h"

#include "core/record/field.h"

static void add_options(struct table *t, const struct verb_option *options, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct verb_option *o = &options[i];

		if (o->letter)
			table_addf(t, "  -%c, --%s%s%s", o->letter, o->name, o->value ? " " : "",
				o->value ? o->value : "");
		else
			table_addf(t, "      --%s%s%s", o->name, o->value ? " " : "",
				o->value ? o->value : "");
		table_addf(t, "%s", o->say);
	}
}

static void say_table(struct command *c, const struct table *t)
{
	struct buf text = BUF(BUF_TEXT_MAX);

	table_write(t, 0, &text);
	command_say_buf(c, &text);
	buf_release(&text);
}

static void say_options(
	struct command *c, const char *head, const struct verb_option *options, size_t count)
{
	struct table t = table_begin(&c->arena, 2);

	if (!count)
		return;
	add_options(&t, options, count);
	command_say(c, "\n%s\n", head);
	say_table(c, &t);
}

static void say_all(struct command *c)
{
	struct table t = table_begin(&c->arena, 2);

	command_say(c, "weir routes questions to language models: from the cheapest that is good "
		       "enough,\nand shows each decision.\n\nusage: weir [OPTIONS] VERB [...]\n\n");
	for (size_t i = 0; i < verb_count; i++) {
		if (verb_table[i]->hidden)
			continue;
		table_addf(&t, "  %s", verb_table[i]->name);
		table_addf(&t, "%s", verb_table[i]->say);
	}
	say_table(c, &t);
	say_options(c, "options for every verb:", global_options, global_option_count);
	command_say(c, "\nStart with: weir demo\n       or: weir ask \"what is a deductible?\"\n"
		       "More: weir help VERB, man weir\n");
}

/* Words of a paragraph, wrapped. */
static void say_wrapped(struct command *c, const char *paragraph)
{
	enum { WIDTH = 78 };
	struct str rest = str_of(paragraph), word;
	struct buf text = BUF(BUF_TEXT_MAX);
	size_t column = 0;

	while (str_cut(&rest, ' ', &word)) {
		if (column && column + 1 + word.len > WIDTH) {
			buf_add_char(&text, '\n');
			column = 0;
		}
		if (column)
			buf_add_char(&text, ' ');
		buf_add_str(&text, word);
		column += word.len + (column > 0);
	}
	buf_add_char(&text, '\n');
	command_say(c, "\n%s", text.ptr);
	buf_release(&text);
}

static void say_verb(struct command *c, const struct verb *v)
{
	struct table t = table_begin(&c->arena, 2);

	command_say(c, "weir %s: %s\n\nusage: weir %s%s%s%s\n", v->name, v->say, v->name,
		v->option_count ? " [OPTIONS]" : "", v->operands[0] ? " " : "", v->operands);
	if (v->more)
		say_wrapped(c, v->more);
	for (size_t i = 0; i < v->sub_count; i++) {
		table_addf(&t, "  %s", v->subs[i].name);
		table_addf(&t, "%s", v->subs[i].say);
	}
	if (v->sub_count) {
		command_say(c, "\n");
		say_table(c, &t);
	}
	say_options(c, "options:", v->options, v->option_count);
}

/* `before` is what a filter puts before a field's name. */
static void say_table_of_fields(
	struct command *c, const char *head, const struct field_table *fields, const char *before)
{
	struct table t = table_begin(&c->arena, 3);

	for (size_t i = 0; i < fields->count; i++) {
		const struct field *f = &fields->fields[i];

		table_addf(&t, "  %s%s", before, f->path);
		table_addf(&t, "%s", f->unit ? f->unit : "");
		table_addf(&t, "%s", f->say);
	}
	command_say(c, "%s\n", head);
	say_table(c, &t);
}

static void say_fields(struct command *c)
{
	say_table_of_fields(
		c, "of a decision, for filters, --format, --csv and --json:", &decision_table, "");
	say_table_of_fields(c,
		"\nof each call of a model, for filters and --json (\"attempts\"):", &attempt_table,
		"attempt.");
	say_table_of_fields(c,
		"\nof each check of an answer, for filters and --json (\"verdicts\"):",
		&verdict_table, "verdict.");
	say_table_of_fields(c,
		"\nof each run of a tool, for filters and --json (\"tools\"):", &tool_table,
		"tool.");
}

static void add_error(struct table *t, int per_mille)
{
	if (per_mille)
		table_addf(t, "%.1f %%", per_mille / 10.0);
	else
		table_add(t, STR("unknown"));
}

static void say_tokens(struct command *c)
{
	struct table t = table_begin(&c->arena, 4);

	command_say(c, "Tokens are estimated before a call, and where a provider does not count "
		       "them. How far the\nestimate is off, in half of the texts and in nine of "
		       "ten, by tokenizer (models.*.tokenizer):\n\n");
	t.right[1] = t.right[2] = true;
	table_add(&t, STR("  tokenizer"));
	table_add(&t, STR("half"));
	table_add(&t, STR("nine of ten"));
	table_add(&t, STR("models"));
	for (size_t i = 0; i < tokenizer_count; i++) {
		table_addf(&t, "  %s", tokenizer_table[i].name);
		add_error(&t, tokenizer_table[i].half);
		add_error(&t, tokenizer_table[i].nine_of_ten);
		table_addf(&t, "%s", tokenizer_table[i].say);
	}
	say_table(c, &t);
	command_say(c, "\nA budget allows for the larger error; for half of the estimate where it "
		       "is unknown.\n");
}

static enum err run(struct command *c, struct buf *why)
{
	struct str topic = str_of(c->operand_count ? c->operands[0] : NULL);
	const struct verb *v = topic.ptr ? verb_find(topic) : NULL;

	if (!topic.ptr)
		say_all(c);
	else if (v)
		say_verb(c, v);
	else if (str_is(topic, "fields"))
		say_fields(c);
	else if (str_is(topic, "tokens"))
		say_tokens(c);
	else {
		why_set(why,
			"help: there is nothing about \"%s\": \"weir help\" lists the commands",
			topic.ptr);
		return ERR_USAGE;
	}
	return ERR_OK;
}

const struct verb verb_help = {
	.name = "help",
	.operands = "[VERB | fields | tokens]",
	.say = "list the commands, or explain one",
	.more = "\"weir VERB --help\" does the same. With \"fields\", the fields of a decision are "
		"listed, as filters and formats name them; with \"tokens\", how good the estimates "
		"of tokens are.",
	.run = run,
};
