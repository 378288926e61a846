# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What the shell tests share: a place to work in and lines of TAP. Sourced, never run.
set -u
LC_ALL=C
export LC_ALL
unset CDPATH MAKEFLAGS MFLAGS MAKELEVEL

tests_run=0
tests_failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/weir-test.XXXXXX") || {
	echo "Bail out! no temporary folder"
	exit 1
}
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# verdict STATUS SENTENCE [FILE]: one line of TAP; a failure shows the file.
verdict ()
{
	tests_run=$((tests_run + 1))
	if test "$1" -eq 0
	then
		echo "ok $tests_run - $2"
		return
	fi
	tests_failed=$((tests_failed + 1))
	test $# -lt 3 || sed 's/^/#	/' "$3"
	echo "not ok $tests_run - $2"
}

# A sentence, then the command that must succeed.
holds ()
{
	sentence=$1
	shift
	"$@" >"$work/holds.out" 2>&1
	verdict $? "$sentence" "$work/holds.out"
}

finish ()
{
	echo "1..$tests_run"
	test "$tests_failed" -eq 0
	exit $?
}
