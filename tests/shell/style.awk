# SPDX-License-Identifier: GPL-3.0-or-later
# Reads "COUNT NAME" lines (newlines in a file, its name), then the files themselves, and says in
# TAP where the house style is broken. Run by style.t.

BEGIN {
	columns_max = 100
	file_max = 800
	file_long = 400
	function_max = 100
	split("strcpy strcat strncpy strncat sprintf vsprintf gets strtok localtime gmtime ctime " \
		"asctime rand srand random system popen exit", names, " ")
	for (i in names)
		banned[names[i]] = 1

	rule("sources", "there are sources to look at")
	rule("spdx", "a file begins with its licence")
	rule("comment", "a C file says what it is for")
	rule("columns", "no line passes " columns_max " columns")
	rule("trailing", "no blank ends a line")
	rule("tabs", "code is indented by tabs")
	rule("end", "a file ends with one newline")
	rule("long", "no C file passes " file_max " lines, no function " function_max)
	rule("unfinished", "nothing is left for later")
	rule("typedef", "a struct is not hidden behind a typedef")
	rule("banned", "no banned function is called")
	rule("guard", "a header is guarded by its own path")
	rule("listed", "a C file is named in a local.mk")
}

{
	path = $0
	sub(/^ *[0-9]+ /, "", path)
	newlines = $1 + 0
	if (path ~ /(^|\/)local\.mk$/)
		read_list(path)
	if (path == "total" || (!is_c(path) && !is_script(path)))
		next
	files++
	read_file(path, newlines)
}

END {
	if (!files)
		complain("sources", "no C file in core/, tui/ or tests/")
	for (i = 1; i <= c_files; i++)
		if (!(c_file[i] in listed))
			complain("listed", c_file[i] ": not built, and left out by make dist")
	printf "%s", notes
	exit report()
}

function rule(id, sentence)
{
	rule_id[++rules] = id
	rule_says[rules] = sentence
}

function complain(id, text)
{
	said[id] = said[id] "# " text "\n"
}

function report(   i, failed)
{
	print "1.." rules
	for (i = 1; i <= rules; i++) {
		printf "%s", said[rule_id[i]]
		print (said[rule_id[i]] == "" ? "ok " : "not ok ") i " - " rule_says[i]
		failed += said[rule_id[i]] != ""
	}
	return failed > 0
}

function is_c(path)
{
	return path ~ /\.[ch]$/
}

