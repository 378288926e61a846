# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/base/base.t
tests_base_base_t_SOURCES = tests/base/base.c tests/check.h
tests_base_base_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_base_t_LDADD = $(TEST_LIBS)
