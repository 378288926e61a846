#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What goes wrong around the program: it says what, where and the mend, and breaks nothing.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

question='what is a deductible?'
letter='write the coverage letter for policy 48213'

# troubled STATUS SENTENCE WORDS ARGUMENT...: no answer, a status, and words on stderr.
troubled ()
{
	want=$1
	sentence=$2
	words=$3
	shift 3
	fast "$@"
	expect "$want" "$sentence" both silent '' says "$words"
}

# ---- configuration -----------------------------------------------------------------------

# configure TEXT: the user's own configuration.
configure ()
{
	mkdir -p "$HOME/.config/weir"
	printf '%b' "$1" >"$HOME/.config/weir/config.json"
}

configuration ()
{
	new_home
	file=$HOME/.config/weir/config.json
	configure '{\n "routing": {\n  "task": "faq",\n }\n}\n'
	troubled 2 'a wrong comma is found by line and column' "$file:4:2" ask "$question"
	troubled 2 'config check finds it too' "$file:4:2" config check
	configure '{\n "routing": {"tsak": "faq"}\n}\n'
	troubled 2 'an unknown key is found by line and column' "$file:2:14" ask "$question"
	expect 2 'an unknown key is told with the nearest one' says '"task"'
	configure '{\n "models": {\n  "m": {"provider": "sim", "tier": "high"}\n }\n}\n'
	troubled 2 'a wrong value is found by line and column' "$file:3:" ask "$question"
	expect 2 'a wrong value is told with its path' says 'models.m.tier'
	configure '{"models": {"m": {"provider": "nobody", "tier": 1}}}'
	troubled 2 'a provider that is not there is said' 'nobody' ask "$question"
	configure '{"tasks": {"chat": {"ladder": ["nobody"]}}}'
	troubled 2 'a model of a ladder that is not there is said' 'nobody' ask "$question"
	configure '\0377\0376\0'
	troubled 2 'a file of bytes is said' "$file" ask "$question"
	fast demo
	expect 2 'weir demo says it as well, once' test "$(grep -c "$file" "$out")" -eq 1
	rm "$file"
	mkdir "$file"
	troubled 2 'a folder in its place is said' "$file" ask "$question"
	new_home
	troubled 2 'a file that is not there is said' "$work/none.json" \
		--config "$work/none.json" ask "$question"
	troubled 2 '--set of an unknown key is said' '"speed"' --set sim.speeed=fast ask x
	troubled 2 '--set without a value is said' 'PATH=VALUE' --set sim.speed ask "$question"
	WEIR_DATA=$work troubled 2 'a data folder without data is said' 'WEIR_DATA' ask "$question"
	holds 'a wrong configuration puts nothing on record' test ! -e "$db"
}

keys_and_models ()
{
	new_home
	troubled 2 'a model whose key is missing names the variable' 'OPENAI_API_KEY' \
		ask --model gpt-4o-mini "$question"
	troubled 2 'a model that is not there is said' 'there is no model "nobody"' \
		ask --model nobody "$question"
	echo secret >"$work/key"
	chmod 644 "$work/key"
	for words in "$work/key can be read by others" "$work/nokey is not there"
	do
		troubled 2 "a key file: ${words#"$work"/}" "$words" \
			--set providers.mine.base_url=http://127.0.0.1:1/v1 \
			--set providers.mine.key_file="${words%% *}" --set models.m.tier=1 \
			--set models.m.provider=mine --set tasks.chat.ladder=m ask --model m x
	done
}

# ---- addresses ---------------------------------------------------------------------------

# at URL SENTENCE WORDS
at ()
{
	WEIR_BASE_URL=$1 WEIR_MODEL=m troubled 1 "$2" "$3" \
		--set providers.env.connect_ms=20000 ask "$question"
}

