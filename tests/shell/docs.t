#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is written about the program is true: the manual knows all that the tables know, and the
# examples run. The lists come from the program itself, never from a copy.
# shellcheck source=tests/shell/tap.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/shell/tap.sh"

source=$(cd "${top_srcdir:-$(dirname "$0")/../..}" && pwd)
program=${top_builddir:-$source/build}/weir
test -x "$program" || {
	echo "Bail out! $program is not built"
	exit 1
}

# ---- a world without keys, files or time --------------------------------------------------

mkdir "$work/home" "$work/bin" "$work/tmp"
unset XDG_CONFIG_HOME XDG_STATE_HOME WEIR_CONFIG WEIR_DB WEIR_BASE_URL WEIR_MODEL WEIR_API_KEY
HOME=$work/home TMPDIR=$work/tmp WEIR_DATA=${WEIR_DATA:-$source/data} PATH=$work/bin:$PATH
export HOME TMPDIR WEIR_DATA PATH WEIR_PROGRAM="$program"
cat >"$work/bin/weir" <<'SCRIPT'
#!/bin/sh
exec "$WEIR_PROGRAM" --set sim.speed=fast "$@"
SCRIPT
chmod +x "$work/bin/weir"
for variable in $("$program" config show providers | sed -n 's/.*key_env = "\(.*\)".*/\1/p')
do
	unset "$variable"
done
cd "$work" || exit 1

# ---- the manual ---------------------------------------------------------------------------

"$program" manual >"$work/page" 2>"$work/page.err"
verdict $? "the manual is written" "$work/page.err"

# The page as words: no escapes, one blank between words.
sed 's/\\&//g; s/\\-/-/g; s/\\e/\\/g' "$work/page" >"$work/page.txt"

# lacks PATTERN: the lines of stdin whose pattern (with the line in the place of @) the page lacks.
lacks ()
{
	while read -r thing
	do
		regex=$(printf '%s\n' "$thing" | awk -v pattern="$1" '{
			gsub(/[][\\.*^$+?(){}|]/, "[&]")
			gsub(/\[\^\]/, "\\^")
			at = index(pattern, "@")
			print substr(pattern, 1, at - 1) $0 substr(pattern, at + 1)
		}')
		grep -q -E -e "$regex" "$work/page.txt" || echo "missing: $thing"
	done
}

# known LEAST SENTENCE PATTERN: every line of things, at least so many, is in the manual.
known ()
{
	{
		test "$(wc -l <"$work/things")" -ge "$1" || echo "fewer than $1 were found"
		lacks "$3" <"$work/things"
	} >"$work/missing"
	test ! -s "$work/missing"
	verdict $? "$2" "$work/missing"
}

tab=$(printf '\t')
verbs=$("$program" complete '' | cut -f1)

echo "$verbs" >"$work/things"
known 8 "every verb is in the manual" '^[.]Ss weir @( |$)'

"$program" complete -- | cut -f1 | sed 's/^--//' >"$work/things"
known 5 "every option for all verbs is in the manual" '^[.]It .*Fl -@( |$)'

# The part of the page about one verb.
about ()
{
	awk -v verb="$1" '
	/^\.S[sh] / { inside = $1 == ".Ss" && $3 == verb }
	inside' "$work/page.txt"
}

# An option stands under its own verb; those for all verbs stand at the top.
for verb in $verbs
do
	about "$verb" >"$work/part"
	"$program" help "$verb" | sed -n '/^options:/,$s/^ *\(-.*\)/\1/p' >"$work/rows"
	sed -n 's/^\(-[a-zA-Z], \)*--\([a-z0-9-]*\).*/\2/p' "$work/rows" | while read -r name
	do
		grep -q -E -e "^[.]It .*Fl -$name( |\$)" "$work/part" ||
			echo "missing: weir $verb --$name"
	done
	sed -n 's/^-\([a-zA-Z]\),.*/\1/p' "$work/rows" | while read -r letter
	do
		grep -q -e "^[.]It Fl $letter , " "$work/part" ||
			echo "missing: weir $verb -$letter"
	done
	"$program" complete "$verb" -- | cut -f1 | while read -r option
	do
		grep -q -E -e "Fl -${option#--}( |\$)" "$work/page.txt" ||
			echo "missing: weir $verb $option"
	done
	"$program" complete "$verb" '' | grep "$tab" | cut -f1 | while read -r sub
	do
		echo "$verb $sub" >>"$work/subs"
		grep -q -x -e "[.]It Cm $sub" "$work/part" || echo "missing: weir $verb $sub"
	done
	sed "s/^/$verb /" "$work/rows" >>"$work/options"
