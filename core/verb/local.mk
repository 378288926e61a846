# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/verb/ask.c \
	core/verb/bench.c \
	core/verb/bench_embed.c core/verb/bench_embed.h \
	core/verb/check.c core/verb/check.h \
	core/verb/complete.c \
	core/verb/completing.c core/verb/completing.h \
	core/verb/completion.c \
	core/verb/config.c \
	core/verb/demo.c \
	core/verb/doctor.c \
	core/verb/embed.c \
	core/verb/embedder.c core/verb/embedder.h \
	core/verb/embedder_list.c core/verb/embedder_list.h \
	core/verb/explain.c core/verb/explain.h \
	core/verb/fetch.c core/verb/fetch.h \
	core/verb/figures.c core/verb/figures.h \
	core/verb/help.c \
	core/verb/log.c \
	core/verb/manual.c \
	core/verb/model.c \
	core/verb/models.c core/verb/models.h \
	core/verb/prices.c core/verb/prices.h \
	core/verb/put.c core/verb/put.h \
	core/verb/sim.c \
	core/verb/table.c core/verb/table.h \
	core/verb/train.c \
	core/verb/verb.c core/verb/verb.h \
	core/verb/verbs.c core/verb/verbs.h \
	core/verb/why.c
