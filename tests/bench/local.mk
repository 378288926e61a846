# SPDX-License-Identifier: GPL-3.0-or-later
# By hand: "make tests/bench/fill".
EXTRA_PROGRAMS += tests/bench/fill
CLEANFILES += tests/bench/fill$(EXEEXT)
tests_bench_fill_SOURCES = tests/bench/fill.c
tests_bench_fill_LDADD = $(LIBWEIR)
