/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A recipe: what a table of words is trained from, and how. JSON, one object: the numbers below by
 * their names (each may be left out), "name", and "data", a list of files:
 *
 *	{ "file": "clinc150-train.jsonl", "test": true, "none": "oos", "from": ..., "licence": ... }
 *
 * A line of a file is {"text", "intent"}, {"text"} or {"a", "b", "score"}. "test": a third of
 * its texts is set aside for measuring (split.h). "intents" false: its intents are no ground to
 * train on. "none": the name of the intent that says a text has none. "measure": the file is only
 * for measuring, never trained on. Without "data", all *.jsonl files of the folder are read, in the
 * order of their names.
 */
#ifndef WEIR_EVAL_RECIPE_H
#define WEIR_EVAL_RECIPE_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/vec.h"

/* name, default, least, most, what it is */
#define RECIPE_LIST(X)                                                                             \
	X(seed, 1, 0, 4294967295.0, "of all that is drawn")                                        \
	X(dims, 64, 8, 256, "numbers in a vector")                                                 \
	X(words, 34000, 100, 1000000, "words that have a row, at most")                            \
	X(word_times, 1, 1, 1000, "how often a word must occur to get one")                        \
	X(bigrams, 8000, 0, 1000000, "pairs of words that have a row, at most")                    \
	X(bigram_times, 2, 1, 1000, "how often a pair must occur to get one")                      \
	X(grams, 12000, 16, 1000000, "rows for pieces of 3 to 5 letters")                          \
	X(bigram_weight, 0.5, 0, 10, "of a pair, beside a word's 1")                               \
	X(bigram_drop, 0.4, 0, 1, "share of pairs left out in training")                           \
	X(word_drop, 0.1, 0, 1, "share of known words taken for unknown, under the teacher alone") \
	X(distil_steps, 1000, 0, 1000000, "with nothing but the teacher")                          \
	X(distil_texts, 1024, 2, 4096, "a step")                                                   \
	X(distil_rate, 0.03, 0, 1, "of Adam, falling to a fiftieth")                               \
	X(steps, 800, 0, 1000000, "with all that follows")                                         \
	X(rate, 0.006, 0, 1, "of Adam, falling to zero")                                           \
	X(blend, 0.6, 0, 1, "of what these taught, on the way from what the teacher did")          \
	X(warm_up, 50, 0, 100000, "steps until the full rate")                                     \
	X(pairs, 256, 2, 2048, "intents a step, two texts each")                                   \
	X(pairs_weight, 1, 0, 100, "of telling intents apart")                                     \
	X(temperature, 0.07, 0.001, 10, "of it")                                                   \
	X(mask, 0.5, 0, 2, "cosine from which intents of two files may be one")                    \
	X(changed, 256, 2, 2048, "texts a step with a changed copy")                               \
	X(changed_weight, 0.5, 0, 100, "of finding the copy")                                      \
	X(margin, 0.1, 0, 2, "by which a copy that says something else stays below")               \
	X(scored, 192, 2, 2048, "scored pairs a step")                                             \
	X(scored_weight, 0.2, 0, 100, "of their order")                                            \
	X(scored_scale, 20, 1, 100, "of its cosines")                                              \
	X(teacher_weight, 10, 0, 1000, "of the teacher's cosines, meanwhile")

struct recipe {
#define X(name, fallback, least, most, say) double name;
	RECIPE_LIST(X)
#undef X
	struct str name;
	struct recipe_file {
		struct str file, none;
		bool test, intents, measure;
	} * files;
	size_t file_count;
};

/* Everything lives in `arena`. ERR_SYNTAX, ERR_CONFIG with file, key and mend. */
MUST_CHECK enum err recipe_read(
	struct recipe *r, struct arena *arena, const char *path, struct buf *why);

/* From its text; `name` is for errors. */
MUST_CHECK enum err recipe_parse(
	struct recipe *r, struct arena *arena, struct str json, const char *name, struct buf *why);

#endif
