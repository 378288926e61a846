/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What kind of work a request asks for, by its words.
 */
#ifndef WEIR_SIM_KIND_H
#define WEIR_SIM_KIND_H

#include "core/base/str.h"

enum kind {
	KIND_ASK, /* a question for the documents */
	KIND_CHAT,
	KIND_LETTER,
	KIND_TRANSLATE,
	KIND_SUMMARIZE,
	KIND_CLASSIFY,
	KIND_EXTRACT,
	KIND_CODE,
	KIND_REASON
};

enum kind kind_of(struct str question);

/* Whether a system message asks for a label of the question instead of an answer to it. */
bool kind_wants_label(struct str rules);

/* As tasks are called elsewhere in this program: "faq", "document". */
const char *kind_name(enum kind kind);

/* The text to work on ("Summarize: ..."): behind the first line or colon, or in quotes; no text
 * when the request carries none. */
struct str kind_payload(struct str question);

/* The words that say what to do with it: the question without the payload. */
struct str kind_order(struct str question);

#endif
