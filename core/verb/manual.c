/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir manual: the manual page weir(1), written from the tables (mdoc). */
#include "core/verb/verbs.h"

#include "core/conf/option.h"
#include "core/record/field.h"
#include "core/sim/fault.h"

/* Of the release, so that two builds of it write the same page. */
#define RELEASE_DATE "November 21, 2026"

enum { LINE_WIDTH = 78 };

static const struct {
	const char *names, *say;
} environment[] = {
	{ "OPENAI_API_KEY , ANTHROPIC_API_KEY",
		"A key is enough to talk to that provider, without any configuration. The other "
		"providers' variables are named by their key_env: \"weir config show providers\" "
		"lists them." },
	{ "WEIR_BASE_URL",
		"The address of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1. It "
		"then comes first for every task." },
	{ "WEIR_MODEL , WEIR_API_KEY",
		"Of that server, where it wants them: what it calls its model, and its key." },
	{ "WEIR_CONFIG , WEIR_DB , WEIR_DATA",
		"Other places for the configuration, the decisions and the shipped data." },
	{ "WEIR_HUB_URL", "The hub that embedders are fetched from (embedder.hub_url)." },
	{ "XDG_CONFIG_HOME , XDG_STATE_HOME , XDG_DATA_HOME , HOME",
		"The folders that the files below are in, where nothing else names them." },
	{ "TMPDIR", "Where a demo keeps its state while it runs; /tmp without it." },
	{ "TERM , LC_ALL , LC_CTYPE , LANG", "What the terminal can show." },
	{ "http_proxy , https_proxy , no_proxy",
		"The way to the providers. Servers on this machine are reached directly." },
};

static const struct {
	const char *status, *say;
} exits[] = {
	{ "0", "Done." },
	{ "1", "The work failed: a provider, the network, the disk, or there is no such thing." },
	{ "2", "The command line, the input or the configuration is wrong." },
	{ "3", "Refused by policy, such as a budget." },
	{ "130", "Interrupted; other signals add their number to 128 in the same way." },
};

static const struct {
	const char *path, *say;
} files[] = {
	{ "~/.config/weir/config.json", "The configuration." },
	{ "~/.config/weir/config.prices.json",
		"Prices that \"weir model prices import\" wrote, a layer below it." },
	{ "~/.local/state/weir/weir.db", "The decisions, readable by their owner only." },
	{ WEIR_DATADIR, "The shipped data: model map, schema, knowledge base." },
};

static const char *const examples[] = {
	"weir ask \"what is a deductible?\"",
	"echo \"how do I freeze my card?\" | weir ask --json -",
	"weir ask --dry-run --tier 3 \"write the coverage letter for policy 48213\"",
	"weir why",
	"weir log -n 5 task:chat \"deductible\"",
	"weir log --format \"{time} {answer.model} {cost_usd}\"",
	"weir --set answer.max_tokens=200 ask \"what is a deductible?\"",
};

/* ---- words ------------------------------------------------------------------------------ */

/* Backslashes, dashes, and dots that begin a line are commands to mdoc. */
static void add_word(struct buf *out, struct str word, bool begins_line)
{
	if (begins_line && word.len && strchr(".'", word.ptr[0]))
		buf_add_text(out, "\\&");
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] == '\\')
			buf_add_text(out, "\\e");
		else if (word.ptr[i] == '-')
			buf_add_text(out, "\\-");
		else
			buf_add_char(out, word.ptr[i]);
	}
}

