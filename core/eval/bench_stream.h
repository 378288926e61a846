/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a streamed chunk costs: many streams at once, paced like models, through the whole of it
 * (connection, events, wire, mask, record, store), against a server in a process of its own.
 * A baseline program, a bare client of libcurl's, reads the same streams from the same server in
 * turn, so that the two can be compared as a ratio whatever the machine does meanwhile.
 */
#ifndef WEIR_EVAL_BENCH_STREAM_H
#define WEIR_EVAL_BENCH_STREAM_H

#include "core/base/buf.h"
#include "core/base/err.h"

struct bench_stream_options {
	int64_t streams;      /* at once */
	int64_t per_second;   /* chunks, over all streams */
	int64_t ms;           /* how long each stream lasts */
	int64_t rounds;       /* of each client; medians count, for memory the first */
	const char *folder;   /* for the database */
	const char *data_dir; /* that holds defaults.json */
	const char *baseline; /* a program, see below; NULL: none */
};

/* One client's figures. The baseline prints the same as one JSON object with these names; it is
 * called with port, streams, and the us between two that begin. */
struct stream_figures {
	double chunks;         /* that arrived */
	double cpu_us;         /* user and system, a chunk, set-up and end included */
	double p50_us, p99_us; /* from sending to the reader, of all chunks */
	double bytes;          /* of memory a stream, while all are under way */
};

struct bench_stream_result {
	struct stream_figures ours, baseline; /* baseline: NaN without one */
	double per_second;    /* chunks that arrived a second, while all streams were under way */
	double cpu_ratio;     /* ours / baseline; NaN without one */
	double added_p99_us;  /* ours less baseline */
	int64_t failed;       /* streams that did not end as they should */
};

MUST_CHECK enum err bench_stream(struct bench_stream_result *result,
	const struct bench_stream_options *options, struct buf *why);

#endif
