/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir manual: the manual page weir(1), written from the tables (mdoc). */
#include "core/verb/verbs.h"

#include "core/conf/option.h"
#include "core/record/field.h"

/* Text for mdoc: backslashes and leading dots are not its commands. */
static void add_words(struct buf *out, const char *words)
{
	for (const char *p = words; *p; p++) {
		if (*p == '\\')
			buf_add_text(out, "\\e");
		else if ((*p == '.' || *p == '\'') && p == words)
			buf_addf(out, "\\&%c", *p);
		else if (*p == '-')
			buf_add_text(out, "\\-");
		else
			buf_add_char(out, *p);
	}
}

static void add_line(struct buf *out, const char *words)
{
	add_words(out, words);
	buf_add_text(out, words[0] && strchr(".!?", words[strlen(words) - 1]) ? "\n" : ".\n");
}

static void add_options(struct buf *out, const struct verb_option *options, size_t count)
{
	if (!count)
		return;
	buf_add_text(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < count; i++) {
		const struct verb_option *o = &options[i];

		buf_add_text(out, ".It ");
		if (o->letter)
			buf_addf(out, "Fl %c , ", o->letter);
		buf_addf(out, "Fl \\-%s%s%s\n", o->name, o->value ? " Ar " : "",
			o->value ? o->value : "");
		add_line(out, o->say);
	}
	buf_add_text(out, ".El\n");
}

static void add_subs(struct buf *out, const struct verb *v)
{
	if (!v->sub_count)
		return;
	buf_add_text(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < v->sub_count; i++) {
		buf_addf(out, ".It Cm %s\n", v->subs[i].name);
		add_line(out, v->subs[i].say);
	}
	buf_add_text(out, ".El\n");
}

static void add_verbs(struct buf *out)
{
	buf_add_text(out, ".Sh VERBS\n");
	for (size_t i = 0; i < verb_count; i++) {
		const struct verb *v = verb_table[i];

		if (v->hidden)
			continue;
		buf_addf(out, ".Ss weir %s %s\n", v->name, v->operands);
		add_line(out, v->say);
		if (v->more) {
			buf_add_text(out, ".Pp\n");
			add_line(out, v->more);
		}
		add_subs(out, v);
		add_options(out, v->options, v->option_count);
	}
}

static void add_fields(struct buf *out)
{
	buf_add_text(out, ".Sh FIELDS\nOf a decision, for filters, formats, CSV and JSON:\n"
			  ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < decision_table.count; i++) {
		const struct field *f = &decision_table.fields[i];

		buf_addf(out, ".It Va %s%s%s%s\n", f->path, f->unit ? " No (" : "",
			f->unit ? f->unit : "", f->unit ? ")" : "");
		add_line(out, f->say);
	}
	buf_add_text(out, ".El\n");
}

static void add_configuration(struct buf *out)
{
	buf_add_text(out, ".Sh CONFIGURATION\n");
	add_line(out, "JSON, in layers: built-in values, the shipped model map, the user's file, "
		      "the environment, --set; a later one wins key by key. Keys that begin "
		      "with // are comments. A star stands for a name of your choice");
	buf_add_text(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &option_table[i];

		buf_addf(out, ".It Va %s%s%s%s\n", o->path, o->unit ? " No (" : "",
			o->unit ? o->unit : "", o->unit ? ")" : "");
		add_line(out, o->say);
		if (o->fallback) {
			buf_add_text(out, "Default: ");
			add_line(out, o->fallback);
		}
		if (o->env)
			buf_addf(out, "Also\n.Ev %s .\n", o->env);
	}
	buf_add_text(out, ".El\n");
}

static void add_ends(struct buf *out)
{
	buf_add_text(out,
		".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
		".It Ev OPENAI_API_KEY , ANTHROPIC_API_KEY\n"
		"A key is enough to talk to that provider, without any configuration.\n"
		".It Ev WEIR_BASE_URL\nThe base URL of an OpenAI-compatible server, such as\n"
		"http://127.0.0.1:8000/v1, with\n.Ev WEIR_MODEL\nand\n.Ev WEIR_API_KEY .\n"
		".It Ev WEIR_CONFIG , WEIR_DB , WEIR_DATA\n"
		"Other places for the configuration, the database and the shipped data.\n"
		".El\n"
		".Sh FILES\n.Bl -tag -width Ds\n"
		".It Pa ~/.config/weir/config.json\nThe configuration.\n"
		".It Pa ~/.local/state/weir/weir.db\nThe decisions, readable by their owner only.\n"
		".El\n"
		".Sh EXIT STATUS\n.Bl -tag -width Ds\n"
		".It 0\nDone.\n"
		".It 1\nThe work failed: a provider, the network, the disk.\n"
		".It 2\nThe command line or the configuration is wrong.\n"
		".It 3\nRefused by policy, such as a budget.\n"
		".It 130\nInterrupted.\n"
		".El\n"
		".Sh EXAMPLES\n"
		".Bd -literal\n"
		"weir ask \"what is a deductible?\"\n"
		"echo \"how do I freeze my card?\" | weir ask \\-\\-json \\-\n"
		"weir why\n"
		"weir log \\-n 5 task:chat \"deductible\"\n"
		"weir log \\-\\-format \"{time} {answer.model} {cost_usd}\"\n"
		".Ed\n");
}

static enum err run(struct command *c, struct buf *why)
{
	struct buf out = BUF(BUF_TEXT_MAX);

	(void)why;
	buf_addf(&out, ".Dd $Mdocdate$\n.Dt WEIR 1\n.Os\n.Sh NAME\n.Nm weir\n"
		       ".Nd route questions to language models and show every decision\n"
		       ".Sh SYNOPSIS\n.Nm\n.Op Ar options\n.Ar verb\n.Op Ar ...\n"
		       ".Sh DESCRIPTION\n.Nm\nanswers a question from the cheapest model that is "
		       "good enough and keeps a record of each\ndecision: task, tier, model, cost, "
		       "time, and why.\nWith no provider configured, a built-in simulator answers, "
		       "and says so.\n.Pp\nOptions for every verb:\n");
	add_options(&out, global_options, global_option_count);
	add_verbs(&out);
	add_configuration(&out);
	add_fields(&out);
	add_ends(&out);
	command_say_buf(c, &out);
	buf_release(&out);
	return ERR_OK;
}

const struct verb verb_manual = {
	.name = "manual",
	.operands = "",
	.say = "write the manual page",
	.hidden = true,
	.run = run,
};
