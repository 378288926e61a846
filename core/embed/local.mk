# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/embed/embedder.h \
	core/embed/mapped.c core/embed/mapped.h \
	core/embed/safetensors.c core/embed/safetensors.h \
	core/embed/tensor.c core/embed/tensor.h
