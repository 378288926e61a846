# SPDX-License-Identifier: GPL-3.0-or-later
# By hand: "make tests/bench/fill", "make tests/bench/raw_stream".
EXTRA_PROGRAMS += tests/bench/fill
CLEANFILES += tests/bench/fill$(EXEEXT)
tests_bench_fill_SOURCES = tests/bench/fill.c
tests_bench_fill_LDADD = $(LIBWEIR)

EXTRA_PROGRAMS += tests/bench/raw_stream
CLEANFILES += tests/bench/raw_stream$(EXEEXT)
tests_bench_raw_stream_SOURCES = tests/bench/raw_stream.c
tests_bench_raw_stream_LDADD = $(CURL_LIBS)

# By hand, where onnxruntime-node is: "node tests/bench/ort.js --weir ./weir".
dist_noinst_DATA += tests/bench/ort.js
