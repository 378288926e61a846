# SPDX-License-Identifier: GPL-3.0-or-later
store_help = tests/store/help.c tests/store/help.h tests/check.h

check_PROGRAMS += tests/store/store.t
tests_store_store_t_SOURCES = tests/store/store.c $(store_help)
tests_store_store_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_store_store_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/store/filter.t
tests_store_filter_t_SOURCES = tests/store/filter.c $(store_help)
tests_store_filter_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_store_filter_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/store/schema.t
tests_store_schema_t_SOURCES = tests/store/schema.c $(store_help)
tests_store_schema_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_store_schema_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/store/writer.t
tests_store_writer_t_SOURCES = tests/store/writer.c $(store_help)
tests_store_writer_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_store_writer_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/store/power.t
tests_store_power_t_SOURCES = tests/store/power.c tests/store/lossy.c tests/store/lossy.h \
	$(store_help)
tests_store_power_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_store_power_t_LDADD = $(TEST_LIBS)

# Not a test itself: what kill.t starts and kills.
EXTRA_PROGRAMS += tests/store/hammer
CLEANFILES += tests/store/hammer$(EXEEXT)
tests_store_hammer_SOURCES = tests/store/hammer.c $(store_help)
tests_store_hammer_CPPFLAGS = $(TEST_CPPFLAGS)
tests_store_hammer_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/store/kill.t
tests_store_kill_t_SOURCES = tests/store/kill.c $(store_help)
tests_store_kill_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_store_kill_t_LDADD = $(TEST_LIBS)
EXTRA_tests_store_kill_t_DEPENDENCIES = tests/store/hammer$(EXEEXT)
