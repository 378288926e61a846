# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/record/record.t
tests_record_record_t_SOURCES = tests/record/record.c
tests_record_record_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_record_record_t_LDADD = $(TEST_LIBS)