static bool ends_sentence(struct str word)
{
	return word.len && strchr(".!?", word.ptr[word.len - 1]);
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* What the first word of the rest takes, at most, with its blank. */
static size_t next_len(struct str rest)
{
	size_t len = str_find_char(rest, ' '), escapes = 0;

	for (size_t i = 0; i < len; i++)
		escapes += rest.ptr[i] == '-' || rest.ptr[i] == '\\';
	return len + escapes + 1;
}

/* A paragraph: each sentence on a line of its own, as mdoc wants it, and no line too long. */
static void add_text(struct buf *out, const char *words)
{
	struct str rest = str_of(words), word;
	size_t begin = out->len;

	while (str_cut(&rest, ' ', &word)) {
		add_word(out, word, out->len == begin);
		if (!rest.ptr)
			break;
		if (ends_sentence(word) || out->len - begin + next_len(rest) > LINE_WIDTH) {
			buf_add_char(out, '\n');
			begin = out->len;
		} else {
			buf_add_char(out, ' ');
		}
	}
	buf_add_text(out, strchr(".:", words[strlen(words) - 1]) ? "\n" : ".\n");
}

/* A row's words, which begin small because help shows them beside a name. */
static void add_sentence(struct buf *out, const char *words)
{
	struct arena arena = ARENA;
	char *sentence = arena_text(&arena, words);

	sentence[0] = upper(sentence[0]);
	add_text(out, sentence);
	arena_release(&arena);
}

static void begin_list(struct buf *out)
{
	buf_add_text(out, ".Bl -tag -width Ds\n");
}

static void end_list(struct buf *out)
{
	buf_add_text(out, ".El\n");
}

static void add_item(struct buf *out, const char *macro, const char *name, const char *unit)
{
	buf_addf(out, ".It %s", macro);
	add_word(out, str_of(name), false);
	if (unit)
		buf_addf(out, " No (%s)", unit);
	buf_add_char(out, '\n');
}

/* ---- verbs ------------------------------------------------------------------------------ */

static void add_options(struct buf *out, const struct verb_option *options, size_t count)
{
	if (!count)
		return;
	begin_list(out);
	for (size_t i = 0; i < count; i++) {
		const struct verb_option *o = &options[i];

		buf_add_text(out, ".It ");
		if (o->letter)
			buf_addf(out, "Fl %c , ", o->letter);
		buf_add_text(out, "Fl \\-");
		add_word(out, str_of(o->name), false);
		buf_addf(out, "%s%s\n", o->value ? " Ar " : "", o->value ? o->value : "");
		add_sentence(out, o->say);
	}
	end_list(out);
}

static void add_subs(struct buf *out, const struct verb *v)
{
	if (!v->sub_count)
		return;
	begin_list(out);
	for (size_t i = 0; i < v->sub_count; i++) {
		add_item(out, "Cm ", v->subs[i].name, NULL);
		add_sentence(out, v->subs[i].say);
	}
	end_list(out);
}

static void add_verbs(struct buf *out)
{
	buf_add_text(out, ".Sh VERBS\n");
	for (size_t i = 0; i < verb_count; i++) {
		const struct verb *v = verb_table[i];

		if (v->hidden)
			continue;
		buf_addf(out, ".Ss weir %s%s", v->name, v->operands[0] ? " " : "");
		add_word(out, str_of(v->operands), false);
		buf_add_text(out, v->operands[0] ? "\\&\n" : "\n");
		add_sentence(out, v->say);
		if (v->more) {
			buf_add_text(out, ".Pp\n");
			add_text(out, v->more);
		}
		add_subs(out, v);
		add_options(out, v->options, v->option_count);
	}
}

/* ---- keys and fields -------------------------------------------------------------------- */

static void add_choices(struct buf *out, const struct option *o)
{
	const char *choices = o->choices, *before = o->type == OPTION_TEXTS ? "Any of " : "One of ";
	struct buf list = BUF(BUF_LINE_MAX);
	struct str choice;

	if (!choices)
		return;
	while (choice_cut(&choices, &choice))
		buf_addf(&list, "%s%.*s", list.len ? ", " : before, STR_ARG(choice));
	add_text(out, list.ptr);
	buf_release(&list);
}

static void add_names(struct buf *out, const struct field *f)
{
	struct buf list = BUF(BUF_LINE_MAX);

	for (size_t i = 1; i < f->name_count; i++)
		buf_addf(&list, "%s%s", i > 1 ? ", " : "One of ", f->names[i]);
	if (list.len)
		add_text(out, list.ptr);
	buf_release(&list);
}

static void add_configuration(struct buf *out)
{
	buf_add_text(out, ".Sh CONFIGURATION\n");
	add_text(out, "JSON, in layers: built-in values, the shipped model map, the user's file, "
		      "the environment, --set; a later one wins key by key. Keys that begin with "
		      "// are comments. A star stands for a name of your choice, brackets for a "
		      "place in a list.");
	begin_list(out);
	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &option_table[i];

		add_item(out, "Va ", o->path, o->unit);
		add_sentence(out, o->say);
		add_choices(out, o);
		if (o->fallback) {
			buf_add_text(out, "Default: ");
			add_text(out, o->fallback);
		}
		if (o->env)
			buf_addf(out, "Also\n.Ev %s .\n", o->env);
	}
	end_list(out);
}

