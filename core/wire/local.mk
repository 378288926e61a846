# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/wire/anthropic.c core/wire/anthropic.h \
	core/wire/anthropic_ask.c \
	core/wire/anthropic_facts.c core/wire/anthropic_parts.h \
	core/wire/anthropic_turns.c \
	core/wire/blocks.c core/wire/blocks.h \
	core/wire/calls.c core/wire/calls.h \
	core/wire/common.c core/wire/common.h \
	core/wire/complaint.c core/wire/complaint.h \
	core/wire/fault.c core/wire/fault.h \
	core/wire/fault_table.c core/wire/fault_table.h \
	core/wire/limits.c core/wire/limits.h core/wire/limits_head.c core/wire/limits_words.c \
	core/wire/moment.c core/wire/moment.h \
	core/wire/openai.c core/wire/openai.h core/wire/openai_parts.h \
	core/wire/openai_ask.c core/wire/openai_choice.c \
	core/wire/openai_fast.c core/wire/openai_usage.c \
	core/wire/reader.c core/wire/reader.h \
	core/wire/wire.h \
	core/wire/wires.c core/wire/wires.h \
	core/wire/words.c core/wire/words.h
