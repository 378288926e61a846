#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# weir ask: what stands on which stream, how it ends, and what is on record then.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

question='what is a deductible?'
letter='write the coverage letter for policy 48213'

# The answer on record, with what a stream ends with.
is_the_answer_on_record ()
{
	"$weir" log -n 1 --format '{answer.text}' >"$work/record"
	cmp "$1" "$work/record" && test -s "$1"
}

streams ()
{
	fast ask "$question"
	cp "$out" "$work/in-process"
	expect 0 'ask: the answer alone is on stdout' is_the_answer_on_record "$out"
	expect 0 'ask: who answers and the receipt are on stderr' \
		both says 'the built-in simulator answers, not a model' says '-- sim-small (tier 1'
	expect 0 'ask: both streams are plain text' plain "$out" "$err"
	fast ask what is a 'deductible?'
	expect 0 'ask: words are one question' cmp "$out" "$work/in-process"
	fast --sim --quiet ask "$question"
	expect 0 'ask: --quiet leaves stderr empty' test ! -s "$err"
	expect 0 'ask: --quiet changes no answer' cmp "$out" "$work/in-process"
	holds 'ask: each is on record' recorded 3
}

one_line_of_json ()
{
	test "$(wc -l <"$1")" -eq 1 && is_json "$1" && plain "$1"
}

as_json ()
{
	new_home
	fast ask --json "$question"
	expect 0 'ask --json: one line that is JSON' one_line_of_json "$out"
	expect 0 'ask --json: the whole decision' \
		both prints '"answer":{"text":"' prints '"simulated":true'
	expect 0 'ask --json: money is exact, as text' grep -q '"cost_usd":"0\.[0-9]\{9,\}"' "$out"
	cp "$out" "$work/told"
	run "$weir" log --json
	expect 0 'log --json: the same decision' cmp "$out" "$work/told"
	fast ask --json --budget 0 "$question"
	expect 3 'ask --json: a refusal is a decision too' one_line_of_json "$out"
}

dry_runs ()
{
	new_home
	fast ask --dry-run "$question"
	expect 0 'ask --dry-run: explains on stdout' \
		both prints 'decision  not made: a dry run' prints 'route     [sim-small]'
	fast ask --dry-run --tier 3 "$question"
	expect 0 'ask --dry-run: with the tier that is asked for' prints '[sim-large]'
	yes 'how do I freeze a lost card?' | head -c 200000 >"$work/run.in"
	fast ask --dry-run -
	expect 0 'ask --dry-run: explains a long question to the end' \
		prints 'why       the cheapest'
	fast ask "$question"
	holds 'ask --dry-run: leaves nothing on record' recorded 1
}

# refused STATUS SENTENCE WORDS ARGUMENT...
refused ()
{
	want=$1
	sentence=$2
	words=$3
	shift 3
	fast "$@"
	expect "$want" "$sentence" both silent '' says "$words"
}

statuses ()
{
	new_home
	refused 2 'no such verb: 2, with the nearest one' 'did you mean "ask"' aks "$question"
	refused 2 'no such option: 2, with the nearest one' 'did you mean "--tier"' ask --teir 2 x
	refused 2 'an option without its value: 2' '--tier: expected N' ask --tier
	refused 2 'no such tier: 2' 'from 1 to 3, not "4"' ask --tier 4 x
	refused 2 'no such task: 2' 'there is no task "poetry"' ask --task poetry x
	refused 2 'no such model: 2, with the nearest one' 'did you mean "sim-small"' \
		ask --model sim-smal x
	refused 2 'a budget that is no number: 2' 'expected dollars' ask --budget lots x
	refused 3 'a budget too small: 3' 'more than the budget' ask --budget 0.0000001 "$question"
	refused 2 'no question at all: 2' 'the question is empty' ask ''
	refused 2 'only blanks: 2' 'the question is empty' ask '   '
	refused 2 'nothing on stdin: 2' 'the question is empty' ask -
	refused 1 'no such decision: 1' 'decision' why ffffffffffff
	new_home
	refused 1 'nothing on record yet: 1' 'ask something first' log
	holds 'looking makes no file' test ! -e "$db"
	fast --version
	expect 0 '--version: 0' grep -q '^weir [0-9]' "$out"
	fast ask --help
	expect 0 '--help: 0' prints '--dry-run'
}

from_stdin ()
{
	new_home
	for arguments in '' 'ask' 'ask -'
	do
		printf '%s\n' "$question" >"$work/run.in"
		# shellcheck disable=SC2086 # several words
		fast $arguments
		expect 0 "stdin is asked by: weir $arguments" cmp "$out" "$work/in-process"
	done
	yes 'what is a deductible and why?' | head -c 1000000 >"$work/run.in"
	fast ask -
	expect 0 'a question of 1 MB is answered' test -s "$out"
	head -c 1000000 /dev/zero | tr '\0' a >"$work/run.in"
	slow=10
	fast ask -
	slow=120
	expect 0 'a word of 1 MB is answered in no time' test -s "$out"
	run "$weir" log
	expect 0 'the list shows the front of it' test "$(wc -c <"$out")" -lt 10000
	head -c 70000000 /dev/zero | tr '\0' a >"$work/run.in"
	fast ask -
	expect 1 'a question of 70 MB is refused' both silent '' says 'give a shorter text'
	printf 'what is a \377\300 deductible\033[31m?' >"$work/run.in"
	fast ask --json -
	expect 0 'a question of odd bytes is asked, and told in JSON' one_line_of_json "$out"
}

