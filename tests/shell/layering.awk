# SPDX-License-Identifier: GPL-3.0-or-later
# Reads the names of C files and folders (one a line, folders with a trailing "/"), then the files
# themselves, and says in TAP which #include breaks the order of the house. Run by layering.t.

BEGIN {
	put_ranks("0 core/base; 1 core/conf; 2 core/record; " \
		"3 core/net core/store core/embed core/check; 4 core/wire core/guard core/sim; " \
		"5 core/steps; 6 core/flow; 7 core/eval; 8 core core/verb; 9 tui core/serve")

	# What a face may know of the rest of the house.
	split("base arena buf err str utf8 vec", plain, " ")
	for (i in plain)
		door["core/base/" plain[i] ".h"] = 1
	door["core/engine.h"] = 1

	# A third-party header and the only places that may include it: a folder, or one file.
	fence("^curl/", "core/net/")
	fence("^uv(\\.h$|/)", "core/net/")
	fence("^sqlite3", "core/store/")
	fence("^(cblas|lapacke)|openblas", "core/embed/")
	fence("^jansson", "core/base/json.c core/base/json.h core/wire/ core/check/ core/sim/")
	fence("^microhttpd", "core/sim/ core/serve/")
	fence("^pcre2", "core/base/pattern.c core/base/pattern.h")
	fence("^utf8proc", "core/base/utf8.c")
	fence("curses|^(panel|menu|form|term)\\.h$", "tui/")
	fence("^(readline|editline)/", "tui/")

	rule("sources", "there are sources to look at")
	rule("folder", "every folder of core has a rank")
	rule("form", "an include is written from the root of the tree")
	rule("rank", "an include points to a lower rank")
	rule("face", "a face knows the engine, the record and plain text")
	rule("fence", "a third-party header stays inside its fence")
	rule("base", "core/base/base.h includes nothing of ours")
	rule("cycle", "no include cycle")
}

/\/$/ { check_folder(substr($0, 1, length($0) - 1)); next }
{ files++; read_file($0) }

END {
	if (!files)
		complain("sources", "no C file in core/ or tui/")
	for (i = 1; i <= modules; i++)
		if (!seen[module[i]])
			visit(module[i], 1)
	exit report()
}

function put_ranks(text,   rows, words, n, count, i, k)
{
	n = split(text, rows, /; */)
	for (i = 1; i <= n; i++) {
		count = split(rows[i], words, " ")
		for (k = 2; k <= count; k++)
			rank[words[k]] = words[1] + 0
	}
}

function fence(header, places)
{
	fence_header[++fences] = header
	fence_places[fences] = places
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

# A face is one folder, whatever is below it; in core/ each folder stands for itself.
function folder_of(path)
{
	if (path ~ /^tui\//)
		return "tui"
	sub(/\/[^\/]*$/, "", path)
	return path
}

function is_face(folder)
{
	return folder == "tui" || folder == "core/serve"
}

function check_folder(folder)
{
	if (folder ~ /^core(\/|$)/ && !(folder in rank))
		complain("folder", folder ": this folder has no rank; give it one in layering.awk")
}

function read_file(path,   line, number, name)
{
	name = path
	sub(/\.[^.\/]*$/, "", name)
	if (!(name in known)) {
		known[name] = 1
		module[++modules] = name
	}
	while ((getline line < path) > 0) {
		number++
		if (line ~ /^[ \t]*#[ \t]*(include|include_next|import)[^A-Za-z0-9_]/)
			check_include(path, path ":" number, name, line)
	}
	close(path)
}

function check_include(path, where, name, line,   quoted, target)
{
	sub(/^[ \t]*#[ \t]*[a-z_]+[ \t]*/, "", line)
	quoted = line ~ /^"[^"]+"/
	if (!quoted && line !~ /^<[^>]+>/) {
		complain("form", where ": an include that names no file")
		return
	}
	target = substr(line, 2)
	sub(quoted ? "\".*" : ">.*", "", target)
	check_fences(path, where, target)
	if (target ~ /(^|\/)\.\.?\// || target ~ /\/\// || \
	    quoted != (target ~ /^(core|tui|tests)\//)) {
		complain("form", where ": includes " line \
			"; ours are \"core/...\" or \"tui/...\", the system's <...>")
		return
	}
	if (quoted)
		check_ours(path, where, name, target)
}

function check_fences(path, where, target,   i, k, n, places, inside)
{
	for (i = 1; i <= fences; i++) {
		if (target !~ fence_header[i])
			continue
		n = split(fence_places[i], places, " ")
		inside = 0
		for (k = 1; k <= n; k++)
			inside = inside || path == places[k] || \
				(places[k] ~ /\/$/ && index(path, places[k]) == 1)
		if (!inside)
			complain("fence", where ": " target " belongs to " fence_places[i])
	}
}

function check_ours(path, where, name, target,   from, to)
{
	from = folder_of(path)
	to = folder_of(target)
	if (path == "core/base/base.h")
		complain("base", where ": includes " target)
	check_rank(where, target, from, to)
	sub(/\.[^.\/]*$/, "", target)
	if (target != name)
		edge[name, ++edges[name]] = target
}

function check_rank(where, target, from, to)
{
	if (from == to)
		return
	if (is_face(from)) {
		if (!(target in door) && target !~ /^core\/record\/[^\/]+$/)
			complain("face", where ": a face may not know " target)
	} else if (!(to in rank)) {
		complain("rank", where ": " target " lies in a folder without a rank")
	} else if (!(from in rank)) {
		return # said by check_folder()
	} else if (rank[to] > rank[from]) {
		complain("rank", where ": " target " is of a higher rank (" rank[to] \
			" seen from " rank[from] ")")
	} else if (rank[to] == rank[from] && rank[to] != 8) {
		complain("rank", where ": " from "/ and " to \
			"/ are siblings and do not see each other")
	}
}

# Depth first; a module met again while it is still on the path closes a cycle.
function visit(name, depth,   i, k, next_one, cycle)
{
	seen[name] = 1
	path_at[depth] = name
	place[name] = depth
	for (i = 1; i <= edges[name]; i++) {
		next_one = edge[name, i]
		if (place[next_one]) {
			cycle = ""
			for (k = place[next_one]; k <= depth; k++)
				cycle = cycle path_at[k] " -> "
			complain("cycle", "include cycle: " cycle next_one)
		} else if (!seen[next_one]) {
			visit(next_one, depth + 1)
		}
	}
	place[name] = 0
}
