#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The bootstrap in a world of fakes: no root, no network, no package is touched, nothing is built.
# shellcheck disable=SC2016,SC2086,SC2089,SC2090,SC2116,SC2317 # fakes are text until they run
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/shell/tap.sh
. "$here/tap.sh"

source_tree=$(cd "$here/../.." && pwd)
shell=$(command -v sh)
bin=$work/bin
house=$work/house
calls=$work/calls
export calls
unset WEIR_DATA DEBIAN_FRONTEND

debian_names='gcc libc6-dev make autoconf automake pkg-config libcurl4-openssl-dev ca-certificates
libuv1-dev libjansson-dev libsqlite3-dev libmicrohttpd-dev libutf8proc-dev libopenblas-dev
libcmocka-dev tmux curl mandoc xz-utils'

# fake NAME: standard input is what the command does, after its call is written down.
fake ()
{
	rm -f "$bin/$1"
	{
		printf '#!%s\necho "%s $*" >>"$calls"\n' "$shell" "$1"
		cat
	} >"$bin/$1"
	chmod +x "$bin/$1"
}

# A fresh world: the harmless commands, and fakes of those that reach outside.
new_world ()
{
	rm -rf "$bin" "$house" "$calls"
	mkdir -p "$bin" "$house/tests/shell"
	for name in awk cat chmod dirname env find grep mkdir rm tee touch tr
	do
		ln -s "$(command -v "$name")" "$bin/$name"
	done
	cp "$source_tree/bootstrap" "$house"
	cp "$source_tree/tests/shell/count.awk" "$house/tests/shell"
	echo 'AC_INIT' >"$house/configure.ac"
	: >"$calls"
	world_of_packages
	world_of_building
}

world_of_packages ()
{
	echo "$debian_names" | tr ' ' '\n' >"$work/installed"
	fake uname <<-'END'
	echo Elsewhere
	END
	fake getconf <<-'END'
	echo 3
	END
	fake id <<-'END'
	echo "${fake_uid:-0}"
	END
	fake sudo <<-'END'
	exec "$@"
	END
	fake apt-get <<-'END'
	echo "frontend $DEBIAN_FRONTEND" >>"$calls"
	case "$1" in "$fake_apt_fails") exit 100 ;; esac
	END
	fake dpkg-query <<-END
	awk '{ print \$1, (\$2 ? \$2 : "installed") }' "$work/installed"
	END
}

world_of_building ()
{
	fake autoreconf <<-'END'
	test -z "$fake_autoreconf_fails" || exit 1
	: >Makefile.in
	{
		echo '#!/bin/sh'
		echo 'echo "configure $*" >>"$calls"'
		echo 'test -z "$fake_configure_fails" || exit 1'
		echo ': >config.status; : >Makefile'
	} >configure
	chmod +x configure
	END
	fake make <<-'END'
	: <&0 || exit 9
	case "$*" in
	*check-live) printf '# TOTAL: 4\n# PASS:  3\n# SKIP:  1\n# FAIL:  0\n' ;;
	*check) eval "$fake_check" ;;
	esac
	printf '#!/bin/sh\necho "ran $* in $PWD, $WEIR_DATA, $LC_ALL"\n' >weir
	chmod +x weir
	END
	fake_check="printf '# TOTAL: 5\n# PASS:  4\n# XFAIL: 1\n# FAIL:  0\n'"
	export fake_check
}

# bootstrap ARGUMENT...: in the world of fakes, from some other folder.
bootstrap ()
{
	: >"$calls"
	(cd / && PATH=$bin "$shell" "$house/bootstrap" "$@") >"$work/out" 2>"$work/err"
	status=$?
}

# expect STATUS SENTENCE TEST...: the status of the last run, and a test that must hold.
expect ()
{
	want=$1
	sentence=$2
	shift 2
	test "$status" -eq "$want" && "$@" >/dev/null
	verdict_here $? "$sentence"
}

verdict_here ()
{
	cat "$work/out" "$work/err" "$calls" >"$work/seen"
	verdict "$1" "$2" "$work/seen"
}

# The calls of one command must be these lines, and no others.
called ()
{
	grep "^$1 " "$calls" >"$work/called"
	shift
	test $# -eq 0 || printf '%s\n' "$@" >"$work/wanted"
	test $# -gt 0 || : >"$work/wanted"
	cmp -s "$work/called" "$work/wanted"
}

says ()
{
	grep -qF -- "$1" "$work/out" "$work/err"
}

last_line_is ()
{
	test "$(tail -n 1 "$work/out")" = "$1"
}

