/* SPDX-License-Identifier: GPL-3.0-or-later
 * weir completion: a script for a shell. It asks "weir complete" at each Tab, so it never falls
 * behind the tables. */
#include "core/verb/verb.h"

static const struct verb_sub subs[] = {
	{ "bash", "for bash" },
	{ "zsh", "for zsh" },
	{ "fish", "for fish" },
};

static const char *const scripts[] = {
	"_weir()\n"
	"{\n"
	"\tlocal IFS=$'\\n'\n"
	"\tCOMPREPLY=($(weir complete \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null | cut -f1))\n"
	"}\n"
	"complete -o default -F _weir weir\n",

	"#compdef weir\n"
	"_weir()\n"
	"{\n"
	"\tlocal -a found\n"
	"\tlocal line\n"
	"\twhile IFS= read -r line; do\n"
	"\t\tfound+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\")\n"
	"\tdone < <(weir complete \"${(@)words[2,CURRENT]}\" 2>/dev/null)\n"
	"\t_describe weir found || _files\n"
	"}\n"
	"compdef _weir weir\n",

	"function __weir_complete\n"
	"\tset -l words (commandline -opc)[2..-1] (commandline -ct)\n"
	"\tweir complete $words 2>/dev/null\n"
	"end\n"
	"complete -c weir -a '(__weir_complete)'\n",
};

static enum err run(struct command *c, struct buf *why)
{
	const char *sub;
	enum err err = command_sub(c, "bash", &sub, why);

	for (size_t i = 0; !err && i < ARRAY_LEN(subs); i++)
		if (!strcmp(sub, subs[i].name))
			command_say_clean(c, str_of(scripts[i]));
	return err;
}

const struct verb verb_completion = {
	.name = "completion",
	.operands = "bash | zsh | fish",
	.say = "print a completion script for a shell",
	.more = "To have it in each new shell: source <(weir completion bash) in ~/.bashrc; "
		"source <(weir completion zsh) in ~/.zshrc, after compinit; weir completion fish | "
		"source in ~/.config/fish/config.fish.",
	.subs = subs,
	.sub_count = ARRAY_LEN(subs),
	.run = run,
};
