# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/eval/bench_store.t
tests_eval_bench_store_t_SOURCES = tests/eval/bench_store.c tests/check.h
tests_eval_bench_store_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_eval_bench_store_t_LDADD = $(TEST_LIBS)
check_PROGRAMS += tests/eval/bench_stream.t
tests_eval_bench_stream_t_SOURCES = tests/eval/bench_stream.c tests/check.h
tests_eval_bench_stream_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_eval_bench_stream_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/eval/metric.t
tests_eval_metric_t_SOURCES = tests/eval/metric.c tests/check.h
tests_eval_metric_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_eval_metric_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/eval/embedder_run.t
tests_eval_embedder_run_t_SOURCES = tests/eval/embedder_run.c tests/eval/folder.h tests/check.h
tests_eval_embedder_run_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_eval_embedder_run_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/eval/bench_embed.t
tests_eval_bench_embed_t_SOURCES = tests/eval/bench_embed.c tests/embed/model.h \
	tests/embed/tensors.h tests/check.h
tests_eval_bench_embed_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_eval_bench_embed_t_LDADD = $(TEST_LIBS)