# ---- a server ----------------------------------------------------------------------------

ends_with_v1 ()
{
	grep -qx 'http://127\.0\.0\.1:[0-9][0-9]*/v1' "$work/sim.out"
}

served ()
{
	new_home
	start sim "$weir" sim --fast
	sim=$pid
	within 10 ends_with_v1
	verdict $? 'sim: its address is on stdout' "$work/sim.err"
	WEIR_BASE_URL=$(cat "$work/sim.out")
	WEIR_MODEL=sim-small
	export WEIR_BASE_URL WEIR_MODEL
	run "$weir" ask "$question"
	expect 0 'sim: answers over HTTP as it does inside' cmp "$out" "$work/in-process"
	! says 'the built-in simulator answers'
	verdict $? 'sim: a configured server is not announced as the simulator' "$err"
	run "$weir" ask --json "$question"
	expect 0 'sim: its answer is known as simulated' \
		both prints '"provider":"env"' prints '"simulated":true'
	WEIR_MODEL=nobody run "$weir" ask "$question"
	expect 1 'sim: a model that it does not have: 1' both silent '' says 'HTTP 404'
	holds 'sim: the failure is on record' recorded 1 end:http_error
	unset WEIR_BASE_URL WEIR_MODEL
	port=$(sed 's/.*:\([0-9]*\).*/\1/' "$work/sim.out")
	run "$weir" sim --port "$port"
	expect 1 'sim: a port that is taken is said' both silent '' says "$port"
	kill -INT "$sim"
	await sim
	expect 0 'sim: an interrupt ends it well' says 'the simulator answered 3 requests'
	start sim "$weir" sim --port "$port"
	within 10 grep -q ":$port/" "$work/sim.out"
	verdict $? 'sim: listens where it is told' "$work/sim.err"
	kill -TERM "$pid"
	await sim
}

# The configuration of a provider that speaks the other wire, at the simulator's address.
write_other_wire ()
{
	mkdir -p "$HOME/.config/weir"
	cat >"$HOME/.config/weir/config.json" <<CONFIG
{"providers": {"other": {"wire": "anthropic", "base_url": "$(cat "$work/sim.out")"}},
 "models": {
  "small": {"provider": "other", "id": "sim-small", "tier": 1},
  "any":   {"provider": "other", "id": "*", "tier": 1},
  "gone":  {"provider": "other", "id": "nobody", "tier": 1}},
 "tasks": {"chat": {"ladder": ["small"]}}}
CONFIG
}

other_wire ()
{
	new_home
	start sim "$weir" sim --fast
	within 10 ends_with_v1
	write_other_wire
	run "$weir" ask "$question"
	expect 0 'the other wire: answers as inside' cmp "$out" "$work/in-process"
	run "$weir" why
	expect 0 'the other wire: what the provider calls the request is shown' \
		prints 'the provider calls it req_sim'
	run "$weir" log --json
	expect 0 'the other wire: and on record' prints '"request_id":"req_sim'
	run "$weir" ask --json "$question"
	expect 0 'the other wire: its counts are the provider'\''s' \
		both prints '"provider":"other"' prints '"estimated":false'
	run "$weir" ask --model any "$question"
	expect 0 'the other wire: the server is asked which model it has' \
		cmp "$out" "$work/in-process"
	run "$weir" ask --model gone "$question"
	expect 1 'the other wire: an error names the request' \
		says 'other: HTTP 404: model: nobody (request req_sim'
	kill -TERM "$pid"
	await sim
}

# ---- signals -----------------------------------------------------------------------------

# A long answer at a natural speed, of which some is there.
begin_letter ()
{
	start letter "$weir" ask --tier 3 "$@" "$letter"
	within 20 test -s "$work/letter.out"
}

is_cut_short ()
{
	size=$(($(wc -c <"$1") - 1))
	test "$size" -gt 0 && test "$size" -lt "$(wc -c <"$work/whole")" &&
		test "$(head -c "$size" "$1")" = "$(head -c "$size" "$work/whole")"
}

