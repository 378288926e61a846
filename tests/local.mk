# SPDX-License-Identifier: GPL-3.0-or-later
# Every test program speaks TAP. A C test is tests/FOLDER/NAME.t built from NAME.c; a shell test is
# tests/shell/NAME.t (part of "make check") or tests/live/NAME.t (needs tmux: "make check-live").
TEST_EXTENSIONS = .t
T_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
AM_TESTS_ENVIRONMENT = \
	LC_ALL=C; TZ=UTC; CMOCKA_MESSAGE_OUTPUT=TAP; \
	top_srcdir=$(abs_top_srcdir); top_builddir=$(abs_top_builddir); \
	WEIR_DATA=$(abs_top_srcdir)/data; export LC_ALL TZ CMOCKA_MESSAGE_OUTPUT top_srcdir \
	top_builddir WEIR_DATA; unset OPENAI_API_KEY ANTHROPIC_API_KEY WEIR_BASE_URL NO_COLOR;
TEST_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
TEST_LIBS = $(LIBWEIR) $(CMOCKA_LIBS)

include tests/base/local.mk
include tests/conf/local.mk
include tests/record/local.mk
include tests/embed/local.mk
include tests/net/local.mk
include tests/store/local.mk
include tests/wire/local.mk
include tests/sim/local.mk
include tests/steps/local.mk
include tests/flow/local.mk
include tests/eval/local.mk
include tests/verb/local.mk
include tests/shell/local.mk
include tests/live/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk


TESTS += $(check_PROGRAMS) $(dist_check_SCRIPTS)
noinst_HEADERS = tests/check.h

# The real binary in a real terminal, against the simulator.
check-live: all
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(LIVE_TESTS)'
.PHONY: check-live
