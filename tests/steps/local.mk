# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/steps/contact.t
tests_steps_contact_t_SOURCES = tests/steps/contact.c tests/net/raw_server.c \
	tests/net/raw_server.h tests/check.h
tests_steps_contact_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_steps_contact_t_LDADD = $(TEST_LIBS)
