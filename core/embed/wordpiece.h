/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * BERT's tokenizer: text to the ids of pieces of words, the same ids that Hugging Face's
 * `tokenizers` give for `encode(text)`.
 *
 * A text is cleaned and folded (letters.h), cut at blanks and around punctuation, and each word
 * taken apart into the longest pieces of the vocabulary that fit, front to back; pieces inside a
 * word carry a prefix ("##"). A word that cannot be taken apart to its end, or that has more than
 * word_max (100) characters, is one [UNK]. Added tokens, the special ones among them, are found in
 * the text before all that, as they stand: "[SEP]" in a text is the separator's id.
 *
 * Defined for any bytes: ill-formed UTF-8 and NUL are dropped as controls are; an empty text is
 * [CLS] [SEP].
 *
 * Read-only once open; any number of threads may encode at a time. Encoding allocates nothing and
 * stops when the room for ids is full, so a text of any length costs what is looked at.
 */
#ifndef WEIR_EMBED_WORDPIECE_H
#define WEIR_EMBED_WORDPIECE_H

#include "core/base/buf.h"
#include "core/base/err.h"

struct wordpiece;

struct wordpiece_info {
	size_t rows;	     /* ids are below it: the embedding table needs as many */
	size_t limit;	     /* tokens that the tokenizer's own files cut a text to; 0: unsaid */
	int32_t first, last; /* ids that stand around a text, [CLS] and [SEP]; -1: none */
	int32_t unknown;     /* [UNK] */
};

/* The texts of a tokenizer's files; STR_NONE where one is absent. tokenizer.json goes before
 * vocab.txt; tokenizer_config.json says how vocab.txt is meant, and overrules the other's options
 * where it names them. */
struct wordpiece_files {
	const char *folder;    /* for words; may be NULL */
	struct str tokenizer;  /* tokenizer.json */
	struct str vocabulary; /* vocab.txt: a piece a line, the first has id 0 */
	struct str config;     /* tokenizer_config.json */
};

/* ERR_NOT_FOUND (neither file), ERR_CORRUPT (what is wrong in which), ERR_CONFIG (a kind of
 * tokenizer, or an option of it, that is not spoken here), ERR_TOO_BIG. */
MUST_CHECK enum err wordpiece_open(struct wordpiece **w, const char *folder, struct buf *why);
MUST_CHECK enum err wordpiece_read(
	struct wordpiece **w, const struct wordpiece_files *files, struct buf *why);
void wordpiece_close(struct wordpiece **w);

const struct wordpiece_info *wordpiece_info(const struct wordpiece *w);

/* The id of a piece as the vocabulary writes it ("##ing"); -1: there is none. */
int32_t wordpiece_find(const struct wordpiece *w, struct str piece);

/* Fills ids[0..max) and returns how many. With `around`, what would not fit before the last one is
 * left out, as truncation does: [CLS] and the first max - 2 tokens and [SEP]; max >= 2 then. */
size_t wordpiece_encode(
	const struct wordpiece *w, struct str text, bool around, int32_t *ids, size_t max);

#endif
