# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/net/sse.t
tests_net_sse_t_SOURCES = tests/net/sse.c tests/check.h
tests_net_sse_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_net_sse_t_LDADD = $(TEST_LIBS)
check_PROGRAMS += tests/net/loop.t
tests_net_loop_t_SOURCES = tests/net/loop.c tests/check.h
tests_net_loop_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_net_loop_t_LDADD = $(TEST_LIBS)
