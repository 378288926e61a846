#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What comes from outside is hostile: a provider that sends control sequences wherever it can, and
# repeats the key it was given. None of it may come out.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

question='what is a deductible?'
key=sk-live-0123456789abcdefghijklmnopqrstuvwxyz
model=
for name in $(sed -n 's/^  "\([^"]*\)": {.*/\1/p' "$WEIR_DATA/defaults.json")
do
	grep -A 3 "^  \"$name\": {" "$WEIR_DATA/defaults.json" | grep -q '"provider": "openai"' &&
		model=$name
done

# A clipboard write, a cleared screen, a title, C1 and its UTF-8, an overwrite, bidi, tags ...
evil='A\u001b]52;c;ZXZpbA==\u0007B\u001b[2JC\u001b]0;mine\u001b\\D\u009b31mE\rF\u202eG'
evil=$evil'\u200bH\u007fI\udb40\udc41J\u0008K\u0085L\u2066M\ufeffN'
raw=$(printf 'A\302\233 31mB\302\205C\342\200\256D\302\235 0;mineE\177F\342\200\213G')
bytes=$(printf 'A\033]52;c;ZXZpbA==\007B\033[2JC\233 31mD\377E\rF\010G\177H\302\233 31mI')

# ---- the provider ------------------------------------------------------------------------

# serve: begins the provider with what $work/canned holds.
serve ()
{
	test -z "${server:-}" || kill "$server"
	start server "$top_builddir/tests/live/hostile_server" "$work/canned"
	server=$pid
	within 10 test -s "$work/server.out"
	url=http://127.0.0.1:$(cat "$work/server.out")/v1
}

# head STATUS-LINE FIELD...
head_of ()
{
	printf 'HTTP/1.1 %s\r\nConnection: close\r\n' "$1"
	shift
	test $# -eq 0 || printf '%s\r\n' "$@"
	printf '\r\n'
}

stream_head ()
{
	head_of "200 OK" 'Content-Type: text/event-stream' "$@"
}

chunk ()
{
	printf 'data: {"choices":[{"index":0,"delta":{"content":"%s"}}]}\n\n' "$1"
}

stream_end ()
{
	printf 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"%s"}]}\n\n' "${1:-stop}"
	printf 'data: [DONE]\n\n'
}

asks ()
{
	OPENAI_API_KEY=$key run "$weir" --set providers.openai.base_url="$url" ask \
		--model "$model" "$@"
}

# ---- what may come out -------------------------------------------------------------------

# No control, in whichever encoding, and nothing that reorders or hides.
clean ()
{
	plain "$@" || return 1
	for file
	do
		! grep -a "$(printf '\302[\200-\237]')" "$file" &&
			! grep -a "$(printf '\342\200[\213-\217\250-\256]')" "$file" &&
			! grep -a "$(printf '\342\201[\246-\251]')" "$file" &&
			! grep -a "$(printf '\357\273\277')" "$file" &&
			! grep -a "$(printf '\363\240')" "$file" || return 1
		! command -v iconv >/dev/null || iconv -f UTF-8 -t UTF-8 "$file" >/dev/null ||
			return 1
	done
}

safe_json ()
{
	test -s "$1" && plain "$1" && ! grep -a "$(printf '\302[\200-\237]')" "$1" && is_json "$1"
}

# what_comes_out WHAT STATUS: every way to look at the decision that the provider answers with.
what_comes_out ()
{
	what=$1
	want=$2
	asks "$question"
	expect "$want" "$what: ask" clean "$out" "$err"
	for words in why 'why --answer' log 'log --csv' \
		'log --format {answer.text}_{error}_{answer.model}'
	do
		# shellcheck disable=SC2086 # several words
		run "$weir" $words
		expect 0 "$what: $words" clean "$out" "$err"
	done
	for words in 'why --json' 'log --json'
	do
		# shellcheck disable=SC2086 # several words
		run "$weir" $words
		expect 0 "$what: $words" safe_json "$out"
	done
	asks --json "$question"
	expect "$want" "$what: ask --json" safe_json "$out"
	expect "$want" "$what: ask --json, stderr" clean "$err"
}

