/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The door of a simulator that has a fault script: a listener on 127.0.0.1 that speaks raw bytes.
 * It reads each request whole; one that no fault strikes goes to the HTTP server behind it and its
 * answer back as it is; the others get what the fault makes of the answer, or of no answer at all.
 * One base URL for both.
 *
 * Clients wait for an answer before they ask again on the same connection, as all do that do not
 * pipeline.
 */
#ifndef WEIR_SIM_DOOR_H
#define WEIR_SIM_DOOR_H

#include "core/net/loop.h"
#include "core/sim/fault_script.h"

/* Guests at once: half of what the server takes, as each may have a connection to it. */
enum { DOOR_GUESTS_MAX = 4096 };

struct door;

/* Port 0 takes a free one. The script must outlive the door. */
MUST_CHECK enum err door_open(struct door **door, struct loop *loop, int port, int server_port,
	struct fault_script *script, struct buf *why);
void door_close(struct door **door);

int door_port(const struct door *door);
uint64_t door_faults(const struct door *door);  /* requests that a fault struck; any thread */
uint64_t door_instead(const struct door *door); /* those of them that the server never saw */

#endif
