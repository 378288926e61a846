/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A format that the simulator is spoken to in, the server's side of it. It shares no code with the
 * client's side in core/wire, so that the two test each other.
 */
#ifndef WEIR_SIM_DIALECT_H
#define WEIR_SIM_DIALECT_H

#include "core/base/buf.h"
#include "core/sim/stream.h"

struct dialect {
	const char *id_header; /* of an answer, that names the request */
	/* False: *error says why. Whatever it holds, `ask` needs ask_release afterwards. */
	bool (*read)(struct ask *ask, struct str body, struct ask_error *error);
	void (*write_error)(struct buf *out, const struct ask_error *error);
	void (*write_whole)(
		struct buf *out, const struct ask *ask, const struct reply *reply, uint64_t seed);
	/* Appends the next server-sent event. */
	enum stream_step (*stream_next)(struct stream *s, struct buf *out);
};

#endif
