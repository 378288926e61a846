# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/conf/config.c core/conf/config.h \
	core/conf/config_edit.c core/conf/config_edit.h \
	core/conf/config_schema.c \
	core/conf/config_show.c \
	core/conf/header.c core/conf/header.h \
	core/conf/layers.c core/conf/layers.h \
	core/conf/layers_read.c \
	core/conf/layers_set.c \
	core/conf/model.c core/conf/model.h \
	core/conf/option.c core/conf/option.h \
	core/conf/option_table.c \
	core/conf/price.c core/conf/price.h \
	core/conf/price_genai.c \
	core/conf/price_import.c core/conf/price_import.h \
	core/conf/price_litellm.c \
	core/conf/price_rows.c core/conf/price_rows.h \
	core/conf/price_table.c core/conf/price_table.h \
	core/conf/problem.c core/conf/problem.h \
	core/conf/provider.h \
	core/conf/secret.c core/conf/secret.h \
	core/conf/setting.c core/conf/setting.h \
	core/conf/task.c core/conf/task.h \
	core/conf/tokenizer.c core/conf/tokenizer.h
# Written by config_schema; a test says when it is old.
dist_pkgdata_DATA += data/config.schema.json
