# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/embed/embedder.h
