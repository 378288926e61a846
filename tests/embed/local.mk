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

check_PROGRAMS += tests/embed/bert.t
tests_embed_bert_t_SOURCES = tests/embed/bert.c tests/embed/counted.h tests/embed/bert_golden.inc \
	tests/embed/model.h tests/embed/tensors.h tests/check.h
tests_embed_bert_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_embed_bert_t_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
tests_embed_bert_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/embed/wordpiece.t
tests_embed_wordpiece_t_SOURCES = tests/embed/wordpiece.c tests/embed/golden.h tests/check.h
tests_embed_wordpiece_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_embed_wordpiece_t_LDADD = $(TEST_LIBS)
check_PROGRAMS += tests/embed/wordpiece_model.t
tests_embed_wordpiece_model_t_SOURCES = tests/embed/wordpiece_model.c tests/embed/golden.h \
	tests/check.h
tests_embed_wordpiece_model_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_embed_wordpiece_model_t_LDADD = $(TEST_LIBS)

# golden.js makes the last two with the sentences.
dist_check_DATA += tests/embed/golden.js tests/embed/sentences.json tests/embed/wordpiece.jsonl \
	tests/embed/wordpiece.vocab

check_PROGRAMS += tests/embed/kernel.t
tests_embed_kernel_t_SOURCES = tests/embed/kernel.c tests/embed/wide.c tests/embed/wide.h tests/check.h
tests_embed_kernel_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_embed_kernel_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/embed/families.t
tests_embed_families_t_SOURCES = tests/embed/families.c tests/embed/model.h tests/embed/tensors.h \
	tests/check.h
tests_embed_families_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_embed_families_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/embed/minilm.t
tests_embed_minilm_t_SOURCES = tests/embed/minilm.c tests/check.h
tests_embed_minilm_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_embed_minilm_t_LDADD = $(TEST_LIBS)
