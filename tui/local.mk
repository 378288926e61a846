# SPDX-License-Identifier: GPL-3.0-or-later
bin_PROGRAMS += weir
weir_SOURCES = tui/cli.c tui/cli.h tui/demo.c tui/demo.h tui/main.c
weir_LDADD = $(LIBWEIR)

# The manual page is the tables, printed.
man_MANS += data/weir.1
data/weir.1: weir$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) data && ./weir$(EXEEXT) manual > $@.new && mv $@.new $@
CLEANFILES += data/weir.1
