/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The shape of the file: numbered steps for its structure, then a column for each row of the
 * field tables that has none yet, then the indexes. Opening an older file brings it forward in
 * one transaction; there is no way back.
 */
#ifndef WEIR_STORE_SCHEMA_H
#define WEIR_STORE_SCHEMA_H

#include "core/store/db.h"

enum {
	SCHEMA_VERSION = 1,               /* PRAGMA user_version */
	SCHEMA_APPLICATION = 0x57656972,  /* PRAGMA application_id: "Weir" */
};

/* Refuses what is not ours before anything is written: ERR_CORRUPT for a foreign or damaged
 * file, ERR_NEWER for one of a newer version. */
MUST_CHECK enum err schema_check(const struct db *db, struct buf *why);

/* Brings the file forward where needed. schema_check came before. */
MUST_CHECK enum err schema_forward(const struct db *db, struct buf *why);

#endif
