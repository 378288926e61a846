#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The checkers must be able to fail: each fault is planted alone in a small clean tree, and the
# checker must complain about that fault, and about nothing else.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/shell/tap.sh
. "$here/tap.sh"

clean=$work/clean
tree=$work/tree
head='/* SPDX-License-Identifier: GPL-3.0-or-later
 * A file that stands for many. */'

# put FILE: standard input becomes a file of the tree at hand; C files are listed, too.
put ()
{
	mkdir -p "$tree/$(dirname "$1")"
	cat >"$tree/$1"
	case $1 in
	*.[ch]) echo "libweir_a_SOURCES += $1 # once more" >>"$tree/core/local.mk" ;;
	esac
}

# c_file FILE LINE...: a C file with a proper beginning.
c_file ()
{
	file=$1
	shift
	{ printf '%s\n' "$head"; test $# -eq 0 || printf '%s\n' "$@"; } | put "$file"
}

# header FILE LINE...: the same with the guard that its path asks for.
header ()
{
	file=$1
	guard=WEIR_$(printf '%s' "${1#core/}" | tr 'a-z/.' 'A-Z__')
	shift
	c_file "$file" "#ifndef $guard" "#define $guard" "$@" '#endif'
}

# A tree that keeps every rule, on the edge of many: it must pass untouched.
plant_clean_tree ()
{
	tree=$clean
	header core/base/base.h '#include <stdio.h>' '#define strcpy(d, s) banned'
	header core/base/str.h '#include "core/base/base.h"'
	c_file core/base/str.c '#include "core/base/str.h"' '#include "core/base/base.h"'
	c_file core/base/utf8.c '#include <utf8proc.h>'
	header core/base/json.h '#include <jansson.h>'
	header core/conf/option.h '#include "core/base/str.h"'
	header core/record/decision.h '#include "core/conf/option.h"'
	header core/net/http.h '#include "core/record/decision.h"'
	c_file core/net/http.c '#include "core/net/http.h"' '#include <curl/curl.h>' \
		'#include <uv.h>'
	header core/store/db.h '#include <sqlite3.h>'
	header core/wire/wire.h '#include "core/net/http.h"' '#include <jansson.h>'
	header core/steps/steps.h '#include "core/wire/wire.h"'
	header core/verb/verb.h '#include "core/engine.h"'
	header core/engine.h '#include "core/steps/steps.h"'
	c_file core/engine.c '#include "core/engine.h"'
	c_file core/command.c '#include "core/engine.h"' '#include "core/verb/verb.h"'
	header tui/screen.h '#include "core/record/decision.h"' '#include <curses.h>'
	c_file tui/main.c '#include "core/engine.h"' '#include "core/base/str.h"' \
		'#include "tui/screen.h"' 'int main(void)' '{' '	exit(0);' '}'
	c_file tests/base/str.c '#include "core/base/str.h"' '/* rand(), TODOs, "system(1)" */' \
		'static const char *say = "sprintf(x) // gets(s) \" rand() {";' \
		"$(function_of 100)" "/* $(repeat 94 x) */" \
		"	/* $(repeat 40 'ä')$(repeat 46 x) */" \
		'	brand(env->rand(1), run.system(2), my_exit(3));'
	printf '#!/bin/sh\n# %s\ntrue\n' 'SPDX-License-Identifier: GPL-3.0-or-later' |
		put tests/shell/one.t
}

repeat ()
{
	text=$2 awk -v n="$1" 'BEGIN { while (n-- > 0) printf "%s", ENVIRON["text"] }'
}

# function_of LINES: a function that is exactly so long.
function_of ()
{
	printf 'static void long_one(void)\n{\n'
	repeat "$(($1 - 3))" '	step();
'
	printf '}\n'
}

# complains CHECKER TEXT SENTENCE: the tree has one fault; one rule breaks, and says TEXT.
complains ()
{
	"$here/$1.t" "$tree" >"$work/out" 2>&1
	status=$?
	test "$status" -eq 1 && grep -qF -- "$2" "$work/out" &&
		test "$(grep -c '^not ok' "$work/out")" -eq 1 &&
		test "$(grep -c '^# ' "$work/out")" -eq 1
	verdict $? "$1: $3" "$work/out"
	fresh_tree
}

fresh_tree ()
{
	tree=$work/tree
	rm -rf "$tree"
	cp -R "$clean" "$tree"
}

planted_order ()
{
	c_file core/base/up.c '#include "core/conf/option.h"'
	complains layering 'core/base/up.c:3: core/conf/option.h is of a higher rank' \
		'base does not see conf'
	c_file core/net/up.c '#include "core/engine.h"'
	complains layering 'core/engine.h is of a higher rank' 'net does not see the engine'
	c_file core/verb/up.c '	#  include  "tui/screen.h"'
	complains layering 'tui/screen.h is of a higher rank' 'a verb does not see a face'
	c_file core/net/side.c '#include "core/store/db.h"'
	complains layering 'core/net/ and core/store/ are siblings' 'siblings do not see each other'
	header core/extra/new.h
	complains layering 'core/extra: this folder has no rank' 'a new folder needs a rank'
	mkdir "$tree/core/net/deep"
	complains layering 'core/net/deep: this folder has no rank' 'a folder in a folder, too'
	c_file core/flow/out.c '#include "core/net/deep/x.h"'
	complains layering 'lies in a folder without a rank' 'no include of an unranked folder'
	c_file core/flow/test.c '#include "tests/check.h"'
	complains layering 'tests/check.h lies in a folder without a rank' 'core does not see tests'
	header core/base/base.h '#include "core/base/str.h"'
	rm "$tree/core/base/str.h" "$tree/core/base/str.c"
	complains layering 'core/base/base.h:5: includes core/base/str.h' 'base.h stands alone'
	rm -rf "$tree/core" "$tree/tui"
	complains layering 'no C file in core/ or tui/' 'an empty tree is no success'
}

planted_faces ()
{
	c_file tui/peek.c '#include "core/store/db.h"'
	complains layering 'a face may not know core/store/db.h' 'a face does not see the store'
	c_file tui/peek.c '#include "core/base/json.h"'
	complains layering 'a face may not know core/base/json.h' 'nor all of base'
	c_file core/serve/peek.c '#include "core/conf/option.h"'
	complains layering 'a face may not know core/conf/option.h' 'the other door is a face, too'
	c_file core/serve/peek.c '#include "tui/screen.h"'
	complains layering 'a face may not know tui/screen.h' 'a face does not see another'
}

planted_forms ()
{
	c_file core/net/up.c '#include "../base/str.h"'
	complains layering 'core/net/up.c:3: includes "../base/str.h"' 'no way up by dots'
	c_file core/net/up.c '#include "core/net/../store/db.h"'
	complains layering 'includes "core/net/../store/db.h"' 'no dots in the middle'
	c_file core/net/near.c '#include "http.h"'
	complains layering 'includes "http.h"' 'no bare name'
	c_file core/net/angle.c '#include <core/engine.h>'
	complains layering 'includes <core/engine.h>' 'ours are not in angle brackets'
	c_file core/net/macro.c '#include HEADER'
	complains layering 'core/net/macro.c:3: an include that names no file' 'no include by macro'
}

planted_fences ()
{
	while read -r file library
	do
		c_file "$file" "#include <$library>"
		complains layering "$file:3: $library belongs to" "$library is not for $file"
	done <<-ROWS
	core/base/a.c curl/curl.h
	core/store/a.c curl/multi.h
	core/record/a.c uv.h
	core/net/a.c sqlite3.h
	core/guard/a.c cblas.h
	core/base/json_write.c jansson.h
	core/store/a.c jansson.h
	core/net/a.c microhttpd.h
	core/check/a.c pcre2.h
	core/base/clean.c utf8proc.h
	core/engine.c ncurses.h
	core/verb/a.c readline/readline.h
	tui/net.c curl/curl.h
	ROWS
}

planted_cycles ()
{
	header core/base/str.h '#include "core/base/vec.h"'
	header core/base/vec.h '#include "core/base/str.h"'
	complains layering 'include cycle: core/base/str -> core/base/vec -> core/base/str' \
		'two headers in a ring'
	c_file core/base/str.c '#include "core/base/buf.h"'
	header core/base/buf.h '#include "core/base/vec.h"'
	header core/base/vec.h '#include "core/base/str.h"'
	complains layering 'include cycle: core/base/buf -> core/base/vec -> core/base/str' \
		'a ring through a .c file'
	c_file core/engine.c '#include "core/verb/verb.h"'
	complains layering 'include cycle: core/engine -> core/verb/verb -> core/engine' \
		'a ring between the two folders of rank 8'
	header tui/pane.h '#include "tui/screen.h"'
	c_file tui/screen.c '#include "tui/pane.h"'
	complains layering 'include cycle: tui/screen -> tui/pane -> tui/screen' 'a ring in a face'
}

planted_lines ()
{
	c_file core/net/a.c "/* $(repeat 95 x) */"
	complains style 'core/net/a.c:3: 101 columns' '101 columns are too many'
	c_file core/net/a.c "	/* $(repeat 87 x) */"
	complains style 'core/net/a.c:3: 101 columns' 'a tab counts as eight'
	c_file tests/net/a.c 'int one; '
	complains style 'tests/net/a.c:3: blanks at the end' 'a blank at the end of a line'
	c_file tui/a.c "int one;$(printf '\r')"
	complains style 'tui/a.c:3: blanks at the end' 'a carriage return is one'
	c_file core/net/a.c '    step();'
	complains style 'core/net/a.c:3: indented by blanks' 'blanks for a tab'
	c_file core/net/a.c '	        step();'
	complains style 'core/net/a.c:3: indented by blanks' 'blanks after a tab'
	c_file core/net/a.c '/* one' ' * two' ' */' ' step();'
	complains style 'core/net/a.c:6: indented by blanks' 'after a comment, too'
	c_file core/net/a.c ''
	complains style 'core/net/a.c: blank lines at the end' 'a blank line at the end'
	printf '%s\nint one;' "$head" | put core/net/a.c
	complains style 'core/net/a.c: the last line has no newline' 'no newline at the end'
}

planted_files ()
{
	c_file core/net/a.c "$(repeat 799 'int one;
')"
	complains style 'core/net/a.c: 801 lines' 'a file of 801 lines'
	c_file core/net/a.c "$(function_of 101)"
	complains style 'function long_one has 101 lines' 'a function of 101 lines'
	c_file core/net/a.c '#if ONE' 'int f(void) {' '#else' "$(function_of 101)" '#endif'
	complains style 'has 103 lines' 'a brace that a directive left open hides nothing'
	printf '/* A file that stands for many. */\n' | put core/net/a.c
	complains style 'core/net/a.c:1: the SPDX line is missing' 'no licence'
	printf '/* SPDX-License-Identifier: GPL-3.0-or-later */\nint a_long_name_here;\n' |
		put core/net/a.c
	complains style 'the first comment does not say' 'no word on what a file is for'
	: | put core/net/a.c
	complains style 'core/net/a.c: the file is empty' 'an empty file'
	printf '#!/bin/sh\n# no licence\n' | put tests/live/a.t
	complains style 'tests/live/a.t:2: the SPDX line is missing' 'a script without licence'
	printf '#!/bin/sh\ntrue\n' | put bootstrap
	complains style 'bootstrap:2: the SPDX line is missing' 'the bootstrap is looked at'
	c_file core/net/a.h '#pragma once'
	complains style 'begins with #ifndef, #define WEIR_NET_A_H' 'a header without guard'
	c_file tests/a.h '#ifndef WEIR_A_H' '#define WEIR_A_H' '#endif'
	complains style 'WEIR_TESTS_A_H' 'a guard of another path'
	c_file core/a.h '#ifndef WEIR_A_H' '#define WEIR_B_H' '#endif'
	complains style 'core/a.h:4: a header begins with' 'a guard that guards nothing'
	c_file core/a.h '#ifndef WEIR_A_H'
	complains style 'core/a.h: a header without a guard' 'half a guard'
	c_file core/net/a.c 'int one;'
	sed -i.old 's|core/net/a\.c|# &|' "$tree/core/local.mk"
	complains style 'core/net/a.c: not built, and left out' 'a file in no local.mk'
	rm -rf "$tree/core" "$tree/tui" "$tree/tests"
	complains style 'no C file in core/, tui/ or tests/' 'an empty tree is no success'
}

planted_words ()
{
	for word in TODO FIXME XXX
	do
		c_file core/net/a.c "/* $word: later */"
		complains style 'core/net/a.c:3: finish it' "$word is not finished"
	done
	for kind in struct union enum
	do
		c_file core/net/a.c "typedef $kind thing thing_t;"
		complains style 'core/net/a.c:3: a typedef hides' "no typedef of $kind"
	done
	for name in strcpy strcat sprintf vsprintf gets strtok localtime gmtime ctime asctime rand \
		srand system popen exit
	do
		c_file core/net/a.c "	/* so */ if (x) $name (y);"
		complains style "core/net/a.c:3: $name() is banned" "$name() is not called"
	done
	c_file tui/other.c '	exit(1);'
	complains style 'tui/other.c:3: exit() is banned' 'only main leaves'
	c_file core/base/a.h '#ifndef WEIR_BASE_A_H' '#define WEIR_BASE_A_H' \
		'#define copy(d, s) strcpy(d, s)' '#endif'
	complains style 'core/base/a.h:5: strcpy() is banned' 'not from a macro, either'
	c_file core/net/a.c "char quote = '\"'; int f = system(\"a\"); char end = '\"';"
	complains style 'core/net/a.c:3: system() is banned' 'a quoted quote hides nothing'
}

# A long file of core/ is pointed out and passes.
noted ()
{
	c_file core/net/a.c "$(repeat 399 'int one;
')"
	"$here/style.t" "$tree" >"$work/out" 2>&1 &&
		grep -q '^# note: core/net/a.c has 401 lines' "$work/out"
	verdict $? 'style: a file of 401 lines is noted' "$work/out"
	fresh_tree
}

plant_clean_tree
fresh_tree
for checker in layering style
do
	"$here/$checker.t" "$tree" >"$work/out" 2>&1 && ! grep -q '^not ok\|^#' "$work/out"
	verdict $? "$checker: nothing to say about a clean tree" "$work/out"
done
planted_order
planted_faces
planted_forms
planted_fences
planted_cycles
planted_lines
planted_files
planted_words
noted
finish
