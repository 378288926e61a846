# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/base/base.t
tests_base_base_t_SOURCES = tests/base/base.c tests/check.h
tests_base_base_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_base_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/base/utf8.t
tests_base_utf8_t_SOURCES = tests/base/utf8.c tests/check.h
tests_base_utf8_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_utf8_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/base/clean.t
tests_base_clean_t_SOURCES = tests/base/clean.c tests/base/safe.h tests/check.h
tests_base_clean_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_clean_t_LDADD = $(TEST_LIBS)