static void add_fields(
	struct buf *out, const struct field_table *table, const char *macro, const char *say)
{
	buf_add_text(out, ".Pp\n");
	add_text(out, say);
	begin_list(out);
	for (size_t i = 0; i < table->count; i++) {
		add_item(out, macro, table->fields[i].path, table->fields[i].unit);
		add_sentence(out, table->fields[i].say);
		add_names(out, &table->fields[i]);
	}
	end_list(out);
}

static void add_record(struct buf *out)
{
	buf_add_text(out, ".Sh DECISIONS\n");
	add_text(out, "A decision is the record of how one request was handled.");
	add_fields(out, &decision_table, "Va ", "Its fields, for filters, formats, CSV and JSON:");
	add_fields(out, &attempt_table, "Va attempt.",
		"Of each call of a model, for filters; JSON has them in \"attempts\":");
	add_fields(out, &verdict_table, "Va verdict.",
		"Of each check of an answer, for filters; JSON has them in \"verdicts\" of an "
		"attempt:");
	add_fields(out, &tool_table, "Va tool.",
		"Of each run of a tool, for filters; JSON has them in \"tools\":");
}

/* ---- faults ----------------------------------------------------------------------------- */

static const char *const fault_example[] = {
	"{ \"seed\": 7,",
	"  \"faults\": [",
	"    { \"fault\": \"reset\", \"after_tokens\": 3, \"every\": 5 },",
	"    { \"fault\": \"pace\", \"retry_after\": 2, \"model\": \"sim-small\", \"times\": 3 },",
	"    { \"fault\": \"status\", \"status\": 503, \"share\": 0.1 } ] }",
};

static void add_fault_keys(struct buf *out, bool when)
{
	begin_list(out);
	for (size_t i = 0; i < fault_key_count; i++) {
		if (fault_keys[i].when != when)
			continue;
		add_item(out, "Cm ", fault_keys[i].name, NULL);
		add_sentence(out, fault_keys[i].say);
	}
	end_list(out);
}

static void add_fault(struct buf *out, const struct fault_row *row)
{
	struct buf keys = BUF(BUF_LINE_MAX);

	add_item(out, "Cm ", row->name, NULL);
	add_sentence(out, row->say);
	for (size_t i = 0; i < FAULT_KEYS_MAX && row->keys[i]; i++) {
		buf_add_text(&keys, i ? ", " : "Takes ");
		fault_key_describe(&keys, row, fault_key_find(str_of(row->keys[i])));
	}
	if (keys.len)
		add_text(out, keys.ptr);
	buf_release(&keys);
}

static void add_lines(struct buf *out, const char *const *lines, size_t count)
{
	buf_add_text(out, ".Bd -literal\n");
	for (size_t i = 0; i < count; i++) {
		add_word(out, str_of(lines[i]), true);
		buf_add_char(out, '\n');
	}
	buf_add_text(out, ".Ed\n");
}

static void add_faults(struct buf *out)
{
	buf_add_text(out, ".Sh FAULT SCRIPTS\n");
	add_text(out, "What goes wrong between a provider and its client, on purpose: \"weir sim "
		      "--faults FILE\" serves one address at which some requests go wrong and "
		      "the others are answered. A script is JSON; keys that begin with // are "
		      "comments:");
	add_lines(out, fault_example, ARRAY_LEN(fault_example));
	buf_add_text(out, ".Pp\n");
	add_text(out, "Each entry counts the requests for an answer that fit it; the first whose "
		      "turn it is strikes. The same seed and the same requests in the same order "
		      "meet the same faults. The faults, with what they take and what holds "
		      "without it:");
	begin_list(out);
	for (size_t i = 0; i < SIM_FAULT_COUNT; i++)
		add_fault(out, &fault_rows[i]);
	end_list(out);
	buf_add_text(out, ".Pp\n");
	add_text(out, "What those keys mean:");
	add_fault_keys(out, false);
	buf_add_text(out, ".Pp\n");
	add_text(out, "When a fault strikes; every fault takes these:");
	add_fault_keys(out, true);
}