interrupted ()
{
	new_home
	fast ask --tier 3 "$letter"
	cp "$out" "$work/whole"
	new_home
	begin_letter
	kill -INT "$pid"
	await letter
	expect 130 'interrupt: 130, and the part that came stays' is_cut_short "$out"
	expect 130 'interrupt: the stream ends its line' test "$(tail -c 1 "$out" | wc -l)" -eq 1
	expect 130 'interrupt: it is said, with a receipt' \
		both says 'cancelled' says ' | cancelled | '
	holds 'interrupt: on record as cancelled' recorded 1 end:cancelled
	expect 130 'interrupt: with the part that came' is_the_answer_on_record "$out"

	begin_letter
	kill -INT "$pid"
	kill -INT "$pid"
	kill -INT "$pid"
	await letter
	expect 130 'three interrupts do no more than one' recorded 2 end:cancelled

	begin_letter
	kill -TERM "$pid"
	await letter
	expect 143 'SIGTERM: 143, on record' recorded 3 end:cancelled
	begin_letter
	kill -HUP "$pid"
	await letter
	expect 129 'SIGHUP: 129, on record' recorded 4 end:cancelled
}

interrupted_elsewhere ()
{
	new_home
	start letter "$weir" ask --tier 3 --json "$letter"
	within 20 test -s "$work/letter.err"
	kill -INT "$pid"
	await letter
	expect 130 'interrupt before the first word: 130, and JSON all the same' \
		one_line_of_json "$out"
	expect 130 'interrupt before the first word: the record says so' \
		prints '"end":"cancelled"'

	mkfifo "$work/never.in"
	start never "$weir" ask - 3<>"$work/never.in"
	within 10 waits_for_stdin "$pid"
	kill -INT "$pid"
	slow=10
	await never
	slow=120
	expect 130 'interrupt while stdin is read: 130'
	holds 'interrupt while stdin is read: nothing was asked' recorded 1
}

# It has read its options and now waits: its descriptors are open. Elsewhere, any moment will do.
waits_for_stdin ()
{
	test ! -d "/proc/$1/fd" || grep -q poll "/proc/$1/wchan" || test -e "/proc/$1/fd/4"
}

without_hangup ()
{
	new_home
	# shellcheck disable=SC2016 # the inner shell's own
	start letter sh -c 'trap "" HUP; exec "$@"' sh "$weir" ask --tier 2 "$letter"
	within 20 test -s "$work/letter.out"
	kill -HUP "$pid"
	await letter
	expect 0 'under nohup a hangup does nothing' is_the_answer_on_record "$out"
}

# ---- streams that are not there ----------------------------------------------------------

readers_gone ()
{
	new_home
	# shellcheck disable=SC2016 # the inner shell's own
	pipe='("$0" ask --tier 3 "$1"; echo $? >"$2") | head -c 5'
	run sh -c "$pipe" "$weir" "$letter" "$work/status"
	cp "$work/seen" "$work/seen.pipe"
	test "$(cat "$work/status")" = 1 && says 'nobody reads the answer any more'
	verdict $? 'ask | head -c 5: ends at once, and says why' "$work/seen.pipe"
	holds 'ask | head -c 5: is on record as cancelled' recorded 1 end:cancelled

	yes 'what is a deductible and why?' | head -c 1000000 >"$work/run.in"
	fast ask -
	for words in log 'log --json' 'log --csv' why
	do
		# shellcheck disable=SC2016 # the inner shell's own
		run sh -c '("$0" $1; echo $? >"$2") | head -n 1' "$weir" "$words" "$work/status"
		test "$(cat "$work/status")" -le 1 && test "$(wc -l <"$out")" -eq 1 &&
			! grep -q . "$err"
		verdict $? "$words | head -n 1: ends quietly" "$work/seen"
	done
}

# with_closed REDIRECTION: asks with a stream or more closed.
with_closed ()
{
	run sh -c "exec $1"'; exec "$0" --set sim.speed=fast ask "$1"' "$weir" "$question"
}

streams_closed ()
{
	new_home
	with_closed '<&-'
	expect 0 'stdin closed: it answers' cmp "$out" "$work/in-process"
	with_closed '2>&-'
	expect 0 'stderr closed: it answers' cmp "$out" "$work/in-process"
	with_closed '>&-'
	expect 0 'stdout closed: no harm'
	with_closed '<&- >&- 2>&-'
	expect 0 'all closed: no harm'
	holds 'closed streams: each is on record, in a sound file' recorded 4
	run sh -c 'exec <&-; exec "$0" ask -' "$weir"
	expect 2 'stdin closed and asked for: said' says 'weir: '
	test -c /dev/full || { skip 'a full stdout' 'there is no /dev/full'; return; }
	run sh -c 'exec >/dev/full; exec "$0" --set sim.speed=fast ask "$1"' "$weir" "$question"
	expect 1 'a full stdout is said' says 'weir: stdout cannot be written: '
	run sh -c 'exec >/dev/full; exec "$0" --sim ask "$1"' "$weir" "$question"
	expect 1 'a full stdout is said in mid-stream' says 'weir: stdout cannot be written: '
	run sh -c 'exec >/dev/full; exec "$0" log' "$weir"
	expect 1 'a full stdout is said by others too' says 'weir: stdout cannot be written: '
}

streams
as_json
dry_runs
statuses
from_stdin
served
other_wire
interrupted
interrupted_elsewhere
without_hangup
readers_gone
streams_closed
finish
