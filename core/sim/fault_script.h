/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fault script: which requests go wrong, and how. JSON:
 *
 *	{
 *	  "seed": 7,
 *	  "faults": [
 *	    { "fault": "reset", "after_tokens": 3, "every": 5 },
 *	    { "fault": "pace", "retry_after": "2", "model": "sim-small", "times": 3 }
 *	  ]
 *	}
 *
 * Each entry counts the requests that fit it; the first entry whose turn it is strikes. What a
 * share decides depends on the seed, the entry and that count, so that the same requests in the
 * same order meet the same faults.
 */
#ifndef WEIR_SIM_FAULT_SCRIPT_H
#define WEIR_SIM_FAULT_SCRIPT_H

#include "core/base/err.h"
#include "core/sim/fault.h"

enum { FAULT_SCRIPT_MAX = 1 << 20, FAULT_RULES_MAX = 1000 };

struct fault_script;

/* `name` is the file's, for errors. ERR_CONFIG: a line for each thing that is wrong,
 * "faults.json:3:14: faults[0].after: unknown key; did you mean \"after_tokens\"?". */
MUST_CHECK enum err fault_script_read(
	struct fault_script **script, struct str text, const char *name, struct buf *why);
void fault_script_free(struct fault_script **script);

/* A request, as far as a script looks at it. */
struct fault_request {
	struct str path, model; /* model: no text when the body names none */
	enum sim_wire wire;     /* by its path */
	bool stream;
};

/* Counts the request; what strikes it, or NULL. It lives as long as the script. */
const struct sim_fault *fault_script_pick(
	struct fault_script *script, const struct fault_request *request);

/* A number for the bytes of the fault that was picked last: decided as its share is. */
uint64_t fault_script_key(const struct fault_script *script);

#endif
