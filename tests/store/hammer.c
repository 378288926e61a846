/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Appends decisions as fast as it can and writes the id of each, a line, once its receipt says
 * that it is done. Runs until it is killed. FILE SEED
 */
#include "core/store/store.h"
#include "tests/store/help.h"

#include <unistd.h>

enum { IN_FLIGHT = 200 };

struct hammer {
	struct store *store;
	size_t in_flight;
};

static void acknowledge(void *ctx, const struct decision *d, enum err err, struct str say)
{
	struct decision *own = (struct decision *)(uintptr_t)d;
	struct hammer *h = ctx;
	char line[ID_TEXT + 2];

	if (err) {
		fprintf(stderr, "hammer: %.*s\n", STR_ARG(say));
		_exit(1);
	}
	id_write(d->id, line);
	line[ID_TEXT] = '\n';
	if (write(STDOUT_FILENO, line, ID_TEXT + 1) != ID_TEXT + 1)
		_exit(1);
	decision_free(&own);
	h->in_flight--;
}

int main(int argc, char **argv)
{
	struct store_options o = { .path = argc > 2 ? argv[1] : "", .group_us = 500 };
	struct buf why = BUF(BUF_WHY_MAX);
	struct hammer h = { 0 };
	uint64_t n = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;

	if (store_open(&h.store, &o, &why)) {
		fprintf(stderr, "hammer: %s\n", why.ptr);
		return 1;
	}
	for (;;) {
		while (h.in_flight < IN_FLIGHT) {
			h.in_flight++;
			store_append(h.store, decision_number(n++, 700),
				(struct store_receipt){ acknowledge, &h });
		}
		store_flush(h.store);
		store_collect(h.store);
	}
}
