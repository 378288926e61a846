# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/net/download.c core/net/download.h \
	core/net/http.h core/net/http_multi.c \
	core/net/http_parts.h \
	core/net/http_request.c \
	core/net/http_result.c \
	core/net/loop.c core/net/loop.h \
	core/net/sse.c core/net/sse.h \
	core/net/timers.c core/net/timers.h
