# SPDX-License-Identifier: GPL-3.0-or-later
bin_PROGRAMS += weir
weir_SOURCES = tui/main.c
weir_LDADD = $(LIBWEIR)
