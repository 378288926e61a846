/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words as the simulator sees them: cut out of running text, made small, relieved of their
 * endings, so that "cancelled", "cancelling" and "cancellation" meet. Codes such as L-402 and
 * amounts such as 48213 stay whole. English only, like the documents.
 */
#ifndef WEIR_SIM_WORDS_H
#define WEIR_SIM_WORDS_H

#include "core/base/arena.h"
#include "core/base/vec.h"

enum { WORD_MAX = 32, WORD_KIN_MAX = 8, WORDS_NAME_MAX = 64 };

struct word {
	struct str as_written;
	char stem[WORD_MAX]; /* terminated */
	bool common;         /* says nothing about the subject: "the", "how", "please" */
	bool number;         /* holds a digit */
};

/* Takes the next word off the front of *rest; false at the end. */
bool words_next(struct str *rest, struct word *word);

/* "cancellation" -> "cancel"; lower case, at most WORD_MAX - 1 bytes. */
void word_stem(struct str word, char out[WORD_MAX]);

/* Words that customers and documents use for one another ("car", "auto", "vehicle"), as stems;
 * the number of them, 0 behind the last family. */
size_t words_family(size_t index, char stems[WORD_KIN_MAX][WORD_MAX]);

/* Does `text` hold a word with this stem? With this very phrase, whole words, case ignored? */
bool words_have(struct str text, const char *stem);
bool words_have_phrase(struct str text, const char *phrase);

/* Lower case, one blank between words, no punctuation: what two spellings of a question share. */
struct str words_normal(struct arena *arena, struct str text);

/* The stems of a text, to be asked often. */
struct word_set {
	uint64_t *hashes; /* sorted, repeated as often as the word stands there */
	size_t len;
};

struct word_set word_set_of(struct arena *arena, struct str text);
size_t word_set_count(const struct word_set *set, const char *stem);

/* A name out of a program in words: "policyId" and "policy_id" are "policy Id" and "policy id". */
struct str words_spaced(struct str name, char out[WORDS_NAME_MAX]);

/* The words of the text that are not common ones. */
size_t words_content(struct str text);

#endif
