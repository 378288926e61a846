# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/steps/attempt.c core/steps/attempt.h \
	core/steps/call.c \
	core/steps/contact.c core/steps/contact.h \
	core/steps/discover.c \
	core/steps/env.h \
	core/steps/intake.c \
	core/steps/probe.c core/steps/probe.h \
	core/steps/route.c \
	core/steps/retry.c core/steps/retry.h \
	core/steps/rungs.c core/steps/rungs.h \
	core/steps/settle.c \
	core/steps/step.h \
	core/steps/tokens.c core/steps/tokens.h
