#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Who may include whom, and which folder may know which library: layering.t [TREE]
set -u
LC_ALL=C
export LC_ALL

rules=$(cd "$(dirname "$0")" && pwd)/layering.awk
cd "${1:-${top_srcdir:-$(dirname "$0")/../..}}" || {
	echo "Bail out! there is no such tree"
	exit 1
}

{
	find core tui -name '.?*' -prune -o -type d -print 2>/dev/null | sed 's|$|/|'
	find core tui -name '.?*' -prune -o -type f \
		\( -name '*.[ch]' -o -name '*.def' -o -name '*.inc' \) -print 2>/dev/null
} | sort | awk -f "$rules"
