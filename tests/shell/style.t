#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The written style of the house, as far as a program can tell: style.t [TREE]
set -u
LC_ALL=C
export LC_ALL

rules=$(cd "$(dirname "$0")" && pwd)/style.awk
cd "${1:-${top_srcdir:-$(dirname "$0")/../..}}" || {
	echo "Bail out! there is no such tree"
	exit 1
}

{
	find core tui tests -name '.?*' -prune -o -type f \( -name '*.[ch]' -o -name local.mk \
		-o -name '*.sh' -o -name '*.awk' -o -path 'tests/shell/*.t' \
		-o -path 'tests/live/*.t' \) -print
	find bootstrap .ci/run
} 2>/dev/null | sort | tr '\n' '\0' | xargs -0 wc -l | awk -f "$rules"
