/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a public table of prices would change in the model map: one proposal for each model of it
 * that the table knows. Nothing is changed here.
 */
#ifndef WEIR_CONF_PRICE_IMPORT_H
#define WEIR_CONF_PRICE_IMPORT_H

#include "core/conf/model.h"
#include "core/conf/price_table.h"

#define PRICE_CHANGE_LIST(X)                                                                      \
	X(SAME, "same")      /* nothing to do */                                                  \
	X(NEW, "new")        /* no price was known */                                             \
	X(CHANGED, "changed")                                                                     \
	X(KEPT, "kept")      /* differs, but is not taken: `note` says why */

enum price_change {
#define X(code, name) PRICE_##code,
	PRICE_CHANGE_LIST(X)
#undef X
	PRICE_CHANGE_COUNT
};
extern const char *const price_change_names[PRICE_CHANGE_COUNT];

struct price_proposal {
	const struct model *model;
	const struct price_entry *entry, *twin; /* twin: another entry, with other prices */
	enum price_change change;
	struct str note;           /* STR_NONE: none */
	struct price *rows;        /* the whole list to be; of KEPT, what it would be */
	size_t count;
};

/* Of the rows, those that hold now but for hour, weekday and length: one list of prices. */
struct price_group {
	const struct price *rows;
	size_t count;
};
struct price_group price_group_now(const struct price *rows, size_t count, int64_t wall_us);

/* False when the table does not know the model, or it is of a server on this machine.
 *
 * A history (`dated`) replaces the list. Prices without a date are added to it from today on; what
 * they do not say of caching stays as it is when input and output cost the same as before.
 *
 * Not taken: what is set in the user's own configuration, which is above imported prices; and
 * prices without hours where ours have them, unless the model was asked for by `named`. */
bool price_propose(struct price_proposal *p, struct arena *arena, const struct price_table *table,
	const struct model *model, int64_t wall_us, bool named);

#endif
