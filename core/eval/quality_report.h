/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All figures of quality.h for one embedder, by name, in an order that is the same for every one:
 * for each file with a test third its test and its unseen intents, then for each file that is only
 * for measuring its correlation or AUC.
 */
#ifndef WEIR_EVAL_QUALITY_REPORT_H
#define WEIR_EVAL_QUALITY_REPORT_H

#include "core/embed/embedder.h"
#include "core/eval/quality.h"

struct quality_figure {
	struct str name; /* "clinc150-train, test: hits" */
	double value;
	size_t stream, cached; /* texts; or pairs, and 0 */
};

struct quality_report {
	struct quality_figure *figures;
	size_t count;
};

/* `trained` are files to train on, `measured` those only for measuring. Lives in `arena`. */
struct quality_report quality_report(struct arena *arena, const struct embedder *embedder,
	const struct corpus *trained, const struct corpus *measured);

#endif
