# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/base/base.t
tests_base_base_t_SOURCES = tests/base/base.c tests/check.h
tests_base_base_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_base_t_LDADD = $(TEST_LIBS)

# The same tests where every few bytes meet the end of a block: these three sources are built
# anew with tiny constants, and what the library has of them stays out of the program.
check_PROGRAMS += tests/base/edges.t
tests_base_edges_t_SOURCES = tests/base/base.c core/base/buf.c core/base/arena.c \
	core/base/vec.c tests/check.h
tests_base_edges_t_CPPFLAGS = $(TEST_CPPFLAGS) -DBUF_FIRST=4 -DARENA_BLOCK=64
tests_base_edges_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/base/utf8.t
tests_base_utf8_t_SOURCES = tests/base/utf8.c tests/check.h
tests_base_utf8_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_utf8_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/base/clean.t
tests_base_clean_t_SOURCES = tests/base/clean.c tests/base/safe.h tests/check.h
tests_base_clean_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_clean_t_LDADD = $(TEST_LIBS)
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

check_PROGRAMS += tests/base/mask.t
tests_base_mask_t_SOURCES = tests/base/mask.c tests/check.h
tests_base_mask_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_mask_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/base/sha256.t
tests_base_sha256_t_SOURCES = tests/base/sha256.c tests/check.h
tests_base_sha256_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_sha256_t_LDADD = $(TEST_LIBS)