answers ()
{
	new_home
	{
		stream_head
		chunk "$evil"
		chunk ' [31m'
		chunk '\u001b'
		chunk ']0;title\u0007'
		stream_end
	} >"$work/canned"
	serve
	what_comes_out 'escaped controls in an answer' 0
	expect 0 'escaped controls in an answer: told as they came' both \
		prints '\u001b]52;c;ZXZpbA==\u0007B' prints '\u001b]0;title\u0007'

	{
		stream_head
		chunk "$raw"
		stream_end '\u001b[31mstop'
	} >"$work/canned"
	serve
	what_comes_out 'raw C1 in an answer' 0

	{
		stream_head "X-Request-Id: $bytes" "Server: $bytes" "Retry-After: $bytes"
		printf ': %s\nevent: %s\nid: %s\n' "$bytes" "$bytes" "$bytes"
		chunk 'harmless'
		chunk "$bytes"
		stream_end
	} >"$work/canned"
	serve
	asks "$question"
	cat "$out" >>"$work/seen"
	case $status in 0 | 1) clean "$out" "$err" ;; *) false ;; esac
	verdict $? 'raw bytes in headers and events: nothing of them comes out' "$work/seen"
	run "$weir" why --answer
	expect 0 'raw bytes in headers and events: nor later' clean "$out"

	{
		head_of '200 OK' 'Content-Type: application/json'
		printf '{"data":[{"id":"%s"}],"choices":[{"message":{"content":"%s"},' \
			"$evil" "$evil"
		printf '"finish_reason":"%s"}]}' "$evil"
	} >"$work/canned"
	serve
	what_comes_out 'a whole answer' 0
	WEIR_BASE_URL=$url run "$weir" ask "$question"
	expect 0 'the name of a model: ask' clean "$out" "$err"
	run "$weir" why
	expect 0 'the name of a model: why' clean "$out" "$err"
}

errors ()
{
	new_home
	{
		head_of "401 $bytes" 'Content-Type: application/json' "WWW-Authenticate: $bytes"
		printf '{"error":{"message":"%s","code":"%s","type":"%s"}}' "$evil" "$evil" "$evil"
	} >"$work/canned"
	serve
	what_comes_out 'an error in JSON' 1
	{
		head_of "500 $bytes" "Content-Type: text/html; $bytes"
		printf '<h1>%s</h1>%s' "$bytes" "$raw"
	} >"$work/canned"
	serve
	what_comes_out 'an error in HTML' 1
	{
		head_of '200 OK' 'Content-Type: application/json'
		printf '%s%s' "$bytes" "$raw"
	} >"$work/canned"
	serve
	what_comes_out 'a body that is no JSON' 1
	{
		stream_head
		chunk "$evil"
		printf 'data: {"error":{"message":"%s"}}\n\n' "$evil"
	} >"$work/canned"
	serve
	what_comes_out 'an error in mid-stream' 1
	head_of '302 Found' "Location: http://127.0.0.1:1/$bytes" >"$work/canned"
	serve
	what_comes_out 'a redirection' 1
}

