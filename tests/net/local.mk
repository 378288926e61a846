# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/net/sse.t
tests_net_sse_t_SOURCES = tests/net/sse.c tests/check.h
tests_net_sse_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_net_sse_t_LDADD = $(TEST_LIBS)
check_PROGRAMS += tests/net/loop.t
tests_net_loop_t_SOURCES = tests/net/loop.c tests/check.h
tests_net_loop_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_net_loop_t_LDADD = $(TEST_LIBS)
NET_STAGE = tests/net/http_stage.c tests/net/http_stage.h tests/net/raw_server.c \
	tests/net/raw_server.h tests/check.h
check_PROGRAMS += tests/net/http.t tests/net/http_stop.t tests/net/http_far.t
tests_net_http_t_SOURCES = tests/net/http.c $(NET_STAGE)
tests_net_http_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_net_http_t_LDADD = $(TEST_LIBS)
tests_net_http_stop_t_SOURCES = tests/net/http_stop.c $(NET_STAGE)
tests_net_http_stop_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_net_http_stop_t_LDADD = $(TEST_LIBS)
tests_net_http_far_t_SOURCES = tests/net/http_far.c $(NET_STAGE)
tests_net_http_far_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_net_http_far_t_LDADD = $(TEST_LIBS)
check_PROGRAMS += tests/net/download.t
tests_net_download_t_SOURCES = tests/net/download.c $(NET_STAGE)
tests_net_download_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_net_download_t_LDADD = $(TEST_LIBS)
