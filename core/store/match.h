/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What SQL's own LIKE and GLOB cannot do (NUL bytes, '*' as the only special byte), as functions
 * that the SQL of a filter may call:
 *
 *	weir_find(text, part)           the part is in the text, without regard to the case of A-Z
 *	weir_match(text, pattern)       the whole text, '*' standing for any bytes
 *	weir_has(texts, pattern, wild)  a list of texts has one that matches, or equals, the pattern
 *
 * A null text is never found.
 */
#ifndef WEIR_STORE_MATCH_H
#define WEIR_STORE_MATCH_H

#include <sqlite3.h>

void match_register(sqlite3 *handle);

#endif
