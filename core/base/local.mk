# SPDX-License-Identifier: GPL-3.0-or-later
libweir_a_SOURCES += \
	core/base/arena.c core/base/arena.h \
	core/base/base.h \
	core/base/buf.c core/base/buf.h \
	core/base/clean.c core/base/clean.h \
	core/base/clock.c core/base/clock.h \
	core/base/crc.c core/base/crc.h \
	core/base/err.c core/base/err.h \
	core/base/file.c core/base/file.h \
	core/base/json.c core/base/json.h \
	core/base/json_scan.c core/base/json_scan.h \
	core/base/json_tree.c core/base/json_tree.h \
	core/base/json_write.c core/base/json_write.h \
	core/base/mask.c core/base/mask.h \
	core/base/money.c core/base/money.h \
	core/base/near.c core/base/near.h \
	core/base/rng.c core/base/rng.h \
	core/base/save.c core/base/save.h \
	core/base/sha256.c core/base/sha256.h \
	core/base/str.c core/base/str.h \
	core/base/utf8.c core/base/utf8.h \
	core/base/vec.c core/base/vec.h
