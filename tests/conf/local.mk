# SPDX-License-Identifier: GPL-3.0-or-later

check_PROGRAMS += tests/conf/config.t
tests_conf_config_t_SOURCES = tests/conf/config.c tests/conf/fixture.h tests/check.h
tests_conf_config_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_conf_config_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/conf/model.t
tests_conf_model_t_SOURCES = tests/conf/model.c tests/conf/fixture.h tests/check.h
tests_conf_model_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_conf_model_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/conf/option.t
tests_conf_option_t_SOURCES = tests/conf/option.c tests/conf/fixture.h tests/check.h
tests_conf_option_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_conf_option_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/conf/schema.t
tests_conf_schema_t_SOURCES = tests/conf/schema.c tests/conf/fixture.h tests/check.h
tests_conf_schema_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_conf_schema_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/conf/price.t
tests_conf_price_t_SOURCES = tests/conf/price.c tests/conf/fixture.h tests/check.h
tests_conf_price_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_conf_price_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/conf/price_table.t
tests_conf_price_table_t_SOURCES = tests/conf/price_table.c tests/conf/fixture.h tests/check.h
tests_conf_price_table_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_conf_price_table_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/conf/secret.t
tests_conf_secret_t_SOURCES = tests/conf/secret.c tests/conf/fixture.h tests/check.h
tests_conf_secret_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_conf_secret_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/conf/tokenizer.t
tests_conf_tokenizer_t_SOURCES = tests/conf/tokenizer.c tests/check.h
tests_conf_tokenizer_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_conf_tokenizer_t_LDADD = $(TEST_LIBS)

check_PROGRAMS += tests/conf/edit.t
tests_conf_edit_t_SOURCES = tests/conf/edit.c tests/check.h
tests_conf_edit_t_CPPFLAGS = $(TEST_CPPFLAGS)
tests_conf_edit_t_LDADD = $(TEST_LIBS)