done >"$work/missing"
test "$(wc -l <"$work/options")" -ge 15 || echo "hardly any option was found" >>"$work/missing"
test "$(wc -l <"$work/subs")" -ge 5 || echo "hardly any subcommand was found" >>"$work/missing"
test ! -s "$work/missing"
verdict $? "every option and subcommand is in the manual, under its verb" "$work/missing"

# The keys of the schema by its nesting: names below "properties" are keys, what
# additionalProperties describes has a name of the user's choice.
"$program" config schema | awk '
{
	depth = match($0, /[^ ]/)
	key = $1
	gsub(/[":,]/, "", key)
	name[depth] = key
}
/"description": / {
	path = ""
	for (i = 2; i < depth; i++)
		if (name[i] == "additionalProperties")
			path = path ".*"
		else if (name[i] == "items")
			path = path "[]"
		else if (name[i - 1] == "properties")
			path = path "." name[i]
	path = substr(path, 2)
	sub(/^tasks\.[a-z]*\./, "tasks.*.", path)
	print path
}' | sort -u >"$work/things"
known 30 "every key of the configuration is in the manual" '^[.]It Va @( |$)'

"$program" help fields | sed -n 's/^  \([a-z][a-z_.]*\).*/\1/p' >"$work/things"
known 60 "every field of a decision is in the manual" '^[.]It Va @( |$)'

# What the sources ask the environment for; the sources are the only list there is.
find "$source/core" "$source/tui" -name '*.c' -exec cat {} + |
	grep -oE '(env\([^"()]*|\.env = )"[A-Z_]+"' | sed 's/.*"\(.*\)"/\1/' |
	sort -u >"$work/things"
known 8 "every environment variable is in the manual" '^[.]It Ev (.* )?@( |$)'

sed -n 's/^	X([A-Z_]*, \([0-9]*\), .*/\1/p' "$source/core/base/err.h" | sort -u >"$work/things"
known 5 "every exit status is in the manual" '^[.]It @$'

if command -v mandoc >/dev/null
then
	# A clock that is behind is no fault of the page.
	mandoc -T lint -W warning <"$work/page" 2>&1 | grep -v 'date in the future' >"$work/lint"
	test ! -s "$work/lint"
	verdict $? "mandoc has no complaint about the manual" "$work/lint"
else
	tests_run=$((tests_run + 1))
	echo "ok $tests_run # SKIP there is no mandoc"
fi

# ---- the examples -------------------------------------------------------------------------

# run_lines FILE: every line must succeed, in the order given.
run_lines ()
{
	while IFS= read -r line
	do
		sh -c "$line" </dev/null >"$work/said" 2>&1 && continue
		echo "exit status $? of: $line"
		cat "$work/said"
	done <"$1"
}

# examples LEAST SENTENCE FILE
examples ()
{
	{
		test "$(wc -l <"$3")" -ge "$1" || echo "fewer than $1 were found"
		run_lines "$3"
	} >"$work/failed"
	test ! -s "$work/failed"
	verdict $? "$2" "$work/failed"
}

# Four blanks, then a command; a paragraph that exports a key or an address is about the world.
awk '
function tell(   i) {
	for (i = 1; i <= lines && !outside; i++)
		print line[i]
	lines = outside = 0
}
!NF { tell() }
/^    export .*(_KEY|_URL)=/ { outside = 1 }
/^    (weir |echo .*[|] *weir )/ { line[++lines] = substr($0, 5) }
END { tell() }' "$source/README" >"$work/readme"
examples 12 "every example of README runs" "$work/readme"

awk '/^\.Sh EXAMPLES/ { inside = 1; next } /^\.Sh/ { inside = 0 } inside && !/^\./' \
	"$work/page.txt" >"$work/manual"
examples 5 "every example of the manual runs" "$work/manual"

# ---- the files ----------------------------------------------------------------------------

# JSON that is shown as a configuration must be one. is_config SENTENCE FILE
is_config ()
{
	{
		grep -q '"providers"' "$2" || echo "there is none"
		WEIR_CONFIG=$2 "$program" config check || echo "exit status $?"
	} >"$work/checked" 2>&1
	grep -q '^exit\|^there' "$work/checked"
	test $? -ne 0
	verdict $? "$1" "$work/checked"
}

awk '/^    \{"providers"/ { inside = 1 } !NF { inside = 0 } inside' "$source/README" \
	>"$work/readme.json"
is_config "the configuration in README is one" "$work/readme.json"
awk '/^\.Sh PROVIDERS/ { here = 1 } here && /^\.Ed/ { exit } inside { print }
	here && /^\.Bd/ { inside = 1 }' "$work/page.txt" >"$work/manual.json"
is_config "the configuration in the manual is one" "$work/manual.json"

# ---- the samples --------------------------------------------------------------------------

# README shows commands behind "$" with what they say. sample COMMAND: what it shows of one.
sample ()
{
	awk -v command="$1" '
	/^    [$] / { inside = index($0, "    $ weir " command) == 1; next }
	!/^    / { inside = 0 }
	inside { print substr($0, 5) }' "$source/README"
}

first_words ()
{
	awk '/^[^ ]/ { print $1 }' "$1"
}

# same_shape COMMAND SENTENCE SAID: the same lines by their first words, whatever they say.
same_shape ()
{
	sample "$1" >"$work/sample"
	first_words "$work/sample" >"$work/shown"
	first_words "$3" >"$work/real"
	test -s "$work/shown" && diff "$work/shown" "$work/real" >"$work/diff"
	verdict $? "$2" "$work/diff"
}

question=$(sed -n 's/^    [$] weir ask "\(.*\)"$/\1/p' "$source/README")
weir ask "$question" >"$work/answer" 2>"$work/notes"
# An answer is as long as its terminal is wide: only that some is shown can be compared.
sample ask | awk '/^(weir:|--) / || /^ *[(]/ { print; next } { answer++ }
	END { exit !answer }' >"$work/sample.notes"
verdict $? "README shows an answer"
first_words "$work/notes" >"$work/real"
first_words "$work/sample.notes" >"$work/shown"
diff "$work/shown" "$work/real" >"$work/diff"
verdict $? "what README shows beside the answer is what the program says" "$work/diff"
weir why >"$work/said" 2>&1
same_shape why "what README shows of weir why is what it says" "$work/said"

# ---- help and completion ------------------------------------------------------------------

# exits STATUS COMMAND...
exits ()
{
	wanted=$1
	shift
	"$@" </dev/null >"$work/said" 2>"$work/notes"
	test $? -eq "$wanted"
}

for verb in $verbs
do
	weir help "$verb" >"$work/help" && weir "$verb" --help >"$work/help.after" &&
		weir --help "$verb" >"$work/help.before" &&
		cmp "$work/help" "$work/help.after" && cmp "$work/help" "$work/help.before" ||
		echo "weir $verb --help"
done >"$work/different" 2>&1
test ! -s "$work/different"
verdict $? "--help before or after a verb is the help of that verb" "$work/different"

holds "help about nothing is a mistake" exits 2 weir help nonsense
holds "a mistake says nothing on stdout" test ! -s "$work/said"
holds "a mistake says one line" test "$(wc -l <"$work/notes")" -eq 1

for shell in bash zsh fish
do
	exits 0 weir completion "$shell" && test -s "$work/said" && test ! -s "$work/notes"
	verdict $? "weir completion $shell prints a script and nothing else" "$work/notes"
	! command -v "$shell" >/dev/null || "$shell" -n "$work/said" >"$work/notes" 2>&1
	verdict $? "$shell can read it, where there is one" "$work/notes"
done

# Completion runs at each Tab: whatever is broken, it must be still.
quiet_completion ()
{
	exits 0 "$@" && test ! -s "$work/notes"
}

echo '{' >"$work/broken.json"
echo "no database" >"$work/broken.db"
holds "completion is silent without data" quiet_completion env WEIR_DATA=/nowhere \
	"$program" complete ask --model ''
holds "completion is silent about a broken configuration" quiet_completion env \
	WEIR_CONFIG="$work/broken.json" "$program" complete ask --model ''
holds "completion is silent about a broken database" quiet_completion env \
	WEIR_DB="$work/broken.db" "$program" complete why ''
holds "completion is silent about what is unknown" quiet_completion "$program" complete zzz --q ''
# shellcheck disable=SC2046 # many words
holds "completion is silent about many words" quiet_completion "$program" complete ask \
	$(awk 'BEGIN { for (i = 0; i < 300; i++) print i }') --ti
holds "completion still knows the last of many words" grep -q '^--tier' "$work/said"

finish
