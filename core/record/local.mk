# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/record/decision.c core/record/decision.h \
	core/record/decision_json.c \
	core/record/event.h \
	core/record/field.c core/record/field.h \
	core/record/id.c core/record/id.h
