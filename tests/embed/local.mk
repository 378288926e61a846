# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/embed/safetensors.t
tests_embed_safetensors_t_SOURCES = tests/embed/safetensors.c tests/embed/tensors.h tests/check.h
tests_embed_safetensors_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_embed_safetensors_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/embed/words.t
tests_embed_words_t_SOURCES = tests/embed/words.c tests/check.h
tests_embed_words_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_embed_words_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/embed/word_table.t
tests_embed_word_table_t_SOURCES = tests/embed/word_table.c tests/embed/tensors.h tests/check.h
tests_embed_word_table_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_embed_word_table_t_LDADD = $(TEST_LIBS)
