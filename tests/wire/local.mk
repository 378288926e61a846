# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/wire/anthropic.t tests/wire/anthropic_ask.t tests/wire/openai.t \
	tests/wire/openai_ask.t
tests_wire_anthropic_t_SOURCES = tests/wire/anthropic.c tests/check.h
tests_wire_anthropic_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_anthropic_t_LDADD = $(TEST_LIBS)

tests_wire_anthropic_ask_t_SOURCES = tests/wire/anthropic_ask.c tests/check.h
tests_wire_anthropic_ask_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_anthropic_ask_t_LDADD = $(TEST_LIBS)

tests_wire_openai_t_SOURCES = tests/wire/openai.c tests/wire/two_ways.h tests/check.h
tests_wire_openai_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_openai_t_LDADD = $(TEST_LIBS)
tests_wire_openai_ask_t_SOURCES = tests/wire/openai_ask.c tests/check.h
tests_wire_openai_ask_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_openai_ask_t_LDADD = $(TEST_LIBS)

dist_check_DATA += \
	tests/wire/openai/errors.cases \
	tests/wire/openai/providers.cases \
	tests/wire/openai/traps.cases \
	tests/wire/openai/usage.cases

check_PROGRAMS += tests/wire/fault.t tests/wire/limits.t
tests_wire_fault_t_SOURCES = tests/wire/fault.c
tests_wire_fault_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_fault_t_LDADD = $(TEST_LIBS)
tests_wire_limits_t_SOURCES = tests/wire/limits.c
tests_wire_limits_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_limits_t_LDADD = $(TEST_LIBS)
