/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts with their intents, and pairs with their scores, read from JSON Lines: all that a recipe
 * names, each marked with the part it belongs to (split.h).
 */
#ifndef WEIR_EVAL_CORPUS_H
#define WEIR_EVAL_CORPUS_H

#include "core/eval/recipe.h"
#include "core/eval/split.h"

enum {
	NO_INTENT = -1,
	ALL_FILES = -1,
	CORPUS_BYTES_MAX = 1 << 30,
	CORPUS_LINE_MAX = 16 * 1024 * 1024
};

struct corpus_text {
	struct str text;
	int32_t intent; /* place in intents, or NO_INTENT */
	int32_t file;
	bool test, fold;
};

struct corpus_intent {
	struct str name;
	int32_t file;
	bool none; /* "oos": its texts have nothing in common */
};

struct corpus_pair {
	struct str a, b;
	double score;
	int32_t file;
	bool fold;
};

struct corpus {
	struct arena arena;
	VEC(struct corpus_text) texts;
	VEC(struct corpus_intent) intents;
	VEC(struct corpus_pair) pairs;
	VEC(struct str) files;
	VEC(bool) has_test; /* by file */
};

/* Reads the recipe's files of `dir`: those to train on, or those to measure with only. ERR_SYNTAX
 * with file, line and mend. Lines without a text or a pair are an error; fields that nobody asked
 * for are not. */
MUST_CHECK enum err corpus_read(
	struct corpus *c, const struct recipe *r, const char *dir, bool measure, struct buf *why);

/* One more file. */
MUST_CHECK enum err corpus_add(
	struct corpus *c, const struct recipe_file *file, const char *dir, struct buf *why);
void corpus_release(struct corpus *c);

#endif
