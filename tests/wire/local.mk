# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/wire/openai.t
tests_wire_openai_t_SOURCES = tests/wire/openai.c
tests_wire_openai_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_openai_t_LDADD = $(TEST_LIBS)