/* ---- providers -------------------------------------------------------------------------- */

static const char *const provider_example[] = {
	"{ \"providers\": {",
	"    \"azure\": { \"key_env\": \"AZURE_API_KEY\", \"key_header\": \"api-key\",",
	"      \"base_url\": \"https://example.openai.azure.com/openai/deployments/gpt-4o"
	"?api-version=2024-10-21\" },",
	"    \"deepseek-2\": { \"wire\": \"anthropic\", \"key_env\": \"DEEPSEEK_API_KEY\",",
	"      \"base_url\": \"https://api.deepseek.com/anthropic/v1\" } },",
	"  \"models\": {",
	"    \"azure-4o\": { \"provider\": \"azure\", \"id\": \"gpt-4o\", \"tier\": 2 },",
	"    \"flash-2\": { \"provider\": \"deepseek-2\", \"id\": \"deepseek-flash\", "
	"\"tier\": 2 } } }",
};

static void add_providers(struct buf *out)
{
	buf_add_text(out, ".Sh PROVIDERS\n");
	add_text(out, "A provider is an address, the wire it speaks and the name of its key's "
		      "variable: a few lines of configuration. Two wires are known: openai (chat "
		      "completions), which most servers speak, and anthropic (messages), which "
		      "some speak as well. The key goes where the wire wants it, or into "
		      "key_header; what follows a ? in base_url comes behind the path:");
	add_lines(out, provider_example, ARRAY_LEN(provider_example));
	buf_add_text(out, ".Pp\n");
	add_text(out, "Then \"weir ask --model flash-2\" asks it; a task's ladder may name it. The "
		      "simulator speaks both wires.");
}

/* ---- the page --------------------------------------------------------------------------- */

static void add_head(struct buf *out)
{
	buf_add_text(out, ".Dd " RELEASE_DATE "\n.Dt WEIR 1\n.Os\n.Sh NAME\n.Nm weir\n"
			  ".Nd route questions to language models and show every decision\n"
			  ".Sh SYNOPSIS\n.Nm\n.Op Ar options\n.Ar verb\n.Op Ar ...\n"
			  ".Sh DESCRIPTION\n.Nm\n");
	add_text(out, "answers a question from the cheapest model that is good enough and keeps a "
		      "record of each decision: task, tier, model, cost, time, and why. With no "
		      "provider configured, a built-in simulator answers, and says so.");
	buf_add_text(out, ".Pp\nWithout a verb,\n.Nm\n");
	add_text(out, "asks what comes on a pipe, and shows its help on a terminal.");
	buf_add_text(out, ".Pp\nOptions for every verb, before or after it:\n");
	add_options(out, global_options, global_option_count);
}

static void add_ends(struct buf *out)
{
	buf_add_text(out, ".Sh ENVIRONMENT\n");
	begin_list(out);
	for (size_t i = 0; i < ARRAY_LEN(environment); i++) {
		add_item(out, "Ev ", environment[i].names, NULL);
		add_text(out, environment[i].say);
	}
	end_list(out);
	buf_add_text(out, ".Sh FILES\n");
	begin_list(out);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		add_item(out, "Pa ", files[i].path, NULL);
		add_text(out, files[i].say);
	}
	end_list(out);
	buf_add_text(out, ".Sh EXIT STATUS\n");
	begin_list(out);
	for (size_t i = 0; i < ARRAY_LEN(exits); i++) {
		add_item(out, "", exits[i].status, NULL);
		add_text(out, exits[i].say);
	}
	end_list(out);
	buf_add_text(out, ".Sh EXAMPLES\n");
	add_lines(out, examples, ARRAY_LEN(examples));
}

static enum err run(struct command *c, struct buf *why)
{
	struct buf out = BUF(BUF_TEXT_MAX);

	(void)why;
	add_head(&out);
	add_verbs(&out);
	add_configuration(&out);
	add_providers(&out);
	add_record(&out);
	add_faults(&out);
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
