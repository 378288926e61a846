/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The families, in the order in which they are asked whether a folder is theirs.
 */
#ifndef WEIR_EMBED_FAMILIES_H
#define WEIR_EMBED_FAMILIES_H

#include "core/embed/family.h"

/* Each has a `const struct embed_family family_NAME` in a file of its own. */
#define FAMILY_LIST(X)                                                                            \
	X(bert)                                                                                   \
	X(static)                                                                                 \
	X(table)

#define X(family) extern const struct embed_family family_##family;
FAMILY_LIST(X)
#undef X

#endif
