# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/flow/flow.t
tests_flow_flow_t_SOURCES = tests/flow/flow.c tests/flow/world.h tests/net/raw_server.c tests/net/raw_server.h
tests_flow_flow_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_flow_flow_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/flow/retry.t
tests_flow_retry_t_SOURCES = tests/flow/retry.c tests/flow/world.h tests/net/raw_server.c \
	tests/net/raw_server.h
tests_flow_retry_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_flow_retry_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/flow/grace.t
tests_flow_grace_t_SOURCES = tests/flow/grace.c tests/flow/world.h tests/net/raw_server.c \
	tests/net/raw_server.h
tests_flow_grace_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_flow_grace_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/flow/faults.t
tests_flow_faults_t_SOURCES = tests/flow/faults.c tests/check.h
tests_flow_faults_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_flow_faults_t_LDADD = $(TEST_LIBS)