arguments ()
{
	new_home
	fast --sim ask --session "$bytes" --user "$bytes" "$bytes $question"
	expect 0 'a question of controls: ask' clean "$out" "$err"
	for words in why log 'log --csv' 'log --format {request.text}{request.session}'
	do
		# shellcheck disable=SC2086 # several words
		run "$weir" $words
		expect 0 "a question of controls: $words" clean "$out" "$err"
	done
	run "$weir" log --json
	expect 0 'a question of controls: log --json' safe_json "$out"
	for words in '' 'demo' 'ask --model' 'ask --tier' 'ask --task' 'ask --' 'help' 'model' \
		'config' 'completion' 'log --format' 'why' 'log' '--set' '--db' '--config'
	do
		# shellcheck disable=SC2086 # several words
		run "$weir" --sim $words "{$bytes}"
		clean "$out" "$err" && case $status in 0 | 1 | 2) ;; *) false ;; esac
		verdict $? "a word of controls is told harmlessly: weir $words" "$work/seen"
	done
	printf '{"%s": 1, "models": {"%s": {"tier": "%s"}}}' "$evil" "$evil" "$evil" >"$work/c.json"
	run "$weir" --config "$work/c.json" config check
	expect 2 'a configuration of controls is told harmlessly' clean "$out" "$err"
	{ printf '{"a":"'; printf '%s"}' "$bytes"; } >"$work/c.json"
	run "$weir" --config "$work/c.json" ask "$question"
	expect 2 'a configuration of raw bytes is told harmlessly' clean "$out" "$err"
}

# ---- the key -----------------------------------------------------------------------------

# Neither the whole of it nor a part that would help a thief.
is_kept ()
{
	for part in "$(echo "$key" | cut -c1-16)" "$(echo "$key" | cut -c17-32)"
	do
		! grep -raF -- "$part" "$HOME" "$TMPDIR" "$work/run.out" "$work/run.err" \
			"$work/looked" || return 1
	done
}

# key_is_kept WHERE STATUS
key_is_kept ()
{
	new_home
	asks "$question"
	expect "$2" "a key in $1 is kept" is_kept
	for words in 'why --answer' 'why --json' log 'log --csv' 'log --json'
	do
		# shellcheck disable=SC2086 # several words
		"$weir" $words
	done >"$work/looked" 2>&1
	asks --json "$question"
	expect "$2" "a key in $1 is kept from every verb" is_kept
}

keys ()
{
	new_home
	: >"$work/looked"
	OPENAI_API_KEY=$key
	export OPENAI_API_KEY
	for words in 'config show' 'config show --json' doctor 'doctor --json' 'model list --all' \
		'ask --dry-run x'
	do
		# shellcheck disable=SC2086 # several words
		run "$weir" $words
		test -s "$out" && is_kept
		verdict $? "the key is kept by: $words" "$work/seen"
	done
	unset OPENAI_API_KEY

	{
		head_of '401 no @KEY@' 'Content-Type: application/json' 'X-Key: @KEY@'
		printf '{"error":{"message":"Incorrect API key provided: @KEY@. Again: @KEY@",'
		printf '"code":"@KEY@"}}'
	} >"$work/canned"
	serve
	key_is_kept 'an error' 1
	{
		head_of '403 no' 'Content-Type: text/plain'
		printf 'no: Bearer @KEY@'
	} >"$work/canned"
	serve
	key_is_kept 'an error in plain text' 1
	{
		head_of '200 OK' 'Content-Type: application/json'
		printf '0123456789012345678901234567890123456789012345678 @KEY@'
	} >"$work/canned"
	serve
	key_is_kept 'a body that is no JSON, cut in the midst of it' 1
	{
		head_of '401 no' 'Content-Type: application/json'
		printf '{"error":{"message":"'
		head -c $((600 - 26)) /dev/zero | tr '\0' 0
		printf ' @KEY@ rest"}}'
	} >"$work/canned"
	serve
	key_is_kept 'a long error, cut in the midst of it' 1
	{
		stream_head 'X-Key: @KEY@'
		chunk 'hello'
		printf 'data: {"error":{"message":"@KEY@"}}\n\n'
	} >"$work/canned"
	serve
	key_is_kept 'an error in mid-stream' 1
	head_of '302 Found' 'Location: http://127.0.0.1:1/@KEY@' >"$work/canned"
	serve
	key_is_kept 'a redirection' 1
}

test -x "$top_builddir/tests/live/hostile_server" || {
	echo '1..0 # SKIP no hostile_server: make check-live builds it'
	exit 0
}
answers
errors
arguments
keys
finish
