# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/fuzz/clean.t
tests_fuzz_clean_t_SOURCES = tests/fuzz/clean.c tests/base/safe.h tests/check.h
tests_fuzz_clean_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_clean_t_LDADD = $(TEST_LIBS)
check_PROGRAMS += tests/fuzz/sse.t
tests_fuzz_sse_t_SOURCES = tests/fuzz/sse.c tests/check.h
tests_fuzz_sse_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_sse_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/fuzz/config.t
tests_fuzz_config_t_SOURCES = tests/fuzz/config.c tests/fuzz/mutate.h tests/conf/fixture.h tests/check.h
tests_fuzz_config_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_config_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/fuzz/json.t
tests_fuzz_json_t_SOURCES = tests/fuzz/json.c tests/fuzz/mutate.h tests/check.h
tests_fuzz_json_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_json_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/fuzz/wire.t
tests_fuzz_wire_t_SOURCES = tests/fuzz/wire.c tests/fuzz/mutate.h tests/wire/two_ways.h \
	tests/check.h
tests_fuzz_wire_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_wire_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/fuzz/safetensors.t
tests_fuzz_safetensors_t_SOURCES = tests/fuzz/safetensors.c tests/embed/tensors.h tests/fuzz/mutate.h tests/check.h
tests_fuzz_safetensors_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_safetensors_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/fuzz/word_table.t
tests_fuzz_word_table_t_SOURCES = tests/fuzz/word_table.c tests/embed/tensors.h tests/check.h
tests_fuzz_word_table_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_word_table_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/fuzz/prices.t
tests_fuzz_prices_t_SOURCES = tests/fuzz/prices.c tests/fuzz/mutate.h tests/check.h
tests_fuzz_prices_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_prices_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/fuzz/tokenizer.t
tests_fuzz_tokenizer_t_SOURCES = tests/fuzz/tokenizer.c tests/fuzz/mutate.h tests/check.h
tests_fuzz_tokenizer_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_fuzz_tokenizer_t_LDADD = $(TEST_LIBS)
