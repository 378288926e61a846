/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names for the kinds of work. */
#include "core/conf/task.h"

static const struct {
	const char *name, *say;
} tasks[TASK_COUNT] = {
#define X(code, name, say) [TASK_##code] = { name, say },
	TASK_LIST(X)
#undef X
};

const char *task_name(enum task task)
{
	return (unsigned)task < TASK_COUNT ? tasks[task].name : "unknown";
}

const char *task_say(enum task task)
{
	return (unsigned)task < TASK_COUNT ? tasks[task].say : "an unknown task";
}

bool task_parse(struct str name, enum task *task)
{
	for (int i = 0; i < TASK_COUNT; i++) {
		if (!str_is(name, tasks[i].name))
			continue;
		*task = (enum task)i;
		return true;
	}
	return false;
}