addresses ()
{
	new_home
	start sim "$weir" sim --fast
	sim=$pid
	within 10 test -s "$work/sim.out"
	open=$(sed 's/.*:\([0-9]*\).*/\1/' "$work/sim.out")
	at "https://127.0.0.1:$open/v1" 'https where there is only http: said' \
		'does it speak https, or is it http?'
	kill -TERM "$sim"
	await sim
	at "http://127.0.0.1:$open/v1" 'a port where nobody listens: said' 'connection refused'
	expect 1 'a port where nobody listens: where' says "127.0.0.1:$open"
	at 'http://weir.invalid/v1' 'a name that is not there: said' 'weir.invalid'
	holds 'failed calls are on record' recorded 3 end:http_error
	WEIR_BASE_URL='ftp://127.0.0.1/' WEIR_MODEL=m \
		fast ask "$question"
	case $status in 1 | 2) says 'http' && silent ;; *) false ;; esac
	verdict $? 'an address that is not http is said' "$work/seen"
	WEIR_BASE_URL='not an address' WEIR_MODEL=m fast ask "$question"
	case $status in 1 | 2) says '"https://' && silent ;; *) false ;; esac
	verdict $? 'an address that is none is said' "$work/seen"
}

# ---- the file ----------------------------------------------------------------------------

wrong_files ()
{
	new_home
	fast ask "$question"
	cp "$db" "$work/good.db"
	mkdir "$work/folder"
	troubled 1 'a folder as --db is said' "$work/folder: it is a folder" \
		--db "$work/folder" ask "$question"
	troubled 1 'a folder as --db is said when looking' "$work/folder" --db "$work/folder" log
	seq 5000 >"$work/text"
	cp "$work/text" "$work/text.db"
	troubled 1 'a text as --db is said' "$work/text.db: it is no file of weir" \
		--db "$work/text.db" ask "$question"
	holds 'a text as --db stays as it was' cmp "$work/text" "$work/text.db"
	cp "$work/good.db" "$work/newer.db"
	printf '\0\0\003\347' | dd of="$work/newer.db" bs=1 seek=60 conv=notrunc 2>/dev/null
	cp "$work/newer.db" "$work/newer"
	troubled 1 'a file of a newer weir is said' 'newer weir (version 999' \
		--db "$work/newer.db" ask "$question"
	troubled 1 'a file of a newer weir is said when looking' "$work/newer.db" \
		--db "$work/newer.db" log
	holds 'a file of a newer weir stays as it was' cmp "$work/newer" "$work/newer.db"
	head -c 20000 "$work/good.db" >"$work/half.db"
	fast --db "$work/half.db" log
	case $status in 1) says "$work/half.db: " ;; *) false ;; esac
	verdict $? 'half a file is said' "$work/seen"
	: >"$work/empty.db"
	fast --db "$work/empty.db" ask "$question"
	expect 0 'an empty file is as good as none' test -s "$out"
	run ls -l "$db"
	expect 0 'the record is for its owner alone' grep -q '^-rw-------' "$out"
	new_home
	mkdir -p "$HOME/.local/state"
	: >"$state"
	troubled 1 'a file where the folder should be is said' "$db" ask "$question"
}

# as_nobody COMMAND...: as somebody who owns nothing. Skips when that cannot be.
as_nobody ()
{
	if test "$(id -u)" -ne 0
	then
		"$@"
	elif command -v setpriv >/dev/null
	then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		return 1
	fi
}

read_only ()
{
	new_home
	fast ask "$question"
	chmod 755 "$work" "$HOME"
	chmod -R a+rX "$HOME"
	chmod a-w "$state" "$db"
	if ! as_nobody "$weir" --version >/dev/null 2>&1 ||
		! as_nobody test -r "$WEIR_DATA/defaults.json" ||
		! as_nobody test -r "$db" || as_nobody test -w "$state"
	then
		skip 'a folder that may not be written' 'cannot be somebody else here'
		return
	fi
	cat >"$work/as" <<-'SCRIPT'
	if test "$(id -u)" -eq 0
	then
		exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	fi
	exec "$@"
	SCRIPT
	for words in 'ask what' log why
	do
		# shellcheck disable=SC2086 # several words
		run sh "$work/as" "$weir" --set sim.speed=fast $words
		expect 1 "a folder that may not be written is said: $words" \
			both silent '' says "$db: it may not be written"
	done
	rm -f "$db"
	run sh "$work/as" "$weir" ask "$question"
	expect 1 'a folder where nothing can be made is said' says "$db: it may not be written"
	chmod -R u+w "$HOME"
}

