#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Completion in the real shells, as far as they are here.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

PATH=$top_builddir:$PATH
export PATH

has_line ()
{
	grep -qxF -- "$1" "$out"
}

lacks_line ()
{
	! grep -qxF -- "$1" "$out"
}

# ---- what the program offers -------------------------------------------------------------

offers ()
{
	new_home
	run "$weir" complete ''
	expect 0 'complete: every verb' grep -q '^ask	' "$out"
	expect 0 'complete: no hidden one' lacks_line complete
	for verb in $(cut -f 1 "$out")
	do
		"$weir" help "$verb" >/dev/null || echo "$verb"
	done >"$work/unknown" 2>&1
	verdict "$(wc -l <"$work/unknown")" 'complete: each verb is one' "$work/unknown"
	run "$weir" complete ask --ti
	expect 0 'complete: an option' grep -q '^--tier	' "$out"
	run "$weir" complete ask --model sim-
	expect 0 'complete: the models' test "$(wc -l <"$out")" -eq 3
	run "$weir" complete model check sim-
	expect 0 'complete: the models to check' test "$(wc -l <"$out")" -eq 3
	run "$weir" complete model ''
	expect 0 'complete: what model does, and no models' lacks_line sim-small
	run "$weir" complete why ''
	expect 0 'complete: no decision yet, and no noise' test ! -s "$out"
	expect 0 'complete: looking makes no file' test ! -e "$db"
	expect 0 'complete: nothing on stderr' test ! -s "$err"
	fast ask 'what is a deductible?'
	short=$("$weir" log --format '{id}' | tail -c 5)
	run "$weir" complete why ''
	expect 0 'complete: a decision' has_line "$short"
	run "$weir" completion tcsh
	expect 2 'completion: a shell that it does not know' says 'there is bash, zsh, fish'
}

# ---- bash --------------------------------------------------------------------------------

# in_bash WORD...: what Tab offers for the last word.
in_bash ()
{
	# shellcheck disable=SC2016 # the inner shell's own
	run bash --norc -c 'source <(weir completion bash) || exit 9
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
		complete -p weir | grep -q _weir || exit 8
		_weir weir "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
		test ${#COMPREPLY[@]} -eq 0 || printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

bash_completes ()
{
	command -v bash >/dev/null || { skip 'bash' 'there is no bash'; return; }
	in_bash weir ''
	expect 0 'bash: verbs' has_line ask
	expect 0 'bash: without their sentences' lacks_line 'ask one question'
	in_bash weir w
	expect 0 'bash: the one verb' test "$(cat "$out")" = why
	in_bash weir ask --tier 2 --ti
	expect 0 'bash: an option after others' test "$(cat "$out")" = --tier
	in_bash weir ask --model sim-l
	expect 0 'bash: a model' test "$(cat "$out")" = sim-large
	in_bash weir ask --task su
	expect 0 'bash: a task' test "$(cat "$out")" = summarize
	in_bash weir config s
	expect 0 'bash: subcommands' both has_line show has_line schema
	in_bash weir why ''
	expect 0 'bash: decisions' has_line "$short"
	in_bash weir ask 'a question'
	expect 0 'bash: nothing for a question' test ! -s "$out"
	in_bash weir ask '$(touch '"$work"'/ran)'
	expect 0 'bash: what is typed is never run' test ! -e "$work/ran"
	in_bash weir nonsense ''
	expect 0 'bash: nothing for an unknown verb' both silent '' test ! -s "$err"
}

# ---- zsh and fish ------------------------------------------------------------------------

zsh_completes ()
{
	command -v zsh >/dev/null || { skip 'zsh' 'there is no zsh'; return; }
	"$weir" completion zsh >"$work/_weir"
	run zsh -f -n "$work/_weir"
	expect 0 'zsh: reads the script'
	# shellcheck disable=SC2016 # the inner shell's own
	run zsh -f -c 'compdef() { :; }; _describe() { print -l -- "${(@P)2}"; }; _files() { :; }
		source "$0"; words=(weir ask --ti); CURRENT=3; _weir' "$work/_weir"
	expect 0 'zsh: an option with its sentence' grep -q '^--tier:begin' "$out"
}

fish_completes ()
{
	command -v fish >/dev/null || { skip 'fish' 'there is no fish'; return; }
	run fish --no-config -c 'weir completion fish | source; complete -C "weir ask --ti"'
	expect 0 'fish: an option with its sentence' grep -q '^--tier	begin' "$out"
}

offers
bash_completes
zsh_completes
fish_completes
finish
