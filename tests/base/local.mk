# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/base/base.t
tests_base_base_t_SOURCES = tests/base/base.c tests/check.h
tests_base_base_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_base_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/base/json.t
tests_base_json_t_SOURCES = tests/base/json.c tests/check.h
tests_base_json_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_json_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/base/json_scan.t
tests_base_json_scan_t_SOURCES = tests/base/json_scan.c tests/check.h
tests_base_json_scan_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_json_scan_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/base/json_write.t
tests_base_json_write_t_SOURCES = tests/base/json_write.c tests/check.h
tests_base_json_write_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_json_write_t_LDADD = $(TEST_LIBS)
