/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines of problems. */
#include "core/conf/problem.h"

void say_name(struct buf *out, struct str name)
{
	struct json_writer w = { .out = out };

	json_put_str(&w, str_part(name, 0, PROBLEM_NAME_MAX));
}

/* A path is keys of a file: JSON's escapes make it harmless, JSON's quotes are in the way. */
static void say_path(struct buf *out, struct str path)
{
	struct buf quoted = BUF(BUF_LINE_MAX);
	struct json_writer w = { .out = &quoted };

	json_put_str(&w, str_part(path, 0, 2 * PROBLEM_NAME_MAX));
	if (quoted.len >= 2)
		buf_add_str(out, str_part(buf_str(&quoted), 1, quoted.len - 2));
	buf_release(&quoted);
}

void problem_add(struct problems *p, const struct origin *where, struct str path,
	const char *format, ...)
{
	va_list args;

	if (p->count++ >= PROBLEMS_MAX)
		return;
	if (p->text.len)
		buf_add_char(&p->text, '\n');
	buf_add_str(&p->text, where->source);
	if (where->line)
		buf_addf(&p->text, ":%d:%d", where->line, where->column);
	buf_add_text(&p->text, ": ");
	if (path.len) {
		say_path(&p->text, path);
		buf_add_text(&p->text, ": ");
	}
	va_start(args, format);
	buf_vaddf(&p->text, format, args);
	va_end(args);
}

enum err problems_end(struct problems *p, struct buf *why)
{
	static const char more[] = "\n... and more";
	bool left = p->count > PROBLEMS_MAX;
	struct str rest = buf_str(&p->text), line;

	if (!p->count)
		return ERR_OK;
	if (why)
		buf_clear(why);
	for (bool first = true; why && str_cut(&rest, '\n', &line); first = false) {
		left = left || (!first && why->len + line.len + sizeof(more) >= why->max);
		if (!first && why->len + line.len + sizeof(more) >= why->max)
			break;
		if (!first)
			buf_add_char(why, '\n');
		buf_add_str(why, line);
	}
	if (why && left)
		buf_add_text(why, more);
	buf_release(&p->text);
	return ERR_CONFIG;
}
