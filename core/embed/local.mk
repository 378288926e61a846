# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/embed/embedder.h \
	core/embed/letters.c core/embed/letters.h \
	core/embed/mapped.c core/embed/mapped.h \
	core/embed/safetensors.c core/embed/safetensors.h \
	core/embed/tensor.c core/embed/tensor.h \
	core/embed/vocabulary.c core/embed/vocabulary.h \
	core/embed/wordpiece.h \
	core/embed/wordpiece_encode.c \
	core/embed/wordpiece_json.c \
	core/embed/wordpiece_parts.h \
	core/embed/wordpiece_read.c
