# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/eval/bench_store.c core/eval/bench_store.h \
	core/eval/bench_stream.c core/eval/bench_stream.h \
	core/eval/meter.c core/eval/meter.h \
	core/eval/pacer.c core/eval/pacer.h
