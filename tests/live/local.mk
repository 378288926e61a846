# SPDX-License-Identifier: GPL-3.0-or-later
# The real program, from outside: part of "make check-live".
LIVE_TESTS += \
	tests/live/ask.t \
	tests/live/completion.t \
	tests/live/demo.t \
	tests/live/faults.t \
	tests/live/hostile.t \
	tests/live/trouble.t
dist_noinst_SCRIPTS += $(LIVE_TESTS)
dist_noinst_DATA += tests/live/live.sh

# Not a test itself: the provider that hostile.t asks.
EXTRA_PROGRAMS += tests/live/hostile_server
CLEANFILES += tests/live/hostile_server$(EXEEXT)
tests_live_hostile_server_SOURCES = tests/live/hostile_server.c
tests_live_hostile_server_LDADD = $(LIBWEIR)
check-live: tests/live/hostile_server$(EXEEXT)
