/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The knowledge base in memory: FOLDER/DOMAIN/NAME.md, each with a front matter (id, title,
 * domain, section) and passages under "##" headings. A passage is a list of pieces that can be
 * quoted whole: a sentence, an item of a list, a row of a table said as one line, a block of code.
 *
 * Passages are numbered from 1 in the order of their headings ("auto-policy#4"); what stands
 * before the first heading is number 0.
 */
#ifndef WEIR_SIM_KB_H
#define WEIR_SIM_KB_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/vec.h"

enum { KB_FILE_MAX = 1 << 20 };

enum kb_kind { KB_SENTENCE, KB_ITEM, KB_ROW, KB_CODE };

struct kb_piece {
	enum kb_kind kind;
	struct str text; /* one line, ends with its full stop; code keeps its lines */
};

struct kb_passage {
	struct str id;      /* "auto-policy#4" */
	struct str heading; /* of number 0: the title */
	size_t doc;         /* in docs */
	size_t number;
	struct {
		struct kb_piece *ptr;
		size_t len, cap;
	} pieces;
};

struct kb_doc {
	struct str id, title, domain, section;
	size_t first, count; /* its passages */
};

struct kb {
	struct arena arena;
	struct {
		struct kb_doc *ptr;
		size_t len, cap;
	} docs; /* by path, so that the order is the same everywhere */
	struct {
		struct kb_passage *ptr;
		size_t len, cap;
	} passages;
};

/* All documents or none. */
MUST_CHECK enum err kb_open(struct kb **kb, const char *folder, struct buf *why);
void kb_close(struct kb **kb);

/* One document; `name` is for messages. */
MUST_CHECK enum err kb_add(struct kb *kb, struct str text, const char *name, struct buf *why);

const struct kb_passage *kb_find(const struct kb *kb, struct str id); /* NULL: none */

#endif
