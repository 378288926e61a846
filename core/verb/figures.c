/* SPDX-License-Identifier: GPL-3.0-or-later
 * Figures as lines or as JSON. */
#include "core/verb/figures.h"

#include "core/base/json_write.h"

#include <math.h>
#include <sys/utsname.h>
#include <unistd.h>

void figures_say_machine(struct command *c)
{
	struct utsname u;

	if (!uname(&u))
		command_say(c, "%s %s %s, %ld processors\n", u.sysname, u.release, u.machine,
			sysconf(_SC_NPROCESSORS_ONLN));
}

void figures_say(struct command *c, const struct figure *figures, size_t count)
{
	struct buf text = BUF(BUF_LINE_MAX);
	struct json_writer w = { .out = &text, .indent = 1 };

	if (!command_has(c, "json")) {
		figures_say_machine(c);
		for (size_t i = 0; i < count; i++)
			if (isnan(figures[i].value))
				command_say(c, "%12s  %s\n", "-", figures[i].say);
			else
				command_say(c, "%12.*f  %s\n", figures[i].decimals,
					figures[i].value, figures[i].say);
		return;
	}
	json_open(&w, '{');
	for (size_t i = 0; i < count; i++) {
		json_key(&w, figures[i].name);
		json_put_real(&w, figures[i].value, figures[i].decimals);
	}
	json_close(&w, '}');
	buf_add_char(&text, '\n');
	command_say_json(c, &text);
	buf_release(&text);
}
