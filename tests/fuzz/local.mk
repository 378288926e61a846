# SPDX-License-Identifier: GPL-3.0-or-later

check_PROGRAMS += tests/fuzz/config.t
tests_fuzz_config_t_SOURCES = tests/fuzz/config.c tests/fuzz/mutate.h tests/conf/fixture.h tests/check.h
tests_fuzz_config_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_config_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/fuzz/json.t
tests_fuzz_json_t_SOURCES = tests/fuzz/json.c tests/fuzz/mutate.h tests/check.h
tests_fuzz_json_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_json_t_LDADD = $(TEST_LIBS)
