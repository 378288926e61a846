#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A provider that misbehaves, as a fault script says: what the person who asks gets to see. The
# real simulator in one process, the real asker in others.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

question='how many rows may an import file have?'
answer='5,000 rows'

# serve SCRIPT: begins a simulator with these faults, and points the asker at it.
serve ()
{
	test -z "${server:-}" || {
		kill -TERM "$server"
		await server
	}
	printf '%s' "$1" >"$work/faults.json"
	start server "$weir" sim --fast --faults "$work/faults.json"
	server=$pid
	within 10 test -s "$work/server.out"
	WEIR_BASE_URL=$(cat "$work/server.out")
	WEIR_MODEL=sim-large
	export WEIR_BASE_URL WEIR_MODEL
	new_home
}

# Two lines of a terminal at most, whole, and nothing that could harm one.
one_sentence ()
{
	plain "$err" && test "$(grep -c . "$err")" -le 2 && test "$(wc -c <"$err")" -le 400
}

# fails FAULT SENTENCE WORD...: with the first request, which is not tried again; the words are on
# stderr. The second one is answered.
fails ()
{
	serve "{\"faults\": [{$1, \"times\": ${times:-1}}]}"
	what=$2
	shift 2
	run "$weir" --set providers.env.idle_ms=300 --set providers.env.first_byte_ms=300 \
		--set retry.max=0 ask "$question"
	expect 1 "$what: one sentence" one_sentence
	for word in 'env' "$@"
	do
		expect 1 "$what: says $word" says "$word"
	done
	run "$weir" ask "$question"
	expect 0 "$what: and then an answer" prints "$answer"
}

# answers FAULT SENTENCE: all the same.
answers ()
{
	serve "{\"faults\": [{$1, \"times\": 1}]}"
	run "$weir" ask "$question"
	expect 0 "$2" prints "$answer"
}

# partly: the front of the answer is on stdout, and not its end.
partly ()
{
	fails "$@"
	run "$weir" log -n 1 --format '{answer.text}' -end:stop
	expect 0 "$2: what came is on record" test -s "$out"
}

one_by_one ()
{
	fails '"fault": "hang"' 'silence' 'no answer after 300 ms' 'allow more time'
	partly '"fault": "hang", "after_tokens": 2' 'silence in the middle' 'stood still for 300 ms'
	fails '"fault": "reset"' 'a reset' 'closed without an answer' 'base_url'
	partly '"fault": "reset", "after_tokens": 2' 'a reset in the middle' 'broke after' \
		'try again'
	partly '"fault": "cut"' 'a stream without an end' 'stopped in the middle' 'another model'
	fails '"fault": "garbage"' 'garbage' 'not HTTP' 'base_url'
	partly '"fault": "bad_framing"' 'bad framing' 'badly framed' 'try again'
	fails '"fault": "page"' 'a page for people' 'not JSON' 'base_url'
	fails '"fault": "status", "status": 401, "message": "kaput"' 'a wrong key' \
		'HTTP 401: kaput' 'key'
	fails '"fault": "money"' 'no money' 'HTTP 429' 'add credit'
	partly '"fault": "stream_error", "message": "kaput"' 'an error inside a 200' 'kaput'
	answers '"fault": "reset"' 'a reset that passes is tried again'
	run "$weir" why
	expect 0 'why says what was wrong with the first try' prints 'closed without an answer'
	answers '"fault": "stays_open"' 'a socket that stays open'
	answers '"fault": "bad_chunk"' 'a chunk that nobody can read'
	answers '"fault": "comments", "bytes": 200000' 'many comments'
}

# What a script says is counted by the simulator, which says so at its end.
at_the_end ()
{
	kill -INT "$server"
	await server
	expect 0 'the simulator counts its faults' says 'requests, 1 of them with a fault'
	server=
	unset WEIR_BASE_URL WEIR_MODEL
}

scripts ()
{
	new_home
	printf '{"faults": [\n {"fault": "rest"}]}' >"$work/wrong.json"
	run "$weir" sim --faults "$work/wrong.json"
	expect 2 'a wrong script is said with its place' says \
		"$work/wrong.json:2:3: faults[0].fault: "
	expect 2 'a wrong script: the nearest fault' says 'did you mean "reset"?'
	run "$weir" sim --faults "$work/none.json"
	expect 2 'a script that is not there is said' says "$work/none.json: there is no such file"
	run "$weir" sim --list-faults
	expect 0 'the faults are listed' prints 'resets the connection'
}

# The script and the commands of README, with another port than the one it names.
readme ()
{
	sed -n '/^    {"faults": \[$/,/^    \]}$/s/^    //p' "$top_srcdir/README" \
		>"$work/readme.json"
	holds 'README shows a script' test -s "$work/readme.json"
	serve "$(cat "$work/readme.json")"
	WEIR_MODEL=sim-small
	run "$weir" ask 'what is a deductible?'
	expect 1 'README: the first breaks off' says 'broke after'
	run "$weir" ask 'what is a deductible?'
	expect 1 'README: the second is about money' says 'add credit'
	run "$weir" ask 'what is a deductible?'
	expect 0 'README: the third is answered' test -s "$out"
}

scripts
one_by_one
at_the_end
readme
finish
