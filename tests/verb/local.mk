# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/verb/command.t
tests_verb_command_t_SOURCES = tests/verb/command.c tests/check.h
tests_verb_command_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_verb_command_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/verb/embedder.t
tests_verb_embedder_t_SOURCES = tests/verb/embedder.c tests/embed/tensors.h tests/net/raw_server.c \
	tests/net/raw_server.h tests/check.h
tests_verb_embedder_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_verb_embedder_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/verb/train.t
tests_verb_train_t_SOURCES = tests/verb/train.c tests/eval/folder.h tests/check.h
tests_verb_train_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_verb_train_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/verb/prices.t
tests_verb_prices_t_SOURCES = tests/verb/prices.c tests/check.h
tests_verb_prices_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_verb_prices_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/verb/check.t
tests_verb_check_t_SOURCES = tests/verb/check.c tests/net/raw_server.c tests/net/raw_server.h tests/check.h
tests_verb_check_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_verb_check_t_LDADD = $(TEST_LIBS)
