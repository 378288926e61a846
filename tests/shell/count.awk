# SPDX-License-Identifier: GPL-3.0-or-later
# Adds up what logs of test runs say, one log a run, and prints "N passed, N failed[, N skipped]".
#
# A log counts by the last totals in it, Automake's block or a line like our own, and ends with
# "# exit STATUS". A run that failed without a failed test, or that shows no totals at all, is one
# failure more. With -v stages=1 each run is a check of its own instead: passed at status 0.

FNR == 1 { end_log(); open = 1 }
/^# TOTAL: *[0-9]+$/ { forget(); totals = 1 }
/^# (PASS|XFAIL): *[0-9]+$/ { p += $3 }
/^# (FAIL|XPASS|ERROR): *[0-9]+$/ { f += $3 }
/^# SKIP: *[0-9]+$/ { s += $3 }
/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
	totals = 1
	p = $1
	f = $3
	s = $5 + 0
}
/^# exit [0-9]+$/ { status = $3 }

END {
	end_log()
	printf "%d passed, %d failed", passed, failed
	if (skipped)
		printf ", %d skipped", skipped
	print ""
	exit failed > 0
}

function forget()
{
	p = f = s = 0
}

function end_log()
{
	if (open) {
		passed += p
		failed += f
		skipped += s
		if (stages && status == 0)
			passed++
		else if (stages || (status != 0 && !f) || !totals)
			failed++
	}
	forget()
	totals = 0
	status = "unknown"
}
