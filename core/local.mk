# SPDX-License-Identifier: GPL-3.0-or-later
# The library below every face. One fragment per folder, lowest rank first.
noinst_LIBRARIES += libweir.a
libweir_a_SOURCES =
LIBWEIR = libweir.a $(CURL_LIBS) $(UV_LIBS) $(JANSSON_LIBS) $(SQLITE_LIBS) $(MHD_LIBS) \
	$(UTF8PROC_LIBS) $(OPENBLAS_LIBS) -lm

include core/base/local.mk
include core/conf/local.mk
include core/record/local.mk
include core/embed/local.mk
include core/net/local.mk
include core/store/local.mk
include core/wire/local.mk
include core/sim/local.mk
include core/steps/local.mk
include core/flow/local.mk
include core/eval/local.mk
include core/verb/local.mk

libweir_a_SOURCES += \
	core/command.c core/engine.h core/world.c core/world.h core/world_embedder.c

dist_noinst_DATA += core/README
