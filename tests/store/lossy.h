/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A disk that loses power: a VFS for SQLite that keeps what has not been synced in memory and, at
 * a cut, drops it or keeps a random part of it (whole writes, torn writes, in any order). Names of
 * files are taken as durable at once.
 */
#ifndef WEIR_TESTS_STORE_LOSSY_H
#define WEIR_TESTS_STORE_LOSSY_H

#include "core/base/rng.h"

#include <pthread.h>
#include <sqlite3.h>

#define LOSSY_NAME "lossy"

enum lossy_rest { LOSSY_DROP, LOSSY_KEEP_SOME };

struct lossy_op {
	struct lossy_op *next;
	bool truncates;
	sqlite3_int64 at;
	size_t len;
	char bytes[];
};

/* A file as the running machine sees it, and what of that the disk does not have yet. */
struct lossy_image {
	char path[512];
	char *bytes;
	size_t len, cap;
	struct lossy_op *first, *last;
	bool used;
};

enum { LOSSY_FILES = 8 };

struct lossy {
	sqlite3_vfs vfs, *real;
	pthread_mutex_t lock;
	struct lossy_image images[LOSSY_FILES];
	size_t ops;    /* writes, truncations and syncs so far */
	size_t cut_at; /* power fails instead of this one; 0: never */
	bool dead;
	bool deaf;     /* the store's own setting of `synchronous` is not heard */
	int full_from; /* from this op on the disk is full; 0: never */
};

void lossy_start(struct lossy *l);
void lossy_stop(struct lossy *l);

/* After all connections are closed: what had not been synced is gone, and power is back. */
void lossy_reboot(struct lossy *l, enum lossy_rest rest, struct rng *rng);

#endif
