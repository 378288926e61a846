# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/store/column.c core/store/column.h \
	core/store/db.c core/store/db.h \
	core/store/filter.c core/store/filter.h \
	core/store/group.c core/store/group.h \
	core/store/match.c core/store/match.h \
	core/store/place.c core/store/place.h \
	core/store/query.c core/store/query.h \
	core/store/rows.c core/store/rows.h \
	core/store/schema.c core/store/schema.h \
	core/store/handle.c core/store/store.h \
	core/store/term.c core/store/term.h \
	core/store/texts.c core/store/texts.h \
	core/store/writer.c core/store/writer.h
