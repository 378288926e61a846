# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/sim/answer.c core/sim/answer.h \
	core/sim/anthropic.h \
	core/sim/anthropic_read.c \
	core/sim/anthropic_write.c \
	core/sim/ask.c core/sim/ask.h \
	core/sim/chore.c \
	core/sim/compose.c core/sim/compose.h \
	core/sim/craft.c \
	core/sim/door.c core/sim/door.h \
	core/sim/dialect.h \
	core/sim/evidence.c core/sim/evidence.h \
	core/sim/facts.c core/sim/facts.h \
	core/sim/fail.c core/sim/fail.h \
	core/sim/fault.h \
	core/sim/fault_limit.c \
	core/sim/fault_play.c core/sim/fault_play.h \
	core/sim/fault_script.c core/sim/fault_script.h \
	core/sim/fault_table.c \
	core/sim/fault_wire.c core/sim/fault_wire.h \
	core/sim/kb.c core/sim/kb.h \
	core/sim/kind.c core/sim/kind.h \
	core/sim/letter.c \
	core/sim/openai.h \
	core/sim/openai_read.c \
	core/sim/openai_write.c \
	core/sim/persona.c core/sim/persona.h \
	core/sim/quote.c \
	core/sim/reply.h \
	core/sim/request.c core/sim/request.h \
	core/sim/schema.c core/sim/schema.h \
	core/sim/search.c core/sim/search.h \
	core/sim/server.c core/sim/server.h \
	core/sim/sim.c core/sim/sim.h \
	core/sim/stream.c core/sim/stream.h \
	core/sim/token.c core/sim/token.h \
	core/sim/tool.c core/sim/tool.h \
	core/sim/words.c core/sim/words.h
