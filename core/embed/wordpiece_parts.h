/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the three files of wordpiece.h share: the tokenizer as wordpiece_read.c makes it, with
 * wordpiece_json.c for tokenizer.json, and as wordpiece_encode.c uses it. Nobody else includes
 * this.
 */
#ifndef WEIR_EMBED_WORDPIECE_PARTS_H
#define WEIR_EMBED_WORDPIECE_PARTS_H

#include "core/base/arena.h"
#include "core/base/json.h"
#include "core/embed/letters.h"
#include "core/embed/vocabulary.h"
#include "core/embed/wordpiece.h"

enum {
	WORD_MAX = 100,	     /* characters of a word, where the files say nothing */
	WORD_MAX_MAX = 1000, /* and what they may say */
	ADDED_MAX = 1024,    /* added tokens */
	PREFIX_MAX = 16,     /* bytes of the prefix inside words */
	SHOWN_MAX = 40	     /* bytes of a name from a file that an error repeats */
};

struct added_token {
	struct str text;
	int32_t id;
	bool folded; /* looked for in the text as letters.h gives it, not as it stands */
};

struct wordpiece {
	struct arena arena;
	struct wordpiece_info info;
	struct vocabulary pieces;
	struct letters_rules rules;
	size_t word_max;
	struct str prefix;
	uint32_t prefix_hash;
	struct added_token *added;
	size_t added_count;
	bool begins_added[256]; /* first bytes of those looked for as they stand */
	bool has_folded;
	char plain[256]; /* what a letter or digit of ASCII becomes; 0: look closer */
};

/* A tokenizer in the making. */
struct reading {
	struct wordpiece *w;
	const char *folder;
	struct buf *why;
};

#define WORDPIECE_JSON "tokenizer.json"

/* What such a file says, all of it. */
MUST_CHECK enum err wordpiece_read_json(struct reading *r, const json_t *root);

/* "FOLDER/FILE: " and the rest; always returns `err`. */
PRINTF_LIKE(4, 5)
enum err wordpiece_wrong(
	const struct reading *r, enum err err, const char *file, const char *format, ...);

/* `file` is where the value stands. Pieces first, then the others. */
MUST_CHECK enum err wordpiece_add_piece(
	const struct reading *r, const char *file, struct str piece, int64_t id);
MUST_CHECK enum err wordpiece_set_prefix(
	const struct reading *r, const char *file, struct str prefix);
MUST_CHECK enum err wordpiece_set_unknown(
	const struct reading *r, const char *file, struct str unknown);

/* Room for it in w->added is the caller's care; the text is not empty. */
void wordpiece_add_token(struct wordpiece *w, struct str text, int32_t id, bool folded);

#endif
