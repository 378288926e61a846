# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/eval/augment.c core/eval/augment.h \
	core/eval/bench_embed.c core/eval/bench_embed.h \
	core/eval/bench_store.c core/eval/bench_store.h \
	core/eval/corpus.c core/eval/corpus.h \
	core/eval/embedder_run.c core/eval/embedder_run.h \
	core/eval/lessons.c core/eval/lessons.h \
	core/eval/losses.c core/eval/losses.h \
	core/eval/metric.c core/eval/metric.h \
	core/eval/quality.c core/eval/quality.h \
	core/eval/quality_report.c core/eval/quality_report.h \
	core/eval/recipe.c core/eval/recipe.h \
	core/eval/split.h \
	core/eval/table_model.c core/eval/table_model.h \
	core/eval/table_train.c core/eval/table_train.h \
	core/eval/teaching.c core/eval/teaching.h \
	core/eval/known_words.c core/eval/known_words.h \
	core/eval/bench_stream.c core/eval/bench_stream.h \
	core/eval/meter.c core/eval/meter.h \
	core/eval/pacer.c core/eval/pacer.h
