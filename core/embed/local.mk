# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/embed/embedder.h \
	core/embed/keys.c core/embed/keys.h \
	core/embed/mapped.c core/embed/mapped.h \
	core/embed/safetensors.c core/embed/safetensors.h \
	core/embed/matrix.c core/embed/matrix.h \
	core/embed/tensor.c core/embed/tensor.h \
	core/embed/word_table.c core/embed/word_table.h \
	core/embed/word_table_write.c \
	core/embed/words.c core/embed/words.h
