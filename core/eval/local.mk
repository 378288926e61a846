# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/eval/bench_store.c core/eval/bench_store.h