deps_on_debian ()
{
	install='apt-get install -q -y --no-install-recommends libjansson-dev tmux'

	new_world
	bootstrap deps
	expect 0 'deps: nothing missing, no apt-get' called apt-get
	expect 0 'deps: nothing missing, no sudo' called sudo

	sed -i.old -e '/libjansson/d' -e 's/^tmux$/tmux config-files/' "$work/installed"
	bootstrap deps
	expect 0 'deps: root installs exactly what is missing' \
		called apt-get 'apt-get update -q' "$install"
	expect 0 'deps: root needs no sudo' called sudo
	expect 0 'deps: apt-get asks no question' \
		called frontend 'frontend noninteractive' 'frontend noninteractive'
	expect 0 'deps: it says what it installs' says 'installing libjansson-dev tmux'

	fake_uid=1000
	export fake_uid
	bootstrap deps
	expect 0 'deps: a user goes through sudo' called sudo \
		'sudo env DEBIAN_FRONTEND=noninteractive apt-get update -q' \
		"sudo env DEBIAN_FRONTEND=noninteractive $install"
	rm "$bin/sudo"
	bootstrap deps
	expect 2 'deps: without sudo the command is named' \
		says 'apt-get install libjansson-dev tmux'
	expect 2 'deps: without sudo nothing is tried' called apt-get
	unset fake_uid
}

deps_on_debian_in_trouble ()
{
	new_world
	: >"$work/installed"
	fake_apt_fails=update
	export fake_apt_fails
	bootstrap deps
	expect 0 'deps: stale lists may still do' says 'trying with the lists at hand'
	expect 0 'deps: an empty system gets every package' \
		grep -qxF "apt-get install -q -y --no-install-recommends $(echo $debian_names)" \
		"$calls"
	fake_apt_fails=install
	bootstrap deps
	expect 1 'deps: a failed install is said' says 'could not install all of: gcc'
	unset fake_apt_fails
}

deps_elsewhere ()
{
	new_world
	rm "$bin/apt-get" "$bin/dpkg-query"
	bootstrap deps
	expect 2 'deps: elsewhere Fedora has its names' says 'dnf install gcc autoconf'
	expect 2 'deps: elsewhere Arch has its names' says 'pacman -S --needed'
	expect 2 'deps: elsewhere Homebrew has its names' says 'brew install autoconf automake'
	expect 2 'deps: the system is named' says 'this system (Elsewhere) has no apt-get'
	expect 2 'deps: elsewhere nothing is run' called sudo

	for name in cc autoconf automake tmux curl mandoc xz
	do
		fake "$name" </dev/null
	done
	fake pkg-config <<-'END'
	test "$2" != libuv
	END
	bootstrap deps
	expect 2 'deps: elsewhere only the missing is named' grep -qxF \
		'  Fedora:    sudo dnf install libuv-devel' "$work/err"
	fake pkg-config </dev/null
	bootstrap deps
	expect 0 'deps: elsewhere, all there is all well' says 'everything needed is there'
}

commands ()
{
	new_world
	bootstrap deploy
	expect 2 'an unknown command is refused' grep -q '^usage:' "$work/err"
	bootstrap
	expect 2 'no command is refused' grep -q '^usage:' "$work/err"
	bootstrap deps build
	expect 2 'two commands are refused' grep -q '^usage:' "$work/err"
	bootstrap help
	expect 0 'help is no error' grep -q '^usage:' "$work/out"
	expect 0 'help does nothing' test ! -s "$calls"
	holds 'each library that configure asks for has a package' libraries_have_rows
}

libraries_have_rows ()
{
	sed -n 's/^PKG_CHECK_MODULES(\[[A-Z0-9]*\], \[\([^] ]*\).*/\1/p' \
		"$source_tree/configure.ac" >"$work/modules"
	test -s "$work/modules" || return
	while read -r module
	do
		grep -q "^	lib:$module  *[^ ]*  *[^ ]*  *[^ ]*  *[^ ]*$" \
			"$source_tree/bootstrap" || { echo "no row: $module"; return 1; }
	done <"$work/modules"
}

building ()
{
	new_world
	bootstrap build
	expect 0 'build: generates once' called autoreconf 'autoreconf -fi'
	expect 0 'build: configures once' called configure 'configure '
	expect 0 'build: makes in ./build' test -x "$house/build/weir"
	bootstrap build
	expect 0 'build: the second time generates nothing' called autoreconf
	expect 0 'build: the second time configures nothing' called configure
	expect 0 'build: the second time still makes' called make 'make '
	touch -t 200001010000 "$house/configure"
	bootstrap build
	expect 0 'build: an old configure is generated again' called autoreconf 'autoreconf -fi'
	rm "$house/build/config.status"
	bootstrap build
	expect 0 'build: a half-made build is configured again' called configure 'configure '
	(cd / && PATH=$bin "$shell" "$house/bootstrap" build <&-) >"$work/out" 2>"$work/err"
	status=$?
	expect 0 'build: works with standard input closed' says 'building in ./build'
	(cd "$house" && PATH=$bin "$shell" bootstrap build) >"$work/out" 2>"$work/err"
	status=$?
	expect 0 'build: works by its bare name' says 'building in ./build'
}

