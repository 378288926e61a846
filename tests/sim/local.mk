# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/sim/search.t tests/sim/answer.t tests/sim/openai.t \
	tests/sim/anthropic.t tests/sim/pace.t \
	tests/sim/server.t tests/sim/faults.t

tests_sim_search_t_SOURCES = tests/sim/search.c tests/sim/questions.c \
	tests/sim/questions.h tests/check.h
tests_sim_search_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_sim_search_t_LDADD = $(TEST_LIBS)

tests_sim_answer_t_SOURCES = tests/sim/answer.c tests/sim/questions.c tests/sim/questions.h \
	tests/sim/world.c tests/sim/world.h tests/check.h
tests_sim_answer_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_sim_answer_t_LDADD = $(TEST_LIBS)

tests_sim_openai_t_SOURCES = tests/sim/openai.c tests/check.h
tests_sim_openai_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_sim_openai_t_LDADD = $(TEST_LIBS)

tests_sim_server_t_SOURCES = tests/sim/server.c tests/sim/client.c tests/sim/client.h tests/check.h
tests_sim_server_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_sim_server_t_LDADD = $(TEST_LIBS)

tests_sim_pace_t_SOURCES = tests/sim/pace.c tests/sim/client.c tests/sim/client.h \
	tests/sim/world.c \
	tests/sim/world.h tests/check.h
tests_sim_pace_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_sim_pace_t_LDADD = $(TEST_LIBS)

tests_sim_faults_t_SOURCES = tests/sim/faults.c tests/sim/client.c tests/sim/client.h tests/check.h
tests_sim_faults_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_sim_faults_t_LDADD = $(TEST_LIBS)

tests_sim_anthropic_t_SOURCES = tests/sim/anthropic.c tests/check.h
tests_sim_anthropic_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_sim_anthropic_t_LDADD = $(TEST_LIBS)
