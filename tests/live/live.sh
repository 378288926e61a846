# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What the live tests share: the real program in a world of its own, started, watched and ended.
# Nothing here waits for a fixed time: it looks again and again, up to a limit. Sourced, never run.

# Under nohup a hang-up is ignored, here and in all that is begun from here, for good: begin again
# with it restored, where env can do that. (A shell may not restore it itself.)
hangs_up ()
{
	test "$(sh -c 'kill -s HUP $$; echo alive' 2>/dev/null)" != alive
}
hangs_up || ! env --default-signal=HUP true 2>/dev/null || exec env --default-signal=HUP sh "$0"

top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
top_builddir=${top_builddir:-$PWD}
# shellcheck source=tests/shell/tap.sh
. "$top_srcdir/tests/shell/tap.sh"

weir=$top_builddir/weir
slow=120     # seconds: the limit for one run, far above what any needs
escape=$(printf '\033')
trap 'end_all; rm -rf "$work"' EXIT

# No key, no address and no folder of the person who runs the tests reaches the program.
for name in $(env | sed -n 's/^\([A-Za-z0-9_]*\)=.*/\1/p')
do
	case $name in
	*_KEY | WEIR_* | XDG_* | *_proxy | *_PROXY | NO_COLOR | TMUX*) unset "$name" ;;
	esac
done
WEIR_DATA=$top_srcdir/data
TMPDIR=$work/tmp
TZ=UTC
export WEIR_DATA TMPDIR TZ
mkdir "$TMPDIR"
: >"$work/pids"

# A home that nothing has touched. The decisions are in $db.
new_home ()
{
	HOME=$work/home
	export HOME
	rm -rf "$HOME"
	mkdir "$HOME"
	state=$HOME/.local/state/weir
	db=$state/weir.db
}
new_home

# A program, not a function, so that what is begun can be killed for sure.
end_all ()
{
	while read -r one
	do
		kill -KILL "$one"
	done <"$work/pids" 2>/dev/null
	test -z "${tmux:-}" || $tmux kill-server 2>/dev/null
	wait
}

# within SECONDS COMMAND...: looks until the command succeeds; false when it never does.
within ()
{
	looks=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1
	do
		looks=$((looks - 1))
		test "$looks" -gt 0 || return 1
		sleep 0.05
	done
}

# start NAME COMMAND...: begins a program; its streams are $work/NAME.in (or nothing), .out and
# .err, its process is $pid, and when it has ended its status is in $work/NAME.status.
start ()
{
	name=$1
	shift
	test -e "$work/$name.in" || : >"$work/$name.in"
	rm -f "$work/$name.status" "$work/$name.pid"
	(
		# shellcheck disable=SC2016 # the inner shell's own
		sh -c 'echo $$ >"$0.new" && mv "$0.new" "$0" && exec "$@"' \
			"$work/$name.pid" "$@" \
			<"$work/$name.in" >"$work/$name.out" 2>"$work/$name.err"
		echo $? >"$work/$name.new" && mv "$work/$name.new" "$work/$name.status"
	) 2>/dev/null &
	within 10 test -s "$work/$name.pid"
	pid=$(cat "$work/$name.pid")
	echo "$pid" >>"$work/pids"
}

# await NAME: its end; sets $status, and out and err to its words. What does not end is killed.
await ()
{
	out=$work/$1.out
	err=$work/$1.err
	if within "$slow" test -s "$work/$1.status"
	then
		status=$(cat "$work/$1.status")
	else
		kill -KILL "$(cat "$work/$1.pid")"
		status=endless
	fi
	rm -f "$work/$1.in"
	echo "status $status" | cat - "$out" "$err" | head -c 20000 >"$work/seen"
}

# run COMMAND...: begins it and waits for its end.
run ()
{
	start run "$@"
	await run
}

# fast ARGUMENT...: weir, and a simulator that takes no time.
fast ()
{
	run "$weir" --set sim.speed=fast "$@"
}

# feed TEXT COMMAND...: the same with words on stdin.
feed ()
{
	printf '%s' "$1" >"$work/run.in"
	shift
	run "$@"
}

# expect STATUS SENTENCE [TEST...]: of the last run, its status and something that must hold.
expect ()
{
	expected=$1
	sentence=$2
	shift 2
	test "$status" = "$expected" && { test $# -eq 0 || "$@" >>"$work/seen" 2>&1; }
	verdict $? "$sentence" "$work/seen"
}

skip ()
{
	tests_run=$((tests_run + 1))
	echo "ok $tests_run - $1 # SKIP $2"
}

# ---- what may be said of the last run --------------------------------------------------------

says () # on stderr
{
	grep -qF -- "$1" "$err"
}

prints () # on stdout
{
	grep -qF -- "$1" "$out"
}

both () # both COMMAND WORD COMMAND WORD
{
	"$1" "$2" && "$3" "$4"
}

silent () # nothing on stdout
{
	test ! -s "$out"
}

# No control byte but newline and tab, in files that are told.
plain ()
{
	for file
	do
		test "$(tr -d '\n\t\040-\176\200-\377' <"$file" | wc -c)" -eq 0 || return 1
	done
}

# A JSON object a line, as far as this machine can tell.
is_json ()
{
	if command -v jq >/dev/null
	then
		jq -e . "$1" >/dev/null
	elif python3 -c '' 2>/dev/null
	then
		python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="utf-8"): json.loads(line)' "$1"
	else
		# One object, or one a line: nothing here reads more of it.
		test -s "$1" && tr -d '\n' <"$1" | grep -q '^{ *"id": *".*}$'
	fi
}

# How many decisions are on record, and how many match a filter.
recorded ()
{
	count=$1
	shift
	"$weir" log -n 0 --format '{id}' "$@" >"$work/recorded" 2>"$work/recorded.err" || {
		cat "$work/recorded.err"
		return 1
	}
	test "$(wc -l <"$work/recorded")" -eq "$count" || {
		echo "expected $count on record:"
		cat "$work/recorded"
		return 1
	}
}

# Whatever a run leaves behind by mistake goes with the rest.
cd "$work" || exit