building_in_trouble ()
{
	new_world
	fake_configure_fails=yes
	export fake_configure_fails
	bootstrap build
	expect 1 'build: a failed configure is said' says 'build/config.log says why'
	expect 1 'build: no make after a failed configure' called make
	unset fake_configure_fails
	fake make <<-'END'
	exit 2
	END
	bootstrap build
	expect 1 'build: a failed make is said' says 'the build failed'
	: >"$house/config.status"
	bootstrap build
	expect 2 'build: a tree configured in place is refused' says 'make distclean'
	rm "$house/config.status" "$house/configure" "$bin/autoreconf"
	bootstrap build
	expect 2 'build: a missing autoreconf is said' says 'autoreconf is missing'
}

odd_paths ()
{
	plain=$house
	for odd in 'a house' "a'house" 'a"house' 'a\house' 'a$house' 'a#house' 'a	house' 'a&b'
	do
		house=$plain
		new_world
		house=$work/$odd
		rm -rf "$house"
		mv "$plain" "$house"
		bootstrap build
		expect 2 "build: refuses the path $odd" says 'has a space or a quote in it'
		rm -rf "$house"
	done
	house=$plain
	new_world
	house=$work/größe-1.0+rc~2,b=@c
	rm -rf "$house"
	mv "$plain" "$house"
	bootstrap build
	expect 0 'build: takes a path that is merely unusual' test -x "$house/build/weir"
	house=$plain
}

demo ()
{
	new_world
	sed -i.old -e '/^tmux$/d' "$work/installed"
	bootstrap demo
	expect 0 'demo: runs the program with the data of the tree' \
		last_line_is "ran demo in $house, $house/data, C"
	expect 0 'demo: installs what is missing first' grep -q 'recommends tmux$' "$calls"
	WEIR_DATA=/elsewhere
	LC_ALL=C.UTF-8
	export WEIR_DATA
	bootstrap demo
	expect 0 'demo: keeps the locale and the data that were chosen' \
		last_line_is "ran demo in $house, /elsewhere, C.UTF-8"
	LC_ALL=C
	unset WEIR_DATA
}

checking ()
{
	new_world
	bootstrap check
	expect 0 'check: counts both runs' last_line_is '8 passed, 0 failed, 1 skipped'
	expect 0 'check: makes, then runs both' called make 'make ' \
		'make VERBOSE=1 AM_COLOR_TESTS=no check' \
		'make VERBOSE=1 AM_COLOR_TESTS=no check-live'
	fake_check="printf '# TOTAL: 5\n# PASS:  2\n# FAIL:  1\n# XPASS: 1\n# ERROR: 1\n'; exit 2"
	bootstrap check
	expect 1 'check: failures, surprises and errors are failures' \
		last_line_is '5 passed, 3 failed, 1 skipped'
	fake_check='echo "cc1: error"; exit 2'
	bootstrap check
	expect 1 'check: tests that do not compile are a failure' \
		last_line_is '3 passed, 1 failed, 1 skipped'
	fake_check='echo "nothing to be done"'
	bootstrap check
	expect 1 'check: a run that counts nothing is a failure' \
		last_line_is '3 passed, 1 failed, 1 skipped'
	rm "$bin/apt-get"
	bootstrap check
	expect 2 'check: counts a system without packages as one failure' \
		last_line_is '0 passed, 1 failed'
}

# counted STATUS LINE SENTENCE LOG [ARGUMENT...]: what count.awk makes of a log.
counted ()
{
	want=$1
	line=$2
	sentence=$3
	# shellcheck disable=SC2059 # the log has its line ends as in a format
	printf "$4" >"$work/log"
	shift 4
	: >"$calls"
	awk "$@" -f "$here/count.awk" "$work/log" >"$work/out" 2>"$work/err"
	status=$?
	expect "$want" "count: $sentence" test "$(cat "$work/out")" = "$line"
}

counting ()
{
	counted 0 '2 passed, 0 failed' 'only the last totals of a log' \
		'# TOTAL: 9\n# PASS: 9\n# TOTAL: 2\n# PASS: 2\n# SKIP: 0\n# exit 0\n'
	counted 0 '1 passed, 0 failed' 'nothing that only looks alike' \
		'# PASS: 4 of them\nok # PASS: 3\n# TOTAL: 1\n# PASS: 1\n# exit 0\n'
	counted 1 '3 passed, 1 failed' 'a bad status without a failed test' \
		'# TOTAL: 3\n# PASS: 3\n# exit 2\n'
	counted 1 '3 passed, 1 failed' 'a run that was cut off' '# TOTAL: 3\n# PASS: 3\n'
	counted 1 '8 passed, 3 failed, 1 skipped' 'a failed stage with its tests' \
		'# TOTAL: 3\n# PASS: 3\n8 passed, 2 failed, 1 skipped\n# exit 1\n' -v stages=1
	counted 0 '4 passed, 0 failed, 1 skipped' 'a good stage' \
		'# TOTAL: 3\n# PASS: 3\n# exit 0\n' -v stages=1 -v skipped=1
	counted 0 '1 passed, 0 failed' 'a stage without tests' 'compiled\n# exit 0\n' \
		-v stages=1
}

deps_on_debian
deps_on_debian_in_trouble
deps_elsewhere
commands
building
building_in_trouble
odd_paths
demo
checking
counting
finish
