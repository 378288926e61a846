/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Models that are known by name: where a hub has them, which of their files are needed, and what
 * can be said of those beforehand.
 */
#ifndef WEIR_EMBED_KNOWN_H
#define WEIR_EMBED_KNOWN_H

#include "core/base/str.h"

/* A file of a model's folder. Where a sum is known the file is believed by it alone. */
struct known_file {
	const char *path;   /* "1_Pooling/config.json" */
	const char *sha256; /* NULL: not known here */
	int64_t size;	    /* -1: not known here */
	bool optional;	    /* a model may do without it */
};

/* What two texts' cosine is with the model as published. */
struct known_pair {
	const char *a, *b;
	double cosine;
};

enum { KNOWN_PINS = 2, KNOWN_PAIRS = 4 };

struct known_model {
	const char *name;	/* also of its folder here */
	const char *repository; /* "sentence-transformers/all-MiniLM-L6-v2" */
	const char *tokenizer;	/* the file that has the vocabulary */
	int dims, megabytes;	/* megabytes: about, for people */
	double threshold;	/* NaN: not known */
	struct known_file pins[KNOWN_PINS];
	struct known_pair pairs[KNOWN_PAIRS]; /* up to one without a text */
};

/* Published figures are rounded, and arithmetic differs in its last digits. */
#define KNOWN_TOLERANCE 0.001

extern const struct known_model known_models[];
extern const size_t known_model_count;

/* NULL when there is none. */
const struct known_model *known_find(struct str name);

/* The files to fetch, small ones first; `model` NULL: any model. known_files_max bounds them. */
enum { KNOWN_FILES_MAX = 8 };
size_t known_files(const struct known_model *model, struct known_file files[KNOWN_FILES_MAX]);

#endif
