#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# weir demo: without a terminal, and in real ones that tmux makes.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

nothing_left ()
{
	test -z "$(ls -A "$TMPDIR")" && test ! -e "$HOME/.local"
}

without_terminal ()
{
	new_home
	OPENAI_API_KEY=sk-none run "$weir" demo
	expect 0 'without a terminal: four questions' test "$(grep -c '^> ' "$out")" -eq 4
	expect 0 'without a terminal: four answers explained' \
		test "$(grep -c '^answer .* bytes from sim-' "$out")" -eq 4
	expect 0 'without a terminal: all rungs' both prints '(tier 2, simulated)' \
		prints '(tier 3, simulated)'
	expect 0 'without a terminal: nothing but text, and nothing on stderr' \
		plain "$out" "$err"
	expect 0 'without a terminal: nothing on stderr' test ! -s "$err"
	holds 'without a terminal: nothing is left' nothing_left
	for signal in INT TERM HUP
	do
		start demo "$weir" demo
		within 20 grep -q '^-- ' "$work/demo.out"
		within 20 test -n "$(ls -A "$TMPDIR")"
		verdict $? "SIG$signal: its folder is there before" "$work/demo.out"
		kill -s "$signal" "$pid"
		await demo
		case $signal in INT) want=130 ;; TERM) want=143 ;; HUP) want=129 ;; esac
		expect $want "SIG$signal: $want, and nothing is left" nothing_left
	done
	run sh -c 'TMPDIR=$1 exec "$0" demo' "$weir" "$work/none"
	expect 1 'no folder for temporary files: said' grep -q "$work/none" "$out" "$err"
	run "$weir" demo tour
	expect 2 'a word too many: said' says 'takes no words'
}

# ---- a terminal --------------------------------------------------------------------------

terminals=0

# in_terminal COLUMNS ROWS: the demo in one; the modes of the terminal before and after.
in_terminal ()
{
	rm -f "$work/before" "$work/after" "$work/demo.status" "$work/demo.pid"
	cat >"$work/session" <<-END
	trap : INT
	stty -g >'$work/before'
	sh -c 'echo \$\$ >"$work/demo.pid"; exec "$weir" demo'
	echo \$? >'$work/demo.new'
	stty -g >'$work/after'
	mv '$work/demo.new' '$work/demo.status'
	exec cat
	END
	test -z "${tmux:-}" || $tmux kill-server 2>/dev/null
	terminals=$((terminals + 1))
	tmux="tmux -L weir-test-$$-$terminals -f /dev/null"
	$tmux new-session -d -x "$1" -y "$2" "sh '$work/session'"
	typed=0
}

# The whole text of the terminal, lines that were cut by its width joined.
screen ()
{
	$tmux capture-pane -p -J -S -2000 >"$work/screen"
}

shows ()
{
	screen && grep -qF -- "$1" "$work/screen"
}

# prompts COUNT: so often has it asked for a line.
prompts ()
{
	screen && test "$(grep -c '^weir>' "$work/screen")" -ge "$1"
}

type_line ()
{
	typed=$((typed + 1))
	test -z "$1" || $tmux send-keys -l "$1"
	$tmux send-keys Enter
}

# answers SENTENCE WORDS: what was typed brings words, and then a prompt.
answers ()
{
	within 20 prompts $((typed + 1)) && shows "$2"
	verdict $? "$1" "$work/screen"
}

ends () # STATUS SENTENCE
{
	within 20 test -s "$work/demo.status" && test "$(cat "$work/demo.status")" = "$1"
	verdict $? "$2" "$work/screen"
	holds "$2: nothing is left" nothing_left
	holds "$2: the terminal is as it was" cmp "$work/before" "$work/after"
}

tour () # COLUMNS ROWS
{
	at=$1x$2
	in_terminal "$1" "$2"
	within 20 prompts 1 && shows 'Enter asks: what is a deductible?'
	verdict $? "$at: a question is suggested" "$work/screen"
	shows 'no key, no network, nothing kept'
	verdict $? "$at: it says who answers" "$work/screen"
	type_line ''
	answers "$at: Enter asks it" '-- sim-small (tier 1, simulated)'
	holds "$at: its folder is there" test -n "$(ls -A "$TMPDIR")"
	type_line why
	answers "$at: why explains it" 'attempt 1 sim-small at sim, tier 1: HTTP 200, stop'
	type_line 'what does "error L-204" mean?'
	answers "$at: a question of one's own, quotes and all" 'L-204'
	type_line log
	answers "$at: log lists both" 'id    time  '
	type_line '-'
	answers "$at: a dash is no way to read on" 'expected a question'
	type_line ''
	answers "$at: Enter asks the second" 'Enter asks: what does error L-204'
	type_line ''
	answers "$at: Enter asks the third" '-- sim-mid (tier 2, simulated)'
	type_line ''
	within 20 shows 'Dear'
	$tmux send-keys C-c
	answers "$at: Ctrl-C stops the answer, not the session" '| cancelled |'
	type_line models
	answers "$at: it goes on" 'sim-large'
	test ! -e "$work/demo.status"
	verdict $? "$at: until it is left" "$work/screen"
	$tmux send-keys C-d
	ends 0 "$at: Ctrl-D leaves"
	shows 'Nothing was kept.'
	verdict $? "$at: it says good-bye" "$work/screen"
	! grep -q '\[200~\|\^\[' "$work/screen"
	verdict $? "$at: no escape is on the screen" "$work/screen"
}

ways_out ()
{
	in_terminal 80 24
	within 20 prompts 1
	type_line quit
	ends 0 'quit leaves'

	in_terminal 80 24
	within 20 prompts 1
	$tmux send-keys C-c
	ends 130 'Ctrl-C at the prompt leaves'

	for signal in HUP TERM
	do
		case $signal in HUP) want=129 ;; TERM) want=143 ;; esac
		in_terminal 80 24
		within 20 prompts 1
		kill -s "$signal" "$(cat "$work/demo.pid")"
		ends $want "SIG$signal at the prompt ends it"

		in_terminal 80 24
		within 20 prompts 1
		for n in 1 2 3 4
		do
			type_line ''
		done
		within 20 shows 'Dear'
		kill -s "$signal" "$(cat "$work/demo.pid")"
		ends $want "SIG$signal in mid-answer ends it"
		shows '| cancelled |'
		verdict $? "SIG$signal in mid-answer stops the answer" "$work/screen"
	done

	in_terminal 80 24
	within 20 prompts 1
	pid=$(cat "$work/demo.pid")
	$tmux kill-session
	within 20 eval '! kill -0 "$pid"'
	verdict $? 'a terminal that is gone ends it' "$work/screen"
	within 20 nothing_left
	verdict $? 'a terminal that is gone: nothing is left' "$work/screen"
}

without_terminal
if command -v tmux >/dev/null
then
	TMUX_TMPDIR=$work
	TERM=xterm
	export TMUX_TMPDIR TERM
	tour 80 24
	tour 40 12
	ways_out
else
	skip 'the guided session' 'there is no tmux'
fi
finish
