/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fault at work on one answer: bytes in, other bytes out, and what becomes of the connection.
 * It knows no sockets: door.h has those.
 *
 *	fault_play_begin(&p, fault, &request, key);
 *	if (!fault_play_needs_answer(&p)) end = fault_play_instead(&p, &out);
 *	else fault_play_head(...), fault_play_event(...) for each, fault_play_over(...)
 *	while (fault_play_fill(&p, &out)) ... whenever `out` is sent, before anything else
 */
#ifndef WEIR_SIM_FAULT_PLAY_H
#define WEIR_SIM_FAULT_PLAY_H

#include "core/base/rng.h"
#include "core/sim/fault_script.h"

enum play_end {
	PLAY_ON,    /* there is more to come */
	PLAY_KEEP,  /* the answer is complete; the connection may be used again */
	PLAY_CLOSE,
	PLAY_RESET, /* with a RST */
	PLAY_HANG   /* nothing more is sent; the client has to go */
};

struct fault_play {
	const struct sim_fault *fault;
	enum sim_wire wire;
	struct str model;       /* lives as long as the request */
	struct rng rng;
	bool chunked;           /* the body is framed so */
	bool struck;
	int64_t tokens, bytes;  /* of the answer, passed so far */
	int64_t hold_us;        /* before the first byte is sent */
	int64_t gap_us;         /* between two pieces of piece_len bytes; 0: as fast as can be */
	size_t piece_len;
	size_t fast;            /* how long `out` was when the gaps began */
	/* What is too large to be held at once: `pattern`, again and again. */
	struct buf pattern;
	size_t fill_left;
	const char *fill_tail;  /* behind it */
	enum play_end fill_end; /* and then */
};

void fault_play_begin(struct fault_play *p, const struct sim_fault *fault,
	const struct fault_request *request, uint64_t key);
void fault_play_release(struct fault_play *p);

/* Whether the true answer is needed, to be spoiled. */
bool fault_play_needs_answer(const struct fault_play *p);

/* The whole of what is sent, but for what fault_play_fill adds. */
enum play_end fault_play_instead(struct fault_play *p, struct buf *out);

/* The head of the true answer, one event of it (or all of a body that is no stream), its end. What
 * is not used of an event is offered again, behind what fault_play_fill adds. */
enum play_end fault_play_head(
	struct fault_play *p, int status, struct str content_type, struct buf *out);
enum play_end fault_play_event(
	struct fault_play *p, struct str event, size_t *used, struct buf *out);
enum play_end fault_play_over(struct fault_play *p, struct buf *out);

/* Adds the next piece of what is large; false when there is nothing of the kind. Sets *end when
 * it was the last and something comes of it. */
bool fault_play_fill(struct fault_play *p, struct buf *out, enum play_end *end);

#endif