# What a fragment of the Makefile names is built or at least shipped.
function read_list(path,   line, words, n, i)
{
	while ((getline line < path) > 0) {
		sub(/#.*/, "", line)
		n = split(line, words, /[ \t\\]+/)
		for (i = 1; i <= n; i++)
			if (is_c(words[i]))
				listed[words[i]] = 1
	}
	close(path)
}

# A built test is named like a shell test: only a file that names its interpreter is a script.
function is_script(path,   first, yes)
{
	if (path ~ /\.(awk|sh)$/)
		return 1
	yes = (getline first < path) > 0 && first ~ /^#!/
	close(path)
	return yes
}

function read_file(path, newlines,   line, raw)
{
	begin_file(path)
	while ((getline line < path) > 0) {
		number++
		where = path ":" number
		check_plain(line)
		if (is_c(path))
			check_c(path, line)
		else if (number == 1 && line ~ /^#!/)
			first_line = 2
		else if (number == first_line && \
		    line !~ /^# SPDX-License-Identifier: GPL-3\.0-or-later$/)
			complain("spdx", where ": the SPDX line is missing")
		last = line
	}
	close(path)
	end_file(path, newlines)
}

function begin_file(path)
{
	number = 0
	first_line = 1
	last = ""
	in_comment = 0
	in_directive = 0
	depth = 0
	head = ""
	opening = ""
	guard = ""
	guard_state = path ~ /\.h$/ ? "ifndef" : "none"
}

function check_plain(line,   wide)
{
	if (line ~ /[ \t\r]$/)
		complain("trailing", where ": blanks at the end of the line")
	wide = width(line)
	if (wide > columns_max)
		complain("columns", where ": " wide " columns")
}

# Columns with tabs of eight; a UTF-8 sequence is one column.
function width(line,   n, i, parts, total)
{
	gsub(/[\200-\277]/, "", line)
	n = split(line, parts, "\t")
	for (i = 1; i < n; i++)
		total += length(parts[i]) + 8 - length(parts[i]) % 8
	return total + length(parts[n])
}

function check_c(path, line,   commented, code)
{
	if (number == 1 && line !~ /^\/\* SPDX-License-Identifier: GPL-3\.0-or-later/)
		complain("spdx", where ": the SPDX line is missing")
	if (number <= 8)
		opening = opening " " line
	if (line ~ /(^|[^A-Za-z0-9_])(TODO|FIXME|XXX)([^A-Za-z0-9_]|$)/)
		complain("unfinished", where ": finish it or leave it out: " trim(line))
	commented = in_comment
	code = code_of(line)
	if (!commented && (line ~ /^ / || line ~ /^\t+ +\t/ || line ~ /^\t*        /))
		complain("tabs", where ": indented by blanks")
	if (code ~ /(^|[^A-Za-z0-9_])typedef[ \t]+(struct|union|enum)([^A-Za-z0-9_]|$)/)
		complain("typedef", where ": a typedef hides what it names")
	check_guard(path, code)
	check_banned(path, code)
	follow_functions(line, code)
}

function trim(text)
{
	gsub(/^[ \t]+|[ \t]+$/, "", text)
	return text
}

# The line without its comments, and with nothing between quotes.
function code_of(line,   out, at)
{
	out = ""
	while (line != "") {
		if (in_comment) {
			at = index(line, "*/")
			if (!at)
				return out
			in_comment = 0
			line = substr(line, at + 2)
		} else if (!match(line, /["']|\/[*\/]/)) {
			return out line
		} else {
			out = out substr(line, 1, RSTART - 1) " "
			line = substr(line, RSTART)
			if (line ~ /^\/\//)
				return out
			in_comment = line ~ /^\/\*/
			if (in_comment)
				line = substr(line, 3)
			else if (match(line, /^("([^"\\]|\\.)*"|'([^'\\]|\\.)*')/))
				line = substr(line, RLENGTH + 1)
			else
				return out
		}
	}
	return out
}

function check_guard(path, code,   words, want)
{
	code = trim(code)
	if (code == "" || guard_state == "none" || guard_state == "done")
		return
	want = toupper(path)
	sub(/^CORE\//, "", want)
	gsub(/[^A-Z0-9]/, "_", want)
	want = "WEIR_" want
	split(code, words, /[ \t]+/)
	if (words[1] != "#" guard_state || words[2] != want) {
		complain("guard", where ": a header begins with #ifndef, #define " want)
		guard_state = "none"
	} else {
		guard_state = guard_state == "ifndef" ? "define" : "done"
	}
}

function check_banned(path, code,   name)
{
	sub(/^[ \t]*#[ \t]*define[ \t]+[A-Za-z_0-9]+/, "", code) # base.h names what it bans
	gsub(/->/, ".", code)
	while (match(code, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		name = substr(code, RSTART, RLENGTH)
		sub(/[ \t]*\($/, "", name)
		if (name in banned && (RSTART == 1 || substr(code, RSTART - 1, 1) != ".") && \
		    !(name == "exit" && path ~ /^(tui\/main\.c$|tests\/)/))
			complain("banned", where ": " name "() is banned")
		code = substr(code, RSTART + RLENGTH)
	}
}

# Follows the braces outside directives; at depth 0, "head" is what stands before the brace.
function follow_functions(line, code,   mark)
{
	if (in_directive || code ~ /^[ \t]*#/) {
		in_directive = line ~ /\\$/
		return
	}
	if (line ~ /^}/)
		depth = 1 # whatever #if and #else did to the count
	while (match(code, /[{};]/)) {
		mark = substr(code, RSTART, 1)
		if (!depth)
			add_head(substr(code, 1, RSTART - 1))
		code = substr(code, RSTART + 1)
		if (mark == "{" && !depth++)
			in_function = head ~ /\(/ && head !~ /=/
		else if (mark == "}" && depth && !--depth)
			end_function()
		else if (mark == ";" && !depth)
			head = ""
	}
	if (!depth)
		add_head(code)
}

function add_head(code)
{
	if (trim(head) == "" && trim(code) != "")
		head_line = number
	head = trim(head " " code)
}

function end_function(   size)
{
	size = number - head_line + 1
	if (in_function && size > function_max) {
		sub(/[ \t]*\(.*/, "", head)
		sub(/.*[^A-Za-z0-9_]/, "", head)
		complain("long", where ": function " head " has " size " lines")
	}
	head = ""
}

function end_file(path, newlines,   words)
{
	if (!number)
		complain("spdx", path ": the file is empty")
	else if (newlines < number)
		complain("end", path ": the last line has no newline")
	else if (last == "")
		complain("end", path ": blank lines at the end")
	if (!is_c(path) || !number)
		return
	c_file[++c_files] = path
	check_opening(path)
	if (path ~ /\.h$/ && guard_state != "done" && guard_state != "none")
		complain("guard", path ": a header without a guard")
	if (number > file_max)
		complain("long", path ": " number " lines")
	else if (number > file_long && path ~ /^core\/.*\.c$/)
		notes = notes "# note: " path " has " number " lines, aim for 250\n"
}

# Beside the licence, the opening comment holds at least three words.
function check_opening(path,   text)
{
	text = opening
	sub(/SPDX-License-Identifier: [^ ]*/, "", text)
	sub(/\*\/[ \t]*[^ \t\/].*/, "", text)
	if (text !~ /[A-Za-z]+[^A-Za-z]+[A-Za-z]+[^A-Za-z]+[A-Za-z]+/)
		complain("comment", path ": the first comment does not say what the file is for")
}
