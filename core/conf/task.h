/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The nine kinds of work, a fixed list: ladders, classifiers and labels all name one of them.
 */
#ifndef WEIR_CONF_TASK_H
#define WEIR_CONF_TASK_H

#include "core/base/str.h"

/* code, name, sentence */
#define TASK_LIST(X)                                                                              \
	X(CHAT, "chat", "small talk and open conversation")                                       \
	X(FAQ, "faq", "a question that documents answer")                                         \
	X(CODE, "code", "writing, reading or mending programs")                                   \
	X(REASONING, "reasoning", "several steps of thought, numbers, law")                       \
	X(CLASSIFY, "classify", "choosing a label")                                               \
	X(EXTRACT, "extract", "pulling fields out of text")                                       \
	X(TRANSLATE, "translate", "into another language")                                        \
	X(SUMMARIZE, "summarize", "making text shorter")                                          \
	X(DOCUMENT, "document", "writing a letter, a form, a report")

enum task {
#define X(code, name, say) TASK_##code,
	TASK_LIST(X)
#undef X
	TASK_COUNT
};

const char *task_name(enum task task);
const char *task_say(enum task task);
bool task_parse(struct str name, enum task *task);

/* "chat|faq|...": for the option table. */
#define TASK_CHOICE(code, name, say) "|" name
#define TASK_CHOICES (&("" TASK_LIST(TASK_CHOICE))[1])

#endif
