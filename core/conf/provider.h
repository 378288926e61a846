/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A provider of the model map: where it is, how it is spoken to, where its key is.
 */
#ifndef WEIR_CONF_PROVIDER_H
#define WEIR_CONF_PROVIDER_H

#include "core/base/str.h"

/* Sent with each request; terminated texts, never a key. */
struct provider_header {
	const char *name, *value;
};

struct provider {
	struct str name, wire, base_url; /* base_url without a trailing slash; STR_NONE: none yet */
	struct str key_env, key_file;    /* where its key is; both STR_NONE: it wants none */
	struct str key_header;           /* that carries the key; STR_NONE: as the wire has it */
	struct provider_header *headers; /* beside the wire's own */
	size_t header_count;
	struct str ca_file;              /* certificates to trust; STR_NONE: the system's */
	int64_t rpm, tpm;                /* 0: no limit known */
	int64_t connect_ms, first_byte_ms, idle_ms, total_ms;
	bool simulated;  /* the built-in one, "sim" */
	bool configured; /* its key is there, or the user set something of it: not only shipped */
};

/* Whether it may be called: the simulator when it stands in, the configured ones when not. */
static inline bool provider_is_in_reach(const struct provider *p, bool simulate)
{
	return simulate ? p->simulated : p->configured && !p->simulated;
}

#endif
