/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of the store share: a folder that goes away, decisions to write, and whether two
 * are the same. The members of a decision are listed here by hand, not taken from the field
 * tables, so that a row missing there is found.
 */
#ifndef WEIR_TESTS_STORE_HELP_H
#define WEIR_TESTS_STORE_HELP_H

#include "core/store/store.h"
#include "tests/check.h"

struct folder {
	char path[128];
	char file[160]; /* PATH/weir.db, not made */
};

void folder_make(struct folder *f);
void folder_remove(struct folder *f);

/* What receipts said, in order. */
enum { RECEIPTS_MAX = 4096 };
struct receipts {
	size_t count, failed;
	struct id ids[RECEIPTS_MAX];
	enum err errs[RECEIPTS_MAX];
	char say[512]; /* of the last failure */
	bool keep;     /* the decision is the test's */
};
struct store_receipt receipt_into(struct receipts *r); /* frees the decision */

/* The n-th of a row of decisions that differ in everything but their kind: one attempt, two
 * verdicts, about `size` bytes of text. */
struct decision *decision_number(uint64_t n, size_t size);
struct id id_number(uint64_t n);

/* Every member set to something, null or hostile; `texts` valid UTF-8 in lists. */
struct decision *decision_random(struct rng *rng);

/* Fails the test where they differ, naming the member. */
void check_same(const struct decision *a, const struct decision *b);

struct store *open_file(const char *file);
struct store *open_inline(const char *file);

/* Whether it is there, whole. */
bool has_decision(struct store *s, struct id id);
void check_sound(struct store *s);

#endif
