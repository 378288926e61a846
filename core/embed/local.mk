# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/embed/bert.c core/embed/bert.h \
	core/embed/bert_load.c \
	core/embed/embedder.h \
	core/embed/families.c core/embed/families.h \
	core/embed/family.h \
	core/embed/family_bert.c \
	core/embed/family_static.c \
	core/embed/family_table.c \
	core/embed/flush.c core/embed/flush.h \
	core/embed/folder.c core/embed/folder.h \
	core/embed/kernel.c core/embed/kernel.h core/embed/kernel.inc \
	core/embed/kernel_avx2.c \
	core/embed/kernel_avx512.c \
	core/embed/kernel_blas.c \
	core/embed/kernel_portable.c \
	core/embed/keys.c core/embed/keys.h \
	core/embed/known.c core/embed/known.h \
	core/embed/letters.c core/embed/letters.h \
	core/embed/mapped.c core/embed/mapped.h \
	core/embed/matrix.c core/embed/matrix.h \
	core/embed/safetensors.c core/embed/safetensors.h \
	core/embed/tensor.c core/embed/tensor.h \
	core/embed/unit.c core/embed/unit.h \
	core/embed/vocabulary.c core/embed/vocabulary.h \
	core/embed/word_table.c core/embed/word_table.h \
	core/embed/word_table_write.c \
	core/embed/wordpiece.h \
	core/embed/wordpiece_encode.c \
	core/embed/wordpiece_json.c \
	core/embed/wordpiece_parts.h \
	core/embed/wordpiece_read.c \
	core/embed/words.c core/embed/words.h