full_disk ()
{
	new_home
	fast ask "$question"
	head -c 3000000 /dev/zero | tr '\0' a >"$work/run.in"
	# shellcheck disable=SC2016 # the inner shell's own
	run sh -c 'ulimit -f 2000; exec "$0" --set sim.speed=fast ask -' "$weir"
	expect 1 'a limit for files is said' says "$db: the file may not grow further"
	expect 1 'a limit for files: the answer comes all the same' test -s "$out"
	holds 'a limit for files: what was on record stays' recorded 1
	new_home
	run sh -c 'ulimit -f 0; exec "$0" ask x >/dev/null 2>/dev/null' "$weir"
	case $status in 1) true ;; *) false ;; esac
	verdict $? 'no file at all may grow: no crash' "$work/seen"

	if ! unshare -m sh -c "mkdir -p '$work/small' && mount -t tmpfs -o size=1m none \
		'$work/small'" 2>/dev/null
	then
		skip 'a full disk' 'no file system can be mounted here'
		return
	fi
	head -c 3000000 /dev/zero | tr '\0' a >"$work/run.in"
	# shellcheck disable=SC2016 # the inner shell's own
	run unshare -m sh -c 'mount -t tmpfs -o size=1m none "$2" || exit
		"$1" --set sim.speed=fast --db "$2/weir.db" ask "$3" </dev/null || exit
		"$1" --set sim.speed=fast --db "$2/weir.db" ask -
		echo "status $?"
		"$1" --db "$2/weir.db" log --format "{request.text}"' \
		sh "$weir" "$work/small" "$question"
	expect 0 'a full disk is said' says "$work/small/weir.db: the disk is full"
	expect 0 'a full disk: 1' prints 'status 1'
	expect 0 'a full disk: what was on record stays' grep -qxF "$question" "$out"
}

no_home ()
{
	new_home
	mkdir "$work/cwd"
	run env -u HOME sh -c 'cd "$0" && exec "$1" --set sim.speed=fast ask "$2"' \
		"$work/cwd" "$weir" "$question"
	case $status in 0) test -s "$out" ;; 1 | 2) says HOME ;; *) false ;; esac
	verdict $? 'without HOME it answers or says so' "$work/seen"
	run env -u HOME "$weir" config path
	case $status in 0 | 2) true ;; *) false ;; esac
	verdict $? 'without HOME config path does not break' "$work/seen"
}

# ---- two at once, and one that is killed --------------------------------------------------

several ()
{
	new_home
	for n in 1 2 3 4
	do
		start "many$n" "$weir" ask --session "s$n" "$question"
	done
	for n in 1 2 3 4
	do
		await "many$n"
		expect 0 "four begin the same file at once: number $n" test -s "$out"
	done
	holds 'four begin the same file at once: all on record' recorded 4 end:stop
}

killed ()
{
	new_home
	fast ask "$question"
	start letter "$weir" ask --tier 3 "$letter"
	within 20 test -s "$work/letter.out"
	kill -KILL "$pid"
	await letter
	expect 137 'kill -9 in mid-answer: what came is on stdout' test -s "$out"
	holds 'kill -9: what was on record stays' recorded 1
	fast ask "$question"
	expect 0 'kill -9: the next question is answered' test -s "$out"
	holds 'kill -9: and is on record' recorded 2 end:stop
	holds 'kill -9: nothing is left beside the file' test "$(ls "$state")" = weir.db
}

configuration
keys_and_models
addresses
wrong_files
read_only
full_disk
no_home
several
killed
finish
