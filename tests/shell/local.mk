# SPDX-License-Identifier: GPL-3.0-or-later
# The gate: the order of the house, its style, and proof that both checkers can fail; the bootstrap
# in a world of fakes; what is written about the program.
dist_check_SCRIPTS += \
	tests/shell/bootstrap.t \
	tests/shell/docs.t \
	tests/shell/layering.t \
	tests/shell/planted.t \
	tests/shell/style.t
dist_check_DATA += \
	tests/shell/count.awk \
	tests/shell/layering.awk \
	tests/shell/style.awk \
	tests/shell/tap.sh
